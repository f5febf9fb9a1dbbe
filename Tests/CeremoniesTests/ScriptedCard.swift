import Cryptography
import PIV
import VerificationCore
import WebAuthn

/// A card's key on P-256 that signs what a test wants, with whatever vouches for it.
struct ScriptedCard {
    /// The fake clock's start, in seconds.
    static let start: Int64 = 1_790_000_000

    /// An authority at the top, and all that is below it, valid a day around the start.
    static func authority(_ name: String) throws -> CertificateAuthority {
        try CertificateAuthority(
            subject: ["CN": name], key: P256PrivateKey(), validity: day)
    }

    static let day = CertificateAuthority.Validity(
        notBefore: start - 43_200, notAfter: start + 43_200)

    let key: P256PrivateKey
    let evidence: CardEvidence
    let slot: PIVSlot
    let identifier: CredentialID

    /// A key that a card of `maker`'s made and attests.
    init(
        madeBy maker: CertificateAuthority, slot: PIVSlot = .authentication,
        pinPolicy: PINPolicy = .once, firmware: CardFirmware? = nil
    ) throws {
        key = try P256PrivateKey()
        self.slot = slot
        let card = try maker.issueAuthority(
            to: ["CN": "A card"], key: .p256(P256PrivateKey()), validity: Self.day)
        let statement = SlotAttestation(
            slot: slot, firmware: firmware ?? CardFirmware(major: 5, minor: 7, patch: 1),
            serialNumber: 4711, pinPolicy: pinPolicy, touchPolicy: .never, formFactor: 1,
            isFIPSCertified: false)
        var profile = CertificateAuthority.Profile()
        profile.extensions = statement.extensions.map { .init($0.oid, $0.value) }
        let attestation = try card.issue(
            to: ["CN": statement.commonName ?? ""], key: key.publicKey, profile: profile,
            validity: Self.day)
        evidence = .attested(
            attestation: attestation.derRepresentation,
            intermediates: [card.certificate.derRepresentation])
        identifier = try Self.identifier(of: key)
    }

    /// A key that `issuer` issued a certificate for, to `user` at example.org.
    init(
        issuedBy issuer: CertificateAuthority, to user: String, serialNumber: [UInt8] = [7],
        validity: CertificateAuthority.Validity = day
    ) throws {
        key = try P256PrivateKey()
        slot = .authentication
        var profile = CertificateAuthority.Profile()
        profile.keyUsage = .digitalSignature
        profile.userPrincipalNames = ["\(user)@example.org"]
        profile.serialNumber = serialNumber
        let certificate = try issuer.issue(
            to: ["CN": user], key: key.publicKey, profile: profile, validity: validity)
        evidence = .issued(
            certificate: certificate.derRepresentation, attestation: nil, intermediates: [],
            // A PIV application whose PIN is used (SP 800-73-4 part 1, table 18).
            discovery: [
                0x4F, 0x0B, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01,
                0x00, 0x5F, 0x2F, 0x02, 0x40, 0x00,
            ])
        identifier = try Self.identifier(of: key)
    }

    private static func identifier(of key: P256PrivateKey) throws -> CredentialID {
        try CredentialID(bytes: SHA256.hash(key.publicKey.subjectPublicKeyInfo))
    }

    /// The message that an honest card signs.
    func message(
        _ purpose: CardSignedMessage.Purpose, _ challenge: [UInt8], user: String = "alice",
        at relyingParty: String = "example.org"
    ) throws -> [UInt8] {
        try CardSignedMessage(
            purpose: purpose, challenge: challenge, relyingPartyID: relyingParty, user: user,
            keyIdentifier: identifier.bytes
        ).encoded()
    }

    /// The card's part of an enrolment.
    func register(_ challenge: [UInt8], user: String = "alice") throws -> CardRegistrationResponse {
        let message = try message(.registration, challenge, user: user)
        return CardRegistrationResponse(
            slot: slot, algorithm: .es256, signature: try key.signature(for: message),
            message: message, evidence: evidence)
    }

    /// The signature over an honest message.
    func sign(_ challenge: [UInt8], user: String = "alice") throws -> [UInt8] {
        try key.signature(for: message(.authentication, challenge, user: user))
    }
}
