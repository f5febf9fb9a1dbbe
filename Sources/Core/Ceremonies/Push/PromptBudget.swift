package import Accounts
package import CredentialStore

/// How many prompts each user has got within the hour. No clock and no I/O.
///
/// Counted by name, whether or not there is such a user. What it holds is bounded: where there are too many names, the
/// tenth that was asked longest ago goes.
package struct PromptBudget: Sendable {
    private static let hour = Duration.seconds(3600)

    private let limit: Int
    private let capacity: Int
    private var moments: [UserName: [Timestamp]] = [:]

    /// A budget of `limit` prompts an hour for each of `capacity` names at most.
    package init(limit: Int, capacity: Int) {
        self.limit = max(1, limit)
        self.capacity = max(10, capacity)
    }

    /// How many names are held.
    package var size: Int { moments.count }

    /// Counts a prompt.
    ///
    /// - Returns: `nil` where it is within the budget; otherwise, how long until one is, and nothing is counted.
    package mutating func take(_ user: UserName, at now: Timestamp) -> Duration? {
        var taken = recent(user, at: now)
        if taken.count >= limit, let first = taken.first {
            moments[user] = taken
            let end = first.advanced(by: Self.hour)
            return .milliseconds(end.milliseconds - now.milliseconds)
        }
        if moments[user] == nil, moments.count >= capacity { evict() }
        taken.append(now)
        moments[user] = taken
        return nil
    }

    /// Gives the prompt of `moment` back: the person approved it.
    package mutating func giveBack(_ user: UserName, of moment: Timestamp) {
        guard var taken = moments[user], let index = taken.firstIndex(of: moment) else { return }
        taken.remove(at: index)
        moments[user] = taken.isEmpty ? nil : taken
    }

    /// Forgets what is over.
    package mutating func sweep(at now: Timestamp) {
        for user in Array(moments.keys) {
            let taken = recent(user, at: now)
            moments[user] = taken.isEmpty ? nil : taken
        }
    }

    private func recent(_ user: UserName, at now: Timestamp) -> [Timestamp] {
        (moments[user] ?? []).filter { now < $0.advanced(by: Self.hour) }
    }

    private mutating func evict() {
        let oldest = moments.sorted { left, right in
            (left.value.last?.milliseconds ?? 0) < (right.value.last?.milliseconds ?? 0)
        }
        for (user, _) in oldest.prefix(capacity / 10) { moments[user] = nil }
    }
}
