import Cryptography
import PIV
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// What attested and issued keys have in common at enrolment: a valid one, then one bent part at a time.
struct CardRegistrationTests {
    @Test(arguments: CardEnrolment.Way.allCases, SentMessage.allCases)
    func `a valid enrolment verifies and says what was registered`(
        way: CardEnrolment.Way, sent: SentMessage
    ) throws {
        var enrolment = try CardEnrolment(way)
        enrolment.sent = sent
        let response = try enrolment.response()
        let registration = try enrolment.verify(response)
        let key = enrolment.signer.publicKey
        #expect(registration.key.subjectPublicKeyInfo == key.subjectPublicKeyInfo)
        #expect(registration.key.identifier == SHA256.hash(key.subjectPublicKeyInfo))
        #expect(registration.key.kind == .p256)
        #expect(registration.slot == .authentication)
        #expect(registration.algorithm == .es256)
        #expect(registration.evidence == response.evidence)
        #expect(registration.isTrusted)
        #expect(registration.isPINRequired)
        // 2029-12-31T23:59:59Z.
        #expect(registration.notAfter == 1_893_455_999)
    }

    @Test(arguments: CardEnrolment.Way.allCases)
    func `keys of each kind enrol with each of their algorithms`(way: CardEnrolment.Way) throws {
        let rsa = CardSigner.rsa(try CardScene.rsaKey.get())
        let p384 = CardSigner.p384(try CardScene.p384Key.get())
        let cases: [(CardSigner, COSEAlgorithm, CardKey.Kind)] = [
            (p384, .es384, .p384), (rsa, .rs256, .rsa(bits: 2048)),
            (rsa, .ps256, .rsa(bits: 2048)),
        ]
        for (signer, algorithm, kind) in cases {
            let registration = try CardEnrolment(way, signer: signer, algorithm: algorithm).verify()
            #expect(registration.key.kind == kind)
            #expect(registration.algorithm == algorithm)
        }
    }

    @Test func `a slot that is not taken is refused`() throws {
        try CardEnrolment.expect(.slotNotAllowed(.authentication)) {
            $0.slots = [.signature, .keyManagement]
        }
        try CardEnrolment.expect(.slotNotAllowed(.attestation)) { $0.slot = .attestation }
    }

    @Test func `an algorithm that was not offered is refused`() throws {
        try CardEnrolment.expect(.algorithmNotOffered(.es256)) {
            $0.algorithms = [.es384, .rs256]
        }
        try CardEnrolment.expect(.algorithmNotOffered(.eddsa)) { $0.algorithm = .eddsa }
    }

    @Test(arguments: [COSEAlgorithm.es384, .rs256, .ps256])
    func `an algorithm that is not the key's is refused`(algorithm: COSEAlgorithm) throws {
        try CardEnrolment.expect(.algorithmMismatch) { $0.algorithm = algorithm }
    }

    @Test func `a message that is none is malformed`() throws {
        try CardEnrolment.expect(.malformedMessage) { $0.bendSent = { _ in [] } }
        try CardEnrolment.expect(.malformedMessage) { $0.bendSent = { $0.dropLast() } }
        try CardEnrolment.expect(.malformedMessage) { $0.bendSent = { $0 + [0] } }
        try CardEnrolment.expect(.malformedMessage) { $0.message.purpose = 3 }
    }

    @Test func `a message for signing in enrols nothing`() throws {
        try CardEnrolment.expect(.wrongPurpose(.authentication)) { $0.message.purpose = 2 }
        try CardEnrolment.expect(.invalidSignature) {
            $0.message.purpose = 2
            $0.sent = .none
        }
    }

    @Test(arguments: CardScene.wrongChallenges)
    func `another challenge is refused`(challenge: [UInt8]) throws {
        try CardEnrolment.expect(.wrongChallenge) { $0.message.challenge = challenge }
        try CardEnrolment.expect(.invalidSignature) {
            $0.message.challenge = challenge
            $0.sent = .none
        }
    }

    @Test(arguments: CardScene.wrongRelyingParties)
    func `another relying party is refused`(relyingParty: String) throws {
        try CardEnrolment.expect(.wrongRelyingParty(relyingParty)) {
            $0.message.relyingParty = relyingParty
        }
        try CardEnrolment.expect(.invalidSignature) {
            $0.message.relyingParty = relyingParty
            $0.sent = .none
        }
    }

    @Test(arguments: CardScene.wrongUsers)
    func `another user's message is refused`(user: String) throws {
        try CardEnrolment.expect(.wrongUser(user)) { $0.message.user = user }
        try CardEnrolment.expect(.invalidSignature) {
            $0.message.user = user
            $0.sent = .none
        }
    }

    @Test func `users are compared byte for byte and not as Unicode sees them`() throws {
        // U+212A, the Kelvin sign, is canonically equivalent to the letter K.
        try CardEnrolment.expect(.wrongUser("\u{212A}im"), [.attested]) {
            $0.user = "Kim"
            $0.message.user = "\u{212A}im"
        }
    }

    @Test func `a message that names another key is refused`() throws {
        let other = SHA256.hash(try CardScene.spki(CardScene.stranger))
        try CardEnrolment.expect(.wrongKey) { $0.message.keyIdentifier = other }
        try CardEnrolment.expect(.invalidSignature) {
            $0.message.keyIdentifier = other
            $0.sent = .none
        }
    }

    @Test func `another key's signature is refused`() throws {
        try CardEnrolment.expect(.invalidSignature) {
            $0.signer = .p256(try Scene.key(CardScene.stranger))
        }
    }

    @Test func `the signature must be over the message and not over a bare challenge`() throws {
        let signature = try Scene.key(CardScene.card).signature(for: Scene.challenge)
        try CardEnrolment.expect(.invalidSignature) { $0.bendSignature = { _ in signature } }
    }

    @Test func `what the client sends does not stand in for what is expected`() throws {
        // The card signs for Mallory, the client says that it signed for Alice.
        let right = CardMessage(purpose: 1, for: try Scene.key(CardScene.card).publicKey).encoded()
        try CardEnrolment.expect(.invalidSignature) {
            $0.message.user = "mallory"
            $0.bendSent = { _ in right }
        }
    }

    @Test func `no message can be made for a user without a name or with too long a one`() throws {
        for user in ["", String(repeating: "a", count: 256)] {
            try CardEnrolment.expect(.malformedMessage, [.attested]) {
                $0.user = user
                $0.sent = .none
            }
        }
    }

    @Test(arguments: CardEnrolment.Way.allCases, [SentMessage.none, .signed])
    func `a signature with any bit flipped is refused`(
        way: CardEnrolment.Way, sent: SentMessage
    ) throws {
        var enrolment = try CardEnrolment(way)
        enrolment.sent = sent
        let signature = try enrolment.response().signature
        for flipped in signature.singleBitFlips {
            enrolment.bendSignature = { _ in flipped }
            #expect(throws: CardFailure.invalidSignature) { try enrolment.verify() }
        }
    }

    @Test func `a signature that is empty, cut or longer is refused`() throws {
        try CardEnrolment.expect(.invalidSignature) { $0.bendSignature = { _ in [] } }
        try CardEnrolment.expect(.invalidSignature) { $0.bendSignature = { $0.dropLast() } }
        try CardEnrolment.expect(.invalidSignature) { $0.bendSignature = { $0 + [0] } }
    }

    @Test func `a message with any bit flipped is refused`() throws {
        var enrolment = try CardEnrolment(.attested)
        for flipped in enrolment.message.encoded().singleBitFlips {
            enrolment.bendSent = { _ in flipped }
            #expect(throws: CardFailure.self) { try enrolment.verify() }
        }
    }

    @Test(arguments: CardEnrolment.Way.allCases)
    func `a certificate with any bit flipped, or cut, is refused`(way: CardEnrolment.Way) throws {
        var enrolment = try CardEnrolment(way)
        let certificate = try enrolment.papers.encoded()
        var codes: Set<String> = []
        for damaged in [
            certificate.singleBitFlips.map(\.self), certificate.properPrefixes.map(\.self),
        ]
        .joined() {
            enrolment.papers.bend = { _ in damaged }
            do {
                try enrolment.verify()
                Issue.record("a damaged certificate was believed")
            } catch let failure as CardFailure {
                codes.insert(failure.code)
            }
        }
        // Damage of each kind was met, so that the certificate was really looked into.
        let expected: Set<String> =
            way == .attested
            ? [
                "malformed-attestation", "unsupported-key",
                "attestation-slot-mismatch", "invalid-attestation-signature",
            ]
            : [
                "malformed-certificate", "unsupported-key", "wrong-subject",
                "certificate-not-for-authentication", "certificate-not-trusted",
            ]
        #expect(codes.isSuperset(of: expected), "\(codes.sorted())")
    }

    @Test(arguments: CardEnrolment.Way.allCases)
    func `a certificate on the way with any bit flipped leads nowhere`(
        way: CardEnrolment.Way
    ) throws {
        var enrolment = try CardEnrolment(way)
        let intermediate = try #require(enrolment.papers.intermediates.first)
        for flipped in intermediate.singleBitFlips {
            enrolment.papers.intermediates = [flipped]
            #expect(throws: CardFailure.self) { try enrolment.verify() }
        }
    }

    @Test func `more certificates than a path can need are refused`() throws {
        for way in CardEnrolment.Way.allCases {
            var enrolment = try CardEnrolment(way)
            let stray = try CardScene.root("Stray", CardScene.stranger)
                .signed(by: Scene.key(CardScene.stranger))
            enrolment.papers.intermediates += Array(repeating: stray, count: 6)
            try enrolment.verify()
            enrolment.papers.intermediates.append(stray)
            let failure: CardFailure =
                way == .attested ? .malformedAttestation : .malformedCertificate
            #expect(throws: failure) { try enrolment.verify() }
        }
    }

    @Test func `keys that a card may not have are refused`() throws {
        for key in try CardScene.unsupportedKeys() {
            try CardEnrolment.expect(.unsupportedKey) { $0.papers.certificate.publicKey = key }
        }
    }

    @Test func `a key of the flawed generator is refused before its signature is looked at`()
        throws
    {
        let weak = try CardScene.weakKey()
        try CardEnrolment.expect(.weakKey) {
            $0.papers.certificate.publicKey = weak
            $0.algorithm = .rs256
            $0.sent = .none
        }
    }

    @Test func `a key of the flawed generator above the card's own is refused, too`() throws {
        let weak = CardCertificate("Weak", by: "Weak", for: try CardScene.weakKey())
        try CardEnrolment.expect(.weakKey) {
            $0.papers.intermediates.append(
                try weak.signed(by: Scene.key(CardScene.stranger)))
        }
    }

    @Test func `cheap checks come first and the signature last`() throws {
        // Everything is wrong; one after the other is set right.
        var enrolment = try CardEnrolment(.issued)
        enrolment.slots = []
        enrolment.algorithms = []
        enrolment.message.user = "bob"
        enrolment.papers.bend = { _ in [] }
        enrolment.bendSignature = { _ in [] }
        #expect(throws: CardFailure.slotNotAllowed(.authentication)) { try enrolment.verify() }
        enrolment.slots = [.authentication]
        #expect(throws: CardFailure.algorithmNotOffered(.es256)) { try enrolment.verify() }
        enrolment.algorithms = [.es256]
        #expect(throws: CardFailure.wrongUser("bob")) { try enrolment.verify() }
        enrolment.message.user = "alice"
        #expect(throws: CardFailure.malformedCertificate) { try enrolment.verify() }
        enrolment.papers.bend = { $0 }
        enrolment.discovery = []
        #expect(throws: CardFailure.malformedDiscovery) { try enrolment.verify() }
        enrolment.discovery = nil
        enrolment.message.keyIdentifier[0] ^= 1
        #expect(throws: CardFailure.wrongKey) { try enrolment.verify() }
        enrolment.message.keyIdentifier[0] ^= 1
        enrolment.settings.subject = nil
        #expect(throws: CardFailure.noSubjectRule) { try enrolment.verify() }
        enrolment.settings = try CardTrustSettings()
        enrolment.settings.issuers = []
        #expect(throws: CardFailure.certificateNotTrusted) { try enrolment.verify() }
        enrolment.settings = try CardTrustSettings()
        #expect(throws: CardFailure.userNotVerified) { try enrolment.verify() }
        enrolment.discovery = CardScene.discovery
        #expect(throws: CardFailure.invalidSignature) { try enrolment.verify() }
        enrolment.bendSignature = { $0 }
        try enrolment.verify()
    }
}
