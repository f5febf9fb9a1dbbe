import Cryptography
public import WebAuthn

/// A credential's public key, checked and ready to verify with. For a key on a curve: its point lies on it.
public struct CredentialKey: Sendable {
    /// The key as it was registered.
    public let coseKey: COSEKey
    private let key: PublicKey
    private let scheme: SignatureScheme

    /// Checks and imports a key; the import costs as much as a few verifications, so keep what it yields.
    public init(_ coseKey: COSEKey) throws(CeremonyFailure) {
        self.coseKey = coseKey
        do throws(CryptographyError) {
            switch coseKey {
            case .es256(let x, let y):
                key = try PublicKey(p256X: x, y: y)
                scheme = .ecdsaSHA256
            }
        } catch {
            throw .invalidPublicKey
        }
    }

    /// Whether `signature` over `message` verifies under this key.
    public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        key.isValidSignature(signature, for: message, scheme: scheme)
    }
}
