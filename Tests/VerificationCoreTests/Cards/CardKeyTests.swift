import Cryptography
import Encoding
import Testing
import TestSupport
import VerificationCore
import WebAuthn

struct CardKeyTests {
    @Test func `a key is named by the hash of its encoding`() throws {
        // The generator of P-256 as a key, and what `sha256sum` says of its SubjectPublicKeyInfo.
        let der = try Hex.decode(
            "3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f2"
                + "77037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ece"
                + "cbb6406837bf51f5")
        let key = try CardKey(subjectPublicKeyInfo: der)
        #expect(
            Hex.encode(key.identifier)
                == "5cd252fb0ce8932436faf8ccd1040981b89ee4ad6b9fe9e2a2b7e71aacb27cd3")
        #expect(key.subjectPublicKeyInfo == der)
        #expect(key.kind == .p256)
        #expect(key.algorithms == [.es256])
    }

    @Test func `each kind has its algorithms`() throws {
        let p384 = try CardKey(
            subjectPublicKeyInfo: CardScene.p384Key.get().publicKey.subjectPublicKeyInfo)
        #expect(p384.kind == .p384)
        #expect(p384.algorithms == [.es384])
        for (text, bits) in [
            (Moduli.sound2048A, 2048), (Moduli.weak3072, 3072), (Moduli.weak4096, 4096),
        ] {
            let rsa = try CardKey(
                subjectPublicKeyInfo: DER.rsaKey(
                    modulus: Hex.decode(text), exponent: [1, 0, 1]))
            #expect(rsa.kind == .rsa(bits: bits))
            #expect(rsa.algorithms == [.rs256, .ps256])
        }
    }

    @Test func `keys that a card may not have are refused`() throws {
        for der in try CardScene.unsupportedKeys() {
            #expect(throws: CardFailure.unsupportedKey) {
                try CardKey(subjectPublicKeyInfo: der)
            }
        }
    }

    @Test func `bytes that are no key, or more than one, are refused`() throws {
        let der = try CardScene.spki(CardScene.card)
        for prefix in der.properPrefixes {
            #expect(throws: CardFailure.unsupportedKey) {
                try CardKey(subjectPublicKeyInfo: prefix)
            }
        }
        #expect(throws: CardFailure.unsupportedKey) {
            try CardKey(subjectPublicKeyInfo: der + [0])
        }
        // A point off its curve, and one in compressed form.
        var off = der
        off[der.count - 1] ^= 1
        #expect(throws: CardFailure.unsupportedKey) { try CardKey(subjectPublicKeyInfo: off) }
        let compressed = AttestationCertificate.publicKey(
            curve: DER.Identifier.prime256v1, point: [0x02] + der[27..<59])
        #expect(throws: CardFailure.unsupportedKey) {
            try CardKey(subjectPublicKeyInfo: compressed)
        }
    }

    @Test func `a signature counts for its own algorithm alone`() throws {
        let message = Array("what is signed".utf8)
        let signers: [(CardSigner, COSEAlgorithm)] = [
            (.p256(try Scene.key(CardScene.card)), .es256),
            (.p384(try CardScene.p384Key.get()), .es384),
            (.rsa(try CardScene.rsaKey.get()), .rs256),
            (.rsa(try CardScene.rsaKey.get()), .ps256),
        ]
        let named: [COSEAlgorithm] = [
            .es256, .es384, .es512, .es256k, .eddsa, .rs256, .ps256, COSEAlgorithm(rawValue: 0),
        ]
        for (signer, algorithm) in signers {
            let key = try CardKey(subjectPublicKeyInfo: signer.publicKey.subjectPublicKeyInfo)
            let signature = try signer.signature(for: message, algorithm)
            for name in named {
                #expect(
                    key.isValidSignature(signature, algorithm: name, for: message)
                        == (name == algorithm), "\(algorithm.name) as \(name.name)")
            }
            #expect(!key.isValidSignature(signature, algorithm: algorithm, for: message + [0]))
        }
    }
}
