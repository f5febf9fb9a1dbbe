/// Moments as people write them.
public enum ReportMoment {
    /// Reads a moment: `30d`, `12h`, `45m` or `8w` before now; a day such as `2026-11-01` (its beginning, UTC); RFC 3339
    /// such as `2026-11-01T09:30:00Z` or with `+01:00`; `now`; or milliseconds since 1970.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - endsDay: whether a day stands for its end, as it does in `--until`.
    /// - Returns: milliseconds since 1970, of the years 1970 to 9999.
    public static func milliseconds(
        _ text: String, now: Int64, endsDay: Bool = false
    ) throws(ReportError) -> Int64 {
        guard text.utf8.count <= 40 else { throw .badMoment(text: String(text.prefix(40))) }
        let moment: Int64?
        if text == "now" {
            moment = now
        } else if text.utf8.count >= 10, text.utf8.dropFirst(4).first == UInt8(ascii: "-") {
            moment = date(Array(text.utf8), endsDay: endsDay)
        } else if let unit = text.utf8.last, let length = lengths[unit] {
            let (span, isTooLong) = (digits(text.utf8.dropLast()) ?? .max)
                .multipliedReportingOverflow(by: length)
            moment = isTooLong ? nil : now &- span
        } else {
            moment = digits(text.utf8[...])
        }
        guard let moment, (0...end).contains(moment) else { throw .badMoment(text: text) }
        return moment
    }

    /// `2026-11-24T18:34:00.123Z`; the milliseconds only where there are any.
    public static func text(_ milliseconds: Int64) -> String {
        guard (0..<end).contains(milliseconds) else { return String(milliseconds) }
        let rest = milliseconds % CalendarDay.milliseconds
        let fraction = rest % 1000 == 0 ? "" : "." + padded(Int(rest % 1000), 3)
        return "\(CalendarDay(at: milliseconds).text)T\(clock(rest))\(fraction)Z"
    }

    /// `2026-11-24 18:34:00`, for people; UTC.
    static func plainText(_ milliseconds: Int64) -> String {
        guard (0..<end).contains(milliseconds) else { return String(milliseconds) }
        return
            "\(CalendarDay(at: milliseconds).text) \(clock(milliseconds % CalendarDay.milliseconds))"
    }

    /// The end of the year 9999.
    private static let end = (CalendarDay.last + 1) * CalendarDay.milliseconds

    private static let lengths: [UInt8: Int64] = [
        UInt8(ascii: "m"): 60_000, UInt8(ascii: "h"): 3_600_000,
        UInt8(ascii: "d"): CalendarDay.milliseconds,
        UInt8(ascii: "w"): 7 * CalendarDay.milliseconds,
    ]

    private static func clock(_ rest: Int64) -> String {
        let seconds = Int(rest / 1000)
        return
            "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    }

    private static func digits(_ text: some Collection<UInt8>) -> Int64? {
        guard
            (1...16).contains(text.count),
            text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }

    /// A full-date, or a date-time of RFC 3339 §5.6.
    private static func date(_ text: [UInt8], endsDay: Bool) -> Int64? {
        guard
            text[7] == UInt8(ascii: "-"), let year = digits(text[0..<4]),
            let month = digits(text[5..<7]), let dayOfMonth = digits(text[8..<10]),
            let day = CalendarDay(year: Int(year), month: Int(month), day: Int(dayOfMonth))
        else { return nil }
        let start = day.number * CalendarDay.milliseconds
        if text.count == 10 { return endsDay ? start + CalendarDay.milliseconds : start }
        return time(text[10...]).map { start + $0 }
    }

    /// What comes behind the date: `T09:30:00`, perhaps a fraction, and `Z` or an offset. Milliseconds from midnight UTC.
    private static func time(_ text: ArraySlice<UInt8>) -> Int64? {
        let text = Array(text)
        guard
            text.count >= 10, [UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20].contains(text[0]),
            text[3] == UInt8(ascii: ":"), text[6] == UInt8(ascii: ":"),
            let hour = digits(text[1..<3]), let minute = digits(text[4..<6]),
            let second = digits(text[7..<9]), hour < 24, minute < 60, second < 60
        else { return nil }
        var moment = hour * 3_600_000 + minute * 60_000 + second * 1000
        var rest = text[9...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            guard
                (1...9).contains(fraction.count),
                let value = digits(
                    Array(fraction.prefix(3))
                        + Array(repeating: 0x30, count: 3 - min(3, fraction.count)))
            else { return nil }
            moment += value
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let sign = rest.first else { return nil }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") {
            return rest.count == 1 ? moment : nil
        }
        let offset = Array(rest)
        guard
            [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(sign), offset.count == 6,
            offset[3] == UInt8(ascii: ":"), let hours = digits(offset[1..<3]),
            let minutes = digits(offset[4..<6]), hours < 24, minutes < 60
        else { return nil }
        let shift = hours * 3_600_000 + minutes * 60_000
        return sign == UInt8(ascii: "+") ? moment - shift : moment + shift
    }
}

/// Whole days, UTC, that a report is about.
public struct ReportPeriod: Sendable, Hashable {
    /// The first day.
    public let first: CalendarDay
    /// The last day; not before the first.
    public let last: CalendarDay

    /// The days from one to another.
    public init(first: CalendarDay, last: CalendarDay) {
        self.first = first
        self.last = CalendarDay(number: max(first.number, last.number))
    }

    /// The days that lie between two moments, in milliseconds since 1970, wholly or in part.
    ///
    /// - Throws: `.emptyPeriod` where the second is not after the first.
    public init(since: Int64, until: Int64) throws(ReportError) {
        guard since < until else { throw .emptyPeriod }
        self.init(first: CalendarDay(at: since), last: CalendarDay(at: until - 1))
    }

    /// `2026-11-01 to 2026-11-24`.
    public var text: String { first == last ? first.text : "\(first.text) to \(last.text)" }
}
