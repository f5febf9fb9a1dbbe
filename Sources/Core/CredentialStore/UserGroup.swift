public import Accounts

/// A group of users.
public struct UserGroup: Sendable, Hashable {
    /// Its name.
    public let name: DirectoryName
    /// What it is for, for people.
    public let description: String
    /// When it was made.
    public let createdAt: Timestamp
    /// How many users are in it.
    public let memberCount: Int
}

/// A user who has a role.
public struct RoleMember: Sendable, Hashable {
    /// The user.
    public let user: UserName
    /// The role.
    public let role: AdministratorRole
    /// Since when.
    public let assignedAt: Timestamp
    /// Whether the user is locked, so that the role is worth nothing.
    public let isLocked: Bool
}
