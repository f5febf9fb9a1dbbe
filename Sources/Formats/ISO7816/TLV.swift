internal import Encoding

/// A BER-TLV data object (ISO 7816-4 §5.2.2): a tag, a length, a value.
public struct TLV: Hashable, Sendable {
    /// The tag's bytes as one big-endian number, as specifications write it: `0x53`, `0x7F49`, `0x5FC102`.
    public let tag: UInt32
    /// The value: at most 65 535 bytes where it was decoded.
    public let value: [UInt8]

    /// A data object from its parts. Neither is checked: what is no tag, or too long a value, does not decode again.
    public init(_ tag: UInt32, _ value: [UInt8]) {
        self.tag = tag
        self.value = value
    }

    /// A data object that holds others.
    public init(_ tag: UInt32, children: [TLV]) {
        self.init(tag, children.flatMap { $0.encoded() })
    }

    /// Decodes exactly one data object that fills `bytes`. For what is accepted see ``decodeAll(_:)``.
    public static func decode(_ bytes: [UInt8]) throws(MalformedCardData) -> TLV {
        var reader = ByteReader(bytes)
        let object = try read(&reader)
        guard reader.remaining == 0 else { throw .trailingBytes }
        return object
    }

    /// Decodes data objects one after the other up to the end of `bytes`, possibly none.
    ///
    /// Tags have one to three bytes. Lengths have one, two (`81`) or three (`82`); they need not be the shortest, for
    /// cards write `82 00 10`, and so two strings of bytes can be the same data object. The indefinite length and
    /// padding between data objects are refused.
    public static func decodeAll(_ bytes: [UInt8]) throws(MalformedCardData) -> [TLV] {
        var reader = ByteReader(bytes)
        var objects: [TLV] = []
        while reader.remaining > 0 { objects.append(try read(&reader)) }
        return objects
    }

    /// Decodes the members of a template: values by tag, in any order.
    ///
    /// - Throws: ``MalformedCardData/duplicateTag`` where a tag occurs twice, and the errors of ``decodeAll(_:)``.
    public static func decodeTemplate(
        _ bytes: [UInt8]
    ) throws(MalformedCardData) -> [UInt32: [UInt8]] {
        var members: [UInt32: [UInt8]] = [:]
        for object in try decodeAll(bytes) {
            guard members.updateValue(object.value, forKey: object.tag) == nil else {
                throw .duplicateTag
            }
        }
        return members
    }

    /// The data objects that the value is made of. Whether the tag says that there are any is not looked at: PIV's
    /// `53` says that there are none.
    public func children() throws(MalformedCardData) -> [TLV] {
        try Self.decodeAll(value)
    }

    /// The bytes, with the shortest length.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: value.count + 8)
        for shift in [24, 16, 8, 0] as [UInt32] where shift == 0 || tag >> shift > 0 {
            writer.append(UInt8(truncatingIfNeeded: tag >> shift))
        }
        switch value.count {
        case 0..<0x80: writer.append(UInt8(truncatingIfNeeded: value.count))
        case 0x80..<0x100:
            writer.append(0x81 as UInt8)
            writer.append(UInt8(truncatingIfNeeded: value.count))
        case 0x100..<0x1_0000:
            writer.append(0x82 as UInt8)
            writer.append(UInt16(truncatingIfNeeded: value.count))
        default:
            writer.append(0x84 as UInt8)
            writer.append(UInt32(truncatingIfNeeded: value.count))
        }
        writer.append(value)
        return writer.bytes
    }

    private static func read(_ reader: inout ByteReader) throws(MalformedCardData) -> TLV {
        let tag = try readTag(&reader)
        let length = try readLength(&reader)
        do throws(MalformedEncoding) {
            return TLV(tag, try reader.readBytes(length))
        } catch {
            throw .truncated
        }
    }

    private static func readTag(_ reader: inout ByteReader) throws(MalformedCardData) -> UInt32 {
        let first = try readByte(&reader)
        // 00 is padding where it is anything.
        guard first != 0 else { throw .tag }
        guard first & 0x1F == 0x1F else { return UInt32(first) }
        let second = try readByte(&reader)
        let tag = UInt32(first) << 8 | UInt32(second)
        guard second & 0x80 != 0 else {
            // A number below 31 has a tag of one byte.
            guard second >= 0x1F else { throw .tag }
            return tag
        }
        guard second != 0x80 else { throw .tag }
        let third = try readByte(&reader)
        guard third & 0x80 == 0 else { throw .tag }
        return tag << 8 | UInt32(third)
    }

    private static func readLength(_ reader: inout ByteReader) throws(MalformedCardData) -> Int {
        let first = try readByte(&reader)
        switch first {
        case 0..<0x80: return Int(first)
        case 0x81: return Int(try readByte(&reader))
        case 0x82: return Int(try readByte(&reader)) << 8 | Int(try readByte(&reader))
        default: throw .length
        }
    }

    private static func readByte(_ reader: inout ByteReader) throws(MalformedCardData) -> UInt8 {
        do throws(MalformedEncoding) {
            return try reader.readUInt8()
        } catch {
            throw .truncated
        }
    }
}
