import Cryptography
import PIV

/// Who attests a card's keys: a root of the card's own, made with the card's state, and the certificate of slot F9 that
/// it issued. The root's private key is forgotten at once.
struct CardAttestation: Hashable, Sendable {
    /// DER; a server that trusts it accepts the card's attestations.
    let root: [UInt8]
    /// The certificate of slot F9, DER.
    let certificate: [UInt8]
    /// The scalar of the key in slot F9, on P-256.
    let privateKey: [UInt8]

    /// From 2024 to 2049: a software card is not meant to expire in the middle of a test.
    private static let validity = CertificateAuthority.Validity(
        notBefore: 1_704_067_200, notAfter: 2_524_607_999)

    private static func subject(_ commonName: String) -> CertificateAuthority.Subject {
        CertificateAuthority.Subject(
            country: "ZZ", organization: "Countersign",
            organizationalUnit: "Software Card Attestation", commonName: commonName)
    }

    /// A new root and a new key for slot F9.
    static func make(
        serialNumber: UInt32, random: RandomSource
    ) throws(CryptographyError) -> CardAttestation {
        let authority = try CertificateAuthority(
            subject: subject("Countersign Software Card Root"), key: try random.privateKey(),
            validity: validity)
        let key = try random.privateKey()
        let card = try authority.issueAuthority(
            to: subject("Countersign Software Card \(serialNumber)"), key: .p256(key),
            validity: validity)
        return CardAttestation(
            root: authority.certificate.derRepresentation,
            certificate: card.certificate.derRepresentation, privateKey: key.rawRepresentation)
    }

    /// A certificate, DER, that says of a key in a slot what is in `attestation`.
    func certificate(
        for key: CardPublicKey, _ attestation: SlotAttestation
    ) throws(CryptographyError) -> [UInt8] {
        let authority = CertificateAuthority(
            certificate: try Certificate(derRepresentation: certificate),
            key: try P256PrivateKey(rawRepresentation: privateKey))
        var profile = CertificateAuthority.Profile()
        profile.extensions = attestation.extensions.map { .init($0.oid, $0.value) }
        let issued = try authority.issue(
            to: Self.subject(attestation.commonName ?? ""), key: try key.publicKey,
            profile: profile, validity: Self.validity)
        return issued.derRepresentation
    }
}
