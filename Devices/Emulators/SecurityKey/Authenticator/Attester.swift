import Cryptography
import WebAuthn

/// Makes packed attestation statements (WebAuthn Level 3 §8.2).
struct Attester {
    private let key: P256PrivateKey
    private let certificates: [[UInt8]]

    /// Attests with a certificate.
    init(_ signer: AttestationIdentity.Signer) throws(CryptographyError) {
        key = try P256PrivateKey(rawRepresentation: signer.privateKey)
        certificates = [signer.certificate]
    }

    /// Attests with the credential's own key.
    init(credentialKey: P256PrivateKey) {
        key = credentialKey
        certificates = []
    }

    /// A statement over authenticator data and client data hash.
    func statement(
        authenticatorData: [UInt8], clientDataHash: [UInt8]
    ) throws(CryptographyError) -> PackedAttestation {
        PackedAttestation(
            algorithm: .es256,
            signature: try key.signature(for: authenticatorData + clientDataHash),
            certificates: certificates)
    }
}
