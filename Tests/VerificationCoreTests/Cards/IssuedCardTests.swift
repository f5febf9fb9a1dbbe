import Cryptography
import PIV
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// Keys that an organisation's authority issued certificates for.
struct IssuedCardTests {
    @Test func `the certificate's facts are reported`() throws {
        let registration = try CardEnrolment(.issued).verify()
        #expect(registration.attestation == nil)
        #expect(registration.isTrusted)
        #expect(registration.pinEvidence == .discovered)
        #expect(registration.subject == "CN=Alice Example")
    }

    // What it is for.

    @Test func `without extensions a certificate allows everything but names nobody`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.papers.certificate.extensions = []
        enrolment.settings.subject = SubjectRule(source: .commonName)
        enrolment.user = "Alice Example"
        enrolment.message.user = "Alice Example"
        try enrolment.verify()
    }

    @Test(
        arguments: [
            ["1.3.6.1.5.5.7.3.2"], ["1.3.6.1.4.1.311.20.2.2"], ["2.5.29.37.0"],
            ["1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"],
        ])
    func `an extended key usage that allows signing in will do`(usages: [String]) throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.papers.certificate.extensions[2] = DER.extendedKeyUsage(usages)
        try enrolment.verify()
    }

    @Test(
        arguments: [
            // Server authentication, mail, PIV card authentication, and a longer form of client authentication.
            ["1.3.6.1.5.5.7.3.1"], ["1.3.6.1.5.5.7.3.4"], ["2.16.840.1.101.3.6.8"],
            ["1.3.6.1.5.5.7.3.2.1"], ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"],
        ])
    func `an extended key usage that does not is refused`(usages: [String]) throws {
        try CardEnrolment.expect(.certificateNotForAuthentication(.extendedKeyUsage), [.issued]) {
            $0.papers.certificate.extensions[2] = DER.extendedKeyUsage(usages)
        }
    }

    @Test(
        arguments: [
            // keyEncipherment, contentCommitment, keyCertSign, decipherOnly.
            [0x03, 0x02, 0x05, 0x20], [0x03, 0x02, 0x06, 0x40], [0x03, 0x02, 0x02, 0x04],
            [0x03, 0x03, 0x07, 0x00, 0x80],
        ] as [[UInt8]])
    func `a key usage without digitalSignature is refused`(usage: [UInt8]) throws {
        try CardEnrolment.expect(.certificateNotForAuthentication(.keyUsage), [.issued]) {
            $0.papers.certificate.extensions[1] = DER.keyUsage(usage)
        }
    }

    @Test func `an authority's certificate is none to sign in with`() throws {
        try CardEnrolment.expect(.certificateNotForAuthentication(.basicConstraints), [.issued]) {
            $0.papers.certificate.extensions[0] = DER.authority
        }
    }

    @Test(
        arguments: [
            (0, DER.attribute("2.5.29.19", [0x05, 0x00])),
            (1, DER.keyUsage([0x05, 0x00])), (1, DER.keyUsage([])),
            (1, DER.keyUsage([0x03, 0x01, 0x00])),
            (2, DER.attribute("2.5.29.37", [])), (2, DER.attribute("2.5.29.37", [0x05, 0x00])),
            (2, DER.attribute("2.5.29.37", [0x30, 0x03, 0x06, 0x02, 0x2A])),
        ] as [(Int, [UInt8])])
    func `an extension that cannot be read allows nothing`(
        place: Int, extension malformed: [UInt8]
    ) throws {
        try CardEnrolment.expect(.certificateNotForAuthentication(.basicConstraints), [.issued]) {
            $0.papers.certificate.extensions[place] = malformed
        }
        guard place > 0 else { return }
        // Without basic constraints the key usage stands in.
        try CardEnrolment.expect(.certificateNotForAuthentication(.keyUsage), [.issued]) {
            $0.papers.certificate.extensions[place] = malformed
            $0.papers.certificate.extensions[0] = []
        }
    }

    // Whose it is.

    @Test func `without a rule no certificate is anybody's`() throws {
        try CardEnrolment.expect(.noSubjectRule, [.issued]) { $0.settings.subject = nil }
    }

    @Test(
        arguments: [
            "bob@example.org", "Alice@example.org", "alice@example.com", "alice", "alice@",
            "@example.org", "alice@example.org@example.com", "alice@evil@example.org",
            "alice@example.org.", "alice@sub.example.org", "alice @example.org",
            "alice@example.org ", "alice%example.org", "",
        ])
    func `another's certificate is refused`(name: String) throws {
        try CardEnrolment.expect(.wrongSubject, [.issued]) {
            $0.papers.certificate.extensions[3] = DER.alternativeNames([
                DER.userPrincipalName(name)
            ])
        }
    }

    @Test func `a name elsewhere in the certificate is not looked at`() throws {
        try CardEnrolment.expect(.wrongSubject, [.issued]) {
            $0.papers.certificate.subject = [
                (CardCertificate.commonName, "alice@example.org"),
                (CardCertificate.userIdentifier, "alice@example.org"),
            ]
            $0.papers.certificate.extensions[3] = DER.alternativeNames([
                DER.email("alice@example.org")
            ])
        }
        try CardEnrolment.expect(.wrongSubject, [.issued]) {
            $0.papers.certificate.extensions.remove(at: 3)
        }
    }

    @Test func `names of another domain are nobody's, and two that fit name nobody`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.papers.certificate.extensions[3] = DER.alternativeNames([
            DER.userPrincipalName("a.example@example.com"),
            DER.userPrincipalName("alice@example.org"),
        ])
        try enrolment.verify()
        enrolment.papers.certificate.extensions[3] = DER.alternativeNames([
            DER.userPrincipalName("alice@example.org"), DER.userPrincipalName("bob@example.org"),
        ])
        #expect(throws: CardFailure.wrongSubject) { try enrolment.verify() }
    }

    @Test func `the container of a directory is nobody's name`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.papers.certificate.subject = [
            (CardCertificate.commonName, "Users"), (CardCertificate.commonName, "Alice Example"),
        ]
        enrolment.settings.subject = SubjectRule(source: .commonName)
        for user in ["Users", "Alice Example"] {
            enrolment.user = user
            enrolment.message.user = user
            #expect(throws: CardFailure.wrongSubject) { try enrolment.verify() }
        }
    }

    // Who issued it.

    @Test func `a certificate that leads to no issuer is refused`() throws {
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) { $0.settings.issuers = [] }
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.settings.issuers = $0.settings.attestationAnchors
        }
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.papers.intermediates = []
        }
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.papers.signer = try Scene.key(CardScene.stranger)
        }
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.settings.issuers = [
                try CardScene.anchor("Example Issuer Root", CardScene.stranger)
            ]
        }
    }

    @Test func `a certificate that signs itself is refused`() throws {
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.papers.certificate.issuer = $0.papers.certificate.subject
            $0.papers.signer = try Scene.key(CardScene.card)
            let own = try $0.papers.encoded()
            $0.papers.bend = { _ in own }
            $0.papers.intermediates.append(own)
        }
    }

    @Test func `authorities that sign each other in a circle lead nowhere`() throws {
        let circle = try CardScene.circle("Example Issuer", CardScene.issuer)
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.papers.intermediates = circle
        }
    }

    @Test func `what is issued by a certificate that is no authority's is refused`() throws {
        for extensions in [[], [DER.endEntity]] as [[[UInt8]]] {
            try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
                var issuer = try CardScene.intermediate()
                issuer.extensions = extensions
                $0.papers.intermediates = [try issuer.signed(by: Scene.key(CardScene.issuerRoot))]
            }
        }
    }

    @Test func `the issuer below the root may be the anchor`() throws {
        var enrolment = try CardEnrolment(.issued)
        let issuer = try #require(enrolment.papers.intermediates.first)
        enrolment.settings.issuers.append(try Certificate(derRepresentation: issuer))
        enrolment.papers.intermediates = []
        enrolment.settings.revocation = .required(lists: [try CardScene.lists()[0]])
        try enrolment.verify()
    }

    @Test func `a certificate is valid from its first second to its last`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.papers.certificate.notBefore = "20260101000000Z"
        try enrolment.verify()
        enrolment.papers.certificate.notBefore = "20260101000001Z"
        #expect(throws: CardFailure.certificateNotYetValid) { try enrolment.verify() }
        enrolment.papers.certificate.notBefore = "20200101000000Z"
        enrolment.papers.certificate.notAfter = "20260101000001Z"
        try enrolment.verify()
        enrolment.papers.certificate.notAfter = "20251231235959Z"
        #expect(throws: CardFailure.certificateExpired) { try enrolment.verify() }
    }

    @Test func `an authority on the way must be valid, too`() throws {
        try CardEnrolment.expect(.certificateExpired, [.issued]) {
            var issuer = try CardScene.intermediate()
            issuer.notAfter = "20251231235959Z"
            $0.papers.intermediates = [try issuer.signed(by: Scene.key(CardScene.issuerRoot))]
        }
        try CardEnrolment.expect(.certificateNotYetValid, [.issued]) {
            var issuer = try CardScene.intermediate()
            issuer.notBefore = "20260101000001Z"
            $0.papers.intermediates = [try issuer.signed(by: Scene.key(CardScene.issuerRoot))]
        }
    }

    @Test func `a certificate that is signed with a weak hash is refused by its own code`() throws {
        try CardEnrolment.expect(.certificateTooWeak) {
            $0.papers.certificate.isSignedWeakly = true
        }
        try CardEnrolment.expect(.certificateTooWeak, [.issued]) {
            var issuer = try CardScene.intermediate()
            issuer.isSignedWeakly = true
            $0.papers.intermediates = [try issuer.signed(by: Scene.key(CardScene.issuerRoot))]
        }
    }

    // Whether it is revoked.

    @Test func `a revoked certificate is refused`() throws {
        try CardEnrolment.expect(.certificateRevoked, [.issued]) {
            $0.settings.revocation = .required(
                lists: try CardScene.lists(revoked: [[0x07], [0x21]]))
        }
        // The issuer's, by the root.
        try CardEnrolment.expect(.certificateRevoked, [.issued]) {
            $0.settings.revocation = .required(
                lists: try CardScene.lists(revokedByRoot: [[0x11]]))
        }
    }

    @Test func `that others are revoked is nothing to it`() throws {
        var enrolment = try CardEnrolment(.issued)
        // Each list names the serial number of the other's certificate.
        enrolment.settings.revocation = .required(
            lists: try CardScene.lists(revoked: [[0x11], [0x22]], revokedByRoot: [[0x21]]))
        try enrolment.verify()
    }

    @Test func `a list that is missing is not taken for an empty one`() throws {
        let lists = try CardScene.lists()
        for some in [[], [lists[0]], [lists[1]]] {
            try CardEnrolment.expect(.revocationUnknown, [.issued]) {
                $0.settings.revocation = .required(lists: some)
            }
        }
    }

    @Test func `a list that is out of date says nothing`() throws {
        let (issuer, root) = (Scene.key, try CardScene.lists()[1])
        var list = CardRevocationList(issuer: "Example Issuer")
        list.nextUpdate = "20251231235959Z"
        let old = try list.signed(by: issuer(CardScene.issuer))
        list.thisUpdate = "20260101000100Z"
        list.nextUpdate = "20260201000000Z"
        let early = try list.signed(by: issuer(CardScene.issuer))
        for unfit in [old, early] {
            try CardEnrolment.expect(.revocationUnknown, [.issued]) {
                $0.settings.revocation = .required(lists: [unfit, root])
            }
        }
    }

    @Test func `a list that another signed says nothing`() throws {
        let root = try CardScene.lists()[1]
        let forged = try CardRevocationList(issuer: "Example Issuer")
            .signed(by: Scene.key(CardScene.stranger))
        try CardEnrolment.expect(.revocationUnknown, [.issued]) {
            $0.settings.revocation = .required(lists: [forged, root])
        }
    }

    @Test func `where revocation is not checked no list is needed`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.settings.revocation = .off
        try enrolment.verify()
    }

    @Test func `what leads nowhere or has expired is reported before what is revoked`() throws {
        let revoked = RevocationPolicy.required(lists: try CardScene.lists(revoked: [[0x21]]))
        try CardEnrolment.expect(.certificateExpired, [.issued]) {
            $0.settings.revocation = revoked
            $0.papers.certificate.notAfter = "20251231235959Z"
        }
        try CardEnrolment.expect(.certificateNotTrusted, [.issued]) {
            $0.settings.revocation = revoked
            $0.papers.signer = try Scene.key(CardScene.stranger)
        }
    }

    // Whether it needs the PIN.

    @Test func `without a discovery object nothing shows that the PIN is needed`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.discovery = nil
        enrolment.userVerification = .preferred
        let registration = try enrolment.verify()
        #expect(registration.pinEvidence == .none)
        #expect(!registration.isPINRequired)
        enrolment.userVerification = .required
        #expect(throws: CardFailure.userNotVerified) { try enrolment.verify() }
    }

    @Test func `an application without a PIN of its own proves none`() throws {
        try CardEnrolment.expect(.userNotVerified, [.issued]) {
            $0.discovery = CardScene.discovery.dropLast(2) + [0x20, 0x20]
        }
    }

    @Test func `both PINs will do, too`() throws {
        var enrolment = try CardEnrolment(.issued)
        enrolment.discovery = CardScene.discovery.dropLast(2) + [0x60, 0x20]
        #expect(try enrolment.verify().isPINRequired)
    }

    @Test func `the card authentication key needs no PIN`() throws {
        try CardEnrolment.expect(.userNotVerified, [.issued]) { $0.slot = .cardAuthentication }
        var enrolment = try CardEnrolment(.issued)
        enrolment.slot = .cardAuthentication
        enrolment.userVerification = .preferred
        let registration = try enrolment.verify()
        #expect(registration.pinEvidence == .discovered)
        #expect(!registration.isPINRequired)
    }

    @Test func `a discovery object that is none is malformed`() throws {
        for prefix in CardScene.discovery.properPrefixes {
            try CardEnrolment.expect(.malformedDiscovery, [.issued]) { $0.discovery = prefix }
        }
        try CardEnrolment.expect(.malformedDiscovery, [.issued]) {
            $0.discovery = CardScene.discovery + [0]
        }
    }

    // Its decoding.

    @Test func `bytes that are no certificates are refused`() throws {
        try CardEnrolment.expect(.malformedCertificate, [.issued]) {
            $0.papers.bend = { _ in [] }
        }
        try CardEnrolment.expect(.malformedCertificate, [.issued]) {
            $0.papers.bend = { $0 + [0] }
        }
        try CardEnrolment.expect(.malformedCertificate, [.issued]) {
            $0.papers.intermediates.append([0x30, 0x00])
        }
    }
}
