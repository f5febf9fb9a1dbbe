import Cryptography
import Encoding
import Testing
import TestSupport

struct PublicKeyTests {
    @Test(arguments: [
        (KeyVectors.p256, PublicKey.Kind.p256), (KeyVectors.p384, .p384),
        (KeyVectors.rsa2048, .rsa(bits: 2048)),
    ])
    func `a SubjectPublicKeyInfo comes out as it went in`(
        text: String, kind: PublicKey.Kind
    ) throws {
        let der = try Hex.decode(text)
        let key = try PublicKey(subjectPublicKeyInfo: der)
        #expect(key.kind == kind)
        #expect(key.subjectPublicKeyInfo == der)
        #expect((key.p256Point != nil) == (kind == .p256))
        #expect((key.p384Point != nil) == (kind == .p384))
        #expect((key.rsaModulus != nil) == (kind == .rsa(bits: 2048)))
        #expect((key.rsaExponent != nil) == (kind == .rsa(bits: 2048)))
    }

    @Test func `a key has the same SubjectPublicKeyInfo however it was made`() throws {
        let p256 = try Hex.decode(KeyVectors.p256)
        #expect(try PublicKey(p256Point: p256.suffix(65)).subjectPublicKeyInfo == p256)
        #expect(
            try PublicKey(
                p256X: Array(p256.suffix(64).prefix(32)), y: Array(p256.suffix(32))
            ).subjectPublicKeyInfo == p256)
        let p384 = try Hex.decode(KeyVectors.p384)
        let point = Array(p384.suffix(97))
        #expect(try PublicKey(p384Point: point).subjectPublicKeyInfo == p384)
        #expect(try PublicKey(p384Point: point).p384Point == point)
        let rsa = try PublicKey(
            rsaModulus: Hex.decode(KeyVectors.rsa2048Modulus), exponent: [1, 0, 1])
        #expect(Hex.encode(rsa.subjectPublicKeyInfo) == KeyVectors.rsa2048)
        #expect(rsa.rsaModulus.map { Hex.encode($0) } == KeyVectors.rsa2048Modulus)
        #expect(rsa.rsaExponent == [1, 0, 1])
        #expect(rsa.kind == .rsa(bits: 2048))
    }

    @Test(arguments: [
        KeyVectors.compressed, KeyVectors.explicit, KeyVectors.rsa1024, KeyVectors.rsaExponent3,
        KeyVectors.rsaPSS, KeyVectors.p521, KeyVectors.ed25519, "", "00", "3000", "30",
    ])
    func `other keys and forms are refused`(text: String) {
        #expect(throws: CryptographyError.invalidPublicKey) {
            try PublicKey(subjectPublicKeyInfo: Hex.decode(text))
        }
    }

    @Test(arguments: [KeyVectors.p256, KeyVectors.p384, KeyVectors.rsa2048])
    func `no proper prefix and no longer string is a key`(text: String) throws {
        let der = try Hex.decode(text)
        for bent in Array(der.properPrefixes) + [der + [0], der + der] {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(subjectPublicKeyInfo: bent)
            }
        }
    }

    @Test(arguments: [KeyVectors.p256, KeyVectors.p384, KeyVectors.rsa2048])
    func `a flipped bit makes no key or another one`(text: String) throws {
        let der = try Hex.decode(text)
        var others = 0
        for bent in der.singleBitFlips {
            do throws(CryptographyError) {
                let key = try PublicKey(subjectPublicKeyInfo: bent)
                #expect(key.subjectPublicKeyInfo == bent)
                others += 1
            } catch {
                #expect(error == .invalidPublicKey)
            }
        }
        // A point with one bit flipped is off the curve; of a modulus only the lowest and highest bit are fixed.
        #expect(text == KeyVectors.rsa2048 ? others > 2000 : others == 0)
    }

    @Test func `a point off the curve or at infinity is refused`() throws {
        for (text, length) in [(KeyVectors.p256, 65), (KeyVectors.p384, 97)] {
            let der = try Hex.decode(text)
            let head = Array(der.dropLast(length))
            let zeros = [UInt8](repeating: 0, count: length - 1)
            let ones = [UInt8](repeating: 0xFF, count: length - 1)
            for point in [[4] + zeros, [0] + zeros, [4] + ones, [6] + der.suffix(length - 1)] {
                #expect(throws: CryptographyError.invalidPublicKey) {
                    try PublicKey(subjectPublicKeyInfo: head + point)
                }
            }
        }
    }

    @Test func `the DER of an RSA key is strict`() throws {
        let der = try Hex.decode(KeyVectors.rsa2048)
        // Without the NULL of the algorithm, and with a length in a longer form.
        let integers = Array(der.dropFirst(19))
        let bare: [UInt8] = [
            0x30, 0x82, 0x01, 0x20, 0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
            0x01, 0x01, 0x01,
        ]
        let long: [UInt8] = [0x30, 0x83, 0x00, 0x01, 0x22]
        for bent in [bare + integers, long + der.dropFirst(4)] {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(subjectPublicKeyInfo: bent)
            }
        }
    }

    @Test func `an RSA key's numbers are within bounds`() throws {
        let modulus = try Hex.decode(KeyVectors.rsa2048Modulus)
        let odd = { (count: Int) in [0x80] + [UInt8](repeating: 1, count: count - 1) }
        for exponent: [UInt8] in [
            [1, 0, 1], [1, 0, 3], [UInt8](repeating: 0xFF, count: 8),
        ] {
            let key = try PublicKey(rsaModulus: modulus, exponent: exponent)
            #expect(key.rsaExponent == exponent)
        }
        for exponent: [UInt8] in [
            [], [0], [1], [3], [0xFF, 0xFF], [1, 0, 0], [0, 1, 0, 1],
            [UInt8](repeating: 0xFF, count: 9),
        ] {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
        }
        for (count, bits) in [(256, 2048), (257, 2056), (1024, 8192)] {
            let key = try PublicKey(rsaModulus: odd(count), exponent: [1, 0, 1])
            #expect(key.kind == .rsa(bits: bits))
        }
        for bent in [
            [], [0] + modulus, Array(modulus.dropLast()) + [0x02], odd(255), odd(1025),
            [0x7F] + odd(255), [0x01] + odd(1024),
        ] {
            #expect(throws: CryptographyError.invalidPublicKey) {
                try PublicKey(rsaModulus: bent, exponent: [1, 0, 1])
            }
        }
    }

    @Test func `a certificate's key that nothing verifies with is known as such`() throws {
        let key = try #require(IssuedCards.certificate(IssuedCards.shortLeaf).publicKey)
        #expect(key.kind == .other)
        #expect(key.rsaModulus == nil)
        #expect(key.rsaExponent == nil)
        #expect(key.p256Point == nil)
        #expect(key.p384Point == nil)
        #expect(!key.subjectPublicKeyInfo.isEmpty)
    }

    @Test func `no scheme verifies under a key of another kind`() throws {
        let message = Array("sample".utf8)
        let p256 = try P256PrivateKey()
        let p384 = try P384PrivateKey()
        let rsa = try RSAPrivateKey(derRepresentation: Hex.decode(KeyVectors.rsaPrivate))
        let signatures: [(signature: [UInt8], scheme: SignatureScheme, key: PublicKey)] = [
            (try p256.signature(for: message), .ecdsaSHA256, p256.publicKey),
            (try p384.signature(for: message), .ecdsaSHA384, p384.publicKey),
            (try Hex.decode(KeyVectors.pkcs1Signature), .rsaPKCS1SHA256, rsa.publicKey),
            (try Hex.decode(KeyVectors.pssSignature), .rsaPSSSHA256, rsa.publicKey),
        ]
        let schemes: [SignatureScheme] = [
            .ecdsaSHA256, .ecdsaSHA384, .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPSSSHA256,
        ]
        for (signature, scheme, key) in signatures {
            for other in schemes {
                for holder in [p256.publicKey, p384.publicKey, rsa.publicKey] {
                    let isValid = holder.isValidSignature(signature, for: message, scheme: other)
                    #expect(isValid == (other == scheme && holder === key))
                }
            }
        }
        // A digest of the other length, signed by the right kind of key.
        let foreign = try p384.signature(forDigest: SHA384.hash(message))
        #expect(p384.publicKey.isValidSignature(foreign, for: message, scheme: .ecdsaSHA384))
    }
}
