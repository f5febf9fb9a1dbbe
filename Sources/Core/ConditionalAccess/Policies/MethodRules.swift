public import Accounts
public import StrictYAML

/// Who may register a method. Without one, everyone may.
public struct MethodRule: Sendable, Hashable {
    /// The method.
    public let method: SignInMethod
    /// For whom it is.
    public let users: UserAssignment
    /// Where it stands.
    public let position: FilePosition

    /// The methods that there can be rules for: all that somebody registers or is given.
    public static let methods: Set<SignInMethod> = [
        .webauthn, .piv, .totp, .hotp, .ocra, .hmac, .push, .recovery, .tap, .apppass,
    ]

    /// A rule.
    public init(method: SignInMethod, users: UserAssignment, position: FilePosition) {
        self.method = method
        self.users = users
        self.position = position
    }
}

/// The accounts that no policy applies to, so that a mistake in one leaves a way in.
public struct BreakGlass: Sendable, Hashable {
    /// The accounts.
    public let users: Set<UserName>
    /// Why they are.
    public let reason: String
    /// Where it stands.
    public let position: FilePosition

    /// The exclusion of `users` from every policy.
    public init(users: Set<UserName>, reason: String, position: FilePosition) {
        self.users = users
        self.reason = reason
        self.position = position
    }
}
