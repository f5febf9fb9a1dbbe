import ISO7816
import PIV
import TestSupport
import Testing

struct AuthenticationTemplateTests {
    @Test(
        arguments: [
            ("7c 02 80 00", AuthenticationTemplate(witness: [])),
            ("7c 02 81 00", AuthenticationTemplate(challenge: [])),
            ("7c 05 82 00 81 01 aa", AuthenticationTemplate(challenge: [0xAA], response: [])),
            ("7c 05 82 00 85 01 aa", AuthenticationTemplate(response: [], exponentiation: [0xAA])),
            (
                "7c 06 80 01 aa 81 01 bb",
                AuthenticationTemplate(witness: [0xAA], challenge: [0xBB])
            ),
            ("7c 03 82 01 cc", AuthenticationTemplate(response: [0xCC])),
        ] as [(String, AuthenticationTemplate)])
    func `a template decodes and encodes`(
        text: String, template: AuthenticationTemplate
    ) throws {
        #expect(try AuthenticationTemplate(decoding: bytes(text)) == template)
        #expect(try template.encoded() == bytes(text))
    }

    @Test func `members come in any order`() throws {
        #expect(
            try AuthenticationTemplate(decoding: bytes("7c 08 80 01 aa 81 01 bb 82 00"))
                == AuthenticationTemplate(witness: [0xAA], challenge: [0xBB], response: []))
    }

    @Test func `other members, twice the same, and what follows are refused`() throws {
        func error(_ text: String) throws -> MalformedCardData? {
            let bytes = try bytes(text)
            return #expect(throws: MalformedCardData.self) {
                try AuthenticationTemplate(decoding: bytes)
            }
        }
        #expect(try error("7c 03 83 01 aa") == .tag)
        #expect(try error("7d 02 80 00") == .tag)
        #expect(try error("7c 04 80 00 80 00") == .duplicateTag)
        #expect(try error("7c 02 80 00 00") == .trailingBytes)
        #expect(try error("7c 02 80 01") == .truncated)
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        try expectStrict(bytes("7c 0d 82 00 81 04 01 02 03 04 80 03 09 08 07")) {
            bytes throws(MalformedCardData) in try AuthenticationTemplate(decoding: bytes)
        }
    }
}

struct KeyGenerationTests {
    @Test func `a template decodes and encodes`() throws {
        let full = KeyGeneration(algorithm: .p256, pinPolicy: .once, touchPolicy: .always)
        #expect(try KeyGeneration(decoding: bytes("ac 09 800111 aa0102 ab0102")) == full)
        #expect(try full.encoded() == bytes("ac 09 800111 aa0102 ab0102"))
        let plain = KeyGeneration(algorithm: .rsa2048)
        #expect(try KeyGeneration(decoding: bytes("ac 03 800107")) == plain)
        #expect(try plain.encoded() == bytes("ac 03 800107"))
    }

    @Test(
        arguments: [
            ("ac 00", .missing("algorithm")), ("ac 03 800100", .value("algorithm")),
            ("ac 02 8000", .value("algorithm")), ("ac 04 80021111", .value("algorithm")),
            ("ac 06 800111 aa0106", .value("PIN policy")),
            ("ac 05 800111 aa00", .value("PIN policy")),
            ("ac 06 800111 ab0104", .value("touch policy")),
            ("ac 06 800111 810101", .tag), ("ad 03 800111", .tag),
            ("ac 06 800111 800111", .duplicateTag), ("ac 03 800111 00", .trailingBytes),
        ] as [(String, MalformedCardData)])
    func `what is not a template is refused`(text: String, error: MalformedCardData) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try KeyGeneration(decoding: bytes) }
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        try expectStrict(bytes("ac 09 800114 aa0103 ab0101")) {
            bytes throws(MalformedCardData) in try KeyGeneration(decoding: bytes)
        }
    }
}

struct CardPublicKeyTests {
    private static let point256 = [0x04] + [UInt8](repeating: 0x25, count: 64)
    private static let point384 = [0x04] + [UInt8](repeating: 0x38, count: 96)
    private static let modulus = [0xC5] + [UInt8](repeating: 0x5A, count: 255)

    @Test func `points decode and encode`() throws {
        let p256: [UInt8] = [0x7F, 0x49, 0x43, 0x86, 0x41] + Self.point256
        #expect(try CardPublicKey(decoding: p256) == .p256(point: Self.point256))
        #expect(CardPublicKey.p256(point: Self.point256).encoded() == p256)
        #expect(CardPublicKey.p256(point: Self.point256).algorithm == .p256)
        let p384: [UInt8] = [0x7F, 0x49, 0x63, 0x86, 0x61] + Self.point384
        #expect(try CardPublicKey(decoding: p384) == .p384(point: Self.point384))
        #expect(CardPublicKey.p384(point: Self.point384).encoded() == p384)
        #expect(CardPublicKey.p384(point: Self.point384).algorithm == .p384)
    }

    @Test func `an RSA key decodes and encodes`() throws {
        let bytes: [UInt8] =
            [0x7F, 0x49, 0x82, 0x01, 0x09, 0x81, 0x82, 0x01, 0x00] + Self.modulus
            + [0x82, 0x03, 0x01, 0x00, 0x01]
        let key = CardPublicKey.rsa(modulus: Self.modulus, exponent: [1, 0, 1])
        #expect(try CardPublicKey(decoding: bytes) == key)
        #expect(key.encoded() == bytes)
        #expect(try CardPublicKey(template: Array(bytes[5...])) == key)
        #expect(key.template == Array(bytes[5...]))
        #expect(key.algorithm == .rsa2048)
    }

    @Test func `leading zeros of numbers are dropped`() throws {
        let template =
            TLV(0x81, [0] + Self.modulus).encoded() + TLV(0x82, [0, 1, 0, 1]).encoded()
        #expect(
            try CardPublicKey(template: template)
                == .rsa(modulus: Self.modulus, exponent: [1, 0, 1]))
    }

    @Test(arguments: [(128, .rsa1024), (384, .rsa3072), (512, .rsa4096)] as [(Int, PIVAlgorithm)])
    func `other lengths of RSA are told apart`(count: Int, algorithm: PIVAlgorithm) throws {
        let modulus = [0x80] + [UInt8](repeating: 1, count: count - 1)
        let template = TLV(0x81, modulus).encoded() + TLV(0x82, [3]).encoded()
        #expect(try CardPublicKey(template: template).algorithm == algorithm)
    }

    @Test func `points of another length or form are refused`() {
        for point in [
            [], [4], Self.point256.dropLast(), Self.point256 + [0],
            Self.point256.replacing(0, with: 2), Self.point384.dropLast(),
            Self.point384.replacing(0, with: 0), [UInt8](repeating: 4, count: 32),
        ] as [[UInt8]] {
            let template = TLV(0x86, point).encoded()
            #expect(throws: MalformedCardData.value("point")) {
                try CardPublicKey(template: template)
            }
        }
    }

    @Test func `moduli and exponents that no key has are refused`() {
        func error(_ modulus: [UInt8], _ exponent: [UInt8]) -> MalformedCardData? {
            let template = TLV(0x81, modulus).encoded() + TLV(0x82, exponent).encoded()
            return #expect(throws: MalformedCardData.self) {
                try CardPublicKey(template: template)
            }
        }
        #expect(error([], [3]) == .value("modulus"))
        #expect(error([UInt8](repeating: 0, count: 256), [3]) == .value("modulus"))
        #expect(error(Self.modulus.replacing(0, with: 0x7F), [3]) == .value("modulus"))
        #expect(error(Self.modulus.replacing(0, with: 0x00), [3]) == .value("modulus"))
        #expect(error(Self.modulus.dropLast(), [3]) == .value("modulus"))
        for exponent in [[], [0], [1], [2], [0, 0], [1, 0, 0], [UInt8](repeating: 1, count: 9)]
            as [[UInt8]]
        {
            #expect(error(Self.modulus, exponent) == .value("exponent"))
        }
    }

    @Test func `a template without its members, or with others, is refused`() {
        let modulus = TLV(0x81, Self.modulus).encoded()
        let exponent = TLV(0x82, [3]).encoded()
        let point = TLV(0x86, Self.point256).encoded()
        #expect(throws: MalformedCardData.missing("exponent")) {
            try CardPublicKey(template: modulus)
        }
        #expect(throws: MalformedCardData.missing("modulus")) {
            try CardPublicKey(template: exponent)
        }
        #expect(throws: MalformedCardData.missing("modulus")) { try CardPublicKey(template: []) }
        #expect(throws: MalformedCardData.tag) {
            try CardPublicKey(template: modulus + exponent + point)
        }
        #expect(throws: MalformedCardData.tag) {
            try CardPublicKey(template: modulus + exponent + [0x83, 0x00])
        }
        #expect(throws: MalformedCardData.duplicateTag) {
            try CardPublicKey(template: point + point)
        }
        #expect(throws: MalformedCardData.tag) {
            try CardPublicKey(decoding: TLV(0x7F4A, point).encoded())
        }
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        for key in [
            CardPublicKey.p256(point: Self.point256), .p384(point: Self.point384),
            .rsa(modulus: Self.modulus, exponent: [1, 0, 1]),
        ] {
            try expectStrict(key.encoded()) {
                bytes throws(MalformedCardData) in try CardPublicKey(decoding: bytes)
            }
        }
    }
}
