import Cryptography
import Encoding
import TestSupport
import Testing

struct Ed25519Tests {
    /// RFC 8032 §7.1.
    private static let known = [
        (
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
            signature: """
            e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e\
            39701cf9b46bd25bf5f0595bbe24655141438e7a100b
            """
        ),
        (
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
            signature: """
            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f\
            3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
            """
        ),
        (
            seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: """
            6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67\
            f760984dc6594a7c15e9716ed28dc027beceea1ec40a
            """
        ),
    ]

    @Test func `the RFC's keys sign as the RFC says`() throws {
        for vector in Self.known {
            let key = try Ed25519PrivateKey(rawRepresentation: Hex.decode(vector.seed))
            #expect(Hex.encode(key.publicKey.rawRepresentation) == vector.key)
            #expect(Hex.encode(key.rawRepresentation) == vector.seed)
            let message = try Hex.decode(vector.message)
            let signature = try key.signature(for: message)
            #expect(Hex.encode(signature) == vector.signature)
            let publicKey = try Ed25519PublicKey(rawRepresentation: Hex.decode(vector.key))
            #expect(publicKey.isValidSignature(signature, for: message))
            #expect(!publicKey.isValidSignature(signature, for: message + [0]))
        }
    }

    @Test func `no bent signature verifies`() throws {
        let key = try Ed25519PrivateKey(rawRepresentation: Hex.decode(Self.known[1].seed))
        let signature = try key.signature(for: [1, 2, 3])
        let bent = Array(signature.singleBitFlips) + Array(signature.properPrefixes)
        for signature in bent + [signature + [0], [UInt8](repeating: 0, count: 64)] {
            #expect(!key.publicKey.isValidSignature(signature, for: [1, 2, 3]))
        }
    }

    @Test func `a scalar that is not reduced does not verify`() throws {
        let key = try Ed25519PrivateKey(rawRepresentation: Hex.decode(Self.known[0].seed))
        let signature = try Hex.decode(Self.known[0].signature)
        // The order of the group, little-endian (RFC 8032 §5.1), is added to S.
        let order = try Hex.decode(
            "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        var malleated = signature
        for (offset, byte) in order.enumerated() {
            let sum = Int(signature[32 + offset]) + Int(byte) + carry
            malleated[32 + offset] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        #expect(key.publicKey.isValidSignature(signature, for: []))
        #expect(!key.publicKey.isValidSignature(malleated, for: []))
    }

    @Test func `a fresh key's signatures are its own`() throws {
        let (one, other) = (try Ed25519PrivateKey(), try Ed25519PrivateKey())
        var random = SplitMix64(seed: 3)
        for length in 0..<40 {
            let message = random.bytes(length)
            let signature = try one.signature(for: message)
            #expect(one.publicKey.isValidSignature(signature, for: message))
            #expect(!other.publicKey.isValidSignature(signature, for: message))
            #expect(try one.signature(for: message) == signature)
        }
    }

    @Test(arguments: [0, 31, 33, 64])
    func `keys have 32 bytes`(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(throws: CryptographyError.invalidLength) {
            try Ed25519PrivateKey(rawRepresentation: bytes)
        }
        #expect(throws: CryptographyError.invalidLength) {
            try Ed25519PublicKey(rawRepresentation: bytes)
        }
    }

    /// 2 is the ordinate of no point of the curve.
    @Test func `under what is no point nothing verifies`() throws {
        let key = try Ed25519PublicKey(
            rawRepresentation: [2] + [UInt8](repeating: 0, count: 31))
        let signature = try Hex.decode(Self.known[0].signature)
        #expect(!key.isValidSignature(signature, for: []))
    }

    /// The neutral element as key, and as the signature's point with a scalar of zero: the equation holds for every
    /// message, and OpenSSL says so. Whoever trusts such a key trusts its maker to say anything.
    @Test func `a key of small order verifies what its maker likes`() throws {
        let neutral: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        let key = try Ed25519PublicKey(rawRepresentation: neutral)
        let signature = neutral + [UInt8](repeating: 0, count: 32)
        #expect(key.isValidSignature(signature, for: [1]))
        #expect(key.isValidSignature(signature, for: [2]))
    }
}

/// Project Wycheproof's vectors. The members of their file keep their names.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)"))
struct Ed25519WycheproofTests {
    private struct File: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { let pk: String }
            let publicKey: Key
            let tests: [Case]
        }
        struct Case: Decodable {
            let tcId: Int
            let msg: String
            let sig: String
            let result: String
        }
        let numberOfTests: Int
        let testGroups: [Group]
    }

    @Test func `signatures verify as they should`() throws {
        let file = try #require(Vectors.document("wycheproof/ed25519_test.json", as: File.self))
        var count = 0
        for group in file.testGroups {
            let key = try Ed25519PublicKey(rawRepresentation: Hex.decode(group.publicKey.pk))
            for test in group.tests {
                let isValid = try key.isValidSignature(
                    Hex.decode(test.sig), for: Hex.decode(test.msg))
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == file.numberOfTests)
        #expect(count == 151)
    }
}
