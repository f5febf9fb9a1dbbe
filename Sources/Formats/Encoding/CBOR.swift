/// A CBOR data item (RFC 8949) of the kinds that the CTAP2 canonical form allows (CTAP 2.1 §8).
///
/// Tags, items of indefinite length and simple values other than those below have no representation here.
public indirect enum CBOR: Hashable, Sendable {
    /// An integer from 0 to 2^64 - 1.
    case unsigned(UInt64)
    /// The integer `-1 - n`, so from -1 down to -2^64.
    case negative(UInt64)
    /// A byte string.
    case bytes([UInt8])
    /// A text string.
    case text(String)
    /// An array.
    case array([CBOR])
    /// A map; its order is the canonical one and so needs no keeping.
    case map([CBOR: CBOR])
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null
    /// The bit pattern of a 64-bit float.
    case double(bitPattern: UInt64)
    /// The bit pattern of a 32-bit float.
    case float(bitPattern: UInt32)
}

extension CBOR {
    /// An integer of either sign.
    public init(_ value: Int) {
        self = value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(-1 - value))
    }

    /// The integer, where it is one and fits.
    public var intValue: Int? {
        switch self {
        case .unsigned(let value): Int(exactly: value)
        case .negative(let value): Int(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    /// The integer, where it is one and not negative.
    public var unsignedValue: UInt64? {
        if case .unsigned(let value) = self { value } else { nil }
    }

    /// The byte string, where it is one.
    public var bytesValue: [UInt8]? {
        if case .bytes(let value) = self { value } else { nil }
    }

    /// The text string, where it is one.
    public var textValue: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// The array's items, where it is one.
    public var arrayValue: [CBOR]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The map's entries, where it is one.
    public var mapValue: [CBOR: CBOR]? {
        if case .map(let value) = self { value } else { nil }
    }

    /// The truth value, where it is one.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value under an integer key; `nil` where this is no map or has no such key.
    public subscript(key: Int) -> CBOR? { mapValue?[CBOR(key)] }

    /// The value under a text key; `nil` where this is no map or has no such key.
    public subscript(key: String) -> CBOR? { mapValue?[.text(key)] }
}

extension CBOR: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// An integer.
    public init(integerLiteral value: Int) { self.init(value) }

    /// A text string.
    public init(stringLiteral value: String) { self = .text(value) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// An array.
    public init(arrayLiteral elements: CBOR...) { self = .array(elements) }

    /// A map. Its keys must differ.
    public init(dictionaryLiteral elements: (CBOR, CBOR)...) {
        self = .map(Dictionary(uniqueKeysWithValues: elements))
    }
}
