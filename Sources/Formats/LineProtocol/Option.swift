/// A named argument of a request or a named result of a reply: `key=value`.
public struct Option: Sendable, Hashable {
    /// A lower-case letter, then up to 31 of lower-case letters, digits, `_` and `-`.
    public let key: String
    /// The decoded value: any text without control characters, also none.
    public let value: String

    /// Pairs a key with a value. Nothing is checked here: encoders and decoders do.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    /// The length of the longest key.
    static let maximumKeyLength = 32

    /// Whether the bytes are a key of the grammar.
    static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            bytes.count <= maximumKeyLength
        else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
