import ISO7816
import TestSupport
import Testing

struct TLVTests {
    @Test(
        arguments: [
            ([0x53, 0x00], 0x53, []),
            ([0x81, 0x02, 0xAA, 0xBB], 0x81, [0xAA, 0xBB]),
            ([0x7F, 0x49, 0x01, 0x05], 0x7F49, [0x05]),
            ([0x5F, 0x2F, 0x02, 0x40, 0x00], 0x5F2F, [0x40, 0x00]),
            ([0x5F, 0xC1, 0x02, 0x01, 0xEE], 0x5F_C102, [0xEE]),
            ([0x5F, 0xFF, 0x00, 0x00], 0x5F_FF00, []),
            ([0xFE, 0x00], 0xFE, []),
        ] as [([UInt8], UInt32, [UInt8])])
    func `a data object decodes and encodes`(bytes: [UInt8], tag: UInt32, value: [UInt8]) throws {
        #expect(try TLV.decode(bytes) == TLV(tag, value))
        #expect(TLV(tag, value).encoded() == bytes)
    }

    @Test(
        arguments: [
            (0, [0x00]), (127, [0x7F]), (128, [0x81, 0x80]), (255, [0x81, 0xFF]),
            (256, [0x82, 0x01, 0x00]), (65_535, [0x82, 0xFF, 0xFF]),
        ] as [(Int, [UInt8])])
    func `lengths are encoded in their shortest form`(count: Int, length: [UInt8]) throws {
        let value = [UInt8](repeating: 7, count: count)
        let bytes = TLV(0x53, value).encoded()
        #expect(bytes == [0x53] + length + value)
        #expect(try TLV.decode(bytes) == TLV(0x53, value))
    }

    @Test(
        arguments: [
            [0x53, 0x02, 1, 2], [0x53, 0x81, 0x02, 1, 2], [0x53, 0x82, 0x00, 0x02, 1, 2],
        ] as [[UInt8]])
    func `a longer form of a length is understood`(bytes: [UInt8]) throws {
        #expect(try TLV.decode(bytes) == TLV(0x53, [1, 2]))
    }

    @Test func `a value too long to decode is encoded all the same`() {
        let value = [UInt8](repeating: 7, count: 65_536)
        let bytes = TLV(0x53, value).encoded()
        #expect(bytes.prefix(6) == [0x53, 0x84, 0x00, 0x01, 0x00, 0x00])
        #expect(throws: MalformedCardData.length) { try TLV.decode(bytes) }
    }

    @Test(
        arguments: [
            [], [0x53], [0x53, 0x01], [0x53, 0x7F, 0], [0x53, 0x81], [0x53, 0x81, 0x01],
            [0x53, 0x82], [0x53, 0x82, 0x00], [0x53, 0x82, 0xFF, 0xFF, 1], [0x5F], [0x5F, 0xC1],
            [0x5F, 0xC1, 0x02], [0x7F, 0x49, 0x82, 0x00],
        ] as [[UInt8]])
    func `a length that promises more than there is is refused`(bytes: [UInt8]) {
        #expect(throws: MalformedCardData.truncated) { try TLV.decode(bytes) }
    }

    @Test(
        arguments: [
            [0x53, 0x80, 1, 0, 0], [0x53, 0x83, 0, 0, 1, 7], [0x53, 0x84, 0, 0, 0, 1, 7],
            [0x53, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x53, 0xFF],
            [0x53, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]])
    func `indefinite and huge lengths are refused`(bytes: [UInt8]) {
        #expect(throws: MalformedCardData.length) { try TLV.decode(bytes) }
    }

    @Test(
        arguments: [
            [0x00, 0x00], [0x5F, 0x1E, 0x00], [0x5F, 0x00, 0x00], [0x5F, 0x80, 0x01, 0x00],
            [0x5F, 0xC1, 0x82, 0x03, 0x00],
        ] as [[UInt8]])
    func `what is no tag is refused`(bytes: [UInt8]) {
        #expect(throws: MalformedCardData.tag) { try TLV.decode(bytes) }
    }

    @Test func `one data object is not followed by anything`() {
        #expect(throws: MalformedCardData.trailingBytes) { try TLV.decode([0x53, 0x00, 0x00]) }
        #expect(throws: MalformedCardData.trailingBytes) {
            try TLV.decode([0x53, 0x00, 0x53, 0x00])
        }
    }

    @Test func `data objects in a row decode in their order`() throws {
        let bytes: [UInt8] = [0x30, 0x01, 0xAA, 0x30, 0x01, 0xBB, 0x5F, 0x2F, 0x00]
        let objects = [TLV(0x30, [0xAA]), TLV(0x30, [0xBB]), TLV(0x5F2F, [])]
        #expect(try TLV.decodeAll(bytes) == objects)
        #expect(try TLV.decodeAll([]).isEmpty)
        #expect(TLV(0x61, children: objects).encoded() == [0x61, 0x09] + bytes)
        #expect(try TLV.decode([0x61, 0x09] + bytes).children() == objects)
        #expect(throws: MalformedCardData.truncated) { try TLV.decodeAll(bytes + [0x30]) }
        #expect(throws: MalformedCardData.tag) { try TLV.decodeAll(bytes + [0x00, 0x00]) }
    }

    @Test func `a template has each member once`() throws {
        #expect(
            try TLV.decodeTemplate([0x81, 0x01, 0xAA, 0x82, 0x00]) == [0x81: [0xAA], 0x82: []])
        #expect(throws: MalformedCardData.duplicateTag) {
            try TLV.decodeTemplate([0x81, 0x01, 0xAA, 0x82, 0x00, 0x81, 0x00])
        }
    }

    @Test func `every proper prefix is refused and every bit counts`() throws {
        let bytes: [UInt8] =
            [0x7F, 0x49, 0x81, 0x88, 0x81, 0x81, 0x80] + [UInt8](repeating: 0xA5, count: 128)
            + [0x82, 0x03, 0x01, 0x00, 0x01]
        let object = try TLV.decode(bytes)
        for prefix in bytes.properPrefixes {
            #expect(throws: MalformedCardData.truncated) { try TLV.decode(prefix) }
        }
        for flipped in bytes.singleBitFlips {
            #expect((try? TLV.decode(flipped)) != object)
        }
    }

    @Test func `random bytes never trap`() throws {
        var random = SplitMix64(seed: 7)
        var decoded = 0
        for _ in 0..<20_000 {
            let bytes = random.bytes(Int.random(in: 0...8, using: &random))
            guard let objects = try? TLV.decodeAll(bytes) else { continue }
            decoded += 1
            #expect(try TLV.decodeAll(objects.flatMap { $0.encoded() }) == objects)
        }
        #expect(decoded > 500)
    }
}
