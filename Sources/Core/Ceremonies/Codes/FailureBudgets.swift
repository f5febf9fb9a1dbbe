package import Accounts
package import Addresses
package import CredentialStore

/// How many wrong codes are borne, and from whom.
public struct FailureLimits: Sendable, Hashable {
    /// Wrong codes for one user, from sources that are not the user's own, before they are let wait.
    public var perUser: Int
    /// Wrong codes for one user from one source that the user signed in from before.
    public var perFamiliarSource: Int
    /// Wrong codes from one source at once, whichever users they are for; and how many more each hour.
    public var perSource: Int
    /// How long a user's wait is at first. Each failure after that doubles it.
    public var firstDelay: Duration
    /// How long it is at most.
    public var longestDelay: Duration
    /// After how long without a failure a user's count starts anew.
    public var memory: Duration

    /// Ten, ten and a hundred failures; a minute up to an hour; forgotten after a day.
    public init() {
        perUser = 10
        perFamiliarSource = 10
        perSource = 100
        firstDelay = .seconds(60)
        longestDelay = .seconds(3600)
        memory = .seconds(86_400)
    }
}

/// Counts wrong codes by user and by source, and says who has to wait. No clock and no I/O.
///
/// A source that the user signed in from before has a count of its own, and so do strangers together: what strangers
/// guess does not shut the user out of where the user is at home. Strangers' sources have a count over all users too,
/// which drains with time, for an office behind one address mistypes all day. An attempt is counted as it is let in, and
/// given back where it was right, so that many at once gain nothing. What cannot be guessed draws on the source's count
/// alone, and a right one of those settles nothing of what can.
///
/// What it holds is bounded: where there are too many counts, a tenth goes. The lowest go first, so that who floods it with
/// names does not lift anybody's wait by that.
package struct FailureBudgets: Sendable {
    /// What failures are counted of.
    fileprivate enum Account: Sendable, Hashable {
        case strangers(to: UserName)
        case familiar(IPNetwork, to: UserName)
        /// Programs with app passwords, which nobody guesses: counted to know them again, and never made to wait.
        case programs(of: UserName)
        case source(IPNetwork)
    }

    private struct Count: Sendable {
        /// How many; of a source, what has not drained yet.
        var failures = 0.0
        var blockedUntil = Timestamp(milliseconds: 0)
        var lastAt: Timestamp
        /// What was tried last, of secrets that do not change.
        var recent: [[UInt8]] = []
    }

    /// An attempt that was let in, to be given back where it was right.
    package struct Admission: Sendable {
        fileprivate let accounts: [Account]
        /// Whether it is the one that makes strangers wait, unless it was right.
        package let blocksStrangers: Bool
    }

    /// What an attempt meets.
    package enum Answer: Sendable {
        /// It may be judged.
        case admitted(Admission)
        /// Not before so long.
        case wait(Duration)
    }

    private let limits: FailureLimits
    private let capacity: Int
    private var counts: [Account: Count] = [:]

    /// No failures yet; at most `capacity` counts are held, and ten at least.
    package init(limits: FailureLimits, capacity: Int = 200_000) {
        self.limits = limits
        self.capacity = max(10, capacity)
    }

    /// How many counts are held.
    package var size: Int { counts.count }

    /// Lets an attempt in and counts it, or says how long to wait.
    ///
    /// - Parameters:
    ///   - secret: for what cannot be guessed, what tells it from others. One of the last three is not counted again: a
    ///     program with an old password tries it for ever.
    package mutating func admit(
        _ user: UserName, from source: IPNetwork?, isFamiliar: Bool, secret: [UInt8]? = nil,
        at now: Timestamp
    ) -> Answer {
        let own: Account =
            if secret != nil {
                .programs(of: user)
            } else if let source, isFamiliar {
                .familiar(source, to: user)
            } else {
                .strangers(to: user)
            }
        let ofSource = source.map(Account.source)
        var wait = remaining(own, at: now)
        if let ofSource, !isFamiliar { wait = max(wait, remaining(ofSource, at: now)) }
        guard wait == .zero else { return .wait(wait) }
        makeRoom(at: now)
        var count = current(own, at: now)
        let isKnown = secret.map(count.recent.contains) ?? false
        if let secret, !isKnown { count.recent = count.recent.suffix(2) + [secret] }
        counts[own] = count
        guard !isKnown else { return .admitted(Admission(accounts: [], blocksStrangers: false)) }
        let isFirst = fail(own, at: now) && own == .strangers(to: user)
        if let ofSource { _ = fail(ofSource, at: now) }
        return .admitted(
            Admission(accounts: [own] + [ofSource].compactMap(\.self), blocksStrangers: isFirst))
    }

    /// Takes back what an attempt was counted as: it was right. The user's count starts anew; that of the source, which
    /// may guess for others meanwhile, loses this one alone.
    package mutating func succeed(_ admission: Admission) {
        for account in admission.accounts {
            switch account {
            case .strangers, .familiar, .programs: counts[account] = nil
            case .source: counts[account]?.failures -= 1
            }
        }
    }

    /// Takes an attempt back and nothing else. A wait that it brought about ends: the one before it had
    /// ended when it was let in.
    package mutating func withdraw(_ admission: Admission) {
        for account in admission.accounts {
            guard var count = counts[account] else { continue }
            count.failures = max(0, count.failures - 1)
            count.blockedUntil = Timestamp(milliseconds: 0)
            counts[account] = count
        }
    }

    /// Counts a failure. True where it is the first that makes the user wait.
    private mutating func fail(_ account: Account, at now: Timestamp) -> Bool {
        var count = current(account, at: now)
        defer { counts[account] = count }
        count.failures += 1
        count.lastAt = now
        guard let limit = limit(of: account), count.failures >= Double(limit) else {
            return false
        }
        let further = Int(count.failures) - limit
        count.blockedUntil = now.advanced(by: delay(after: further))
        return further == 0
    }

    /// After how many failures a user has to wait; a source's count drains instead.
    private func limit(of account: Account) -> Int? {
        switch account {
        case .strangers: max(1, limits.perUser)
        case .familiar: max(1, limits.perFamiliarSource)
        case .source, .programs: nil
        }
    }

    private func current(_ account: Account, at now: Timestamp) -> Count {
        guard var count = counts[account] else { return Count(lastAt: now) }
        if case .source = account {
            // A clock that is set back drains nothing.
            let elapsed = Double(max(0, now.milliseconds - count.lastAt.milliseconds))
            count.failures = max(0, count.failures - elapsed / drainTime)
            count.lastAt = max(now, count.lastAt)
            return count
        }
        return now < count.lastAt.advanced(by: limits.memory) ? count : Count(lastAt: now)
    }

    /// In how many milliseconds a source is forgiven one failure.
    private var drainTime: Double { 3_600_000 / Double(max(1, limits.perSource)) }

    private func remaining(_ account: Account, at now: Timestamp) -> Duration {
        let count = current(account, at: now)
        if case .source = account {
            let excess = count.failures + 1 - Double(limits.perSource)
            return excess > 0 ? .milliseconds(Int64((excess * drainTime).rounded(.up))) : .zero
        }
        return count.blockedUntil > now
            ? .milliseconds(count.blockedUntil.milliseconds - now.milliseconds) : .zero
    }

    private func delay(after further: Int) -> Duration {
        min(limits.longestDelay, limits.firstDelay * (1 << min(further, 20)))
    }

    private mutating func makeRoom(at now: Timestamp) {
        guard counts.count > capacity - 2 else { return }
        let counted = counts.keys.map { account in (account, current(account, at: now)) }
        let lowest = counted.sorted { left, right in
            (left.1.failures, left.1.lastAt) < (right.1.failures, right.1.lastAt)
        }
        for (account, _) in lowest.prefix(capacity / 10 + 2) { counts[account] = nil }
    }
}
