public import Accounts

/// What is decided about a user account.
public struct UserStanding: Sendable, Hashable {
    /// How far its multi-factor authentication has come.
    public var mfaState: MFAState
    /// How likely it is in another's hands.
    public var risk: RiskLevel
    /// Since when its phones get no pushes, where they get none.
    public var pushesStoppedAt: Timestamp?
    /// That it is locked, where it is.
    public var lock: UserLock?
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
        /// The user, whom policies let pass in emergencies, signed in where one would have applied.
        case breakGlassUsed = "break-glass-used"
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
