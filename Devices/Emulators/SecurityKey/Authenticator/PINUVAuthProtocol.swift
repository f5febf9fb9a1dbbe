import CTAP
import Cryptography

/// The authenticator's side of a PIN/UV auth protocol (CTAP 2.1 §6.5.6 and §6.5.7).
enum PINUVAuthProtocol: CaseIterable, Sendable {
    case one
    case two

    init?(_ number: PINUVAuthProtocolNumber) {
        switch number {
        case .one: self = .one
        case .two: self = .two
        default: return nil
        }
    }

    /// What both sides derive from the agreement. Secret.
    struct SharedSecret: Sendable {
        let hmacKey: [UInt8]
        let aesKey: [UInt8]
    }

    /// The secret that the client's key and ours lead to.
    func sharedSecret(
        ownKey: P256PrivateKey, peer: KeyAgreementKey
    ) throws(CryptographyError) -> SharedSecret {
        let abscissa = try ownKey.sharedSecret(with: PublicKey(p256X: peer.x, y: peer.y))
        switch self {
        case .one:
            let key = SHA256.hash(abscissa)
            return SharedSecret(hmacKey: key, aesKey: key)
        case .two:
            let salt = [UInt8](repeating: 0, count: 32)
            return SharedSecret(
                hmacKey: try HKDFSHA256.derive(
                    secret: abscissa, salt: salt, info: Array("CTAP2 HMAC key".utf8), length: 32),
                aesKey: try HKDFSHA256.derive(
                    secret: abscissa, salt: salt, info: Array("CTAP2 AES key".utf8), length: 32))
        }
    }

    /// Encrypts whole blocks of 16 bytes. Protocol two puts a random initialisation vector in front.
    func encrypt(
        _ plaintext: [UInt8], _ secret: SharedSecret, random: RandomSource
    ) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .one:
            return try AES256CBC.encrypt(
                plaintext, key: secret.aesKey,
                initializationVector: [UInt8](repeating: 0, count: 16))
        case .two:
            let vector = random.bytes(16)
            return vector
                + (try AES256CBC.encrypt(
                    plaintext, key: secret.aesKey, initializationVector: vector))
        }
    }

    /// Decrypts what the client encrypted. Refuses lengths that no client can have made.
    func decrypt(
        _ ciphertext: [UInt8], _ secret: SharedSecret
    ) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .one:
            guard !ciphertext.isEmpty else { throw .invalidLength }
            return try AES256CBC.decrypt(
                ciphertext, key: secret.aesKey,
                initializationVector: [UInt8](repeating: 0, count: 16))
        case .two:
            guard ciphertext.count > 16 else { throw .invalidLength }
            return try AES256CBC.decrypt(
                Array(ciphertext.dropFirst(16)), key: secret.aesKey,
                initializationVector: Array(ciphertext.prefix(16)))
        }
    }

    /// Whether `signature` is the client's code over `message`: 16 bytes in protocol one, 32 in two. Its time does not
    /// depend on the bytes.
    func verify(_ message: [UInt8], signature: [UInt8], key: [UInt8]) -> Bool {
        let code = HMACSHA256.authenticate(message, key: key)
        switch self {
        case .one: return ConstantTime.areEqual(Array(code.prefix(16)), signature)
        case .two: return ConstantTime.areEqual(code, signature)
        }
    }
}
