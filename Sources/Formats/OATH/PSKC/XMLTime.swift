/// A moment as XML writes it (XML Schema part 2 §3.2.7): `2006-05-01T00:00:00Z`.
public enum XMLTime {
    /// Seconds since 1970, or `nil` for what is no moment from 1970 to 9999. A fraction of a second is cut off; a time
    /// without a zone is UTC (RFC 6030 §4.2).
    public static func seconds(_ text: some StringProtocol) -> Int64? {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard let year = reader.number(4), (1970...9999).contains(year), reader.takes("-"),
            let month = reader.number(2), (1...12).contains(month), reader.takes("-"),
            let day = reader.number(2), (1...length(of: month, in: year)).contains(day),
            reader.takes("T"),
            let hour = reader.number(2), (0...23).contains(hour), reader.takes(":"),
            let minute = reader.number(2), (0...59).contains(minute), reader.takes(":"),
            let second = reader.number(2), (0...59).contains(second), reader.skipsFraction(),
            let offset = reader.zone(), reader.rest.isEmpty
        else { return nil }
        let days = days(before: year) + daysBefore(month, in: year) + day - 1
        let moment = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        return moment < 0 ? nil : Int64(moment)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysBefore(_ month: Int, in year: Int) -> Int {
        (1..<month).reduce(0) { $0 + length(of: $1, in: year) }
    }

    /// From 1970 to the beginning of a year.
    private static func days(before year: Int) -> Int {
        let past = year - 1
        return (year - 1970) * 365 + (past / 4 - past / 100 + past / 400)
            - (1969 / 4 - 1969 / 100 + 1969 / 400)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func number(_ digits: Int) -> Int? {
            let text = rest.prefix(digits)
            guard text.count == digits,
                let number = String(decoding: text, as: UTF8.self).decimalNumber
            else { return nil }
            rest = rest.dropFirst(digits)
            return Int(exactly: number)
        }

        mutating func takes(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// Passes over a fraction of up to nine digits; false for a point without any.
        mutating func skipsFraction() -> Bool {
            guard takes(".") else { return true }
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            return (1...9).contains(digits.count)
        }

        /// The zone's offset in minutes.
        mutating func zone() -> Int? {
            if rest.isEmpty || takes("Z") { return 0 }
            let sign = takes("-") ? -1 : 1
            guard sign == -1 || takes("+"), let hours = number(2), takes(":"),
                let minutes = number(2), (0...59).contains(minutes), hours * 60 + minutes <= 14 * 60
            else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }
}
