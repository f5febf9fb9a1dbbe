import Histogram

/// Latencies in nanoseconds with three digits, up to a minute; what took longer counts as a minute.
package struct Latencies: Sendable {
    package static let longest: UInt64 = 60_000_000_000

    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: Latencies.longest,
        numberOfSignificantValueDigits: .three)

    package init() {}

    /// How many are recorded.
    package var count: UInt64 { histogram.totalCount }

    package mutating func record(_ nanoseconds: UInt64) {
        histogram.record(min(nanoseconds, Self.longest))
    }

    /// Takes in what another has recorded.
    package mutating func merge(_ other: Latencies) { histogram.add(other.histogram) }

    /// The percentiles of the report. The histogram gives the upper end of a value's bucket; none is said to be over
    /// the longest recorded.
    package var summary: LoadReport.Latency {
        let longest = count == 0 ? 0 : histogram.maxRecorded
        func at(_ percentile: Double) -> UInt64 {
            count == 0 ? 0 : min(longest, histogram.valueAtPercentile(percentile))
        }
        var summary = LoadReport.Latency()
        summary.p50 = at(50)
        summary.p90 = at(90)
        summary.p99 = at(99)
        summary.p999 = at(99.9)
        summary.max = longest
        return summary
    }
}
