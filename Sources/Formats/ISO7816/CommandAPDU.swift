internal import Encoding

/// A command APDU (ISO 7816-4 §5.1): a header, data, and how much data the response may have.
public struct CommandAPDU: Hashable, Sendable {
    /// CLA.
    public let instructionClass: UInt8
    /// INS.
    public let instruction: UInt8
    /// P1.
    public let parameter1: UInt8
    /// P2.
    public let parameter2: UInt8
    /// The command's data: at most 65 535 bytes, none where there is no Lc.
    public let data: [UInt8]
    /// Ne, how many bytes of data the response may have: 1…65 536. 256 in the short and 65 536 in the extended encoding
    /// stand for all there is; `nil` where the command names no length.
    public let expectedLength: Int?

    /// How the lengths are written.
    public enum Encoding: Sendable {
        /// One byte each: up to 255 bytes of data and 256 of response.
        case short
        /// Two bytes each, after a zero byte: up to 65 535 bytes of data and 65 536 of response.
        case extended
    }

    /// A command from its parts.
    ///
    /// - Throws: ``MalformedCardData/length`` where data or expected length is not within its bounds.
    public init(
        instructionClass: UInt8 = 0, instruction: UInt8, parameter1: UInt8 = 0,
        parameter2: UInt8 = 0, data: [UInt8] = [], expectedLength: Int? = nil
    ) throws(MalformedCardData) {
        guard data.count <= Int(UInt16.max), (1...65_536).contains(expectedLength ?? 1) else {
            throw .length
        }
        self.instructionClass = instructionClass
        self.instruction = instruction
        self.parameter1 = parameter1
        self.parameter2 = parameter2
        self.data = data
        self.expectedLength = expectedLength
    }

    /// Decodes a command of any of the cases 1 to 4, short or extended (§5.1), whose lengths account for every byte.
    ///
    /// An extended Lc of zero followed by an Le is read as no data, though the standard knows no such case: libfido2
    /// sends it.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        var reader = ByteReader(bytes)
        do throws(MalformedEncoding) {
            instructionClass = try reader.readUInt8()
            instruction = try reader.readUInt8()
            parameter1 = try reader.readUInt8()
            parameter2 = try reader.readUInt8()
            (data, expectedLength) = try Self.readBody(&reader)
        } catch {
            throw .truncated
        }
        guard reader.remaining == 0 else { throw .trailingBytes }
    }

    private static func readBody(
        _ reader: inout ByteReader
    ) throws(MalformedEncoding) -> (data: [UInt8], expectedLength: Int?) {
        guard reader.remaining > 0 else { return ([], nil) }
        let first = try reader.readUInt8()
        guard reader.remaining > 0 else { return ([], first == 0 ? 256 : Int(first)) }
        guard first == 0 else {
            let data = try reader.readBytes(Int(first))
            guard reader.remaining > 0 else { return (data, nil) }
            let length = try reader.readUInt8()
            return (data, length == 0 ? 256 : Int(length))
        }
        let second = try reader.readUInt16()
        guard reader.remaining > 0 else { return ([], second == 0 ? 65_536 : Int(second)) }
        let data = try reader.readBytes(Int(second))
        guard reader.remaining > 0 else { return (data, nil) }
        let length = try reader.readUInt16()
        return (data, length == 0 ? 65_536 : Int(length))
    }

    /// The bytes on the wire.
    ///
    /// - Throws: ``MalformedCardData/length`` where data or expected length is too long for the short encoding.
    public func encoded(_ encoding: Encoding) throws(MalformedCardData) -> [UInt8] {
        var writer = ByteWriter(capacity: data.count + 9)
        writer.append([instructionClass, instruction, parameter1, parameter2])
        switch encoding {
        case .short:
            guard data.count <= 255, (expectedLength ?? 1) <= 256 else { throw .length }
            if !data.isEmpty {
                writer.append(UInt8(truncatingIfNeeded: data.count))
                writer.append(data)
            }
            // 256 is written as zero.
            if let expectedLength { writer.append(UInt8(truncatingIfNeeded: expectedLength)) }
        case .extended:
            guard !data.isEmpty || expectedLength != nil else { break }
            writer.append(0 as UInt8)
            if !data.isEmpty {
                writer.append(UInt16(truncatingIfNeeded: data.count))
                writer.append(data)
            }
            // 65 536 is written as zero.
            if let expectedLength { writer.append(UInt16(truncatingIfNeeded: expectedLength)) }
        }
        return writer.bytes
    }
}

/// The data may be a PIN, so that no text form of a command shows more than its length.
extension CommandAPDU: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The header in hexadecimal and the lengths, such as `00200080, 8 bytes`.
    public var description: String {
        let header = Hex.encode([instructionClass, instruction, parameter1, parameter2])
        let expected = expectedLength.map { ", expects up to \($0)" } ?? ""
        return "\(header), \(data.count) bytes\(expected)"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// No members.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
