import Cryptography
import WebAuthn

/// Who signs a software key's attestations: a root of its own, made with the key's state, and the batch and
/// enterprise certificates that it issued. The root's private key is forgotten at once.
struct AttestationIdentity: Hashable, Sendable {
    /// A certificate and its private key.
    struct Signer: Hashable, Sendable {
        let certificate: [UInt8]
        let privateKey: [UInt8]
    }

    /// DER; a server that trusts it accepts the key's attestations.
    let rootCertificate: [UInt8]
    /// Signs attestations that do not tell one key from another.
    let batch: Signer
    /// Signs enterprise attestations; its certificate carries the serial number.
    let enterprise: Signer

    /// From 2024 to 2049: a software key is not meant to expire in the middle of a test.
    private static let validity = CertificateAuthority.Validity(
        notBefore: 1_704_067_200, notAfter: 2_524_607_999)

    private static func subject(_ unit: String, _ name: String) -> CertificateAuthority.Subject {
        CertificateAuthority.Subject(
            country: "ZZ", organization: "Countersign", organizationalUnit: unit, commonName: name)
    }

    /// A new identity.
    static func make(random: RandomSource) throws(CryptographyError) -> AttestationIdentity {
        let authority = try CertificateAuthority(
            subject: subject("Software Attestation Root", "Countersign Software Key Root"),
            key: try random.privateKey(), validity: validity)
        let serial = random.bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
        return AttestationIdentity(
            rootCertificate: authority.certificate.derRepresentation,
            batch: try signer("Countersign Software Key Batch", authority, random),
            enterprise: try signer("Countersign Software Key \(serial)", authority, random))
    }

    private static func signer(
        _ name: String, _ authority: CertificateAuthority, _ random: RandomSource
    ) throws(CryptographyError) -> Signer {
        let key = try random.privateKey()
        let certificate = try authority.issue(
            to: subject("Authenticator Attestation", name), key: key.publicKey,
            aaguid: SoftwareSecurityKey.Model.aaguid.bytes, validity: validity)
        return Signer(
            certificate: certificate.derRepresentation, privateKey: key.rawRepresentation)
    }
}
