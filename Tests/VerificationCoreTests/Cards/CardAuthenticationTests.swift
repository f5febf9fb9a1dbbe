import Cryptography
import PIV
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// Answers of registered cards: a valid one, then one bent part at a time.
struct CardAuthenticationTests {
    @Test(arguments: CardEnrolment.Way.allCases, SentMessage.allCases)
    func `a valid answer verifies`(way: CardEnrolment.Way, sent: SentMessage) throws {
        var signIn = try CardSignIn(way)
        signIn.sent = sent
        let verified = try signIn.verify()
        #expect(verified.isUserVerified)
        #expect(verified.algorithm == .es256)
        #expect(verified.keyIdentifier == SHA256.hash(try CardScene.spki(CardScene.card)))
    }

    @Test func `keys of each kind answer with each of their algorithms`() throws {
        let rsa = CardSigner.rsa(try CardScene.rsaKey.get())
        let p384 = CardSigner.p384(try CardScene.p384Key.get())
        for (signer, algorithm) in [
            (p384, .es384), (rsa, .rs256), (rsa, .ps256),
        ] as [(CardSigner, COSEAlgorithm)] {
            let signIn = try CardSignIn(signer: signer, algorithm: algorithm)
            #expect(try signIn.verify().algorithm == algorithm)
        }
    }

    @Test func `RSA's two paddings do not stand in for each other`() throws {
        let rsa = CardSigner.rsa(try CardScene.rsaKey.get())
        for (signed, named) in [
            (.rs256, .ps256), (.ps256, .rs256),
        ] as [(COSEAlgorithm, COSEAlgorithm)] {
            var signIn = try CardSignIn(signer: rsa, algorithm: named)
            let signature = try rsa.signature(for: signIn.message.encoded(), signed)
            signIn.bendSignature = { _ in signature }
            #expect(throws: CardFailure.invalidSignature) { try signIn.verify() }
        }
    }

    @Test func `an RSA signature with any bit flipped is refused`() throws {
        let rsa = CardSigner.rsa(try CardScene.rsaKey.get())
        for algorithm in [.rs256, .ps256] as [COSEAlgorithm] {
            var signIn = try CardSignIn(signer: rsa, algorithm: algorithm)
            let signature = try rsa.signature(for: signIn.message.encoded(), algorithm)
            let pending = try signature.singleBitFlips.map { flipped in
                signIn.bendSignature = { _ in flipped }
                return try signIn.examine()
            }
            let answers = verifySignatures(ofCards: pending)
            #expect(answers.count == 2048)
            #expect(answers.allSatisfy { $0 == .failure(.invalidSignature) })
        }
    }

    @Test func `an algorithm that is not accepted is refused`() throws {
        try expect(.algorithmNotOffered(.es256)) { $0.algorithms = [.es384] }
    }

    @Test(arguments: [COSEAlgorithm.es384, .rs256, .ps256])
    func `an algorithm that is not the key's is refused`(algorithm: COSEAlgorithm) throws {
        try expect(.algorithmMismatch) { $0.algorithm = algorithm }
    }

    @Test func `ES256 is for P-256 alone`() throws {
        let p384 = CardSigner.p384(try CardScene.p384Key.get())
        let signIn = try CardSignIn(signer: p384, algorithm: .es256)
        #expect(throws: CardFailure.algorithmMismatch) { try signIn.verify() }
    }

    @Test func `a message that is none is malformed`() throws {
        try expect(.malformedMessage) { $0.bendSent = { _ in Scene.challenge } }
        try expect(.malformedMessage) { $0.bendSent = { $0 + [0] } }
    }

    @Test func `a message for an enrolment signs nobody in`() throws {
        try expect(.wrongPurpose(.registration), unsent: .invalidSignature) {
            $0.message.purpose = 1
        }
    }

    @Test(arguments: CardScene.wrongChallenges)
    func `another challenge is refused`(challenge: [UInt8]) throws {
        try expect(.wrongChallenge, unsent: .invalidSignature) {
            $0.message.challenge = challenge
        }
    }

    @Test(arguments: CardScene.wrongRelyingParties)
    func `another relying party is refused`(relyingParty: String) throws {
        try expect(.wrongRelyingParty(relyingParty), unsent: .invalidSignature) {
            $0.message.relyingParty = relyingParty
        }
    }

    @Test(arguments: CardScene.wrongUsers)
    func `another user's message is refused`(user: String) throws {
        try expect(.wrongUser(user), unsent: .invalidSignature) { $0.message.user = user }
    }

    @Test func `the answer of another slot's key is refused`() throws {
        let other = CardSigner.p256(try Scene.key(CardScene.stranger))
        try expect(.wrongKey, unsent: .invalidSignature) {
            $0.signer = other
            $0.message = CardMessage(purpose: 2, for: other.publicKey)
        }
        // Its signature over the right message is no better.
        try expect(.invalidSignature, unsent: .invalidSignature) { $0.signer = other }
    }

    @Test func `a message with any bit flipped is refused`() throws {
        var signIn = try CardSignIn()
        for flipped in signIn.message.encoded().singleBitFlips {
            signIn.bendSent = { _ in flipped }
            #expect(throws: CardFailure.self) { try signIn.verify() }
        }
    }

    @Test func `the verification that is required must have been shown at registration`() throws {
        try expect(.userNotVerified) { $0.isPINRequired = false }
        var signIn = try CardSignIn()
        signIn.isPINRequired = false
        signIn.userVerification = .preferred
        #expect(try !signIn.verify().isUserVerified)
    }

    // The certificate on record is verified again.

    @Test func `a certificate that has expired since, or is not valid yet, is refused`() throws {
        // A second after its last.
        try expect(.certificateExpired, [.issued]) { $0.time = 1_893_456_000 }
        // A second before its first.
        try expect(.certificateNotYetValid, [.issued]) { $0.time = 1_577_836_799 }
        // An attestation spoke of the key when it was made; it need not be valid now.
        var attested = try CardSignIn(.attested)
        attested.time = 1_893_456_000
        try attested.verify()
    }

    @Test func `a certificate that is revoked since is refused`() throws {
        try expect(.certificateRevoked, [.issued]) {
            $0.settings.revocation = .required(lists: try CardScene.lists(revoked: [[0x21]]))
        }
    }

    @Test func `a certificate without a list in date is refused`() throws {
        try expect(.revocationUnknown, [.issued]) { $0.settings.revocation = .required(lists: []) }
        // A second after the lists' last; they outlive the time of their checks by nothing.
        try expect(.revocationUnknown, [.issued]) { $0.time = 1_769_904_001 }
    }

    @Test func `a certificate whose issuer is trusted no longer is refused`() throws {
        try expect(.certificateNotTrusted, [.issued]) { $0.settings.issuers = [] }
    }

    @Test func `a certificate that the rule gives to another now is refused`() throws {
        try expect(.wrongSubject, [.issued]) {
            $0.settings.subject = SubjectRule(source: .commonName)
        }
        try expect(.noSubjectRule, [.issued]) { $0.settings.subject = nil }
    }

    @Test func `a certificate on record of another user is refused`() throws {
        try expect(.wrongSubject, [.issued]) {
            $0.user = "bob"
            $0.message.user = "bob"
        }
    }

    @Test func `a certificate on record of another key is refused`() throws {
        try expect(.wrongKey, [.issued]) {
            $0.papers = try .certificate(for: CardScene.spki(CardScene.stranger))
        }
    }

    @Test func `a record that is damaged is refused`() throws {
        try expect(.malformedCertificate, [.issued]) { $0.papers?.bend = { $0.dropLast() } }
        try expect(.certificateNotForAuthentication(.keyUsage), [.issued]) {
            $0.papers?.certificate.extensions[1] = DER.authorityUsage
        }
    }

    // Batches.

    @Test(arguments: 0..<5)
    func `one bad signature in a batch fails alone, wherever it stands`(position: Int) throws {
        let good = try CardSignIn()
        var bad = good
        bad.signer = .p256(try Scene.key(CardScene.stranger))
        let batch = try (0..<5).map { try $0 == position ? bad.examine() : good.examine() }
        let answers = verifySignatures(ofCards: batch)
        #expect(answers.count == 5)
        for (index, answer) in answers.enumerated() {
            if index == position {
                #expect(answer == .failure(.invalidSignature))
            } else {
                #expect(try answer.get().isUserVerified)
            }
        }
    }

    @Test func `the answers of a batch are in its order`() throws {
        let signers = try (1...5 as ClosedRange<UInt64>).map {
            CardSigner.p256(try Scene.key($0))
        }
        let answers = verifySignatures(
            ofCards: try signers.map { try CardSignIn(signer: $0).examine() })
        #expect(
            try answers.map { try $0.get().keyIdentifier }
                == signers.map { SHA256.hash($0.publicKey.subjectPublicKeyInfo) })
    }

    @Test func `an empty batch has no answers`() {
        #expect(verifySignatures(ofCards: [PendingCardSignature]()).isEmpty)
    }

    /// The failure of a valid answer after `bend`, and that of the same answer without the message where it differs.
    private func expect(
        _ failure: CardFailure, unsent: CardFailure? = nil,
        _ ways: [CardEnrolment.Way] = CardEnrolment.Way.allCases,
        sourceLocation: SourceLocation = #_sourceLocation,
        after bend: (inout CardSignIn) throws -> Void
    ) throws {
        for way in ways {
            var signIn = try CardSignIn(way)
            try bend(&signIn)
            #expect(throws: failure, "\(way)", sourceLocation: sourceLocation) {
                try signIn.verify()
            }
            guard let unsent else { continue }
            signIn.sent = .none
            #expect(throws: unsent, "\(way), not sent", sourceLocation: sourceLocation) {
                try signIn.verify()
            }
        }
    }
}
