import ConditionalAccess
import CredentialStore

/// Why nobody gets in although what was shown is right.
public enum AccessRefusal: String, Error, Sendable, Hashable, CaseIterable {
    /// A policy blocks.
    case blocked = "blocked-by-policy"
    /// The user has nothing that would satisfy what is asked for.
    case noMethod = "no-method-satisfies"
    /// The program cannot show what is asked for.
    case beyondClient = "client-cannot-satisfy"
    /// The password has to be changed first.
    case passwordChange = "password-change-required"

    /// The refusal for what is missing.
    init(_ missing: [MissingControls]) {
        if missing.contains(where: \.isBeyondClient) {
            self = .beyondClient
        } else if missing.allSatisfy({ $0.controls == [.passwordChange] }) {
            self = .passwordChange
        } else {
            self = .noMethod
        }
    }
}

/// Codes that a sign-in can end with beside those of what is verified.
public enum SignInReason {
    /// The front end says that the password was wrong.
    public static let wrongPassword = "wrong-password"
}
