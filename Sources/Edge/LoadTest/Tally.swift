import LineProtocol

/// What the replies of a timed batch were.
struct Tally: Sendable {
    private(set) var latencies = Latencies()
    private(set) var accepted = 0
    private(set) var refusals: [String: Int] = [:]

    var answered: Int { accepted + refusals.values.reduce(0, +) }

    mutating func accept(after nanoseconds: UInt64) {
        accepted += 1
        latencies.record(nanoseconds)
    }

    mutating func refuse(_ reply: Reply, after nanoseconds: UInt64) {
        let reason = reply["reason"].map { " " + $0 } ?? ""
        refusals[reply.word.rawValue + reason, default: 0] += 1
        latencies.record(nanoseconds)
    }

    mutating func merge(_ other: Tally) {
        latencies.merge(other.latencies)
        accepted += other.accepted
        refusals.merge(other.refusals, uniquingKeysWith: +)
    }

    /// The refusals for the report: the most frequent first, then by name.
    var sortedRefusals: [LoadReport.Refusal] {
        refusals.map { LoadReport.Refusal(reason: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }
}
