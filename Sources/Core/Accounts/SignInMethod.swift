/// What a sign-in is made with, by the line protocol's name for it.
public enum SignInMethod: String, Sendable, Hashable, CaseIterable {
    /// A WebAuthn credential.
    case webauthn
    /// A key of a PIV card.
    case piv
    /// A code by the clock (RFC 6238).
    case totp
    /// A code by a counter (RFC 4226).
    case hotp
    /// A code for a question (RFC 6287).
    case ocra
    /// An HMAC of a challenge.
    case hmac
    /// A push to a phone.
    case push
    /// A recovery code.
    case recovery
    /// A Temporary Access Pass.
    case tap
    /// An app password.
    case apppass
    /// A password alone, which the front end checked.
    case password
    /// A code of which it is not known what it should have been.
    case code
}
