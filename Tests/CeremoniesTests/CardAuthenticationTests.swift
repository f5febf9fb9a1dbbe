import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import DeviceModels
import PIV
import Synchronization
import Testing
import VerificationCore
import WebAuthn

struct CardAuthenticationTests {
    private let maker: CertificateAuthority
    private let agency: CertificateAuthority
    private let card: ScriptedCard

    init() throws {
        maker = try ScriptedCard.authority("Card maker")
        agency = try ScriptedCard.authority("Agency")
        card = try ScriptedCard(madeBy: maker)
    }

    private func office(adjust: (inout CardPolicy) -> Void = { _ in }) throws -> Office {
        let office = try Office { policy in
            policy.cards.attestationAnchors = [maker.certificate]
            policy.cards.issuers = [agency.certificate]
            policy.cards.subject = SubjectRule(source: .userPrincipalName, domain: "example.org")
            adjust(&policy.cards)
        }
        try office.enrol(card)
        return office
    }

    private func answer(
        _ challenge: [UInt8], by card: ScriptedCard? = nil, message: [UInt8]? = nil
    ) throws -> CardAnswer {
        let card = card ?? self.card
        return CardAnswer(
            key: .identifier(card.identifier), algorithm: .es256,
            signature: try message.map(card.key.signature(for:)) ?? card.sign(challenge),
            message: message)
    }

    @Test func `a right answer is accepted, and on disk`() async throws {
        let office = try office()
        let transaction = try await office.begin(method: .piv)
        #expect(transaction.allowedCredentials == [card.identifier])
        let verdict = await office.finish(transaction, with: try answer(transaction.challenge))
        guard case .accepted(let signIn) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(try signIn.user == userName("alice"))
        #expect(
            signIn.means
                == .card(slot: .authentication, serialNumber: 4711, verificationMeans: [.pin]))
        #expect(signIn.label == "my card")
        #expect(signIn.isUserVerified)
        let row = try office.lastSignIn()
        #expect(row.method == .piv)
        #expect(row.isAccepted)
        #expect(row.credentialID == card.identifier.bytes)
        #expect(row.isUserVerified == true)
    }

    @Test func `an algorithm that is not named is the key's own`() async throws {
        let office = try office()
        let transaction = try await office.begin(method: .piv)
        var answer = try answer(transaction.challenge)
        answer.algorithm = nil
        #expect(await office.finish(transaction, with: answer).isAccepted)
    }

    @Test func `a certificate names its key as well as the identifier does`() async throws {
        let office = try office()
        guard case .attested(let attestation, _) = card.evidence else { return }
        let first = try await office.begin(method: .piv)
        var answer = try answer(first.challenge)
        answer.key = .certificate(attestation)
        #expect(await office.finish(first, with: answer).isAccepted)
        let second = try await office.begin(method: .piv)
        answer = try self.answer(second.challenge)
        answer.key = .certificate(Array(attestation.dropLast()))
        #expect(
            await office.finish(second, with: answer)
                == .refused("alice", "malformed-certificate"))
    }

    @Test func `the same answer is accepted once, however many copies come`() async throws {
        let office = try office()
        let transaction = try await office.begin(method: .piv)
        let answer = try answer(transaction.challenge)
        let verdicts = await withTaskGroup(of: AuthenticationVerdict.self) { group in
            for _ in 0..<6 { group.addTask { await office.finish(transaction, with: answer) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count(where: \.isAccepted) == 1)
        #expect(verdicts.count { $0 == .refused("alice", "challenge-spent") } == 5)
    }

    @Test func `a signature over another challenge is refused, with and without the message`()
        async throws
    {
        let office = try office()
        let other = try await office.begin(method: .piv)
        let first = try await office.begin(method: .piv)
        #expect(
            await office.finish(first, with: try answer(other.challenge))
                == .refused("alice", "invalid-signature"))
        let second = try await office.begin(method: .piv)
        let message = try card.message(.authentication, other.challenge)
        #expect(
            await office.finish(second, with: try answer([], message: message))
                == .refused("alice", "wrong-challenge"))
        #expect(try office.lastSignIn().reason == "wrong-challenge")
    }

    @Test func `the signature of an enrolment signs nobody in`() async throws {
        let office = try office()
        let transaction = try await office.begin(method: .piv)
        let message = try card.message(.registration, transaction.challenge)
        #expect(
            await office.finish(transaction, with: try answer([], message: message))
                == .refused("alice", "wrong-purpose"))
    }

    @Test func `a signature for another relying party or user is refused`() async throws {
        let office = try office()
        let first = try await office.begin(method: .piv)
        let elsewhere = try card.message(.authentication, first.challenge, at: "example.com")
        #expect(
            await office.finish(first, with: try answer([], message: elsewhere))
                == .refused("alice", "wrong-relying-party"))
        let second = try await office.begin(method: .piv)
        let somebody = try card.message(.authentication, second.challenge, user: "bob")
        #expect(
            await office.finish(second, with: try answer([], message: somebody))
                == .refused("alice", "wrong-user"))
    }

    @Test func `another slot's key, and a key that is registered to nobody, are refused`()
        async throws
    {
        let office = try office()
        let other = try ScriptedCard(madeBy: maker)
        let first = try await office.begin(method: .piv)
        #expect(
            await office.finish(first, with: try answer(first.challenge, by: other))
                == .refused("alice", "key-not-registered"))
        // The registered key's name on another key's signature.
        let second = try await office.begin(method: .piv)
        var answer = try answer(second.challenge, by: other)
        answer.key = .identifier(card.identifier)
        #expect(
            await office.finish(second, with: answer) == .refused("alice", "invalid-signature"))
    }

    @Test func `another user's card is refused`() async throws {
        let office = try office()
        let bobs = try ScriptedCard(madeBy: maker)
        try office.enrol(bobs, for: "bob")
        let transaction = try await office.begin(method: .piv)
        #expect(
            await office.finish(transaction, with: try answer(transaction.challenge, by: bobs))
                == .refused("alice", "key-of-another-user"))
    }

    @Test func `an issued certificate counts until it expires`() async throws {
        let office = try office()
        let issued = try ScriptedCard(
            issuedBy: agency, to: "alice",
            validity: .init(notBefore: ScriptedCard.start, notAfter: ScriptedCard.start + 60))
        try office.enrol(issued)
        let first = try await office.begin(method: .piv)
        let verdict = await office.finish(first, with: try answer(first.challenge, by: issued))
        guard case .accepted(let signIn) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(signIn.isHardwareBound)
        office.clock.advance(by: .seconds(61))
        let second = try await office.begin(method: .piv)
        #expect(
            await office.finish(second, with: try answer(second.challenge, by: issued))
                == .refused("alice", "certificate-expired"))
    }

    @Test func `a certificate that is revoked signs nobody in from then on`() async throws {
        let clean = try agency.revocationList(revoking: [], validity: ScriptedCard.day)
        let revoking = try agency.revocationList(
            revoking: [[7]], validity: ScriptedCard.day, number: 2)
        let lists = Mutex([clean])
        let current = { @Sendable in lists.withLock { $0 } }
        let office = try office { $0.revocation = { .required(lists: current()) } }
        let issued = try ScriptedCard(issuedBy: agency, to: "alice", serialNumber: [7])
        try office.enrol(issued)
        let first = try await office.begin(method: .piv)
        #expect(
            await office.finish(first, with: try answer(first.challenge, by: issued)).isAccepted)
        lists.withLock { $0 = [revoking] }
        let second = try await office.begin(method: .piv)
        #expect(
            await office.finish(second, with: try answer(second.challenge, by: issued))
                == .refused("alice", "certificate-revoked"))
        lists.withLock { $0 = [] }
        let third = try await office.begin(method: .piv)
        #expect(
            await office.finish(third, with: try answer(third.challenge, by: issued))
                == .refused("alice", "revocation-unknown"))
    }

    @Test func `an answer that cannot be read is a wrong answer`() async throws {
        let office = try office()
        let transaction = try await office.begin(method: .piv)
        let verdict = await office.finish(
            AnswerRequest(
                transaction: transaction.identifier, answer: .card(.failure(.malformedMessage)),
                client: "front"))
        #expect(verdict == .refused("alice", "malformed-card-message"))
        #expect(
            await office.finish(transaction, with: try answer(transaction.challenge))
                == .refused("alice", "challenge-spent"))
    }

    @Test func `a card answers no security key's challenge`() async throws {
        let office = try office()
        let transaction = try await office.begin()
        #expect(
            await office.finish(transaction, with: try answer(transaction.challenge))
                == .refused(nil, "unknown-transaction"))
    }

    @Test func `who has no card, or does not exist, is challenged alike`() async throws {
        let office = try office()
        let bob = try await office.begin("bob", method: .piv)
        let nobody = try await office.begin("nobody", method: .piv)
        for transaction in [bob, nobody] {
            #expect(transaction.allowedCredentials.map(\.bytes.count) == [32])
        }
        let again = try await office.begin("nobody", method: .piv)
        #expect(again.allowedCredentials == nobody.allowedCredentials)
        #expect(bob.allowedCredentials != nobody.allowedCredentials)
    }

    @Test func `cards and security keys are judged side by side`() async throws {
        let office = try office()
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        for round in 1...4 {
            let (first, second) = (
                try await office.begin(method: .piv), try await office.begin()
            )
            let cardAnswer = try answer(first.challenge)
            let keyAnswer = try key.but { $0.counter = UInt32(round) }.answer(second.challenge)
            async let ofCard = office.finish(first, with: cardAnswer)
            async let ofKey = office.finish(second, with: keyAnswer)
            #expect(await ofCard.isAccepted)
            #expect(await ofKey.isAccepted)
        }
    }
}
