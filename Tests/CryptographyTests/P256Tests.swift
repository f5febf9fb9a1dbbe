import Cryptography
import Encoding
import Testing
import TestSupport

struct P256Tests {
    /// RFC 6979 §A.2.5.
    private enum RFC6979 {
        static let scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
        static let x = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
        static let y = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    }

    /// SEC 2 §2.4.2: the base point, the order of its group, and the field.
    private enum Curve {
        static let x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        static let y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
        /// The ordinate of the base point's negative: p - y.
        static let negativeY = "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a"
        static let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
        static let prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
        static let primeAndFive = "ffffffff00000001000000000000000000000001000000000000000000000004"
    }

    @Test(arguments: [
        (
            "sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        ),
        (
            "test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
        ),
    ])
    func `the RFC's signatures verify`(message: String, r: String, s: String) throws {
        let key = try PublicKey(p256X: Hex.decode(RFC6979.x), y: Hex.decode(RFC6979.y))
        let signature = try Self.signature(Hex.decode(r), Hex.decode(s))
        #expect(
            key.isValidSignature(signature, for: Array(message.utf8), scheme: .ecdsaSHA256))
        #expect(
            !key.isValidSignature(
                signature, for: Array(message.utf8) + [0], scheme: .ecdsaSHA256))
        #expect(!key.isValidSignature(signature, for: [], scheme: .ecdsaSHA256))
    }

    @Test func `the RFC's private key has the RFC's public key`() throws {
        let key = try P256PrivateKey(rawRepresentation: Hex.decode(RFC6979.scalar))
        #expect(try Self.hexPoint(key.publicKey) == "04" + RFC6979.x + RFC6979.y)
        #expect(Hex.encode(key.rawRepresentation) == RFC6979.scalar)
    }

    @Test func `a signature verifies under its key and message alone`() throws {
        let key = try P256PrivateKey(rawRepresentation: Hex.decode(RFC6979.scalar))
        let other = try P256PrivateKey()
        var random = SplitMix64(seed: 1)
        for length in 0..<40 {
            let message = random.bytes(length)
            let signature = try key.signature(for: message)
            #expect(
                key.publicKey.isValidSignature(signature, for: message, scheme: .ecdsaSHA256))
            #expect(
                !other.publicKey.isValidSignature(signature, for: message, scheme: .ecdsaSHA256))
        }
    }

    @Test func `no bent signature verifies`() throws {
        let key = try P256PrivateKey(rawRepresentation: Hex.decode(RFC6979.scalar))
        let message = Array("sample".utf8)
        let signature = try key.signature(for: message)
        for bent in Array(signature.singleBitFlips) + Array(signature.properPrefixes)
            + [signature + [0], [0x30, 0x80] + signature.dropFirst(2) + [0, 0]]
        {
            #expect(!key.publicKey.isValidSignature(bent, for: message, scheme: .ecdsaSHA256))
        }
    }

    @Test func `a signature is strict DER`() throws {
        let key = try PublicKey(p256X: Hex.decode(RFC6979.x), y: Hex.decode(RFC6979.y))
        let message = Array("test".utf8)
        let r =
            try [0] + Hex.decode("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367")
        let s = try Hex.decode("019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083")
        let integers: [UInt8] = [0x02, 0x21] + r + [0x02, 0x20] + s
        let length = UInt8(integers.count)
        #expect(
            key.isValidSignature([0x30, length] + integers, for: message, scheme: .ecdsaSHA256))
        let spare: [UInt8] = [0x02, 0x21] + r + [0x02, 0x21, 0x00] + s
        for loose in [
            // A long form length, a sequence of indefinite length, a spare zero, trailing bytes inside and out.
            [0x30, 0x81, length] + integers, [0x30, 0x80] + integers + [0x00, 0x00],
            [0x30, length + 1] + spare, [0x30, length + 2] + integers + [0x05, 0x00],
            [0x30, length] + integers + [0x00],
            // The sign's zero left out, a set in place of a sequence, the bare integers.
            [0x30, length - 1, 0x02, 0x20] + r.dropFirst() + [0x02, 0x20] + s,
            [0x31, length] + integers, r.dropFirst() + s,
        ] {
            #expect(!key.isValidSignature(loose, for: message, scheme: .ecdsaSHA256))
        }
    }

    @Test func `r and s are from 1 to the order less one`() throws {
        let key = try PublicKey(p256X: Hex.decode(RFC6979.x), y: Hex.decode(RFC6979.y))
        let order = try Hex.decode(Curve.order)
        let edges: [[UInt8]] = [
            [0], [1], Self.adding(-1, to: order), order, Self.adding(1, to: order),
            [UInt8](repeating: 0xFF, count: 32),
        ]
        for r in edges {
            for s in edges {
                #expect(
                    !key.isValidSignature(
                        Self.signature(r, s), for: Array("sample".utf8), scheme: .ecdsaSHA256))
            }
        }
    }

    @Test func `a private key is from 1 to the order less one`() throws {
        let order = try Hex.decode(Curve.order)
        let zero = [UInt8](repeating: 0, count: 32)
        for scalar in [
            zero, order, Self.adding(1, to: order), [UInt8](repeating: 0xFF, count: 32),
        ] {
            #expect(throws: CryptographyError.invalidPrivateKey) {
                try P256PrivateKey(rawRepresentation: scalar)
            }
        }
        let one = try P256PrivateKey(rawRepresentation: Self.adding(1, to: zero))
        #expect(try Self.hexPoint(one.publicKey) == "04" + Curve.x + Curve.y)
        let last = try P256PrivateKey(rawRepresentation: Self.adding(-1, to: order))
        #expect(try Self.hexPoint(last.publicKey) == "04" + Curve.x + Curve.negativeY)
        for key in [one, last] {
            let signature = try key.signature(for: [1, 2, 3])
            #expect(
                key.publicKey.isValidSignature(signature, for: [1, 2, 3], scheme: .ecdsaSHA256))
        }
    }

    @Test(arguments: [0, 31, 33, 64])
    func `a private key has 32 bytes`(count: Int) {
        #expect(throws: CryptographyError.invalidLength) {
            try P256PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: count))
        }
    }

    @Test func `a public key is a point on the curve, in uncompressed form`() throws {
        let x = try Hex.decode(Curve.x)
        let y = try Hex.decode(Curve.y)
        let prime = try Hex.decode(Curve.prime)
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(try PublicKey(p256Point: [4] + x + y).p256Point == [4] + x + y)
        for (badX, badY) in [
            (x, Self.adding(1, to: y)), (y, x), (zero, zero), (prime, y), (x, prime),
            (zero, y), ([UInt8](repeating: 0xFF, count: 32), y),
            (x.dropLast(), y), (x, y.dropLast()), (x + [0], y), ([0] + x, y), ([], []),
        ] as [([UInt8], [UInt8])] {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(p256X: badX, y: badY)
            }
        }
        // At infinity, compressed, hybrid, of other lengths.
        for point in [
            [], [0], [0] + x + y, [2] + x, [3] + x, [6] + x + y, [7] + x + y, [4] + x,
            [4] + x + y + [0], x + y,
        ] {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(p256Point: point)
            }
        }
    }

    @Test func `a point with a coordinate not reduced is refused`() throws {
        // 5 is the abscissa of a point; 5 + p is the same residue and no coordinate.
        let y = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"
        let x = [UInt8](repeating: 0, count: 31) + [5]
        let key = try PublicKey(p256X: x, y: Hex.decode(y))
        #expect(key.p256Point?.count == 65)
        #expect(throws: CryptographyError.invalidPublicKey) {
            try PublicKey(p256X: Hex.decode(Curve.primeAndFive), y: Hex.decode(y))
        }
    }

    @Test func `no single flipped bit of a point is on the curve`() throws {
        let point = try Hex.decode("04" + Curve.x + Curve.y)
        for flipped in point.singleBitFlips {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(p256Point: flipped)
            }
        }
    }

    @Test func `both sides of an agreement reach one secret`() throws {
        for _ in 0..<20 {
            let alice = try P256PrivateKey()
            let bob = try P256PrivateKey()
            let secret = try alice.sharedSecret(with: bob.publicKey)
            #expect(secret.count == 32)
            #expect(try bob.sharedSecret(with: alice.publicKey) == secret)
        }
    }

    /// RFC 5903 §8.1.
    @Test func `the RFC's agreement comes out`() throws {
        let initiator = try P256PrivateKey(
            rawRepresentation: Hex.decode(
                "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"))
        let responder = try PublicKey(
            p256X: Hex.decode("d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"),
            y: Hex.decode("56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"))
        #expect(
            try Hex.encode(initiator.sharedSecret(with: responder))
                == "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de")
    }

    private static func hexPoint(_ key: PublicKey) throws -> String {
        Hex.encode(try #require(key.p256Point))
    }

    /// The DER of `SEQUENCE { r, s }` for numbers of at most 32 bytes.
    private static func signature(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
        let integers = [r, s].flatMap { number -> [UInt8] in
            let padded = (number.first ?? 0) >= 0x80 ? [0] + number : number
            return [0x02, UInt8(padded.count)] + padded
        }
        return [0x30, UInt8(integers.count)] + integers
    }

    /// A big-endian number with a small one added to its last byte, which must not carry.
    private static func adding(_ amount: Int, to number: [UInt8]) -> [UInt8] {
        number.dropLast() + [UInt8(truncatingIfNeeded: Int(number.last ?? 0) + amount)]
    }
}
