/// How many digits a token's codes have: 6, 7 or 8 (RFC 4226 §5.3).
public struct OATHDigits: RawRepresentable, Sendable, Hashable {
    /// The number of digits.
    public let rawValue: Int

    /// So many digits, or `nil` for less than 6 or more than 8.
    public init?(rawValue: Int) {
        guard (6...8).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// So many digits.
    ///
    /// - Throws: ``MalformedOATH/digits`` for less than 6 or more than 8.
    public init(_ count: Int) throws(MalformedOATH) {
        guard let digits = OATHDigits(rawValue: count) else { throw .digits }
        self = digits
    }

    private init(checked: Int) {
        rawValue = checked
    }

    /// Six, what apps and most tokens have.
    public static let six = OATHDigits(checked: 6)
    /// Seven.
    public static let seven = OATHDigits(checked: 7)
    /// Eight.
    public static let eight = OATHDigits(checked: 8)

    /// How many codes there are: a million for six digits.
    var codeCount: UInt32 {
        (0..<rawValue).reduce(1) { count, _ in count * 10 }
    }
}
