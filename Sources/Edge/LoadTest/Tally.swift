package import LineProtocol

/// What the replies of a timed batch were.
package struct Tally: Sendable {
    package private(set) var latencies = Latencies()
    package private(set) var accepted = 0
    private var refusals: [Refusal: Int] = [:]

    private struct Refusal: Hashable {
        let word: ReplyWord
        let reason: String?
    }

    package init() {}

    package var answered: Int { accepted + refusals.values.reduce(0, +) }

    package mutating func accept(after nanoseconds: UInt64) {
        accepted += 1
        latencies.record(nanoseconds)
    }

    package mutating func refuse(_ reply: Reply, after nanoseconds: UInt64) {
        refusals[Refusal(word: reply.word, reason: reply["reason"]), default: 0] += 1
        latencies.record(nanoseconds)
    }

    package mutating func merge(_ other: Tally) {
        latencies.merge(other.latencies)
        accepted += other.accepted
        refusals.merge(other.refusals, uniquingKeysWith: +)
    }

    /// The refusals for the report: the most frequent first, then by name.
    package var sortedRefusals: [LoadReport.Refusal] {
        refusals
            .map { refusal, count in
                LoadReport.Refusal(
                    reason: [refusal.word.rawValue, refusal.reason].compactMap(\.self)
                        .joined(separator: " "),
                    count: count, isJudgement: refusal.word.category != .server)
            }
            .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }
}
