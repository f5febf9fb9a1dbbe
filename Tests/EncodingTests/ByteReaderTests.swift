import Encoding
import Testing
import TestSupport

struct ByteReaderTests {
    @Test func `integers are read with the most significant byte first`() throws {
        var reader = ByteReader(1...15)
        #expect(try reader.readUInt8() == 0x01)
        #expect(try reader.readUInt16() == 0x0203)
        #expect(try reader.readUInt32() == 0x0405_0607)
        #expect(try reader.readUInt64() == 0x0809_0A0B_0C0D_0E0F)
        #expect(reader.remaining == 0)
        #expect(reader.consumed == 15)
        try reader.finish()
    }

    @Test func `bytes are read and counted`() throws {
        var reader = ByteReader([1, 2, 3, 4, 5])
        #expect(try reader.readBytes(2) == [1, 2])
        #expect(reader.remaining == 3)
        #expect(try reader.readBytes(0) == [])
        #expect(reader.consumed == 2)
        #expect(reader.readRemaining() == [3, 4, 5])
        #expect(reader.readRemaining() == [])
        try reader.finish()
    }

    @Test(arguments: 0..<8)
    func `nothing is read past the end and a failed read takes nothing`(count: Int) throws {
        var reader = ByteReader([UInt8](repeating: 7, count: count))
        #expect(throws: MalformedEncoding.truncated) { try reader.readUInt64() }
        #expect(throws: MalformedEncoding.truncated) { try reader.readBytes(count + 1) }
        #expect(throws: MalformedEncoding.truncated) { try reader.readBytes(.max) }
        #expect(throws: MalformedEncoding.truncated) { try reader.readBytes(-1) }
        #expect(throws: MalformedEncoding.truncated) { try reader.readBytes(.min) }
        if count < 4 {
            #expect(throws: MalformedEncoding.truncated) { try reader.readUInt32() }
        }
        if count < 2 {
            #expect(throws: MalformedEncoding.truncated) { try reader.readUInt16() }
        }
        if count < 1 {
            #expect(throws: MalformedEncoding.truncated) { try reader.readUInt8() }
        }
        #expect(reader.remaining == count)
    }

    @Test func `what is left over is an error`() {
        #expect(throws: MalformedEncoding.trailingBytes(count: 3)) {
            try ByteReader([1, 2, 3]).finish()
        }
    }

    @Test func `what is written is read`() throws {
        var writer = ByteWriter(capacity: 4)
        #expect(writer.bytes.isEmpty)
        writer.append(0x01 as UInt8)
        writer.append(0x0203 as UInt16)
        writer.append(0x0405_0607 as UInt32)
        writer.append(0x0809_0A0B_0C0D_0E0F as UInt64)
        writer.append([0x10, 0x11])
        #expect(writer.bytes == Array(1...17))
    }

    @Test func `random integers come out as they went in`() throws {
        var random = SplitMix64(seed: 2)
        for _ in 0..<1000 {
            let value = random.next()
            var writer = ByteWriter()
            writer.append(UInt8(truncatingIfNeeded: value))
            writer.append(UInt16(truncatingIfNeeded: value))
            writer.append(UInt32(truncatingIfNeeded: value))
            writer.append(value)
            var reader = ByteReader(writer.bytes)
            #expect(try reader.readUInt8() == UInt8(truncatingIfNeeded: value))
            #expect(try reader.readUInt16() == UInt16(truncatingIfNeeded: value))
            #expect(try reader.readUInt32() == UInt32(truncatingIfNeeded: value))
            #expect(try reader.readUInt64() == value)
            try reader.finish()
        }
    }
}
