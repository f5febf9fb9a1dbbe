import Cryptography
import Encoding
import Testing
import TestSupport

struct P384Tests {
    /// RFC 6979 §A.2.6.
    private enum RFC6979 {
        static let scalar = """
            6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8\
            96d5724e4c70a825f872c9ea60d2edf5
            """
        static let x = """
            ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64\
            def8f0ea9055866064a254515480bc13
            """
        static let y = """
            8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1\
            288b231c3ae0d4fe7344fd2533264720
            """
    }

    /// SEC 2 §2.5.1.
    private static let order = """
        ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf\
        581a0db248b0a77aecec196accc52973
        """

    @Test(arguments: [
        (
            "sample",
            """
            94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c\
            81a648152e44acf96e36dd1e80fabe46
            """,
            """
            99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f\
            a329c145786e679e7b82c71a38628ac8
            """
        ),
        (
            "test",
            """
            8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb\
            0542a7f0812998da8f1dd3ca3cf023db
            """,
            """
            ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e0\
            6a739f040649a667bf3b828246baa5a5
            """
        ),
    ])
    func `the RFC's signatures verify`(message: String, r: String, s: String) throws {
        let point = try [4] + Hex.decode(RFC6979.x) + Hex.decode(RFC6979.y)
        let key = try PublicKey(p384Point: point)
        let numbers = try [Hex.decode(r), Hex.decode(s)].flatMap { number in
            // All have their highest bit set but one.
            let isHigh = number[0] >= 0x80
            return [0x02, UInt8(isHigh ? 49 : 48)] + (isHigh ? [0] : []) + number
        }
        let signature = [0x30, UInt8(numbers.count)] + numbers
        let text = Array(message.utf8)
        #expect(key.isValidSignature(signature, for: text, scheme: .ecdsaSHA384))
        #expect(!key.isValidSignature(signature, for: text + [0], scheme: .ecdsaSHA384))
        for flipped in signature.singleBitFlips {
            #expect(!key.isValidSignature(flipped, for: text, scheme: .ecdsaSHA384))
        }
    }

    @Test func `the RFC's private key has the RFC's public key`() throws {
        let key = try P384PrivateKey(rawRepresentation: Hex.decode(RFC6979.scalar))
        let point = try #require(key.publicKey.p384Point)
        #expect(Hex.encode(point) == "04" + RFC6979.x + RFC6979.y)
        #expect(Hex.encode(key.rawRepresentation) == RFC6979.scalar)
        #expect(key.publicKey.kind == .p384)
    }

    @Test func `a signature verifies under its key and message alone`() throws {
        let key = try P384PrivateKey()
        let other = try P384PrivateKey()
        for message in [[], [1], Array("sample".utf8)] as [[UInt8]] {
            for signature in [
                try key.signature(for: message),
                try key.signature(forDigest: SHA384.hash(message)),
            ] {
                #expect(
                    key.publicKey.isValidSignature(signature, for: message, scheme: .ecdsaSHA384))
                #expect(
                    !key.publicKey.isValidSignature(
                        signature, for: message + [0], scheme: .ecdsaSHA384))
                #expect(
                    !other.publicKey.isValidSignature(
                        signature, for: message, scheme: .ecdsaSHA384))
            }
        }
    }

    @Test(arguments: [0, 20, 32, 47, 49, 64])
    func `a digest has 48 bytes`(count: Int) throws {
        let key = try P384PrivateKey()
        #expect(throws: CryptographyError.invalidLength) {
            try key.signature(forDigest: [UInt8](repeating: 1, count: count))
        }
    }

    @Test func `an agreement comes out as another made it`() throws {
        let key = try P384PrivateKey(rawRepresentation: Hex.decode(KeyVectors.agreementScalar))
        let peer = try PublicKey(p384Point: Hex.decode(KeyVectors.agreementPeer))
        #expect(try Hex.encode(key.sharedSecret(with: peer)) == KeyVectors.agreementSecret)
        let foreign = try P256PrivateKey().publicKey
        #expect(throws: CryptographyError.openSSL(function: "EVP_PKEY_derive_set_peer")) {
            try key.sharedSecret(with: foreign)
        }
    }

    @Test func `a private key is from 1 to the order less one`() throws {
        var last = try Hex.decode(Self.order)
        for scalar in [
            [UInt8](repeating: 0, count: 48), last, [UInt8](repeating: 0xFF, count: 48),
        ] {
            #expect(throws: CryptographyError.invalidPrivateKey) {
                try P384PrivateKey(rawRepresentation: scalar)
            }
        }
        last[47] -= 1
        let one = [UInt8](repeating: 0, count: 47) + [1]
        // The points of 1 and -1 are each other's negative.
        let first = try P384PrivateKey(rawRepresentation: one).publicKey.p384Point
        let negative = try P384PrivateKey(rawRepresentation: last).publicKey.p384Point
        #expect(first?.prefix(49) == negative?.prefix(49))
        #expect(first != negative)
    }

    @Test(arguments: [0, 32, 47, 49])
    func `a private key has 48 bytes`(count: Int) {
        #expect(throws: CryptographyError.invalidLength) {
            try P384PrivateKey(rawRepresentation: [UInt8](repeating: 1, count: count))
        }
    }
}
