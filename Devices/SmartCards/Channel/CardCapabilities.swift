import ISO7816

/// What a card's historical bytes say that it can do (ISO 7816-4 §8.1.1).
package struct CardCapabilities: Hashable, Sendable {
    /// Whether it takes commands with extended lengths, over T=1; T=0 knows none.
    package let takesExtendedLength: Bool

    /// Looks into an answer to reset. One that is malformed, or says nothing, is one of a card that can do nothing
    /// special.
    package init(_ answerToReset: [UInt8]) {
        takesExtendedLength = Self.takesExtendedLength(answerToReset) ?? false
    }

    private static func takesExtendedLength(_ bytes: [UInt8]) -> Bool? {
        // An answer that cannot be read costs nothing but the extended form.
        guard let answer = try? AnswerToReset(bytes: bytes), answer.protocols.first == 1 else {
            return nil
        }
        var rest = answer.historicalBytes[...]
        // Category 00 ends with three status bytes, which are no data objects; category 80 may end with them as one.
        switch rest.popFirst() {
        case 0x00: rest = rest.dropLast(3)
        case 0x80: break
        default: return nil
        }
        while let header = rest.popFirst() {
            let length = Int(header & 0xF)
            guard rest.count >= length else { return nil }
            let value = rest.prefix(length)
            rest = rest.dropFirst(length)
            // Card capabilities: the third byte says how commands may look.
            if header >> 4 == 7, length == 3 { return value.last.map { $0 & 0x40 != 0 } }
        }
        return nil
    }
}
