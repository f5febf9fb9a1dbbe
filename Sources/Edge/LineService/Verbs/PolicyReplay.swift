import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import Dispatch
import LineProtocol
import Synchronization

extension CoreServices {
    /// `POLICY REPLAY since= [until=] [after=] [draft=yes] [add=yes] [enforce=yes]`: what policies would have said to the
    /// sign-ins of the log. It answers for as many as a few seconds allow; where there are more, the first item has `next=`,
    /// which the same request takes as `after=`, and the counts are to be added up. The first item has the numbers and the
    /// time; after it comes an item for each user, application, outcome and verdict.
    func policyReplayVerb(_ drafts: PolicyDrafts) -> Verb {
        let syntax = VerbSyntax(
            "POLICY REPLAY", summary: "Say what policies would have made of the recorded sign-ins",
            requiredOptions: ["since"], options: ["until", "after"] + Request.trialOptions)
        let (desk, clock) = (policies, clock)
        // Apart, so that nobody waits for one.
        let queue = DispatchQueue(label: "countersign.policy-replays")
        return administrative(
            syntax, requires: .administer, right: .readLogs, on: queue
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let now = clock()
            let start = try request.moment("since", now: now) ?? now.milliseconds
            let end = try request.moment("until", now: now, endsDay: true) ?? now.milliseconds
            let place = try request.place()
            guard let trial = try request.trial(drafts, invocation.connection) else {
                return .noDraft
            }
            let patience = Patience(.seconds(4), invocation.connection)
            defer { patience.end() }
            do throws(PolicyDeskError) {
                let replay = try PolicyReplay(trial, at: desk)
                let portion = try replay.portion(
                    since: Timestamp(milliseconds: start), until: Timestamp(milliseconds: end),
                    after: place, while: { patience.lasts })
                return .list(
                    [Self.item(portion, start: start, end: end)] + portion.groups.map(Self.item))
            } catch {
                return Reply(error)
            }
        }
    }

    private static func item(_ portion: ReplayPortion, start: Int64, end: Int64) -> ListItem {
        var options = [
            Option("kind", "summary"), Option("since", String(start)),
            Option("until", String(end)), Option("rows", String(portion.rows)),
            Option("judged", String(portion.judged)), Option("failed", String(portion.failed)),
            Option("incomplete", String(portion.incomplete)), Option("gone", String(portion.gone)),
        ]
        if let next = portion.next {
            options.append(Option("next", "\(next.at.milliseconds).\(next.number)"))
        }
        return ListItem(options: options)
    }

    private static func item(_ group: ReplayGroup) -> ListItem {
        let key = group.key
        var options = [Option("kind", "group"), Option("user", key.user.text)]
        if let application = key.application { options.append(Option("app", application.cut)) }
        options += [
            Option("was", key.outcome.rawValue), Option("then", key.verdict.rawValue),
            Option("count", String(group.count)),
            Option("first", String(group.firstAt.milliseconds)),
            Option("last", String(group.lastAt.milliseconds)),
            Option("example", String(group.example)),
        ]
        if !group.policies.isEmpty {
            let names = group.policies.sorted().map(\.text)
            options.append(Option("policies", names.joined(separator: ",")))
        }
        if !group.missing.isEmpty {
            options.append(Option("missing", group.missing.sorted().joined(separator: ",")))
        }
        return ListItem(options: options)
    }
}

/// How long somebody is worked for: so long, and no longer than the connection is there.
private final class Patience: Sendable {
    private let deadline: ContinuousClock.Instant
    private let connection: ConnectionLife
    private let hasEnded = Atomic(false)
    private let registration = Mutex<ConnectionLife.Registration?>(nil)

    init(_ time: Duration, _ connection: ConnectionLife) {
        deadline = .now + time
        self.connection = connection
        let registered = connection.atEnd { [weak self] in
            self?.hasEnded.store(true, ordering: .relaxed)
        }
        registration.withLock { $0 = registered }
    }

    var lasts: Bool { !hasEnded.load(ordering: .relaxed) && ContinuousClock.now < deadline }

    /// Nothing is worked on any more.
    func end() {
        if let registered = registration.withLock(\.self) { connection.strike(registered) }
    }
}

extension Request {
    /// The option `after`: where the portion before ended.
    fileprivate func place() throws(ArgumentError) -> SignInPlace? {
        guard let text = self["after"] else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let at = Int64(parts[0]), let number = Int64(parts[1]) else {
            throw .badValue("after")
        }
        return SignInPlace(at: Timestamp(milliseconds: at), number: number)
    }
}
