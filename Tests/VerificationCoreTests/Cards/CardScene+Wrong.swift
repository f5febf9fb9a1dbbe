import Cryptography
import Encoding
import TestSupport

/// What is refused.
extension CardScene {
    /// One bit off at either end, and all zeros.
    static let wrongChallenges: [[UInt8]] = [
        [0xC5] + [UInt8](repeating: 0xC4, count: 31),
        [UInt8](repeating: 0xC4, count: 31) + [0x44],
        [UInt8](repeating: 0, count: 32),
    ]

    static let wrongRelyingParties = [
        "example.com", "login.example.org", "EXAMPLE.ORG", "example.org.", "example.or",
    ]

    static let wrongUsers = ["bob", "Alice", "alice ", "alic", "alice@example.org"]

    /// SubjectPublicKeyInfos that are no card's here.
    static func unsupportedKeys() throws -> [[UInt8]] {
        // The generator of secp256k1 (SEC 2 §2.4.1).
        let koblitz = try Hex.decode(
            "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")
        var random = SplitMix64(seed: 0x5A)
        var long = random.bytes(520)
        long[0] |= 0x80
        long[519] |= 1
        let sound = try Hex.decode(Moduli.sound2048A)
        let f4: [UInt8] = [1, 0, 1]
        return [
            DER.sequence(
                DER.sequence(
                    DER.identifier("1.2.840.10045.2.1"), DER.identifier("1.3.132.0.10")),
                DER.bits(koblitz)),
            // Ed25519.
            DER.sequence(
                DER.sequence(DER.identifier("1.3.101.112")), DER.bits(random.bytes(32))),
            DER.rsaKey(modulus: try Hex.decode(Moduli.weak1024), exponent: f4),
            DER.rsaKey(modulus: Array(sound.dropLast()), exponent: f4),
            DER.rsaKey(modulus: long, exponent: f4),
            DER.rsaKey(modulus: sound, exponent: [1]),
            DER.rsaKey(modulus: sound, exponent: [3]),
            DER.rsaKey(modulus: sound, exponent: [1, 0, 2]),
            // An even modulus.
            DER.rsaKey(modulus: sound.dropLast() + [sound[255] & 0xFE], exponent: f4),
        ]
    }

    /// An RSA key of the flawed generator, 2048 bits.
    static func weakKey() throws -> [UInt8] {
        DER.rsaKey(modulus: try Hex.decode(Moduli.weak2048C), exponent: [1, 0, 1])
    }
}

extension CardScene {
    /// Two authorities, each of which signed the other's certificate; the first has `name` and the key of `seed`.
    static func circle(_ name: String, _ seed: UInt64) throws -> [[UInt8]] {
        let (first, second) = (try Scene.key(seed), try Scene.key(208))
        return [
            try CardCertificate(
                name, by: "Example Circle", for: first.publicKey.subjectPublicKeyInfo,
                [DER.authority, DER.authorityUsage]
            ).signed(by: second),
            try CardCertificate(
                "Example Circle", by: name, for: second.publicKey.subjectPublicKeyInfo,
                [DER.authority, DER.authorityUsage]
            ).signed(by: first),
        ]
    }
}
