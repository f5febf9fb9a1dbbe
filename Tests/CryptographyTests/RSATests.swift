import Cryptography
import Encoding
import Testing
import TestSupport

struct RSATests {
    private static let message = Array("sample".utf8)

    private static func key() throws -> RSAPrivateKey {
        try RSAPrivateKey(derRepresentation: Hex.decode(KeyVectors.rsaPrivate))
    }

    @Test func `the bare operation on a padded digest is another's signature`() throws {
        let block = try RSAPadding.pkcs1SHA256(digest: SHA256.hash(Self.message))
        #expect(Hex.encode(block) == KeyVectors.pkcs1Block)
        let signature = try Self.key().privateOperation(block: block)
        #expect(Hex.encode(signature) == KeyVectors.pkcs1Signature)
    }

    @Test func `the bare operation on a salted digest is another's signature`() throws {
        let block = try RSAPadding.pssSHA256(
            digest: SHA256.hash(Self.message), salt: Hex.decode(KeyVectors.pssSalt))
        #expect(Hex.encode(block) == KeyVectors.pssBlock)
        let signature = try Self.key().privateOperation(block: block)
        #expect(Hex.encode(signature) == KeyVectors.pssSignature)
    }

    @Test func `a modulus of one bit more than its bytes begins with a zero`() throws {
        let block = try RSAPadding.pssSHA256(
            digest: SHA256.hash(Self.message), salt: Hex.decode(KeyVectors.pssSalt2049),
            modulusBits: 2049)
        #expect(Hex.encode(block) == KeyVectors.pssBlock2049)
    }

    @Test func `another's signatures verify, and nothing bent does`() throws {
        let key = try Self.key().publicKey
        for (text, scheme) in [
            (KeyVectors.pkcs1Signature, SignatureScheme.rsaPKCS1SHA256),
            (KeyVectors.pssSignature, .rsaPSSSHA256),
        ] {
            let signature = try Hex.decode(text)
            #expect(key.isValidSignature(signature, for: Self.message, scheme: scheme))
            #expect(!key.isValidSignature(signature, for: Self.message + [0], scheme: scheme))
            for bent in Array(signature.singleBitFlips) + Array(signature.properPrefixes)
                + [signature + [0], [0] + signature]
            {
                #expect(!key.isValidSignature(bent, for: Self.message, scheme: scheme))
            }
        }
    }

    @Test(arguments: [0, 31, 33, 64])
    func `a salt has 32 bytes`(count: Int) throws {
        let key = try Self.key()
        let block = try RSAPadding.pssSHA256(
            digest: SHA256.hash(Self.message), salt: [UInt8](repeating: 7, count: count))
        let signature = try key.privateOperation(block: block)
        #expect(
            !key.publicKey.isValidSignature(
                signature, for: Self.message, scheme: .rsaPSSSHA256))
    }

    @Test func `every salt gives a block below the modulus`() throws {
        let key = try Self.key()
        let digest = SHA256.hash(Self.message)
        var random = SplitMix64(seed: 3)
        for _ in 0..<20 {
            let block = try RSAPadding.pssSHA256(digest: digest, salt: random.bytes(32))
            #expect(block.count == 256)
            #expect(block[0] < 0x80)
            let signature = try key.privateOperation(block: block)
            #expect(
                key.publicKey.isValidSignature(
                    signature, for: Self.message, scheme: .rsaPSSSHA256))
        }
    }

    @Test func `padding refuses digests and moduli that do not fit`() throws {
        let digest = [UInt8](repeating: 1, count: 32)
        #expect(try RSAPadding.pkcs1SHA256(digest: digest, modulusLength: 62).count == 62)
        for (count, length) in [(31, 256), (33, 256), (0, 256), (32, 61), (32, 0), (32, -1)] {
            #expect(throws: CryptographyError.invalidLength) {
                try RSAPadding.pkcs1SHA256(
                    digest: [UInt8](repeating: 1, count: count), modulusLength: length)
            }
        }
        let salt = [UInt8](repeating: 2, count: 32)
        #expect(
            try RSAPadding.pssSHA256(digest: digest, salt: salt, modulusBits: 522).count == 66)
        for (count, bits) in [(31, 2048), (33, 2048), (32, 521), (32, 0), (32, -9), (32, .max)] {
            #expect(throws: CryptographyError.invalidLength) {
                try RSAPadding.pssSHA256(
                    digest: [UInt8](repeating: 1, count: count), salt: salt, modulusBits: bits)
            }
        }
    }

    @Test func `the bare operation takes numbers below the modulus alone`() throws {
        let key = try Self.key()
        let modulus = try #require(key.publicKey.rsaModulus)
        var below = modulus
        below[255] -= 1
        // The number below the modulus is -1, and an odd power of it too.
        #expect(try key.privateOperation(block: below) == below)
        let one = [UInt8](repeating: 0, count: 255) + [1]
        #expect(try key.privateOperation(block: one) == one)
        for block in [
            modulus, [UInt8](repeating: 0xFF, count: 256), Array(below.dropFirst()), [0] + below,
            [],
        ] {
            #expect(throws: CryptographyError.invalidBlock) {
                try key.privateOperation(block: block)
            }
        }
    }

    @Test func `a fresh key signs, and is stored and read`() throws {
        let key = try RSAPrivateKey()
        #expect(key.publicKey.kind == .rsa(bits: 2048))
        #expect(key.publicKey.rsaExponent == [1, 0, 1])
        #expect(key.blockLength == 256)
        let stored = try RSAPrivateKey(derRepresentation: key.derRepresentation)
        #expect(stored.publicKey.subjectPublicKeyInfo == key.publicKey.subjectPublicKeyInfo)
        let block = try RSAPadding.pkcs1SHA256(digest: SHA256.hash(Self.message))
        let signature = try stored.privateOperation(block: block)
        #expect(
            key.publicKey.isValidSignature(signature, for: Self.message, scheme: .rsaPKCS1SHA256))
    }

    @Test(arguments: [0, 1024, 2047, 2049, 8192, -1, .max])
    func `a fresh key has 2048, 3072 or 4096 bits`(bits: Int) {
        #expect(throws: CryptographyError.invalidLength) { try RSAPrivateKey(bits: bits) }
    }

    @Test func `a stored key is read to the end, and its numbers fit together`() throws {
        let der = try Hex.decode(KeyVectors.rsaPrivate)
        #expect(try RSAPrivateKey(derRepresentation: der).derRepresentation == der)
        for bent in Array(der.properPrefixes) + [der + [0]] {
            #expect(throws: CryptographyError.invalidPrivateKey) {
                try RSAPrivateKey(derRepresentation: bent)
            }
        }
        // In each of its parts: the heads, the modulus, the exponents, the primes, the coefficient.
        for offset in stride(from: 0, to: der.count, by: 37) {
            #expect(throws: CryptographyError.invalidPrivateKey) {
                try RSAPrivateKey(derRepresentation: der.replacing(offset, with: der[offset] ^ 2))
            }
        }
    }
}
