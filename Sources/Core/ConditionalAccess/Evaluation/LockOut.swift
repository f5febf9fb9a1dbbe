public import Accounts

/// An administrator, as the lock-out check sees one.
public struct AdministratorFacts: Sendable, Hashable {
    /// Who.
    public var user: UserName
    /// The groups that the user is in.
    public var groups: Set<DirectoryName>
    /// The roles that the user has.
    public var roles: Set<AdministratorRole>
    /// Whether the user's own MFA state asks for two factors.
    public var needsMultiFactor: Bool
    /// The factors that the user could show, each at its best: a key that can verify its person does.
    public var candidates: [PresentedFactor]

    /// Facts from their parts.
    public init(
        user: UserName, groups: Set<DirectoryName> = [], roles: Set<AdministratorRole> = [],
        needsMultiFactor: Bool = false, candidates: [PresentedFactor] = []
    ) {
        self.user = user
        self.groups = groups
        self.roles = roles
        self.needsMultiFactor = needsMultiFactor
        self.candidates = candidates
    }
}

/// What the lock-out check found.
public struct LockOutReport: Sendable, Hashable {
    /// An administrator who can sign in nowhere.
    public struct LockedOut: Sendable, Hashable {
        /// Who.
        public let user: UserName
        /// The policies that are in the way of a browser, from nowhere in particular, with all that the user has.
        public let policies: [PolicyID]

        /// An administrator and what is in the way.
        public init(user: UserName, policies: [PolicyID]) {
            self.user = user
            self.policies = policies
        }
    }

    /// Those who can sign in nowhere.
    public let lockedOut: [LockedOut]
    /// Those who can sign in somewhere.
    public let admitted: [UserName]

    /// Whether there are administrators and none of them can sign in.
    public var isEveryoneLockedOut: Bool { admitted.isEmpty && !lockedOut.isEmpty }

    /// The problem that this is; `nil` where somebody can sign in.
    public var problem: PolicyProblem? {
        guard isEveryoneLockedOut else { return nil }
        return .locksOutAdministrators(
            lockedOut.map(\.user), Set(lockedOut.flatMap(\.policies)).sorted())
    }
}
