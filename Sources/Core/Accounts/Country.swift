/// A country, by its two capital letters (ISO 3166-1 alpha-2). That the letters are assigned is not checked.
public struct Country: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The letters.
    public let code: String

    /// Takes two capital letters, or nothing.
    public init?(_ code: String) {
        let isCode = code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        guard isCode, code.utf8.count == 2 else { return nil }
        self.code = code
    }

    /// The letters.
    public var description: String { code }

    /// The order of the alphabet.
    public static func < (left: Country, right: Country) -> Bool { left.code < right.code }
}
