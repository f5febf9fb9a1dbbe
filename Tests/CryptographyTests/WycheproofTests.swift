import Cryptography
import Encoding
import Testing
import TestSupport

/// Project Wycheproof's vectors. The members of their files keep their names.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)"))
struct WycheproofTests {
    private struct File<Group: Decodable>: Decodable {
        let numberOfTests: Int
        let testGroups: [Group]
    }

    private struct Signatures: Decodable {
        struct Key: Decodable { let uncompressed: String }
        struct Case: Decodable {
            let tcId: Int; let msg: String; let sig: String; let result: String
        }
        let publicKey: Key
        let tests: [Case]
    }

    private struct RSASignatures: Decodable {
        let publicKeyDer: String
        let tests: [Signatures.Case]
    }

    private struct Agreements: Decodable {
        struct Case: Decodable {
            let tcId: Int
            let flags: [String]
            let `public`: String
            let `private`: String
            let shared: String
            let result: String
        }
        let tests: [Case]
    }

    private struct Codes: Decodable {
        struct Case: Decodable {
            let tcId: Int
            let key: String
            let msg: String
            let tag: String
            let result: String
        }
        let tagSize: Int
        let tests: [Case]
    }

    private struct Derivations: Decodable {
        struct Case: Decodable {
            let tcId: Int
            let ikm: String
            let salt: String
            let info: String
            let size: Int
            let okm: String
            let result: String
        }
        let tests: [Case]
    }

    @Test(arguments: [
        ("ecdsa_secp256r1_sha256_test.json", SignatureScheme.ecdsaSHA256, 484),
        ("ecdsa_secp384r1_sha384_test.json", .ecdsaSHA384, 504),
    ])
    func `signatures verify as they should`(
        name: String, scheme: SignatureScheme, total: Int
    ) throws {
        let file = try #require(
            Vectors.document("wycheproof/" + name, as: File<Signatures>.self))
        var count = 0
        for group in file.testGroups {
            let point = try Hex.decode(group.publicKey.uncompressed)
            let key =
                scheme == .ecdsaSHA256
                ? try PublicKey(p256Point: point) : try PublicKey(p384Point: point)
            for test in group.tests {
                let isValid = try key.isValidSignature(
                    Hex.decode(test.sig), for: Hex.decode(test.msg), scheme: scheme)
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == file.numberOfTests)
        #expect(count == total)
    }

    /// What may be taken, a DigestInfo without its NULL, here is not. Two groups of the first file have the exponent 3,
    /// which is refused with the key.
    @Test(arguments: [
        ("rsa_signature_2048_sha256_test.json", SignatureScheme.rsaPKCS1SHA256, 257, 2),
        ("rsa_signature_2048_sha384_test.json", .rsaPKCS1SHA384, 258, 0),
        ("rsa_pss_2048_sha256_mgf1_32_test.json", .rsaPSSSHA256, 108, 0),
    ])
    func `RSA signatures verify as they should`(
        name: String, scheme: SignatureScheme, total: Int, refusedKeys: Int
    ) throws {
        let file = try #require(
            Vectors.document("wycheproof/" + name, as: File<RSASignatures>.self))
        var count = 0
        var refused = 0
        for group in file.testGroups {
            let der = try Hex.decode(group.publicKeyDer)
            guard let key = try? PublicKey(subjectPublicKeyInfo: der) else {
                refused += 1
                continue
            }
            for test in group.tests {
                let isValid = try key.isValidSignature(
                    Hex.decode(test.sig), for: Hex.decode(test.msg), scheme: scheme)
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == total)
        #expect(refused == refusedKeys)
    }

    @Test func `agreements come out as they should`() throws {
        let file = try #require(
            Vectors.document(
                "wycheproof/ecdh_secp256r1_ecpoint_test.json", as: File<Agreements>.self))
        let tests = file.testGroups.flatMap(\.tests)
        #expect(tests.count == 355)
        for test in tests {
            let peer = try? PublicKey(p256Point: Hex.decode(test.public))
            // Compressed points may be taken; here they are not.
            guard test.result == "valid" else {
                #expect(peer == nil, "case \(test.tcId)")
                continue
            }
            let point = try #require(peer, "case \(test.tcId)")
            // The scalars have a sign's zero in front, or lack zeros.
            let digits = String(test.private.drop { $0 == "0" })
            let padded = String(repeating: "0", count: 64 - digits.count) + digits
            let key = try P256PrivateKey(rawRepresentation: Hex.decode(padded))
            #expect(
                try Hex.encode(key.sharedSecret(with: point)) == test.shared,
                "case \(test.tcId)")
        }
    }

    @Test func `authentication codes come out as they should`() throws {
        let file = try #require(
            Vectors.document("wycheproof/hmac_sha256_test.json", as: File<Codes>.self))
        var count = 0
        for group in file.testGroups {
            for test in group.tests {
                let code = try HMACSHA256.authenticate(
                    Hex.decode(test.msg), key: Hex.decode(test.key))
                let tag = try Hex.decode(test.tag)
                let isValid = ConstantTime.areEqual(Array(code.prefix(group.tagSize / 8)), tag)
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == 174)
    }

    @Test func `derived keys come out as they should`() throws {
        let file = try #require(
            Vectors.document("wycheproof/hkdf_sha256_test.json", as: File<Derivations>.self))
        let tests = file.testGroups.flatMap(\.tests)
        #expect(tests.count == 86)
        for test in tests {
            let secret = try Hex.decode(test.ikm)
            let salt = try Hex.decode(test.salt)
            let info = try Hex.decode(test.info)
            guard test.result == "valid" else {
                #expect(
                    throws: CryptographyError.openSSL(function: "EVP_PKEY_derive"),
                    "case \(test.tcId)"
                ) {
                    try HKDFSHA256.derive(
                        secret: secret, salt: salt, info: info, length: test.size)
                }
                continue
            }
            let key = try HKDFSHA256.derive(
                secret: secret, salt: salt, info: info, length: test.size)
            #expect(Hex.encode(key) == test.okm, "case \(test.tcId)")
        }
    }
}
