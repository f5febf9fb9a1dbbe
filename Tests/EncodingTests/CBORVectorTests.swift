import Encoding
import Testing

/// RFC 8949 appendix A: what CTAP2's canonical form allows, and what it refuses.
struct CBORVectorTests {
    @Test(
        arguments: [
            ("00", 0), ("01", 1), ("0a", 10), ("17", 23), ("1818", 24), ("1819", 25),
            ("1864", 100), ("1903e8", 1000), ("1a000f4240", 1_000_000),
            ("1b000000e8d4a51000", 1_000_000_000_000),
            ("1bffffffffffffffff", .unsigned(.max)), ("3bffffffffffffffff", .negative(.max)),
            ("20", -1), ("29", -10), ("3863", -100), ("3903e7", -1000),
        ] as [(String, CBOR)])
    func `integers decode and encode`(hex: String, value: CBOR) throws {
        #expect(try CBOR.decode(Hex.decode(hex)) == value)
        #expect(Hex.encode(value.encoded()) == hex)
    }

    @Test(
        arguments: [
            ("fb3ff199999999999a", .double(bitPattern: (1.1).bitPattern)),
            ("fa47c35000", .float(bitPattern: Float(100_000).bitPattern)),
            ("fa7f7fffff", .float(bitPattern: Float.greatestFiniteMagnitude.bitPattern)),
            ("fb7e37e43c8800759c", .double(bitPattern: (1.0e+300).bitPattern)),
            ("fbc010666666666666", .double(bitPattern: (-4.1).bitPattern)),
            ("fa7f800000", .float(bitPattern: Float.infinity.bitPattern)),
            ("fa7fc00000", .float(bitPattern: Float.nan.bitPattern)),
            ("faff800000", .float(bitPattern: (-Float.infinity).bitPattern)),
            ("fb7ff0000000000000", .double(bitPattern: Double.infinity.bitPattern)),
            ("fb7ff8000000000000", .double(bitPattern: Double.nan.bitPattern)),
            ("fbfff0000000000000", .double(bitPattern: (-Double.infinity).bitPattern)),
            ("f4", false), ("f5", true), ("f6", .null),
        ] as [(String, CBOR)])
    func `floats and simple values decode and encode`(hex: String, value: CBOR) throws {
        #expect(try CBOR.decode(Hex.decode(hex)) == value)
        #expect(Hex.encode(value.encoded()) == hex)
    }

    @Test(
        arguments: [
            ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])),
            ("60", ""), ("6161", "a"), ("6449455446", "IETF"), ("62225c", "\"\\"),
            ("62c3bc", "\u{00FC}"), ("63e6b0b4", "\u{6C34}"), ("64f0908591", "\u{10151}"),
            ("80", []), ("83010203", [1, 2, 3]), ("8301820203820405", [1, [2, 3], [4, 5]]),
            (
                "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
                .array((1...25).map { CBOR($0) })
            ),
            ("a0", [:]), ("a201020304", [1: 2, 3: 4]),
            ("a26161016162820203", ["a": 1, "b": [2, 3]]),
            ("826161a161626163", ["a", ["b": "c"]]),
            (
                "a56161614161626142616361436164614461656145",
                ["a": "A", "b": "B", "c": "C", "d": "D", "e": "E"]
            ),
        ] as [(String, CBOR)])
    func `strings, arrays and maps decode and encode`(hex: String, value: CBOR) throws {
        #expect(try CBOR.decode(Hex.decode(hex)) == value)
        #expect(Hex.encode(value.encoded()) == hex)
    }

    @Test(arguments: [
        // Tags, big numbers among them.
        ("c249010000000000000000", 0xC2), ("c349010000000000000000", 0xC3),
        ("c074323031332d30332d32315432303a30343a30305a", 0xC0), ("c11a514b67b0", 0xC1),
        ("c1fb41d452d9e0200000", 0xC1), ("d74401020304", 0xD7), ("d818456449455446", 0xD8),
        ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", 0xD8),
        // Half floats.
        ("f90000", 0xF9), ("f98000", 0xF9), ("f93c00", 0xF9), ("f97bff", 0xF9), ("f97e00", 0xF9),
        ("f9fc00", 0xF9),
        // Undefined and unassigned simple values.
        ("f7", 0xF7), ("f0", 0xF0), ("f8ff", 0xF8), ("f818", 0xF8),
        // Indefinite lengths.
        ("5f42010243030405ff", 0x5F), ("7f657374726561646d696e67ff", 0x7F), ("9fff", 0x9F),
        ("9f018202039f0405ffff", 0x9F), ("83018202039f0405ff", 0x9F),
        ("83019f0203ff820405", 0x9F), ("bf61610161629f0203ffff", 0xBF),
        ("826161bf61626163ff", 0xBF), ("bf6346756ef563416d7421ff", 0xBF), ("ff", 0xFF),
        // Reserved additional values.
        ("1c", 0x1C), ("1d", 0x1D), ("1e", 0x1E), ("1f", 0x1F), ("3c", 0x3C), ("5d", 0x5D),
        ("7e", 0x7E), ("9c", 0x9C), ("bd", 0xBD), ("fc", 0xFC), ("fe", 0xFE),
    ])
    func `what the canonical form has no place for is refused`(
        hex: String, initialByte: UInt8
    ) throws {
        let bytes = try Hex.decode(hex)
        #expect(throws: MalformedEncoding.unsupportedItem(initialByte: initialByte)) {
            try CBOR.decode(bytes)
        }
    }

    @Test(arguments: [
        "1800", "1817", "190018", "1900ff", "1a00000000", "1a0000ffff", "1b0000000000000001",
        "1b00000000ffffffff", "3817", "3900ff", "3a0000ffff", "3b00000000ffffffff",
        "580100", "5900ff", "780161", "98018100", "9800", "b800", "b8010000", "811800",
        "a11800f6", "a100190000",
    ])
    func `an integer or length longer than it need be is refused`(hex: String) throws {
        let bytes = try Hex.decode(hex)
        #expect(throws: MalformedEncoding.nonCanonicalInteger) { try CBOR.decode(bytes) }
    }

    @Test(arguments: [
        "61ff", "62c328", "63e28228", "62c080", "63eda080", "64f4908080", "61c3", "6180",
    ])
    func `text that is no UTF-8 is refused`(hex: String) throws {
        let bytes = try Hex.decode(hex)
        #expect(throws: MalformedEncoding.invalidUTF8) { try CBOR.decode(bytes) }
    }
}
