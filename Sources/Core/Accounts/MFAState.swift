/// How far a user's multi-factor authentication has come.
public enum MFAState: String, Sendable, Hashable, CaseIterable {
    /// A password is enough.
    case disabled
    /// The user is to register a second factor.
    case enabled
    /// A second factor is asked for; programs that cannot ask need app passwords.
    case enforced
}
