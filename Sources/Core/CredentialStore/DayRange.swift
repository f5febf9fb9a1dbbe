/// Whole days, UTC: what reports are about.
public struct DayRange: Sendable, Hashable {
    /// The first day, counted from 1970-01-01.
    public let first: Int64
    /// The last day, counted likewise; not before the first.
    public let last: Int64

    /// A day in milliseconds.
    package static let day: Int64 = 86_400_000
    /// The last day of the year 9999.
    private static let end: Int64 = 2_932_896

    /// The days that a period touches, from `since` until just before `until`; one day where there is nothing between
    /// them. What is outside of the years 1970 to 9999 is cut off.
    public init(since: Timestamp, until: Timestamp) {
        func clamped(_ milliseconds: Int64) -> Int64 {
            min(max(0, milliseconds) / Self.day, Self.end)
        }
        first = clamped(since.milliseconds)
        last = max(first, clamped(until.milliseconds == .min ? 0 : until.milliseconds - 1))
    }

    /// When the first day begins.
    public var start: Timestamp { Timestamp(milliseconds: first * Self.day) }

    /// When the last day is over.
    public var end: Timestamp { Timestamp(milliseconds: (last + 1) * Self.day) }

    /// How many days there are.
    public var count: Int { Int(last - first) + 1 }
}
