/// A private key on P-384, for the software card, its certificates and tests.
///
/// Signing and key agreement are OpenSSL's and constant-time.
public final class P384PrivateKey: Sendable {
    let handle: KeyHandle

    /// The scalar: 48 bytes, big-endian. Secret.
    public let rawRepresentation: [UInt8]

    /// The public half.
    public let publicKey: PublicKey

    /// A fresh random key.
    public convenience init() throws(CryptographyError) {
        // A random 48-byte string is practically never out of range: the order begins with 24 bytes of FF.
        while true {
            do {
                try self.init(rawRepresentation: SecureRandom.bytes(48))
                return
            } catch .invalidPrivateKey {
                continue
            }
        }
    }

    /// The key with this scalar: 48 bytes, big-endian, from 1 to the order of the group less one.
    public init(rawRepresentation scalar: [UInt8]) throws(CryptographyError) {
        let point = try KeyHandle.publicPoint(on: .p384, of: scalar)
        handle = try KeyHandle.onCurve(.p384, point: point, scalar: scalar)
        publicKey = try PublicKey(p384Point: point)
        rawRepresentation = scalar
    }

    /// Signs `message` with ECDSA over SHA-384; the signature is DER, 102 to 104 bytes as a rule.
    public func signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try handle.signature(forDigest: SHA384.hash(message))
    }

    /// Signs a digest of 48 bytes that another made, as a card does; the signature is DER.
    public func signature(forDigest digest: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard digest.count == 48 else { throw .invalidLength }
        return try handle.signature(forDigest: digest)
    }

    /// The abscissa that both sides of a Diffie-Hellman agreement reach: 48 bytes. Secret.
    public func sharedSecret(with peer: PublicKey) throws(CryptographyError) -> [UInt8] {
        try handle.sharedSecret(with: peer.handle, length: 48)
    }
}
