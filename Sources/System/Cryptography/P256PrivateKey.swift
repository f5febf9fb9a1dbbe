/// A private key on P-256, for the software authenticators, their certificates and tests.
///
/// Signing and key agreement are OpenSSL's and constant-time.
public final class P256PrivateKey: Sendable {
    let handle: KeyHandle

    /// The scalar: 32 bytes, big-endian. Secret.
    public let rawRepresentation: [UInt8]

    /// The public half.
    public let publicKey: PublicKey

    /// A fresh random key.
    public convenience init() throws(CryptographyError) {
        // A random 32-byte string is out of range once in 2^32 times.
        while true {
            do {
                try self.init(rawRepresentation: SecureRandom.bytes(32))
                return
            } catch .invalidPrivateKey {
                continue
            }
        }
    }

    /// The key with this scalar: 32 bytes, big-endian, from 1 to the order of the group less one.
    public init(rawRepresentation scalar: [UInt8]) throws(CryptographyError) {
        let point = try KeyHandle.publicPoint(on: .p256, of: scalar)
        handle = try KeyHandle.onCurve(.p256, point: point, scalar: scalar)
        publicKey = try PublicKey(p256Point: point)
        rawRepresentation = scalar
    }

    /// Signs `message` with ECDSA over SHA-256; the signature is DER, 70 to 72 bytes as a rule.
    public func signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try handle.signature(forDigest: SHA256.hash(message))
    }

    /// Signs a digest of 32 bytes that another made, as a card does; the signature is DER.
    public func signature(forDigest digest: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard digest.count == 32 else { throw .invalidLength }
        return try handle.signature(forDigest: digest)
    }

    /// The abscissa that both sides of a Diffie-Hellman agreement reach: 32 bytes. Secret.
    public func sharedSecret(with peer: PublicKey) throws(CryptographyError) -> [UInt8] {
        try handle.sharedSecret(with: peer.handle, length: 32)
    }
}
