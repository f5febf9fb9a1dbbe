public import Accounts

/// A user as lists show one.
public struct UserSummary: Sendable, Hashable {
    /// The name that front ends use.
    public let name: UserName
    /// The name for people.
    public let displayName: String
    /// How far the user's multi-factor authentication has come.
    public let mfaState: MFAState
    /// How likely it is that the account is in another's hands.
    public let risk: RiskLevel
    /// What the user has registered that can be a second factor.
    public let methods: Set<SignInMethod>
    /// The roles of the user.
    public let roles: Set<AdministratorRole>
    /// Since when the user is locked, and why; `nil` where the user is not.
    public let lock: UserLock?
}

/// That a user is locked: nobody signs in to the account, and its roles are worth nothing.
public struct UserLock: Sendable, Hashable {
    /// Since when.
    public let since: Timestamp
    /// Why, for people.
    public let reason: String
}

/// Which users a list is of.
public struct UserFilter: Sendable, Hashable {
    /// Those in this state alone.
    public var mfaState: MFAState?
    /// The members of this group alone.
    public var group: DirectoryName?

    /// A filter from its parts; all users where none is given.
    public init(mfaState: MFAState? = nil, group: DirectoryName? = nil) {
        self.mfaState = mfaState
        self.group = group
    }
}
