/// A pattern for what programs call themselves: text in which `*` stands for any number of characters, also none.
///
/// Everything else stands for itself, byte by byte, capitals apart from small letters. It has to match the whole.
public struct UserAgentPattern: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    public let text: String
    private let parts: [[UInt8]]

    /// Takes 1 to 256 bytes. What would be a regular expression's is refused (`^` at the start, `$` at the end, `\`,
    /// `[`, `]`, `{`, `}`, `|`, `?`, and `.*` or `.+`), so that nobody takes one for a pattern that works.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...256).contains(bytes.count), bytes.first != UInt8(ascii: "^"),
            bytes.last != UInt8(ascii: "$")
        else { return nil }
        let refused = Set("\\[]{}|?".utf8)
        let repeats = Set("*+".utf8)
        for (place, byte) in bytes.enumerated() {
            guard !refused.contains(byte) else { return nil }
            let isAfterDot = place > 0 && bytes[place - 1] == UInt8(ascii: ".")
            if isAfterDot, repeats.contains(byte) { return nil }
        }
        self.text = text
        parts = bytes.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
    }

    /// As it was written.
    public var description: String { text }

    /// Whether all of `userAgent` matches. It takes time in proportion to both lengths multiplied, at most.
    public func matches(_ userAgent: String) -> Bool { matches(Array(userAgent.utf8)) }

    /// Whether all of the UTF-8 `bytes` matches.
    func matches(_ bytes: [UInt8]) -> Bool {
        guard let first = parts.first, let last = parts.last, Self.stands(first, at: 0, in: bytes)
        else {
            return false
        }
        guard parts.count > 1 else { return bytes.count == first.count }
        let end = bytes.count - last.count
        guard end >= first.count, Self.stands(last, at: end, in: bytes) else { return false }
        var place = first.count
        for index in 1..<(parts.count - 1) {
            let part = parts[index]
            // The leftmost place leaves the most to the parts behind it.
            while !Self.stands(part, at: place, in: bytes) {
                place += 1
                if place + part.count > end { return false }
            }
            place += part.count
            if place > end { return false }
        }
        return true
    }

    private static func stands(_ part: [UInt8], at place: Int, in bytes: [UInt8]) -> Bool {
        guard place + part.count <= bytes.count else { return false }
        var index = 0
        while index < part.count {
            if bytes[place + index] != part[index] { return false }
            index += 1
        }
        return true
    }
}
