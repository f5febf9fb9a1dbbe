public import Accounts
public import ConditionalAccess
public import CredentialStore
import DeviceModels
import WebAuthn

/// What the log says became of a sign-in.
public enum ReplayOutcome: String, Sendable, Hashable, CaseIterable {
    /// The user was let in.
    case letIn = "let-in"
    /// What was shown was right, and policies let nobody in with it.
    case refused
    /// It was right as far as it went, and never finished.
    case unfinished
}

/// What would have become of a sign-in.
public enum ReplayVerdict: String, Sendable, Hashable, CaseIterable {
    /// The user would have been let in with what was shown.
    case letIn = "let-in"
    /// The user would have been asked for more, and has what it takes.
    case asked
    /// The user would have been asked for more, and has nothing that would do.
    case unable
    /// The user would not have been let in, whatever was shown.
    case blocked
}

/// Sign-ins of one user to one application that came, and would have come, to the same.
public struct ReplayGroup: Sendable, Hashable {
    /// Which sign-ins.
    public struct Key: Sendable, Hashable {
        /// Whose.
        public var user: UserName
        /// To what; `nil` where the front end did not say.
        public var application: String?
        /// What became of them.
        public var outcome: ReplayOutcome
        /// What would have.
        public var verdict: ReplayVerdict
    }

    /// Which sign-ins.
    public let key: Key
    /// How many.
    public var count = 0
    /// When the first one was.
    public var firstAt: Timestamp
    /// When the last one was.
    public var lastAt: Timestamp
    /// The last one's number in the log, by which it is found there.
    public var example: Int64
    /// The policies that would have blocked or asked for more, at most ``maximumNames``.
    public var policies: Set<PolicyID> = []
    /// What was missing, at most ``maximumNames``: `mfa`, `strength: finger`, `password-change`.
    public var missing: Set<String> = []

    /// How many policies, and how many missing things, are named.
    public static let maximumNames = 8

    mutating func add(_ judgement: ReplayJudgement, _ row: SignInRow) {
        count += 1
        (lastAt, example) = (row.at, row.number)
        for policy in judgement.policies where policies.count < Self.maximumNames {
            policies.insert(policy)
        }
        for control in judgement.missing where missing.count < Self.maximumNames {
            missing.insert(control)
        }
    }
}

/// A part of a replay.
public struct ReplayPortion: Sendable, Hashable {
    /// How many rows of the log were looked at.
    public var rows = 0
    /// How many of them policies were asked about.
    public var judged = 0
    /// How many had failed before policies were asked.
    public var failed = 0
    /// How many do not say what policies need to know.
    public var incomplete = 0
    /// How many are of users who are not there any more.
    public var gone = 0
    /// What came of those that policies were asked about, in no order.
    public var groups: [ReplayGroup] = []
    /// Where to go on; `nil` at the end.
    public var next: SignInPlace?
}

/// What policies would have said to a sign-in.
struct ReplayJudgement: Hashable {
    let verdict: ReplayVerdict
    var policies: [PolicyID] = []
    var missing: [String] = []

    /// - Parameter factors: what the user could have shown besides.
    init(
        _ policies: PolicySet, _ request: AccessRequest,
        factors: () throws(StoreError) -> [PresentedFactor]
    ) throws(StoreError) {
        switch policies.evaluate(request).outcome {
        case .granted: verdict = .letIn
        case .blocked(let blocking):
            verdict = .blocked
            self.policies = blocking
        case .unsatisfied(let missing):
            self.policies = missing.compactMap { item in
                if case .policy(let id) = item.source { id } else { nil }
            }
            self.missing = missing.flatMap(\.controls).map(\.description)
            if missing.contains(where: \.isBeyondClient) {
                verdict = .blocked
            } else {
                // Showing nothing more will do where all that is missing is a new password.
                let candidates = [[]] + (try factors()).map { [$0] }
                verdict = policies.sufficient(candidates, for: request).isEmpty ? .unable : .asked
            }
        }
    }
}

/// Asks policies about the sign-ins that the log has, as if they had been in force then.
///
/// Accounts are taken as they are now (groups, roles, MFA state, when the password was changed), and so are the named
/// locations and what users have registered; all else is as the log has it.
public struct PolicyReplay: Sendable {
    let policies: PolicySet
    let desk: PolicyDesk

    /// How many rows are read at a time.
    static let page = 500
    /// How many rows a portion looks at.
    public static let maximumRows = 20_000
    /// How many groups a portion has, give or take a page.
    public static let maximumGroups = 3000

    /// A replay of the policies of a trial.
    public init(_ trial: PolicyTrial, at desk: PolicyDesk) throws(PolicyDeskError) {
        policies = try desk.policies(of: trial)
        self.desk = desk
    }

    /// Looks at some rows, the oldest first.
    ///
    /// - Parameters:
    ///   - place: where the portion before ended; `nil` to begin.
    ///   - isWanted: asked after every page; where it says no, the portion ends there.
    public func portion(
        since start: Timestamp, until end: Timestamp, after place: SignInPlace? = nil,
        maximumRows: Int = maximumRows, while isWanted: () -> Bool
    ) throws(PolicyDeskError) -> ReplayPortion {
        try PolicyDeskError.store { () throws(StoreError) in
            try read(since: start, until: end, after: place, maximumRows, while: isWanted)
        }
    }

    private func read(
        since start: Timestamp, until end: Timestamp, after place: SignInPlace?,
        _ maximumRows: Int, while isWanted: () -> Bool
    ) throws(StoreError) -> ReplayPortion {
        var portion = ReplayPortion()
        var groups: [ReplayGroup.Key: ReplayGroup] = [:]
        var reading = ReplayReading(desk)
        var place = place
        while true {
            let rows = try desk.store.recordedSignIns(
                since: start, until: end, after: place, limit: Self.page)
            try reading.prepare(rows)
            for row in rows {
                portion.rows += 1
                switch reading.read(row) {
                case .failure(.failed): portion.failed += 1
                case .failure(.incomplete): portion.incomplete += 1
                case .success(let recorded):
                    let user = recorded.question.user
                    guard let account = reading.accounts[user] else {
                        portion.gone += 1
                        continue
                    }
                    portion.judged += 1
                    let request = AccessRequest(recorded.question, account, desk.book)
                    let judgement = try ReplayJudgement(policies, request) {
                        () throws(StoreError) in try reading.factors(of: user)
                    }
                    let key = ReplayGroup.Key(
                        user: user, application: recorded.question.application,
                        outcome: recorded.outcome, verdict: judgement.verdict)
                    groups[
                        key,
                        default: ReplayGroup(
                            key: key, firstAt: row.at, lastAt: row.at, example: row.number)
                    ].add(judgement, row)
                }
            }
            place = rows.last.map(SignInPlace.init(after:)) ?? place
            guard rows.count == Self.page else { break }
            guard portion.rows < maximumRows, groups.count < Self.maximumGroups, isWanted() else {
                portion.next = place
                break
            }
        }
        portion.groups = Array(groups.values)
        return portion
    }
}

/// What a replay has to look up, read once for many rows. It forgets now and then, so that it stays small.
private struct ReplayReading {
    private(set) var accounts: [UserName: AccountFacts] = [:]
    private var factorsByUser: [UserName: [PresentedFactor]] = [:]
    private var devices: LoggedDevices
    private let desk: PolicyDesk

    private static let maximumCount = 20_000

    init(_ desk: PolicyDesk) {
        self.desk = desk
        devices = LoggedDevices(catalogue: desk.catalogue)
    }

    /// Looks up whom and what these rows are of.
    mutating func prepare(_ rows: [SignInRow]) throws(StoreError) {
        if accounts.count > Self.maximumCount { accounts = [:] }
        if factorsByUser.count > Self.maximumCount { factorsByUser = [:] }
        if devices.registered.count > Self.maximumCount { devices.registered = [:] }
        let users = Set(rows.compactMap { $0.user.flatMap(UserName.init) })
            .filter { accounts[$0] == nil }
        let unknown = Array(users)
        for (user, found) in zip(unknown, try desk.store.accountFacts(of: unknown)) {
            accounts[user] = try found.get()
        }
        let identifiers = Set(rows.flatMap(RecordedSignIn.credentials))
            .filter { devices.registered[$0.bytes] == nil }
        for (id, key) in try desk.store.credentials(withIDs: identifiers) {
            devices.registered[id.bytes] = DeviceFacts(key, desk.catalogue)
        }
        for (id, card) in try desk.store.cardCredentials(withIDs: identifiers) {
            devices.registered[id.bytes] = DeviceFacts(card, desk.catalogue)
        }
    }

    func read(_ row: SignInRow) -> Result<RecordedSignIn, RecordedSignIn.Omission> {
        do throws(RecordedSignIn.Omission) {
            return .success(try RecordedSignIn(row, devices: devices))
        } catch {
            return .failure(error)
        }
    }

    /// What a user could show.
    mutating func factors(of user: UserName) throws(StoreError) -> [PresentedFactor] {
        if let factors = factorsByUser[user] { return factors }
        let factors = try desk.inventory.factors(of: user)
        factorsByUser[user] = factors
        return factors
    }
}
