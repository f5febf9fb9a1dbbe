import Cryptography
public import WebAuthn

/// A card's public key, checked and ready to verify with.
///
/// On P-256 or P-384, where the point lies on the curve; or RSA of 2048 to 4096 bits with an exponent that
/// ``PublicKey/Kind/rsa(bits:)`` allows.
public struct CardKey: Sendable {
    /// Which of the keys that a card may have.
    public enum Kind: Hashable, Sendable {
        /// On P-256.
        case p256
        /// On P-384.
        case p384
        /// RSA with a modulus of so many bits.
        case rsa(bits: Int)
    }

    /// The key as certificates carry it: the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    public let subjectPublicKeyInfo: [UInt8]
    /// SHA-256 of that, 32 bytes: what ``CardSignedMessage`` names the key by.
    public let identifier: [UInt8]
    /// Which key it is.
    public let kind: Kind
    private let key: PublicKey

    /// Decodes, checks and imports a key. Whether ``ROCA`` finds it weak is another question.
    public init(subjectPublicKeyInfo der: [UInt8]) throws(CardFailure) {
        let key: PublicKey
        do throws(CryptographyError) {
            key = try PublicKey(subjectPublicKeyInfo: der)
        } catch {
            throw .unsupportedKey
        }
        try self.init(key)
    }

    /// The key that a certificate carries; who signed the certificate, and whether it is in time, is not looked at.
    public init(certificate der: [UInt8]) throws(CardFailure) {
        let certificate: Certificate
        do throws(CryptographyError) {
            certificate = try Certificate(derRepresentation: der)
        } catch {
            throw .malformedCertificate
        }
        try self.init(certificate.publicKey)
    }

    /// Checks a key that a certificate carries.
    init(_ key: PublicKey?) throws(CardFailure) {
        guard let key else { throw .unsupportedKey }
        switch key.kind {
        case .p256: kind = .p256
        case .p384: kind = .p384
        case .rsa(let bits):
            guard (2048...4096).contains(bits) else { throw .unsupportedKey }
            kind = .rsa(bits: bits)
        case .other: throw .unsupportedKey
        }
        self.key = key
        subjectPublicKeyInfo = key.subjectPublicKeyInfo
        identifier = SHA256.hash(subjectPublicKeyInfo)
    }

    /// The algorithms that the key can make signatures of.
    public var algorithms: [COSEAlgorithm] {
        switch kind {
        case .p256: [.es256]
        case .p384: [.es384]
        case .rsa: [.rs256, .ps256]
        }
    }

    /// Whether `signature` over `message` verifies under this key.
    ///
    /// An algorithm that is not the key's makes it invalid: ES256 is for P-256 alone, ES384 for P-384. ECDSA signatures
    /// are the strict DER of `SEQUENCE { r, s }`, RSA ones as long as the modulus; PSS has a salt of 32 bytes.
    public func isValidSignature(
        _ signature: [UInt8], algorithm: COSEAlgorithm, for message: [UInt8]
    ) -> Bool {
        guard algorithms.contains(algorithm), let scheme = Self.scheme(of: algorithm) else {
            return false
        }
        return key.isValidSignature(signature, for: message, scheme: scheme)
    }

    private static func scheme(of algorithm: COSEAlgorithm) -> SignatureScheme? {
        switch algorithm {
        case .es256: .ecdsaSHA256
        case .es384: .ecdsaSHA384
        case .rs256: .rsaPKCS1SHA256
        case .ps256: .rsaPSSSHA256
        default: nil
        }
    }
}
