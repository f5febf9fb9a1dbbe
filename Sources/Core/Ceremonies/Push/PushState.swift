import Accounts
package import CredentialStore
import PushMessages

/// How much is in flight.
package struct PushHoldings: Sendable, Hashable {
    /// Prompts, open or remembered.
    package var prompts = 0
    /// Transactions that can be waited for.
    package var transactions = 0
    /// Users with an open prompt.
    package var openUsers = 0
    /// Those who wait, for whatever.
    package var waits = 0
    /// Phones whose poll waits.
    package var polls = 0
    /// Enrolments that are waited for or remembered.
    package var enrolments = 0
    /// Names with a budget.
    package var budgets = 0
    /// Moments at which something is due.
    package var deadlines = 0

    /// Nothing.
    package init() {}
}

/// All that is in flight between front ends, people and phones: prompts, budgets, and who waits for what.
///
/// One method an event; each returns what to do. No I/O, no clock, no timer: `now` is a time of a clock that is never
/// set. All of it is bounded, and everything goes by itself: ``nextDeadline()`` says when to call ``wake(at:)``.
package struct PushState: Sendable {
    /// How much is held at most, and how long.
    package struct Limits: Sendable {
        /// Prompts, open or remembered.
        package var prompts = 50_000
        /// Prompts that nobody is shown, open or remembered. One more ends the oldest, so that made-up names keep no user
        /// from being asked.
        package var decoys = 10_000
        /// Names with a budget.
        package var names = 200_000
        /// Those who wait for one transaction.
        package var waitsPerTransaction = 4
        /// How long a prompt is remembered after its time, so that a late answer is told why it is late.
        package var memory = Duration.seconds(120)
        /// How long after that one is kept whose end is not on disk yet, before it is looked at again.
        package var settling = Duration.seconds(1)
        /// How often budgets that are over are forgotten.
        package var sweep = Duration.seconds(600)

        /// The usual limits.
        package init() {}
    }

    /// The first bytes of an enrolment's challenge.
    package typealias EnrolmentName = [UInt8]

    /// An enrolment that somebody waits for, or that has ended and is remembered.
    struct Enrolment: Sendable {
        let end: Timestamp
        var verdict: PhoneEnrolmentVerdict?
        var waits: [WaitID] = []
    }

    /// What somebody waits for.
    enum Place: Sendable, Hashable {
        case verdict(PromptID)
        case poll(PhoneID)
        case enrolment(EnrolmentName)
    }

    enum Deadline: Sendable, Hashable {
        case expiry(PromptID)
        case memory(PromptID)
        case wait(WaitID)
        case enrolment(EnrolmentName)
        case budgets
    }

    let limits: Limits
    var entries: [PromptID: PromptEntry] = [:]
    var transactions: [String: PromptID] = [:]
    var openByUser: [UserName: PromptID] = [:]
    /// Decoys in the order of their opening, the forgotten ones among them; those before ``firstDecoy`` do not count.
    var decoys: [PromptID] = []
    var firstDecoy = 0
    var waits: [WaitID: Place] = [:]
    var polls: [PhoneID: WaitID] = [:]
    var enrolments: [EnrolmentName: Enrolment] = [:]
    var budget: PromptBudget
    var deadlines = DeadlineQueue<Deadline>()

    /// Nothing in flight.
    package init(promptsPerHour: Int, limits: Limits = Limits()) {
        self.limits = limits
        budget = PromptBudget(limit: promptsPerHour, capacity: limits.names)
    }

    /// How much is in flight.
    package var holdings: PushHoldings {
        var holdings = PushHoldings()
        holdings.prompts = entries.count
        holdings.transactions = transactions.count
        holdings.openUsers = openByUser.count
        holdings.waits = waits.count
        holdings.polls = polls.count
        holdings.enrolments = enrolments.count
        holdings.budgets = budget.size
        holdings.deadlines = deadlines.counts.items
        return holdings
    }

    /// When ``wake(at:)`` has something to do.
    package mutating func nextDeadline() -> Timestamp? { deadlines.next() }

    /// Does what is due.
    package mutating func wake(at now: Timestamp) -> [PushEffect] {
        var effects: [PushEffect] = []
        while let due = deadlines.popDue(at: now) {
            switch due {
            case .expiry(let id): effects += expire(id)
            case .memory(let id): forget(id, at: now)
            case .wait(let id): effects += release(id, at: now)
            case .enrolment(let name): enrolments[name] = nil
            case .budgets:
                budget.sweep(at: now)
                if budget.size > 0 {
                    deadlines.set(.budgets, at: now.advanced(by: limits.sweep))
                }
            }
        }
        return effects
    }

    /// Notes that `id` waits at `place` until `end`.
    mutating func park(_ id: WaitID, at place: Place, until end: Timestamp) {
        waits[id] = place
        deadlines.set(.wait(id), at: end)
    }

    /// Forgets one who waits, who has gone or is being told.
    package mutating func drop(_ id: WaitID) {
        guard let place = waits.removeValue(forKey: id) else { return }
        deadlines.remove(.wait(id))
        switch place {
        case .verdict(let prompt): entries[prompt]?.waits.removeAll { $0 == id }
        case .poll(let phone): if polls[phone] == id { polls[phone] = nil }
        case .enrolment(let name):
            enrolments[name]?.waits.removeAll { $0 == id }
            if let enrolment = enrolments[name], enrolment.verdict == nil,
                enrolment.waits.isEmpty
            {
                enrolments[name] = nil
            }
        }
    }

    /// Ends a wait without what it waited for.
    private mutating func release(_ id: WaitID, at now: Timestamp) -> [PushEffect] {
        guard let place = waits[id] else { return [] }
        let isOver =
            if case .enrolment(let name) = place, let enrolment = enrolments[name] {
                enrolment.end <= now
            } else {
                false
            }
        drop(id)
        switch place {
        case .verdict: return [.verdict(id, .pending)]
        case .poll: return [.poll(id, nil)]
        case .enrolment: return [.enrolment(id, isOver ? .expired : .pending)]
        }
    }

    /// Ends every wait as if its time were over.
    package mutating func releaseAll(at now: Timestamp) -> [PushEffect] {
        waits.keys.sorted { $0.number < $1.number }.flatMap { release($0, at: now) }
    }
}
