public import Accounts

/// Users by name, by group and by role.
public struct UserSelection: Sendable, Hashable {
    /// Names.
    public var users: Set<UserName>
    /// Groups, for those who are in one of them.
    public var groups: Set<DirectoryName>
    /// Roles, for those who have one of them.
    public var roles: Set<AdministratorRole>

    /// A selection; of nobody where nothing is given.
    public init(
        users: Set<UserName> = [], groups: Set<DirectoryName> = [],
        roles: Set<AdministratorRole> = []
    ) {
        self.users = users
        self.groups = groups
        self.roles = roles
    }

    /// Whether it names nothing.
    public var isEmpty: Bool { users.isEmpty && groups.isEmpty && roles.isEmpty }
}

/// For whom a policy or a rule is. Who is excluded is so whatever includes them.
public struct UserAssignment: Sendable, Hashable {
    /// Who is included.
    public enum Inclusion: Sendable, Hashable {
        /// Everyone.
        case all
        /// Nobody.
        case none
        /// Whoever is selected.
        case selected(UserSelection)
    }

    /// Who is included.
    public var include: Inclusion
    /// Who is not meant all the same.
    public var exclude: UserSelection

    /// Everyone.
    public static let all = UserAssignment(include: .all)

    /// An assignment.
    public init(include: Inclusion, exclude: UserSelection = UserSelection()) {
        self.include = include
        self.exclude = exclude
    }
}

/// For which applications a policy is. A sign-in that names no application is one of `all` and of nothing else.
public struct ApplicationAssignment: Sendable, Hashable {
    /// The names of those included; `nil` for all.
    public var include: Set<DirectoryName>?
    /// Those not meant all the same.
    public var exclude: Set<DirectoryName>

    /// Every application.
    public static let all = ApplicationAssignment(include: nil)

    /// An assignment.
    public init(include: Set<DirectoryName>?, exclude: Set<DirectoryName> = []) {
        self.include = include
        self.exclude = exclude
    }
}
