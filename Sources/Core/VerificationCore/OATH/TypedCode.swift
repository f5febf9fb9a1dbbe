import OATH

/// A code as somebody typed it.
struct TypedCode {
    private let value: UInt64
    private let isCode: Choice

    /// Reads a code without branches on what it says. What has not `digits` ASCII digits equals no value.
    init(_ text: String, digits: OATHDigits) {
        var value: UInt64 = 0
        var excess: UInt64 = 0
        for character in text.utf8.prefix(digits.rawValue) {
            let digit = UInt64(character) &- 0x30
            // Below '0' the first is huge, above '9' the second.
            excess |= digit | (9 &- digit)
            value = value &* 10 &+ digit
        }
        self.value = value
        isCode =
            Choice(isBelowHalf: excess) & Choice(text.utf8.count == digits.rawValue)
    }

    /// Whether it is the code of this value.
    func equals(_ expected: UInt32) -> Choice {
        isCode & Choice(value, equals: UInt64(expected))
    }
}
