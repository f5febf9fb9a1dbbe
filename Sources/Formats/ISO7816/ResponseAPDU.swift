internal import Encoding

/// A response APDU (ISO 7816-4 §5.1): data and a status word.
public struct ResponseAPDU: Hashable, Sendable {
    /// The data, mostly none where the command failed.
    public let data: [UInt8]
    /// How the command ended.
    public let status: StatusWord

    /// A response from its parts.
    public init(data: [UInt8] = [], status: StatusWord) {
        self.data = data
        self.status = status
    }

    /// Splits a response of at least two bytes. How long its data may be is not checked.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        guard bytes.count >= 2 else { throw .truncated }
        data = Array(bytes.dropLast(2))
        status = StatusWord(rawValue: bytes.suffix(2).reduce(0) { $0 << 8 | UInt16($1) })
    }

    /// The bytes on the wire.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: data.count + 2)
        writer.append(data)
        writer.append(status.rawValue)
        return writer.bytes
    }
}
