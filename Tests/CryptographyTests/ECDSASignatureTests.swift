import Cryptography
import Encoding
import Testing
import TestSupport

struct ECDSASignatureTests {
    /// RFC 6979 §A.2.5, SHA-256: the key, and the signatures of "sample" and "test".
    private enum RFC6979 {
        static let scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
        static let samples = [
            (
                message: "sample",
                r: "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                s: "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
                head: ("3046022100", "022100")
            ),
            (
                message: "test",
                r: "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                s: "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
                head: ("3045022100", "0220")
            ),
        ]
    }

    @Test(arguments: 0..<2)
    func `the RFC's signatures have both forms`(index: Int) throws {
        let sample = RFC6979.samples[index]
        let raw = try Hex.decode(sample.r + sample.s)
        let der = try Hex.decode(sample.head.0 + sample.r + sample.head.1 + sample.s)
        #expect(ECDSASignature.der(fromRaw: raw) == der)
        #expect(ECDSASignature.raw(fromDER: der) == raw)
        let key = try P256PrivateKey(rawRepresentation: Hex.decode(RFC6979.scalar)).publicKey
        #expect(key.isValidRawSignature(raw, for: Array(sample.message.utf8)))
        #expect(!key.isValidRawSignature(raw, for: Array((sample.message + "s").utf8)))
    }

    @Test(arguments: [
        ("00", "00", "3006020100020100"), ("01", "7f", "300602010102017f"),
        ("80", "ff", "300802020080020200ff"), ("0100", "8000", "30090202010002030080 00"),
    ])
    func `numbers are as short as they can be`(r: String, s: String, der: String) throws {
        let padded = [r, s].map { String(repeating: "0", count: 64 - $0.count) + $0 }.joined()
        let der = try Hex.decode(der.filter { $0 != " " })
        #expect(try ECDSASignature.der(fromRaw: Hex.decode(padded)) == der)
        #expect(try ECDSASignature.raw(fromDER: der) == Hex.decode(padded))
    }

    @Test func `random signatures go both ways, and none has two texts`() throws {
        var random = SplitMix64(seed: 8)
        for _ in 0..<300 {
            var raw = random.bytes(64)
            for place in 0..<Int.random(in: 0...31, using: &random) { raw[place] = 0 }
            for place in 0..<Int.random(in: 0...31, using: &random) { raw[32 + place] = 0 }
            let der = try #require(ECDSASignature.der(fromRaw: raw))
            #expect(ECDSASignature.raw(fromDER: der) == raw)
            for flipped in der.singleBitFlips {
                guard let other = ECDSASignature.raw(fromDER: flipped) else { continue }
                #expect(other != raw)
                #expect(ECDSASignature.der(fromRaw: other) == flipped)
            }
            for prefix in der.properPrefixes { #expect(ECDSASignature.raw(fromDER: prefix) == nil) }
            #expect(ECDSASignature.raw(fromDER: der + [0]) == nil)
        }
    }

    @Test(arguments: [
        "", "3000", "30030201 01", "3006020101020101 00", "3106020101020101", "3006030101020101",
        "3006020101030101",
        // A zero too many, a sign, no number, a long length, a third number.
        "300702020001020101", "3006020181020101", "30050200020101", "308106020101020101",
        "3009020101020101020101",
        // 257 bits.
        "30260221010000000000000000000000000000000000000000000000000000000000000000020101",
    ])
    func `what is not strict DER is refused`(text: String) throws {
        let der = try Hex.decode(text.filter { $0 != " " })
        #expect(ECDSASignature.raw(fromDER: der) == nil)
    }

    @Test(arguments: [0, 1, 63, 65, 96, 128])
    func `other lengths are refused`(count: Int) throws {
        let raw = [UInt8](repeating: 1, count: count)
        #expect(ECDSASignature.der(fromRaw: raw) == nil)
        #expect(try !P256PrivateKey().publicKey.isValidRawSignature(raw, for: []))
    }

    @Test func `a raw signature verifies under its key and message alone`() throws {
        let key = try P256PrivateKey()
        let other = try P256PrivateKey()
        let message = Array("message".utf8)
        for _ in 0..<64 {
            let signature = try key.rawSignature(for: message)
            #expect(signature.count == 64)
            #expect(key.publicKey.isValidRawSignature(signature, for: message))
            #expect(!other.publicKey.isValidRawSignature(signature, for: message))
        }
        let signature = try key.rawSignature(for: message)
        for flipped in signature.singleBitFlips {
            #expect(!key.publicKey.isValidRawSignature(flipped, for: message))
        }
    }
}

/// Project Wycheproof's vectors for signatures of IEEE P1363. The members of their file keep their names.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)"))
struct WycheproofRawSignatureTests {
    private struct File: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { let uncompressed: String }
            struct Case: Decodable {
                let tcId: Int; let msg: String; let sig: String; let result: String
            }
            let publicKey: Key
            let tests: [Case]
        }
        let numberOfTests: Int
        let testGroups: [Group]
    }

    @Test func `raw signatures verify as they should`() throws {
        let file = try #require(
            Vectors.document(
                "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", as: File.self))
        var count = 0
        for group in file.testGroups {
            let key = try PublicKey(p256Point: Hex.decode(group.publicKey.uncompressed))
            for test in group.tests {
                let isValid = try key.isValidRawSignature(
                    Hex.decode(test.sig), for: Hex.decode(test.msg))
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == file.numberOfTests)
        #expect(count > 200)
    }
}
