/// Reads big-endian integers and byte strings from the front of a byte string, never past its end.
public struct ByteReader: Sendable {
    private let bytes: [UInt8]
    private var position: Int

    /// Starts at the first of `bytes`.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        self.position = 0
    }

    /// How many bytes are left.
    public var remaining: Int { bytes.count - position }

    /// How many bytes have been read.
    public var consumed: Int { position }

    /// Reads exactly `count` bytes. A negative count reads as truncated.
    public mutating func readBytes(_ count: Int) throws(MalformedEncoding) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// Reads all that is left, possibly nothing.
    public mutating func readRemaining() -> [UInt8] {
        defer { position = bytes.count }
        return Array(bytes[position...])
    }

    /// Reads one byte.
    public mutating func readUInt8() throws(MalformedEncoding) -> UInt8 {
        guard remaining >= 1 else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    /// Reads a big-endian 16-bit integer.
    public mutating func readUInt16() throws(MalformedEncoding) -> UInt16 {
        try UInt16(readInteger(byteCount: 2))
    }

    /// Reads a big-endian 32-bit integer.
    public mutating func readUInt32() throws(MalformedEncoding) -> UInt32 {
        try UInt32(readInteger(byteCount: 4))
    }

    /// Reads a big-endian 64-bit integer.
    public mutating func readUInt64() throws(MalformedEncoding) -> UInt64 {
        try readInteger(byteCount: 8)
    }

    /// Fails unless everything has been read.
    public func finish() throws(MalformedEncoding) {
        guard remaining == 0 else { throw .trailingBytes(count: remaining) }
    }

    private mutating func readInteger(byteCount: Int) throws(MalformedEncoding) -> UInt64 {
        guard remaining >= byteCount else { throw .truncated }
        defer { position += byteCount }
        return bytes[position..<position + byteCount].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
