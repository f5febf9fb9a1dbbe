import Accounts
public import ConditionalAccess
import CredentialStore
import Synchronization

/// What is wrong with policies, and what may surprise.
public struct PolicyCheckReport: Sendable, Hashable {
    /// How many policies there are; 0 where the files cannot be read.
    public var policyCount = 0
    /// What is wrong, in the order in which it was found.
    public var problems: [PolicyProblem] = []
    /// Whether more is wrong than is told.
    public var isTruncated = false
    /// What may surprise.
    public var warnings: [PolicyWarning] = []
    /// The global administrators who could sign in nowhere.
    public var lockedOut: [LockOutReport.LockedOut] = []
    /// Whether that is all of them, so that only force puts the policies in force.
    public var isEveryoneLockedOut = false
}

/// Policies to be tried, without their coming in force.
public struct PolicyTrial: Sendable {
    /// Where the policies come from.
    public enum Basis: Sendable {
        /// Those in force.
        case inForce
        /// These, in the place of those in force.
        case files([PolicyFile])
        /// Those in force, and over them these: a policy, a strength or a rule for a method in the place of the one of its
        /// name, break-glass accounts in the place of all.
        case filesAdded([PolicyFile])
    }

    /// Where the policies come from.
    public var basis: Basis
    /// Whether those in report-only are taken to be on.
    public var isReportOnlyEnforced: Bool

    /// A trial from its parts.
    public init(_ basis: Basis, isReportOnlyEnforced: Bool = false) {
        self.basis = basis
        self.isReportOnlyEnforced = isReportOnlyEnforced
    }
}

extension PolicyDesk {
    /// Looks at files of policies as ``apply(_:forcedBecause:by:)`` would, and changes nothing.
    public func check(_ files: [PolicyFile]) throws(PolicyDeskError) -> PolicyCheckReport {
        var report = PolicyCheckReport()
        do throws(PolicyDeskError) {
            let draft = try Self.read(files)
            report.policyCount = draft.policies.count
            let policies = try Self.compile(draft, references(for: draft.mentions))
            report.warnings = policies.warnings
            let lockOut = policies.lockOut(
                of: try administrators(), to: AdministratorTickets.application)
            report.lockedOut = lockOut.lockedOut
            report.isEveryoneLockedOut = lockOut.isEveryoneLockedOut
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            report.problems = refusal.problems
            report.isTruncated = refusal.isTruncated
        }
        return report
    }

    /// The policies of a trial. They are checked as if they were to come in force, but for who is locked out.
    public func policies(of trial: PolicyTrial) throws(PolicyDeskError) -> PolicySet {
        var (draft, dangling) = state.withLock { ($0.draft, $0.dangling) }
        switch trial.basis {
        case .inForce:
            if !trial.isReportOnlyEnforced { return book.current }
        case .files(let files):
            (draft, dangling) = (try Self.read(files), [])
        case .filesAdded(let files):
            try draft.lay(Self.read(files))
        }
        if trial.isReportOnlyEnforced {
            for place in draft.policies.indices where draft.policies[place].state == .reportOnly {
                draft.policies[place].state = .on
            }
        }
        return try Self.compile(
            draft, references(for: draft.mentions), tolerating: dangling)
    }

    /// The global administrators who are not locked, and what each could show. A pass is left out: it ends, and then one
    /// would be locked out.
    func administrators() throws(PolicyDeskError) -> [AdministratorFacts] {
        let (store, inventory) = (store, inventory)
        return try PolicyDeskError.store { () throws(StoreError) in
            let users = try store.roleMembers(of: .globalAdministrator, limit: 10_000)
                .filter { !$0.isLocked }.map(\.user)
            var administrators: [AdministratorFacts] = []
            for (user, found) in zip(users, try store.accountFacts(of: users)) {
                guard let account = try found.get() else { continue }
                administrators.append(
                    AdministratorFacts(
                        user: user, groups: account.groups, roles: account.roles,
                        needsMultiFactor: account.needsMultiFactor,
                        candidates: try inventory.factors(of: user).filter { $0.method != .tap }))
            }
            return administrators
        }
    }
}

extension PolicyDraft {
    /// Lays another draft over this one.
    fileprivate mutating func lay(_ other: PolicyDraft) {
        let policyIDs = Set(other.policies.map(\.id))
        policies = policies.filter { !policyIDs.contains($0.id) } + other.policies
        let strengthIDs = Set(other.strengths.map(\.id))
        strengths = strengths.filter { !strengthIDs.contains($0.id) } + other.strengths
        let ruled = Set(other.methods.map(\.method))
        methods = methods.filter { !ruled.contains($0.method) } + other.methods
        breakGlass = other.breakGlass ?? breakGlass
        mentions += other.mentions
    }
}
