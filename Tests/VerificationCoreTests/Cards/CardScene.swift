import Cryptography
import Encoding
import PIV
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// What signs in these tests, as a card would.
enum CardSigner {
    case p256(P256PrivateKey)
    case p384(P384PrivateKey)
    case rsa(RSAPrivateKey)

    var publicKey: PublicKey {
        switch self {
        case .p256(let key): key.publicKey
        case .p384(let key): key.publicKey
        case .rsa(let key): key.publicKey
        }
    }

    /// The signature over `message`; for RSA the host pads the block that the card works on.
    func signature(for message: [UInt8], _ algorithm: COSEAlgorithm) throws -> [UInt8] {
        let digest = SHA256.hash(message)
        switch self {
        case .p256(let key): return try key.signature(for: message)
        case .p384(let key): return try key.signature(for: message)
        case .rsa(let key) where algorithm == .ps256:
            let salt = [UInt8](repeating: 0x5A, count: 32)
            return try key.privateOperation(
                block: RSAPadding.pssSHA256(
                    digest: digest, salt: salt, modulusBits: key.blockLength * 8))
        case .rsa(let key):
            return try key.privateOperation(
                block: RSAPadding.pkcs1SHA256(digest: digest, modulusLength: key.blockLength))
        }
    }
}

/// What a card signs, written field by field as the format is documented.
struct CardMessage {
    var purpose: UInt8
    var challenge = Scene.challenge
    var keyIdentifier: [UInt8]
    var relyingParty = "example.org"
    var user = "alice"

    init(purpose: UInt8, for key: PublicKey) {
        self.purpose = purpose
        keyIdentifier = SHA256.hash(key.subjectPublicKeyInfo)
    }

    func encoded() -> [UInt8] {
        var bytes = [UInt8](repeating: 0x20, count: 64)
        bytes += Array("countersign card signature, version 1".utf8) + [0, purpose]
        bytes += challenge + keyIdentifier
        bytes += [UInt8(relyingParty.utf8.count)] + Array(relyingParty.utf8)
        bytes += [UInt8(user.utf8.count)] + Array(user.utf8)
        return bytes
    }
}

/// What a client sends of the message beside the signature.
enum SentMessage: Sendable, CaseIterable {
    case none, signed
}

/// The authorities and keys of these tests.
enum CardScene {
    static let vendorRoot = 201 as UInt64
    static let device = 202 as UInt64
    static let issuerRoot = 203 as UInt64
    static let issuer = 204 as UInt64
    static let card = 205 as UInt64
    static let stranger = 206 as UInt64

    static let algorithms: [COSEAlgorithm] = [.es256, .es384, .ps256, .rs256]
    static let rsaKey = Result { try RSAPrivateKey() }
    static let p384Key = Result {
        try P384PrivateKey(rawRepresentation: [UInt8](repeating: 0x38, count: 48))
    }

    static func spki(_ seed: UInt64) throws -> [UInt8] {
        try Scene.key(seed).publicKey.subjectPublicKeyInfo
    }

    static func root(_ name: String, _ seed: UInt64) throws -> CardCertificate {
        CardCertificate(name, by: name, for: try spki(seed), [DER.authority, DER.authorityUsage])
    }

    static func anchor(_ name: String, _ seed: UInt64) throws -> Certificate {
        try Certificate(derRepresentation: root(name, seed).signed(by: Scene.key(seed)))
    }

    /// The card's own certificate, that of slot F9.
    static func deviceCertificate() throws -> CardCertificate {
        CardCertificate(
            "Example PIV Attestation", by: "Example Vendor Root", for: try spki(device),
            [DER.authority])
    }

    static func intermediate() throws -> CardCertificate {
        var certificate = CardCertificate(
            "Example Issuer", by: "Example Issuer Root", for: try spki(issuer),
            [DER.authority, DER.authorityUsage])
        certificate.serialNumber = [0x11]
        return certificate
    }

    /// The application's PIN alone satisfies the rules (SP 800-73-4 part 1 §3.3.2).
    static let discovery: [UInt8] = [
        0x4F, 0x0B, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00,
        0x5F, 0x2F, 0x02, 0x40, 0x00,
    ]

    /// Yubico's extensions: firmware 5.7.1, serial number 12 345 678, policies, form factor.
    static func attestationExtensions(pin: UInt8 = 2, touch: UInt8 = 1) -> [[UInt8]] {
        [
            DER.attribute("1.3.6.1.4.1.41482.3.3", [5, 7, 1]),
            DER.attribute("1.3.6.1.4.1.41482.3.7", [0x02, 0x04, 0x00, 0xBC, 0x61, 0x4E]),
            DER.attribute("1.3.6.1.4.1.41482.3.8", [pin, touch]),
            DER.attribute("1.3.6.1.4.1.41482.3.9", [3]),
        ]
    }

    static func lists(
        revoked: [[UInt8]] = [], revokedByRoot: [[UInt8]] = []
    ) throws -> [RevocationList] {
        [
            try CardRevocationList(issuer: "Example Issuer", revoked: revoked)
                .signed(by: Scene.key(issuer)),
            try CardRevocationList(issuer: "Example Issuer Root", revoked: revokedByRoot)
                .signed(by: Scene.key(issuerRoot)),
        ]
    }
}
