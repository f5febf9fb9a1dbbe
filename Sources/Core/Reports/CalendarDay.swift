/// A day of the Gregorian calendar, UTC, of the years 1970 to 9999.
public struct CalendarDay: Sendable, Hashable {
    /// The day, counted from 1970-01-01.
    public let number: Int64

    /// A day in milliseconds.
    public static let milliseconds: Int64 = 86_400_000
    /// The last day that there is: 9999-12-31.
    static let last: Int64 = 2_932_896

    /// The day of this number; outside of the years 1970 to 9999 the nearest that is not.
    public init(number: Int64) { self.number = min(max(0, number), Self.last) }

    /// The day of a moment, in milliseconds since 1970.
    public init(at moment: Int64) { self.init(number: max(0, moment) / Self.milliseconds) }

    /// The day of a date; `nil` where the calendar has none such.
    public init?(year: Int, month: Int, day: Int) {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        // Years that begin in March end in the leap day; eras of 400 of them are all alike.
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (shifted / 400, shifted % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(number: Int64(era * 146_097 + dayOfEra - 719_468))
        guard date == (year, month, day) else { return nil }
    }

    /// Year, month and day of the month.
    public var date: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// The day of the week, 1 for Monday to 7 for Sunday (ISO 8601).
    public var weekday: Int { Int((number + 3) % 7) + 1 }

    /// The year and the number of the week, by ISO 8601: a week is of the year that its Thursday is in.
    public var week: (year: Int, week: Int) {
        let thursday = CalendarDay(number: number + Int64(4 - weekday))
        let year = thursday.date.year
        let firstDay = CalendarDay(year: year, month: 1, day: 1)?.number ?? 0
        return (year, Int(thursday.number - firstDay) / 7 + 1)
    }

    /// `2026-11-24`.
    public var text: String {
        let (year, month, day) = date
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// How long the stretches are that a report counts by.
public enum ReportInterval: String, Sendable, Hashable, CaseIterable {
    /// Days, UTC.
    case day
    /// Weeks of ISO 8601.
    case week
    /// Months of the calendar.
    case month

    /// The name of the stretch that a day is in: `2026-11-24`, `2026-W48`, `2026-11`. Names are in the order of time.
    public func name(of day: CalendarDay) -> String {
        switch self {
        case .day: return day.text
        case .week:
            let (year, week) = day.week
            return "\(padded(year, 4))-W\(padded(week, 2))"
        case .month: return String(day.text.prefix(7))
        }
    }

    /// The names of all stretches from one day to another, the first one first.
    public func names(from first: CalendarDay, to last: CalendarDay) -> [String] {
        var names: [String] = []
        guard first.number <= last.number else { return names }
        for number in first.number...last.number {
            let name = name(of: CalendarDay(number: number))
            if names.last != name { names.append(name) }
        }
        return names
    }
}

/// Digits with zeros in front.
func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
