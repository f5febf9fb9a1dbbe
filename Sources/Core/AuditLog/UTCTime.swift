/// Moments as text.
package enum UTCTime {
    /// `2026-11-24T18:34:00.123Z` of milliseconds since 1970; the number itself outside of the years 1970 to 9999.
    package static func text(_ milliseconds: Int64) -> String {
        guard (0..<253_402_300_800_000).contains(milliseconds) else { return String(milliseconds) }
        let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
        // Years that begin in March end in the leap day; eras of 400 of them are all alike.
        let shifted = days + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let (seconds, fraction) = (rest / 1000, rest % 1000)
        let time =
            "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return "\(date)T\(time).\(padded(fraction, 3))Z"
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
