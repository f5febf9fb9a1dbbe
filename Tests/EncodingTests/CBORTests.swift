import Encoding
import Testing
import TestSupport

struct CBORTests {
    /// A value with an item of each kind.
    private static let mixed: CBOR = [
        1: [.unsigned(.max), -1, 256], -7: .bytes([1, 2, 3]), "fmt": "none",
        "deep": ["a": [true, false, .null]], "empty": [:],
        .bytes([9]): [.float(bitPattern: 0x3F80_0000), .double(bitPattern: 0x3FF0_0000_0000_0000)],
    ]

    /// CTAP 2.1 §8: the lower major type first, then the shorter, then the lower in byte order.
    private static let orderedKeys: [CBOR] = [
        0, 1, 23, 24, 255, 256, 65_536, .unsigned(.max), -1, -24, -25, -256, .negative(.max),
        .bytes([]), .bytes([0]), .bytes([255]), .bytes([0, 0]), "", "a", "b", "z", "aa", "aaa",
        [], [0], [1], [0, 0], [:], [0: 0], false, true, .null,
    ]

    @Test func `keys are written in canonical order`() throws {
        let map = CBOR.map(Dictionary(uniqueKeysWithValues: Self.orderedKeys.map { ($0, .null) }))
        var expected: [UInt8] = [0xB8, UInt8(Self.orderedKeys.count)]
        for key in Self.orderedKeys { expected += key.encoded() + [0xF6] }
        #expect(map.encoded() == expected)
        #expect(try CBOR.decode(expected) == map)
    }

    @Test func `each pair of keys has one order`() {
        let keys = Self.orderedKeys.map { $0.encoded() }
        for (first, left) in keys.enumerated() {
            for (second, right) in keys.enumerated() {
                let bytes = [0xA2] + left + [0xF6] + right + [0xF6]
                if first < second {
                    #expect(throws: Never.self) { try CBOR.decode(bytes) }
                } else {
                    let error: MalformedEncoding =
                        first == second ? .duplicateKey : .unsortedKeys
                    #expect(throws: error) { try CBOR.decode(bytes) }
                }
            }
        }
    }

    @Test func `keys that Unicode takes for one are duplicates`() {
        let composed = CBOR.text("\u{00E9}").encoded()
        let decomposed = CBOR.text("e\u{0301}").encoded()
        let bytes = [0xA2] + composed + [0x01] + decomposed + [0x02]
        #expect(throws: MalformedEncoding.duplicateKey) { try CBOR.decode(bytes) }
        #expect(throws: MalformedEncoding.duplicateKey) {
            try CBOR.decode(bytes, outermostKeys: .any)
        }
    }

    @Test func `an outermost map may be unsorted where that is asked for, and no other`() throws {
        let unsorted: [UInt8] = [0xA2, 0x02, 0xF4, 0x01, 0xF5]
        #expect(throws: MalformedEncoding.unsortedKeys) { try CBOR.decode(unsorted) }
        #expect(try CBOR.decode(unsorted, outermostKeys: .any) == [1: true, 2: false])
        #expect(throws: MalformedEncoding.duplicateKey) {
            try CBOR.decode([0xA2, 0x02, 0xF4, 0x02, 0xF5], outermostKeys: .any)
        }
        for outer: [UInt8] in [[0x81], [0xA1, 0x00]] {
            #expect(throws: MalformedEncoding.unsortedKeys) {
                try CBOR.decode(outer + unsorted, outermostKeys: .any)
            }
        }
    }

    @Test(arguments: 0...6)
    func `maps and arrays nest so deep and no deeper`(limit: Int) throws {
        for depth in 0...8 {
            let arrays = [UInt8](repeating: 0x81, count: depth) + [0x00]
            let maps = [[UInt8]](repeating: [0xA1, 0x00], count: depth).flatMap(\.self) + [0x00]
            for bytes in [arrays, maps] {
                if depth <= limit {
                    #expect(throws: Never.self) { try CBOR.decode(bytes, maximumDepth: limit) }
                } else {
                    #expect(throws: MalformedEncoding.nestedTooDeeply) {
                        try CBOR.decode(bytes, maximumDepth: limit)
                    }
                }
            }
        }
    }

    @Test func `four levels are the default`() throws {
        #expect(try CBOR.decode([0x81, 0x81, 0x81, 0x80]) == [[[[]]]])
        #expect(throws: MalformedEncoding.nestedTooDeeply) {
            try CBOR.decode([0x81, 0x81, 0x81, 0x81, 0x80])
        }
    }

    @Test(arguments: [
        "5bffffffffffffffff", "7bffffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff",
        "5b7fffffffffffffff00", "5affffffff00", "9affffffff00", "ba7fffffff0000",
        "9b0000000100000000", "bb8000000000000000", "a20000", "8200", "1b00", "fa000000", "18",
    ])
    func `a length beyond the end is truncation, whatever it says`(hex: String) throws {
        let bytes = try Hex.decode(hex)
        #expect(throws: MalformedEncoding.truncated) { try CBOR.decode(bytes) }
    }

    @Test func `no proper prefix is an item`() {
        for prefix in Self.mixed.encoded().properPrefixes {
            #expect(throws: MalformedEncoding.truncated) { try CBOR.decode(prefix) }
        }
    }

    @Test func `each flipped bit is refused or shows`() throws {
        for flipped in Self.mixed.encoded().singleBitFlips {
            guard let value = try? CBOR.decode(flipped) else { continue }
            #expect(value != Self.mixed)
            #expect(value.encoded() == flipped)
        }
    }

    @Test func `bytes behind an item are refused or left alone`() throws {
        let bytes = Self.mixed.encoded()
        #expect(throws: MalformedEncoding.trailingBytes(count: 2)) {
            try CBOR.decode(bytes + [0, 0])
        }
        let (value, length) = try CBOR.decodePrefix(bytes + [0xFF, 0xFF])
        #expect(value == Self.mixed)
        #expect(length == bytes.count)
    }

    @Test func `random values come out as they went in`() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<5_000 {
            let value = CBOR.random(depth: 4, using: &random)
            let bytes = value.encoded()
            let decoded = try CBOR.decode(bytes)
            #expect(decoded == value)
            #expect(decoded.encoded() == bytes)
        }
    }

    @Test func `random bytes never trap, and what decodes encodes to itself`() {
        var random = SplitMix64(seed: 4)
        var decoded = 0
        for _ in 0..<100_000 {
            let bytes = random.bytes(Int.random(in: 0...24, using: &random))
            guard let (value, length) = try? CBOR.decodePrefix(bytes) else { continue }
            decoded += 1
            guard value.encoded() != Array(bytes.prefix(length)) else { continue }
            Issue.record("\(Hex.encode(bytes))")
        }
        #expect(decoded > 10_000)
    }

    @Test func `bent values never trap, and what decodes encodes to itself`() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<20_000 {
            var bytes = CBOR.random(depth: 4, using: &random).encoded()
            for _ in 0..<2 {
                bytes[Int.random(in: bytes.indices, using: &random)] = random.bytes(1)[0]
            }
            guard let (value, length) = try? CBOR.decodePrefix(bytes) else { continue }
            guard value.encoded() != Array(bytes.prefix(length)) else { continue }
            Issue.record("\(Hex.encode(bytes))")
        }
    }

    @Test func `accessors answer for their kind alone`() {
        #expect(CBOR(-7).intValue == -7)
        #expect(CBOR(Int.min).intValue == .min)
        #expect(CBOR(Int.max).intValue == .max)
        #expect(CBOR.unsigned(1 << 63).intValue == nil)
        #expect(CBOR.negative(1 << 63).intValue == nil)
        #expect(CBOR.unsigned(.max).unsignedValue == .max)
        #expect(CBOR(-1).unsignedValue == nil)
        #expect(CBOR.text("1").intValue == nil)
        #expect(CBOR.bytes([1]).bytesValue == [1])
        #expect(CBOR.text("a").bytesValue == nil)
        #expect(CBOR.text("a").textValue == "a")
        #expect(CBOR.bytes([97]).textValue == nil)
        #expect((true as CBOR).boolValue == true)
        #expect(CBOR.null.boolValue == nil)
        #expect(([1] as CBOR).arrayValue == [1])
        #expect(([:] as CBOR).arrayValue == nil)
        #expect(([1: 2] as CBOR).mapValue == [1: 2])
        #expect(Self.mixed[1]?.arrayValue?.count == 3)
        #expect(Self.mixed["fmt"] == "none")
        #expect(Self.mixed["none"] == nil)
        #expect(CBOR.null["fmt"] == nil)
    }
}

extension CBOR {
    /// A value of at most `depth` levels.
    static func random(depth: Int, using random: inout SplitMix64) -> CBOR {
        switch Int.random(in: 0...(depth > 0 ? 9 : 7), using: &random) {
        case 0: return .unsigned(random.next() >> UInt64.random(in: 0...63, using: &random))
        case 1: return .negative(random.next() >> UInt64.random(in: 0...63, using: &random))
        case 2: return .bytes(random.bytes(Int.random(in: 0...40, using: &random)))
        case 3:
            let alphabet = Array("abcé\u{0301}水𐅑\u{0}\"")
            let count = Int.random(in: 0...30, using: &random)
            return .text(
                String((0..<count).map { _ in alphabet[Int(random.next() % 8)] }))
        case 4: return .bool(Bool.random(using: &random))
        case 5: return .null
        case 6: return .double(bitPattern: random.next())
        case 7: return .float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        case 8:
            let count = Int.random(in: 0...30, using: &random)
            return .array((0..<count).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            var entries: [CBOR: CBOR] = [:]
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                let key = CBOR.random(depth: depth - 1, using: &random)
                entries[key] = .random(depth: depth - 1, using: &random)
            }
            return .map(entries)
        }
    }
}
