import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import PIV
import Testing
import VerificationCore
import WebAuthn

struct CardRegistrationTests {
    private let maker: CertificateAuthority
    private let agency: CertificateAuthority

    init() throws {
        maker = try ScriptedCard.authority("Card maker")
        agency = try ScriptedCard.authority("Agency")
    }

    private func office(adjust: (inout CardPolicy) -> Void = { _ in }) throws -> Office {
        try Office { policy in
            policy.cards.attestationAnchors = [maker.certificate]
            policy.cards.issuers = [agency.certificate]
            policy.cards.subject = SubjectRule(source: .userPrincipalName, domain: "example.org")
            adjust(&policy.cards)
        }
    }

    @Test func `a key that the card attests is registered with what is attested`() throws {
        let office = try office()
        let card = try ScriptedCard(madeBy: maker)
        let completed = try office.enrol(card)
        #expect(completed.credentialID == card.identifier)
        #expect(try completed.user == userName("alice"))
        #expect(completed.algorithm == .es256)
        let stored = try #require(try office.store.cardCredentials(of: userName("alice")).first)
        #expect(stored.id == card.identifier)
        #expect(stored.key == completed.key)
        #expect(stored.key.evidence == .attested)
        #expect(stored.key.isTrusted)
        #expect(stored.key.isPINRequired)
        #expect(stored.key.serialNumber == 4711)
        #expect(stored.key.firmware == CardFirmware(major: 5, minor: 7, patch: 1))
        #expect(stored.key.pinPolicy == .once)
        #expect(stored.key.certificates.count == 2)
        #expect(stored.label == "my card")
    }

    @Test func `a key that an authority issued a certificate for is registered`() throws {
        let office = try office()
        let card = try ScriptedCard(issuedBy: agency, to: "alice")
        let completed = try office.enrol(card)
        #expect(completed.key.evidence == .issued)
        #expect(completed.key.isTrusted)
        #expect(completed.key.isPINRequired)
        #expect(completed.key.serialNumber == nil)
    }

    @Test func `what an untrusted attestation states is not kept`() throws {
        let office = try office {
            $0.attestation = .any
            $0.attestationAnchors = []
        }
        let transaction = try office.beginCard(userVerification: .discouraged)
        let completed = try office.finish(
            transaction, with: ScriptedCard(madeBy: maker).register(transaction.challenge))
        #expect(!completed.key.isTrusted)
        #expect(!completed.key.isPINRequired)
        #expect(completed.key.serialNumber == nil)
        #expect(completed.key.firmware == nil)
    }

    @Test func `without a root no attestation is trusted`() throws {
        let office = try office { $0.attestationAnchors = [] }
        #expect(throws: CeremonyError.card(.attestationNotTrusted)) {
            try office.enrol(ScriptedCard(madeBy: maker))
        }
    }

    @Test func `another user's certificate is refused`() throws {
        let office = try office()
        let card = try ScriptedCard(issuedBy: agency, to: "bob")
        #expect(throws: CeremonyError.card(.wrongSubject)) { try office.enrol(card) }
    }

    @Test(arguments: [true, nil])
    func `a card that keeps the known management key is refused`(isDefault: Bool?) throws {
        let office = try office()
        let card = try ScriptedCard(madeBy: maker)
        let transaction = try office.beginCard()
        #expect(throws: CeremonyError.defaultManagementKey) {
            try office.finish(
                transaction, with: card.register(transaction.challenge),
                isManagementKeyDefault: isDefault)
        }
        #expect(try office.store.counts().credentials == 0)
    }

    @Test func `an issued card may keep its management key secret, but not the known one`() throws {
        let office = try office()
        let card = try ScriptedCard(issuedBy: agency, to: "alice")
        let first = try office.beginCard()
        #expect(throws: CeremonyError.defaultManagementKey) {
            try office.finish(
                first, with: card.register(first.challenge), isManagementKeyDefault: true)
        }
        let second = try office.beginCard()
        try office.finish(
            second, with: card.register(second.challenge), isManagementKeyDefault: nil)
    }

    @Test func `policy can let a card keep the known management key`() throws {
        let office = try office { $0.allowsDefaultManagementKey = true }
        let card = try ScriptedCard(madeBy: maker)
        let transaction = try office.beginCard()
        try office.finish(
            transaction, with: card.register(transaction.challenge), isManagementKeyDefault: true)
        #expect(try office.store.counts().credentials == 1)
    }

    @Test func `a key that works without the PIN is refused where the person is to be verified`()
        throws
    {
        let office = try office()
        #expect(throws: CeremonyError.card(.userNotVerified)) {
            try office.enrol(ScriptedCard(madeBy: maker, pinPolicy: .never))
        }
        let completed = try office.enrol(
            ScriptedCard(madeBy: maker, pinPolicy: .never), userVerification: .discouraged)
        #expect(!completed.key.isPINRequired)
    }

    @Test func `a slot that policy does not name is refused`() throws {
        let office = try office()
        #expect(throws: CeremonyError.card(.slotNotAllowed(.signature))) {
            try office.enrol(ScriptedCard(madeBy: maker, slot: .signature, pinPolicy: .always))
        }
    }

    @Test func `a failed enrolment spends its challenge`() throws {
        let office = try office()
        let transaction = try office.beginCard()
        let stranger = try ScriptedCard(madeBy: ScriptedCard.authority("Somebody"))
        #expect(throws: CeremonyError.card(.attestationNotTrusted)) {
            try office.finish(transaction, with: stranger.register(transaction.challenge))
        }
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try office.finish(
                transaction, with: ScriptedCard(madeBy: maker).register(transaction.challenge))
        }
    }

    @Test func `a key is registered once`() throws {
        let office = try office()
        let card = try ScriptedCard(madeBy: maker)
        try office.enrol(card)
        #expect(throws: CeremonyError.store(.credentialExists)) {
            try office.enrol(card, for: "bob")
        }
    }

    @Test func `an expired challenge and one of another purpose enrol nothing`() throws {
        let office = try office()
        let card = try ScriptedCard(madeBy: maker)
        let late = try office.beginCard()
        office.clock.advance(by: .seconds(120))
        #expect(throws: CeremonyError.expired) {
            try office.finish(late, with: card.register(late.challenge))
        }
        let other = try office.beginRegistration()
        #expect(throws: CeremonyError.unknownTransaction) {
            try office.cardRegistration.finish(
                transaction: other.identifier,
                response: .success(card.register(other.options.challenge)),
                claims: CardClaims(isManagementKeyDefault: false), label: "", client: "front")
        }
    }

    @Test func `a user has no more keys than allowed`() throws {
        let office = try Office { policy in
            policy.cards.attestationAnchors = [maker.certificate]
            policy.maximumCredentialsPerUser = 1
        }
        let begun = try office.beginCard()
        try office.enrol(ScriptedCard(madeBy: maker))
        #expect(throws: CeremonyError.tooManyCredentials) { try office.beginCard() }
        #expect(throws: CeremonyError.tooManyCredentials) {
            try office.finish(begun, with: ScriptedCard(madeBy: maker).register(begun.challenge))
        }
    }

    @Test func `nobody who does not exist is enrolled`() throws {
        let office = try office()
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try office.beginCard("carol")
        }
    }
}
