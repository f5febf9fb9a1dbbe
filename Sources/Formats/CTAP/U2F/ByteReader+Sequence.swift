internal import Encoding

extension ByteReader {
    /// Reads one DER SEQUENCE of at most 65 535 bytes, head included.
    mutating func readSequence() throws(MalformedEncoding) -> [UInt8] {
        let tag = try readUInt8()
        guard tag == 0x30 else { throw .unsupportedItem(initialByte: tag) }
        let first = try readUInt8()
        switch first {
        case 0..<0x80:
            return [tag, first] + (try readBytes(Int(first)))
        case 0x81:
            let length = try readUInt8()
            guard length >= 0x80 else { throw .nonCanonicalInteger }
            return [tag, first, length] + (try readBytes(Int(length)))
        case 0x82:
            let length = try readUInt16()
            guard length >= 0x100 else { throw .nonCanonicalInteger }
            let head = [tag, first, UInt8(length >> 8), UInt8(length & 0xFF)]
            return head + (try readBytes(Int(length)))
        default: throw .unsupportedItem(initialByte: first)
        }
    }
}
