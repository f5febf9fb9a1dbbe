/// How far a user's multi-factor authentication has come.
public enum MFAState: String, Sendable, Hashable, CaseIterable {
    /// A password is enough.
    case disabled
    /// The user is to register a second factor.
    case enabled
    /// A second factor is asked for; programs that cannot ask need app passwords.
    case enforced
}

/// How likely it is that an account is in another's hands.
public enum RiskLevel: String, Sendable, Hashable, CaseIterable {
    /// Nothing speaks for it.
    case none
    /// A little does.
    case low
    /// Something does.
    case medium
    /// Much does; what can be misused without the user's doing is suspended.
    case high
}

/// What is decided about a user account.
public struct UserStanding: Sendable, Hashable {
    /// How far its multi-factor authentication has come.
    public var mfaState: MFAState
    /// How likely it is in another's hands.
    public var risk: RiskLevel
    /// Since when its phones get no pushes, where they get none.
    public var pushesStoppedAt: Timestamp?
}

/// Something that those who look after accounts want to know of.
public struct SecurityEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The user says of a push: that was not me.
        case suspiciousActivityReported = "suspicious-activity-reported"
        /// Somebody guesses codes of the user's.
        case codeGuessing = "code-guessing"
        /// The user's pushes were let through again.
        case pushesResumed = "pushes-resumed"
        /// The user's risk was set by an administrator.
        case riskReported = "risk-reported"
        /// The user's password was reset.
        case passwordReset = "password-reset"
        /// A Temporary Access Pass was issued.
        case accessPassIssued = "access-pass-issued"
        /// Recovery codes were made.
        case recoveryCodesMade = "recovery-codes-made"
    }

    /// The event's number; later ones have greater ones.
    public let number: Int64
    /// When.
    public let at: Timestamp
    /// Whose account.
    public let user: String
    /// What happened.
    public let kind: Kind
    /// The front end through which it came.
    public let client: String
    /// More about it, for people; no secret.
    public let detail: String
}
