import ISO7816
import PIV
import TestSupport
import Testing

struct CardMetadataTests {
    private static let point = [0x04] + [UInt8](repeating: 0x25, count: 64)

    private static let key = CardMetadata(
        algorithm: .p256, pinPolicy: .once, touchPolicy: .cached, isGenerated: true,
        publicKey: .p256(point: point))

    private static func keyBytes() throws -> [UInt8] {
        try bytes("01 01 11 02 02 02 03 03 01 01 04 43 86 41") + point
    }

    @Test func `a key's metadata decodes and encodes`() throws {
        #expect(try CardMetadata(decoding: Self.keyBytes()) == Self.key)
        #expect(try Self.key.encoded() == Self.keyBytes())
    }

    @Test func `a PIN's metadata decodes and encodes`() throws {
        let pin = CardMetadata(
            algorithm: nil, isDefault: true, retries: .init(total: 3, left: 2))
        let bytes = try bytes("01 01 ff 05 01 01 06 02 03 02")
        #expect(try CardMetadata(decoding: bytes) == pin)
        #expect(pin.encoded() == bytes)
    }

    @Test func `the management key's metadata decodes and encodes`() throws {
        let key = CardMetadata(
            algorithm: .aes192, pinPolicy: .defaultPolicy, touchPolicy: .never, isDefault: false)
        let bytes = try bytes("01 01 0a 02 02 00 01 05 01 00")
        #expect(try CardMetadata(decoding: bytes) == key)
        #expect(key.encoded() == bytes)
    }

    @Test func `an imported RSA key is told apart`() throws {
        let modulus = [0x80] + [UInt8](repeating: 1, count: 255)
        let key = CardMetadata(
            algorithm: .rsa2048, pinPolicy: .never, touchPolicy: .always, isGenerated: false,
            publicKey: .rsa(modulus: modulus, exponent: [1, 0, 1]))
        let bytes = try bytes("01 01 07 02 02 01 02 03 01 02 04 82 0109 81 82 0100") + modulus
        #expect(try CardMetadata(decoding: bytes + [0x82, 0x03, 0x01, 0x00, 0x01]) == key)
    }

    @Test func `kinds of keys that cannot be used here are shown without the key`() throws {
        let ed25519 = try bytes("01 01 e0 02 02 02 01 03 01 01 04 22 86 20")
        let metadata = try CardMetadata(decoding: ed25519 + [UInt8](repeating: 7, count: 32))
        #expect(metadata.algorithm == .ed25519)
        #expect(metadata.publicKey == nil)
    }

    @Test func `members that newer cards have are passed over`() throws {
        let bytes = try Self.keyBytes() + bytes("07 01 01 08 01 00")
        #expect(try CardMetadata(decoding: bytes) == Self.key)
    }

    @Test(
        arguments: [
            ("", .missing("algorithm")), ("02 02 02 01", .missing("algorithm")),
            ("01 01 02", .value("algorithm")), ("01 00", .value("algorithm")),
            ("01 02 1111", .value("algorithm")), ("01 01 11 02 01 02", .value("PIN policy")),
            ("01 01 11 02 02 06 01", .value("PIN policy")),
            ("01 01 11 02 02 02 04", .value("touch policy")),
            ("01 01 11 03 01 00", .value("origin")), ("01 01 11 03 01 03", .value("origin")),
            ("01 01 11 04 03 86 01 04", .value("point")),
            ("01 01 ff 05 01 02", .value("default")), ("01 01 ff 05 00", .value("default")),
            ("01 01 ff 06 01 03", .value("retries")), ("01 01 ff 06 02 03 04", .value("retries")),
            ("01 01 11 01 01 11", .duplicateTag), ("01 01 11 02", .truncated),
        ] as [(String, MalformedCardData)])
    func `what is no metadata is refused`(text: String, error: MalformedCardData) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try CardMetadata(decoding: bytes) }
    }

    @Test func `a public key of another kind than the algorithm is refused`() throws {
        let bytes = try Self.keyBytes().replacing(2, with: 0x14)
        #expect(throws: MalformedCardData.value("public key")) {
            try CardMetadata(decoding: bytes)
        }
    }

    @Test func `a prefix that is whole says less, every other is refused`() throws {
        let whole: Set = [3, 7, 10]
        for prefix in try Self.keyBytes().properPrefixes where !whole.contains(prefix.count) {
            #expect(throws: MalformedCardData.self) { try CardMetadata(decoding: prefix) }
        }
        for flipped in try Self.keyBytes().singleBitFlips {
            #expect((try? CardMetadata(decoding: flipped)) != Self.key)
        }
    }
}
