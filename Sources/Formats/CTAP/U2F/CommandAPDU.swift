internal import Encoding

/// A command APDU of ISO 7816-4 as U2F raw messages use it, short or extended (FIDO U2F Raw Message Formats 1.2 §3).
public struct CommandAPDU: Hashable, Sendable {
    /// CLA.
    public let instructionClass: UInt8
    /// INS.
    public let instruction: UInt8
    /// P1.
    public let parameter1: UInt8
    /// P2.
    public let parameter2: UInt8
    /// The command's data: at most 65 535 bytes.
    public let data: [UInt8]
    /// How long the response's data may be: 65 536 or 256 for all there is, `nil` where the command names none.
    public let expectedLength: Int?

    /// An APDU from its parts, for the extended encoding.
    public init(
        instructionClass: UInt8 = 0, instruction: UInt8, parameter1: UInt8 = 0,
        parameter2: UInt8 = 0, data: [UInt8] = [], expectedLength: Int? = 65_536
    ) throws(MalformedMessage) {
        guard data.count <= Int(UInt16.max), (1...65_536).contains(expectedLength ?? 1) else {
            throw .apduLength
        }
        self.instructionClass = instructionClass
        self.instruction = instruction
        self.parameter1 = parameter1
        self.parameter2 = parameter2
        self.data = data
        self.expectedLength = expectedLength
    }

    /// Decodes an APDU whose length bytes account for every byte.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        do throws(MalformedEncoding) {
            var reader = ByteReader(bytes)
            instructionClass = try reader.readUInt8()
            instruction = try reader.readUInt8()
            parameter1 = try reader.readUInt8()
            parameter2 = try reader.readUInt8()
            (data, expectedLength) = try Self.readBody(&reader)
            try reader.finish()
        } catch {
            throw .apduLength
        }
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

    /// The extended encoding.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append([instructionClass, instruction, parameter1, parameter2])
        guard !data.isEmpty || expectedLength != nil else { return writer.bytes }
        writer.append(0 as UInt8)
        if !data.isEmpty {
            writer.append(UInt16(truncatingIfNeeded: data.count))
            writer.append(data)
        }
        // 65 536 is written as zero.
        if let expectedLength { writer.append(UInt16(truncatingIfNeeded: expectedLength)) }
        return writer.bytes
    }
}
