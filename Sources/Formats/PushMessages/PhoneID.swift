import Encoding

/// Names an enrolled phone: 16 random bytes of the server's.
public struct PhoneID: Hashable, Sendable {
    /// How many bytes there are.
    public static let byteCount = 16

    /// The ``byteCount`` bytes.
    public let bytes: [UInt8]

    /// An identifier of ``byteCount`` bytes; `nil` for another number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// An identifier from its base64url text.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` where `text` is not the one text of 16 bytes.
    public init(_ text: String) throws(MalformedPush) {
        guard let bytes = try? Base64URL.decode(text), let id = Self(bytes: bytes) else {
            throw .value("phone")
        }
        self = id
    }

    /// The base64url text: 22 characters.
    public var text: String { Base64URL.encode(bytes) }
}

/// Names a prompt: 16 random bytes of the server's, used once.
public struct PromptID: Hashable, Sendable {
    /// How many bytes there are.
    public static let byteCount = 16

    /// The ``byteCount`` bytes.
    public let bytes: [UInt8]

    /// An identifier of ``byteCount`` bytes; `nil` for another number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The base64url text: 22 characters.
    public var text: String { Base64URL.encode(bytes) }
}
