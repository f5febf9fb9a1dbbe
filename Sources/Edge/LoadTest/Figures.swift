/// Numbers as people read them.
package enum Figures {
    /// An integer in groups of three: `1 234 567`.
    package static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// A number rounded to whole ones and grouped; what is not finite or over 10¹⁵ is `-`.
    package static func grouped(_ number: Double) -> String {
        guard number.isFinite, abs(number) < 1e15 else { return "-" }
        return grouped(Int(number.rounded()))
    }

    /// A number with so many decimals, 9 at most: `0.05`. What is not finite or over 10⁹ is `-`.
    package static func fixed(_ number: Double, decimals: Int) -> String {
        guard number.isFinite, abs(number) < 1e9, (0...9).contains(decimals) else { return "-" }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((abs(number) * Double(scale)).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: decimals - fraction.count)
        return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
    }

    /// A span of time with three digits and its unit: `812 µs`, `1.25 ms`, `2.10 s`.
    package static func time(nanoseconds: UInt64) -> String {
        let number = Double(nanoseconds)
        return switch number {
        case ..<1e3: "\(nanoseconds) ns"
        case ..<999.5e3: significant(number / 1e3) + " µs"
        case ..<999.5e6: significant(number / 1e6) + " ms"
        default: significant(number / 1e9) + " s"
        }
    }

    /// A text with spaces before it up to a width.
    package static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func significant(_ number: Double) -> String {
        switch number {
        case ..<9.995: fixed(number, decimals: 2)
        case ..<99.95: fixed(number, decimals: 1)
        default: fixed(number, decimals: 0)
        }
    }
}
