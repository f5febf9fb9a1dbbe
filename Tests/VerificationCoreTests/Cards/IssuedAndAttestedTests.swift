import Cryptography
import PIV
import Testing
import VerificationCore
import WebAuthn

/// Keys that have a certificate and that the card attests besides.
struct IssuedAndAttestedTests {
    /// An issued key whose card attests it with a PIN policy, signed by its device and its maker or by strangers.
    private func enrolment(
        pin: PINPolicy = .once, slot: String = "9a", key: [UInt8]? = nil, isTrusted: Bool = true
    ) throws -> CardEnrolment {
        var enrolment = try CardEnrolment(.issued)
        var papers = try CardPapers.attestation(
            of: key ?? enrolment.signer.publicKey.subjectPublicKeyInfo)
        papers.certificate.extensions = CardScene.attestationExtensions(pin: pin.rawValue)
        papers.certificate.subject[0].value = "YubiKey PIV Attestation \(slot)"
        enrolment.attestation = try papers.encoded()
        enrolment.papers.intermediates += papers.intermediates
        if !isTrusted { enrolment.settings.attestationAnchors = [] }
        return enrolment
    }

    /// The same with a certificate that the key's owner made.
    private func selfSigned(pin: PINPolicy = .once) throws -> CardEnrolment {
        var enrolment = try enrolment(pin: pin)
        enrolment.papers.certificate = CardCertificate(
            "SSH key", by: "SSH key", for: enrolment.signer.publicKey.subjectPublicKeyInfo)
        enrolment.papers.signer = try Scene.key(CardScene.card)
        return enrolment
    }

    @Test func `a trusted attestation states the PIN policy, whatever the discovery object says`()
        throws
    {
        var free = try enrolment(pin: .never)
        #expect(throws: CardFailure.userNotVerified) { try free.verify() }
        free.userVerification = .preferred
        let registration = try free.verify()
        #expect(registration.basis == .certificate)
        #expect(registration.pinEvidence == .attested(.never))
        #expect(!registration.isPINRequired)

        var silent = try enrolment(pin: .once)
        silent.discovery = nil
        #expect(try silent.verify().isPINRequired)
    }

    @Test func `what a trusted attestation states of the card is reported`() throws {
        let enrolment = try enrolment()
        let registration = try enrolment.verify()
        #expect(registration.attestation?.serialNumber == 12_345_678)
        let root = try #require(enrolment.settings.attestationAnchors.first)
        #expect(registration.attestationRoot == SHA256.hash(root.derRepresentation))
    }

    @Test func `an attestation that nobody vouches for can only speak against the PIN`() throws {
        var free = try enrolment(pin: .never, isTrusted: false)
        free.userVerification = .preferred
        #expect(try free.verify().pinEvidence == .none)

        let bound = try enrolment(pin: .once, isTrusted: false).verify()
        #expect(bound.pinEvidence == .discovered)
        #expect(bound.attestationRoot == nil)

        var silent = try enrolment(pin: .once, isTrusted: false)
        silent.discovery = nil
        #expect(throws: CardFailure.userNotVerified) { try silent.verify() }
    }

    @Test func `an attestation of another key or slot is refused`() throws {
        let other = try Scene.key(CardScene.stranger).publicKey.subjectPublicKeyInfo
        #expect(throws: CardFailure.wrongKey) { try enrolment(key: other).verify() }
        #expect(throws: CardFailure.attestationSlotMismatch(.signature)) {
            try enrolment(slot: "9c").verify()
        }
    }

    @Test func `beside a certificate that its owner made the attestation counts alone`() throws {
        let registration = try selfSigned().verify()
        #expect(registration.basis == .attestation)
        #expect(registration.isTrusted)
        #expect(registration.pinEvidence == .attested(.once))
        #expect(throws: CardFailure.userNotVerified) { try selfSigned(pin: .never).verify() }

        var stranger = try selfSigned()
        stranger.settings.attestationAnchors = []
        #expect(throws: CardFailure.attestationNotTrusted) { try stranger.verify() }
        var alone = try selfSigned()
        alone.attestation = nil
        alone.settings.subject = SubjectRule(source: .commonName)
        alone.user = "SSH key"
        alone.message.user = "SSH key"
        #expect(throws: CardFailure.certificateNotTrusted) { try alone.verify() }
    }

    @Test func `an issuer's no is not outweighed by an attestation`() throws {
        var revoked = try enrolment()
        revoked.settings.revocation = .required(
            lists: try CardScene.lists(revoked: [revoked.papers.certificate.serialNumber]))
        #expect(throws: CardFailure.certificateRevoked) { try revoked.verify() }

        var another = try enrolment()
        another.user = "bob"
        another.message.user = "bob"
        #expect(throws: CardFailure.wrongSubject) { try another.verify() }

        var expired = try enrolment()
        expired.papers.certificate.notAfter = "20251231235959Z"
        #expect(throws: CardFailure.certificateExpired) { try expired.verify() }
    }

    @Test(arguments: [
        (["1.3.6.1.5.5.7.3.1"], false), (["1.3.6.1.5.5.7.3.4"], false),
        (["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], true),
    ])
    func `an authority that may not issue for signing in issues nobody's sign-in`(
        usages: [String], isAllowed: Bool
    ) throws {
        var enrolment = try CardEnrolment(.issued)
        var authority = try CardScene.intermediate()
        authority.extensions.append(DER.extendedKeyUsage(usages))
        enrolment.papers.intermediates = [
            try authority.signed(by: Scene.key(CardScene.issuerRoot))
        ]
        if isAllowed {
            try enrolment.verify()
        } else {
            #expect(throws: CardFailure.certificateNotForAuthentication(.extendedKeyUsage)) {
                try enrolment.verify()
            }
        }
    }

    @Test func `of anchors below each other the topmost is whose word it is`() throws {
        var enrolment = try CardEnrolment(.attested)
        let root = try #require(enrolment.settings.attestationAnchors.first)
        let device = try Certificate(
            derRepresentation: #require(enrolment.papers.intermediates.first))
        // The card does not bring what is configured.
        enrolment.papers.intermediates = []
        enrolment.settings.attestationAnchors = [device, root]
        #expect(
            try enrolment.verify().attestationRoot == SHA256.hash(root.derRepresentation))
        enrolment.settings.attestationAnchors = [device]
        #expect(
            try enrolment.verify().attestationRoot == SHA256.hash(device.derRepresentation))
    }
}
