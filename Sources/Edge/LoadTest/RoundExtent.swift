/// How large the next round is and when it ends, so that the goal is met, a round is bounded, and no request
/// expires. Pure.
package struct RoundExtent: Sendable {
    private let goal: LoadPlan.Goal
    private let rate: Double?
    /// Requests in a round at least, where so many are left.
    private let smallest: Int
    /// Requests in a round at most; fewer once the server has been seen to be too slow for them.
    private var largest: Int

    package init(
        goal: LoadPlan.Goal, rate: Double?, connections: Int, largest: Int = 20_000
    ) {
        self.goal = goal
        self.rate = rate
        // A request for each connection, or for as many as half a minute of the schedule has: a quarter of what
        // challenges live as a rule.
        let smallest = rate == nil ? connections : 1
        self.smallest = smallest
        self.largest = rate.map { min(largest, max(smallest, Int($0 * 30))) } ?? largest
    }

    /// How many requests the next round has; `nil` when the goal is reached.
    package func next(answered: Int, seconds: Double) -> Int? {
        switch goal {
        case .requests(let all):
            return answered < all ? min(largest, all - answered) : nil
        case .seconds(let all):
            guard seconds < all else { return nil }
            if let rate {
                // What the schedule has for the whole time, and for what is left of it.
                let scheduled = max(1, Int((all * rate).rounded())) - answered
                let left = Int(((all - seconds) * rate).rounded(.up))
                return scheduled > 0 ? min(largest, scheduled, left) : nil
            }
            guard answered > 0, seconds > 0 else { return largest }
            // A fifth more than it has taken so far; what is over is not sent.
            let expected = Double(answered) / seconds * (all - seconds) * 1.2
            return min(largest, max(smallest, Int(min(expected, 1e6)) + 1))
        }
    }

    /// From when no more requests are sent in a round that starts at `start`, after so many timed seconds. In an open
    /// loop all of a round are sent, however late: what a slow server keeps from being sent must not be left out.
    package func end(start: UInt64, seconds: Double) -> UInt64 {
        switch goal {
        case .requests: .max
        case .seconds where rate != nil: .max
        case .seconds(let all): start + UInt64(max(0, all - seconds) * 1e9)
        }
    }

    /// Notes how much of a round was sent before its time was over, and makes the next one fit.
    ///
    /// - Returns: `false` where not one request was sent and a round cannot be smaller.
    package mutating func note(sent: Int, of requests: Int) -> Bool {
        if sent == 0, requests <= smallest { return false }
        if sent < requests / 2 { largest = max(smallest, min(largest, requests) / 4) }
        return true
    }

    /// How much of the goal is reached.
    package func fraction(answered: Int, seconds: Double) -> Double {
        switch goal {
        case .requests(let all): min(1, Double(answered) / Double(all))
        case .seconds(let all): min(1, seconds / all)
        }
    }

    /// The same for people.
    package func progress(answered: Int, seconds: Double) -> LoadProgress {
        let count = Figures.grouped(answered)
        let text =
            switch goal {
            case .requests(let all): "\(count) of \(Figures.grouped(all))"
            case .seconds(let all):
                "\(count) in \(Figures.fixed(min(seconds, all), decimals: 1)) of "
                    + "\(Figures.fixed(all, decimals: 1)) s"
            }
        return LoadProgress(
            phase: .measuring, fraction: fraction(answered: answered, seconds: seconds),
            text: text)
    }
}
