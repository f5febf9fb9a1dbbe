import Cryptography
import PIV
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// Keys that a card attests to have made.
struct AttestedCardTests {
    @Test func `the attestation's facts are reported`() throws {
        let registration = try CardEnrolment(.attested).verify()
        let attestation = try #require(registration.attestation)
        #expect(attestation.slot == .authentication)
        #expect(attestation.firmware.description == "5.7.1")
        #expect(attestation.serialNumber == 12_345_678)
        #expect(attestation.pinPolicy == .once)
        #expect(attestation.touchPolicy == .never)
        #expect(attestation.formFactor == 3)
        #expect(registration.pinEvidence == .attested(.once))
        #expect(registration.subject == "CN=YubiKey PIV Attestation 9a")
    }

    @Test(arguments: [
        (PINPolicy.never, false), (.once, true), (.always, true), (.matchOnce, true),
        (.matchAlways, true),
    ])
    func `the attested policy says whether the PIN is needed`(
        policy: PINPolicy, isPINRequired: Bool
    ) throws {
        var enrolment = try CardEnrolment(.attested)
        enrolment.papers.certificate.extensions = CardScene.attestationExtensions(
            pin: policy.rawValue)
        enrolment.userVerification = .preferred
        let registration = try enrolment.verify()
        #expect(registration.pinEvidence == .attested(policy))
        #expect(registration.isPINRequired == isPINRequired)
        enrolment.userVerification = .required
        if isPINRequired {
            try enrolment.verify()
        } else {
            #expect(throws: CardFailure.userNotVerified) { try enrolment.verify() }
        }
    }

    @Test func `the policy counts and not the slot's habit`() throws {
        // A key in 9E may be made so that it wants the PIN.
        var enrolment = try CardEnrolment(.attested)
        enrolment.slot = .cardAuthentication
        enrolment.papers.certificate.subject[0].value = "YubiKey PIV Attestation 9e"
        #expect(try enrolment.verify().isPINRequired)
    }

    @Test(arguments: [
        ("YubiKey PIV Attestation 9c", PIVSlot.signature), ("YubiKey PIV Attestation 9", nil),
        ("YubiKey PIV Attestation", nil), ("9a", nil), ("YubiKey PIV Attestation 9a 9c", nil),
        ("YubiKey OPGP Attestation 9a", nil), ("YubiKey PIV Attestation f9", .attestation),
    ])
    func `an attestation of another slot or of none is refused`(
        name: String, slot: PIVSlot?
    ) throws {
        try CardEnrolment.expect(.attestationSlotMismatch(slot), [.attested]) {
            $0.papers.certificate.subject[0].value = name
        }
    }

    @Test func `the slot that the client claims must be the attested one`() throws {
        try CardEnrolment.expect(.attestationSlotMismatch(.authentication), [.attested]) {
            $0.slot = .signature
        }
    }

    @Test func `an attestation with two names is one of no slot`() throws {
        try CardEnrolment.expect(.attestationSlotMismatch(nil), [.attested]) {
            $0.papers.certificate.subject.append(
                (CardCertificate.commonName, "YubiKey PIV Attestation 9a"))
        }
    }

    @Test func `an attestation of another key is refused`() throws {
        let other = try CardScene.spki(CardScene.stranger)
        try CardEnrolment.expect(.wrongKey, [.attested]) {
            $0.papers.certificate.publicKey = other
        }
        try CardEnrolment.expect(.invalidSignature, [.attested]) {
            $0.papers.certificate.publicKey = other
            $0.sent = .none
        }
    }

    @Test func `bytes that are no certificates are refused`() throws {
        try CardEnrolment.expect(.malformedAttestation, [.attested]) {
            $0.papers.bend = { _ in [] }
        }
        try CardEnrolment.expect(.malformedAttestation, [.attested]) {
            $0.papers.bend = { $0 + [0] }
        }
        try CardEnrolment.expect(.malformedAttestation, [.attested]) {
            $0.papers.intermediates = [[0x30, 0x00]]
        }
    }

    @Test func `a certificate that states nothing is no attestation`() throws {
        try CardEnrolment.expect(.malformedAttestation, [.attested]) {
            $0.papers.certificate.extensions = []
        }
        for missing in 0...2 where missing != 1 {
            try CardEnrolment.expect(.malformedAttestation, [.attested]) {
                $0.papers.certificate.extensions.remove(at: missing)
            }
        }
        for pin in [0, 6] as [UInt8] {
            try CardEnrolment.expect(.malformedAttestation, [.attested]) {
                $0.papers.certificate.extensions = CardScene.attestationExtensions(pin: pin)
            }
        }
        // A certificate that an organisation issued, say.
        try CardEnrolment.expect(.malformedAttestation, [.attested]) {
            $0.papers = try .certificate(for: CardScene.spki(CardScene.card))
        }
    }

    @Test func `an attestation that another signed is refused by either policy`() throws {
        for policy in AttestationVerifier.Policy.allCases {
            try CardEnrolment.expect(.invalidAttestationSignature, [.attested]) {
                $0.settings.attestation = policy
                $0.papers.signer = try Scene.key(CardScene.stranger)
            }
            try CardEnrolment.expect(.invalidAttestationSignature, [.attested]) {
                $0.settings.attestation = policy
                $0.papers.intermediates = []
            }
        }
    }

    @Test func `no certificate vouches for itself`() throws {
        for policy in AttestationVerifier.Policy.allCases {
            // Signed by nobody who counts, and sent a second time as its own signer: the same bytes, for no two
            // signatures are alike.
            try CardEnrolment.expect(.invalidAttestationSignature, [.attested]) {
                $0.settings.attestation = policy
                $0.papers.signer = try Scene.key(CardScene.stranger)
                let forged = try $0.papers.encoded()
                $0.papers.bend = { _ in forged }
                $0.papers.intermediates = [forged]
            }
            // The same certificate in other bytes: its outermost length takes one more.
            try CardEnrolment.expect(.invalidAttestationSignature, [.attested]) {
                $0.settings.attestation = policy
                $0.papers.signer = try Scene.key(CardScene.stranger)
                let forged = try $0.papers.encoded()
                #expect(forged.starts(with: [0x30, 0x82]))
                $0.papers.bend = { _ in [0x30, 0x83, 0x00] + forged.dropFirst(2) }
                $0.papers.intermediates = [forged]
            }
            // Signed by the attested key.
            try CardEnrolment.expect(.invalidAttestationSignature, [.attested]) {
                let name = "YubiKey PIV Attestation 9a"
                $0.settings.attestation = policy
                $0.papers.signer = try Scene.key(CardScene.card)
                $0.papers.certificate.issuer = [(CardCertificate.commonName, name)]
                $0.papers.certificate.extensions += [DER.authority]
                let forged = try $0.papers.encoded()
                $0.papers.bend = { _ in forged }
                $0.papers.intermediates = [forged]
            }
        }
    }

    @Test func `a key that a card attested cannot attest others`() throws {
        // The card truly attests the stranger's key, which then signs an attestation of a key of no card's.
        let genuine = try CardPapers.attestation(of: CardScene.spki(CardScene.stranger))
        for policy in AttestationVerifier.Policy.allCases {
            try CardEnrolment.expect(.invalidAttestationSignature, [.attested]) {
                $0.settings.attestation = policy
                $0.papers.certificate.issuer = genuine.certificate.subject
                $0.papers.signer = try Scene.key(CardScene.stranger)
                $0.papers.intermediates.insert(try genuine.encoded(), at: 0)
            }
        }
    }

    @Test func `an attestation that leads to no root is refused by policy`() throws {
        try CardEnrolment.expect(.attestationNotTrusted, [.attested]) {
            $0.settings.attestationAnchors = []
        }
        try CardEnrolment.expect(.attestationNotTrusted, [.attested]) {
            $0.settings.attestationAnchors = $0.settings.issuers
        }
        // A root of the right name with another key.
        try CardEnrolment.expect(.attestationNotTrusted, [.attested]) {
            $0.settings.attestationAnchors = [
                try CardScene.anchor("Example Vendor Root", CardScene.stranger)
            ]
        }
    }

    @Test func `the anchor that the attestation leads to is named, among several`() throws {
        var enrolment = try CardEnrolment(.attested)
        let anchor = try #require(enrolment.settings.attestationAnchors.first)
        enrolment.settings.attestationAnchors = enrolment.settings.issuers + [anchor]
        #expect(
            try enrolment.verify().attestationRoot == SHA256.hash(anchor.derRepresentation))
        enrolment.settings.attestationAnchors = []
        enrolment.settings.attestation = .any
        enrolment.userVerification = .preferred
        #expect(try enrolment.verify().attestationRoot == nil)
        #expect(try CardEnrolment(.issued).verify().attestationRoot == nil)
    }

    @Test func `where any attestation will do, one that leads nowhere proves no PIN`() throws {
        var enrolment = try CardEnrolment(.attested)
        enrolment.settings.attestation = .any
        enrolment.settings.attestationAnchors = []
        enrolment.userVerification = .preferred
        let registration = try enrolment.verify()
        #expect(!registration.isTrusted)
        #expect(registration.pinEvidence == .none)
        #expect(!registration.isPINRequired)
        #expect(registration.attestation?.pinPolicy == .once)
        enrolment.userVerification = .required
        #expect(throws: CardFailure.userNotVerified) { try enrolment.verify() }
    }

    @Test func `where any attestation will do, one that leads to a root is still trusted`() throws {
        var enrolment = try CardEnrolment(.attested)
        enrolment.settings.attestation = .any
        let registration = try enrolment.verify()
        #expect(registration.isTrusted)
        #expect(registration.pinEvidence == .attested(.once))
    }

    @Test func `the card's own certificate may be the anchor`() throws {
        var enrolment = try CardEnrolment(.attested)
        let device = try #require(enrolment.papers.intermediates.first)
        enrolment.settings.attestationAnchors = [try Certificate(derRepresentation: device)]
        enrolment.papers.intermediates = []
        #expect(try enrolment.verify().isTrusted)
    }

    @Test func `authorities may stand between the card's certificate and the root`() throws {
        var enrolment = try CardEnrolment(.attested)
        let between = CardCertificate(
            "Example Batch", by: "Example Vendor Root", for: try CardScene.spki(207),
            [DER.authority, DER.authorityUsage])
        var device = try CardScene.deviceCertificate()
        device.issuer = between.subject
        enrolment.papers.intermediates = [
            try between.signed(by: Scene.key(CardScene.vendorRoot)),
            try device.signed(by: Scene.key(207)),
        ]
        #expect(try enrolment.verify().isTrusted)
        enrolment.papers.intermediates.removeFirst()
        #expect(throws: CardFailure.attestationNotTrusted) { try enrolment.verify() }
    }

    @Test func `authorities that sign each other in a circle lead nowhere`() throws {
        let circle = try CardScene.circle("Example PIV Attestation", CardScene.device)
        try CardEnrolment.expect(.attestationNotTrusted, [.attested]) {
            $0.papers.intermediates = circle
        }
    }

    @Test func `times of the attestation and of the card's certificate are kept`() throws {
        try CardEnrolment.expect(.certificateExpired, [.attested]) {
            $0.papers.certificate.notAfter = "20251231235959Z"
        }
        try CardEnrolment.expect(.certificateNotYetValid, [.attested]) {
            $0.papers.certificate.notBefore = "20260101000001Z"
        }
        for policy in AttestationVerifier.Policy.allCases {
            try CardEnrolment.expect(.certificateExpired, [.attested]) {
                var device = try CardScene.deviceCertificate()
                device.notAfter = "20251231235959Z"
                $0.settings.attestation = policy
                $0.papers.intermediates = [
                    try device.signed(by: Scene.key(CardScene.vendorRoot))
                ]
            }
        }
        try CardEnrolment.expect(.certificateExpired, [.attested]) {
            var root = try CardScene.root("Example Vendor Root", CardScene.vendorRoot)
            root.notAfter = "20251231235959Z"
            $0.settings.attestationAnchors = [
                try Certificate(
                    derRepresentation: root.signed(by: Scene.key(CardScene.vendorRoot)))
            ]
        }
    }

    @Test func `issuers' lists and rules say nothing of attested keys`() throws {
        var enrolment = try CardEnrolment(.attested)
        enrolment.settings.issuers = []
        enrolment.settings.revocation = .required(lists: [])
        enrolment.settings.subject = nil
        try enrolment.verify()
    }
}
