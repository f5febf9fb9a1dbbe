/// Why bytes or text could not be decoded. Nothing is decoded partly: a value comes out whole or not at all.
public enum MalformedEncoding: Error, Hashable, Sendable {
    /// The input ends before the value does.
    case truncated
    /// `count` bytes follow the value.
    case trailingBytes(count: Int)
    /// A character outside the alphabet stands at `offset`.
    case invalidCharacter(offset: Int)
    /// The text has a length, padding or spare bits that the encoder would not have written.
    case nonCanonicalText
    /// A CBOR length or integer is longer than it need be (CTAP 2.1 §8).
    case nonCanonicalInteger
    /// A CBOR map's keys are not in canonical order (CTAP 2.1 §8).
    case unsortedKeys
    /// A CBOR map holds a key twice.
    case duplicateKey
    /// CBOR of indefinite length, a tag, or a reserved or unassigned initial byte.
    case unsupportedItem(initialByte: UInt8)
    /// A CBOR text string is not UTF-8.
    case invalidUTF8
    /// Maps and arrays nest deeper than allowed.
    case nestedTooDeeply

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .truncated: "truncated"
        case .trailingBytes: "trailing-bytes"
        case .invalidCharacter: "invalid-character"
        case .nonCanonicalText: "non-canonical-text"
        case .nonCanonicalInteger: "non-canonical-integer"
        case .unsortedKeys: "unsorted-keys"
        case .duplicateKey: "duplicate-key"
        case .unsupportedItem: "unsupported-item"
        case .invalidUTF8: "invalid-utf8"
        case .nestedTooDeeply: "nested-too-deeply"
        }
    }
}
