import Encoding
public import ISO7816

extension CardSignedMessage {
    /// Decodes a message that a client says was signed. Every byte must be as ``encoded()`` makes it.
    ///
    /// - Throws: ``MalformedCardData/value(_:)`` for another padding, context or purpose, and for text that is not UTF-8 or
    ///   is empty; ``MalformedCardData/truncated`` and ``MalformedCardData/trailingBytes`` for a length that is wrong.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        var reader = ByteReader(bytes)
        let start = Self.padding + Array(Self.context.utf8) + [0x00]
        guard try Self.read(start.count, from: &reader) == start else { throw .value("context") }
        guard
            let purpose = try Purpose(rawValue: Self.read(1, from: &reader)[0])
        else { throw .value("purpose") }
        let challenge = try Self.read(Self.challengeLength, from: &reader)
        let keyIdentifier = try Self.read(Self.keyIdentifierLength, from: &reader)
        let relyingPartyID = try Self.text("relying party identifier", from: &reader)
        let user = try Self.text("user name", from: &reader)
        guard reader.remaining == 0 else { throw .trailingBytes }
        try self.init(
            purpose: purpose, challenge: challenge, relyingPartyID: relyingPartyID, user: user,
            keyIdentifier: keyIdentifier)
    }

    private static func text(
        _ name: String, from reader: inout ByteReader
    ) throws(MalformedCardData) -> String {
        let length = try read(1, from: &reader)[0]
        let bytes = try read(Int(length), from: &reader)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .value(name) }
        return text
    }

    /// Exactly so many bytes.
    private static func read(
        _ count: Int, from reader: inout ByteReader
    ) throws(MalformedCardData) -> [UInt8] {
        do throws(MalformedEncoding) {
            return try reader.readBytes(count)
        } catch {
            throw .truncated
        }
    }
}
