public import Accounts

/// What policies ask of an account when somebody signs in to it.
public struct AccountFacts: Sendable, Hashable {
    /// When it was made. What was begun for an account of the same name before that is not its own.
    public var createdAt: Timestamp
    /// How far its multi-factor authentication has come.
    public var mfaState: MFAState
    /// How likely it is in another's hands.
    public var risk: RiskLevel
    /// Since when the risk is what it is; `nil` where it was never set.
    public var riskSetAt: Timestamp?
    /// When its password was last reset; `nil` where that was never reported.
    public var passwordResetAt: Timestamp?
    /// Whether it is locked, so that nobody signs in to it.
    public var isLocked: Bool
    /// The groups that it is in.
    public var groups: Set<DirectoryName>
    /// The roles that it has.
    public var roles: Set<AdministratorRole>
    /// Whether anything is registered that can be a second factor: a security key, a card, a token or a phone.
    public var hasSecondFactor: Bool

    /// Facts from their parts.
    public init(
        createdAt: Timestamp = Timestamp(milliseconds: 0), mfaState: MFAState = .disabled,
        risk: RiskLevel = .none, riskSetAt: Timestamp? = nil,
        passwordResetAt: Timestamp? = nil, isLocked: Bool = false,
        groups: Set<DirectoryName> = [], roles: Set<AdministratorRole> = [],
        hasSecondFactor: Bool = false
    ) {
        self.createdAt = createdAt
        self.mfaState = mfaState
        self.risk = risk
        self.riskSetAt = riskSetAt
        self.passwordResetAt = passwordResetAt
        self.isLocked = isLocked
        self.groups = groups
        self.roles = roles
        self.hasSecondFactor = hasSecondFactor
    }
}
