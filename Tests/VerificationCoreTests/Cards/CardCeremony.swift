import Cryptography
import PIV
import Testing
import VerificationCore
import WebAuthn

/// Whom the verifier believes in these tests, until one bends it.
struct CardTrustSettings {
    var attestationAnchors: [Certificate]
    var attestation = AttestationVerifier.Policy.trusted
    var issuers: [Certificate]
    var revocation: RevocationPolicy
    var subject: SubjectRule? = SubjectRule(source: .userPrincipalName, domain: "example.org")

    init() throws {
        attestationAnchors = [
            try CardScene.anchor("Example Vendor Root", CardScene.vendorRoot)
        ]
        issuers = [try CardScene.anchor("Example Issuer Root", CardScene.issuerRoot)]
        revocation = .required(lists: try CardScene.lists())
    }

    var trust: CardTrust {
        CardTrust(
            attestationAnchors: attestationAnchors, attestation: attestation, issuers: issuers,
            revocation: revocation, subject: subject)
    }
}

/// A certificate for a card's key, with those above it.
struct CardPapers {
    var certificate: CardCertificate
    var signer: P256PrivateKey
    var intermediates: [[UInt8]]
    /// Changes the certificate after it is signed.
    var bend: ([UInt8]) -> [UInt8] = { $0 }

    func encoded() throws -> [UInt8] { bend(try certificate.signed(by: signer)) }

    /// An attestation of slot 9A.
    static func attestation(of key: [UInt8]) throws -> CardPapers {
        CardPapers(
            certificate: CardCertificate(
                "YubiKey PIV Attestation 9a", by: "Example PIV Attestation", for: key,
                CardScene.attestationExtensions()),
            signer: try Scene.key(CardScene.device),
            intermediates: [
                try CardScene.deviceCertificate().signed(by: Scene.key(CardScene.vendorRoot))
            ])
    }

    /// A certificate of Alice's, issued by an authority below the root.
    static func certificate(for key: [UInt8]) throws -> CardPapers {
        var certificate = CardCertificate(
            "Alice Example", by: "Example Issuer", for: key,
            [
                DER.endEntity, DER.digitalSignature,
                DER.extendedKeyUsage(["1.3.6.1.5.5.7.3.2"]),
                DER.alternativeNames([DER.userPrincipalName("alice@example.org")]),
            ])
        certificate.serialNumber = [0x21]
        return CardPapers(
            certificate: certificate, signer: try Scene.key(CardScene.issuer),
            intermediates: [
                try CardScene.intermediate().signed(by: Scene.key(CardScene.issuerRoot))
            ])
    }
}

/// A card's enrolment that is valid until a test bends one of its parts.
struct CardEnrolment {
    /// How the key is to be believed in.
    enum Way: Sendable, CaseIterable {
        case attested, issued
    }

    let way: Way
    var papers: CardPapers
    /// What the card says beside an issued certificate.
    var attestation: [UInt8]?
    var discovery: [UInt8]? = CardScene.discovery
    var signer: CardSigner
    var algorithm: COSEAlgorithm
    var slot = PIVSlot.authentication
    /// What the card signs.
    var message: CardMessage
    var sent = SentMessage.signed
    /// Changes what the client says was signed.
    var bendSent: ([UInt8]) -> [UInt8] = { $0 }
    /// Changes the signature.
    var bendSignature: ([UInt8]) -> [UInt8] = { $0 }

    var challenge = Scene.challenge
    var relyingPartyID = "example.org"
    var user = "alice"
    var userVerification = UserVerificationRequirement.required
    var algorithms = CardScene.algorithms
    var slots: Set<PIVSlot> = [.authentication, .signature, .cardAuthentication]
    var settings: CardTrustSettings
    var time = Scene.time

    init(
        _ way: Way, signer: CardSigner? = nil, algorithm: COSEAlgorithm = .es256
    ) throws {
        self.way = way
        self.signer = try signer ?? .p256(Scene.key(CardScene.card))
        self.algorithm = algorithm
        let key = self.signer.publicKey
        message = CardMessage(purpose: 1, for: key)
        papers =
            switch way {
            case .attested: try .attestation(of: key.subjectPublicKeyInfo)
            case .issued: try .certificate(for: key.subjectPublicKeyInfo)
            }
        settings = try CardTrustSettings()
    }

    func response() throws -> CardRegistrationResponse {
        let certificate = try papers.encoded()
        let bytes = message.encoded()
        return CardRegistrationResponse(
            slot: slot, algorithm: algorithm,
            signature: bendSignature(try signer.signature(for: bytes, algorithm)),
            message: sent == .none ? nil : bendSent(bytes),
            evidence: way == .attested
                ? .attested(attestation: certificate, intermediates: papers.intermediates)
                : .issued(
                    certificate: certificate, attestation: attestation,
                    intermediates: papers.intermediates, discovery: discovery))
    }

    @discardableResult
    func verify() throws -> VerifiedCardRegistration {
        try verify(response())
    }

    @discardableResult
    func verify(_ response: CardRegistrationResponse) throws -> VerifiedCardRegistration {
        try verifyCardRegistration(
            response,
            expecting: CardRegistrationExpectation(
                challenge: challenge, relyingPartyID: try RelyingPartyID(relyingPartyID),
                user: user, userVerification: userVerification, algorithms: algorithms,
                slots: slots),
            trust: settings.trust, at: time)
    }

    /// The failure of a valid enrolment after `bend`.
    static func expect(
        _ failure: CardFailure, _ ways: [Way] = Way.allCases,
        sourceLocation: SourceLocation = #_sourceLocation,
        after bend: (inout CardEnrolment) throws -> Void
    ) throws {
        for way in ways {
            var enrolment = try CardEnrolment(way)
            try bend(&enrolment)
            #expect(throws: failure, "\(way)", sourceLocation: sourceLocation) {
                try enrolment.verify()
            }
        }
    }
}

/// A card's answer that is valid until a test bends one of its parts.
struct CardSignIn {
    var registered: CardKey
    var isPINRequired = true
    /// The certificate on record; `nil` for a key that the card attested.
    var papers: CardPapers?
    var signer: CardSigner
    var algorithm: COSEAlgorithm
    /// What the card signs.
    var message: CardMessage
    var sent = SentMessage.signed
    /// Changes what the client says was signed.
    var bendSent: ([UInt8]) -> [UInt8] = { $0 }
    /// Changes the signature.
    var bendSignature: ([UInt8]) -> [UInt8] = { $0 }

    var challenge = Scene.challenge
    var relyingPartyID = "example.org"
    var user = "alice"
    var userVerification = UserVerificationRequirement.required
    var algorithms = CardScene.algorithms
    var settings: CardTrustSettings
    var time = Scene.time

    init(
        _ way: CardEnrolment.Way = .attested, signer: CardSigner? = nil,
        algorithm: COSEAlgorithm = .es256
    ) throws {
        self.signer = try signer ?? .p256(Scene.key(CardScene.card))
        self.algorithm = algorithm
        let key = self.signer.publicKey
        registered = try CardKey(subjectPublicKeyInfo: key.subjectPublicKeyInfo)
        message = CardMessage(purpose: 2, for: key)
        papers = way == .issued ? try .certificate(for: key.subjectPublicKeyInfo) : nil
        settings = try CardTrustSettings()
    }

    func examine() throws -> PendingCardSignature {
        let bytes = message.encoded()
        return try examineCardAnswer(
            CardAuthenticationResponse(
                algorithm: algorithm,
                signature: bendSignature(try signer.signature(for: bytes, algorithm)),
                message: sent == .none ? nil : bendSent(bytes)),
            expecting: CardAuthenticationExpectation(
                challenge: challenge, relyingPartyID: try RelyingPartyID(relyingPartyID),
                user: user, userVerification: userVerification, algorithms: algorithms),
            key: RegisteredCardKey(
                key: registered, isPINRequired: isPINRequired,
                issued: try papers.map {
                    IssuedCertificate(
                        certificate: try $0.encoded(), intermediates: $0.intermediates)
                }),
            trust: settings.trust, at: time)
    }

    @discardableResult
    func verify() throws -> VerifiedCardSignature {
        let answers = verifySignatures(ofCards: [try examine()])
        #expect(answers.count == 1)
        return try #require(answers.first).get()
    }
}
