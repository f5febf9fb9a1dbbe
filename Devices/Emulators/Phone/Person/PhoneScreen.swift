package import PushMessages

/// What a phone's screen shows of a prompt, in text, and what the typed answer means.
package enum PhoneScreen {
    /// What a line that was typed means.
    package enum Entry: Sendable, Hashable {
        case approve(number: String)
        case decline
        case notMe
        /// It means nothing; says what would.
        case unclear(String)
    }

    /// The screen for a prompt.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func text(_ prompt: Prompt, at now: Int64) -> String {
        let shown = prompt.shown
        var place = shown.address.isEmpty ? "unknown" : shown.address
        if !shown.country.isEmpty { place += " (\(shown.country))" }
        var rows = [("account", shown.user), ("application", shown.application)]
        if !shown.detail.isEmpty { rows.append(("detail", shown.detail)) }
        rows += [
            ("place", place), ("time", UTCTime.text(prompt.issuedAt)),
            ("expires in", "\(max(0, prompt.expiresAt - now) / 1_000) s"),
        ]
        let width = 13
        let lines = rows.map { label, value in
            "    " + label + String(repeating: " ", count: width - label.count) + plain(value)
        }
        return """

              \(plain(shown.server)) asks: is it you who signs in?

            \(lines.joined(separator: "\n"))

            \(question(prompt))
            """
    }

    /// What to type.
    static func question(_ prompt: Prompt) -> String {
        let numbers =
            prompt.choices.isEmpty
            ? "  Type the number that you see there (\(prompt.digits) digits)."
            : "  Which number do you see there?   "
                + prompt.choices.enumerated().map { "\($0 + 1)) \($1)" }.joined(separator: "   ")
        return numbers + "\n  n declines, ! says that it is not you.\n  > "
    }

    /// What `line` means as an answer to a prompt.
    package static func entry(_ line: String, for prompt: Prompt) -> Entry {
        let word = line.filter { !$0.isWhitespace }
        switch word {
        case "n", "N": return .decline
        case "!": return .notMe
        default: break
        }
        let isNumber =
            word.utf8.count == prompt.digits
            && word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if prompt.choices.isEmpty {
            return isNumber
                ? .approve(number: word)
                : .unclear("  That is no number of \(prompt.digits) digits.\n  > ")
        }
        if let index = Int(word), word.utf8.count == 1, prompt.choices.indices.contains(index - 1) {
            return .approve(number: prompt.choices[index - 1])
        }
        return prompt.choices.contains(word)
            ? .approve(number: word) : .unclear("  That is none of the numbers.\n  > ")
    }

    /// The text without what would move the cursor or turn the direction of writing.
    private static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}

/// Times as people read them.
package enum UTCTime {
    /// Day and time of milliseconds since 1970, such as `2026-11-24 15:05:11 UTC`; times before 1970 read as 1970.
    package static func text(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds / 1_000)
        let (year, month, day) = date(seconds / 86_400)
        let time = seconds % 86_400
        return "\(year)-\(pad(month))-\(pad(day)) "
            + "\(pad(time / 3_600)):\(pad(time / 60 % 60)):\(pad(time % 60)) UTC"
    }

    private static func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Year, month and day of the Gregorian calendar, by whole eras of 400 years that begin in March.
    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
