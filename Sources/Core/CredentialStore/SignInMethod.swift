/// The kind of credential that a sign-in is made with, by the line protocol's name for it.
public enum SignInMethod: String, Sendable, Hashable, CaseIterable {
    /// A WebAuthn credential.
    case webauthn
    /// A key of a PIV card.
    case piv
}
