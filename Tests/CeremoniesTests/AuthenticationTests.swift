import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import Emulators
import Testing
import WebAuthn

struct AuthenticationTests {
    /// Alice's key, at counter 5 when it is enrolled.
    private let key: ScriptedKey

    init() throws {
        key = try ScriptedKey(seed: 1).but { $0.counter = 5 }
    }

    private func office() throws -> Office {
        let office = try Office()
        try office.enrol(key)
        return office
    }

    private var next: ScriptedKey { key.but { $0.counter = 6 } }

    private func storedCounter(_ office: Office) throws -> UInt32? {
        try office.store.credentials(withIDs: [key.id])[key.id]?.signatureCounter
    }

    // MARK: Accepted

    @Test func `a right answer is accepted, and on disk`() async throws {
        let office = try office()
        let transaction = try await office.begin()
        #expect(transaction.challenge.count == 32)
        #expect(transaction.allowedCredentials == [key.id])
        #expect(transaction.relyingPartyID.text == "example.org")
        #expect(transaction.userVerification == .required)
        #expect(transaction.lifetime == .seconds(120))
        office.clock.advance(by: .seconds(3))

        let verdict = await office.finish(
            transaction, with: try next.answer(transaction.challenge))
        guard case .accepted(let signIn) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(try signIn.user == userName("alice"))
        #expect(signIn.credentialID == key.id)
        #expect(signIn.label == "blue key")
        #expect(signIn.means == .webauthn(signatureCounter: 6, verificationMeans: []))
        #expect(signIn.isUserVerified)
        #expect(!signIn.isHardwareBound)
        #expect(try storedCounter(office) == 6)
        let row = try office.lastSignIn()
        #expect(row.isAccepted)
        #expect(row.reason == "ok")
        #expect(row.user == "alice")
        #expect(row.relyingPartyID == "example.org")
        #expect(row.credentialID == key.id.bytes)
        #expect(row.client == "front")
        #expect(row.at == office.clock.now)
        #expect(row.isUserVerified == true)
        #expect(office.authentication.counts.verified == 1)
        #expect(office.authentication.counts.committed == 1)
    }

    @Test func `a software credential signs in again and again`() async throws {
        let office = try Office()
        let registration = try office.beginRegistration()
        let options = registration.options
        var credential = try SoftwareCredential(
            relyingPartyID: options.relyingPartyID, userHandle: options.userHandle)
        func clientData(_ type: ClientData.CeremonyType, _ challenge: [UInt8]) -> [UInt8] {
            ClientData(type: type, challenge: challenge, origin: "https://login.example.org")
                .encoded()
        }
        let created = clientData(.create, options.challenge)
        try office.finish(
            registration,
            with: RegistrationResponse(
                credentialID: credential.id, clientDataJSON: created,
                attestationObject: credential.attestationObject(
                    .packedSelf, clientDataHash: SHA256.hash(created)
                ).encoded(), transports: []))
        for _ in 1...5 {
            let transaction = try await office.begin()
            let got = clientData(.get, transaction.challenge)
            let (data, signature) = try credential.sign(clientDataHash: SHA256.hash(got))
            let verdict = await office.finish(
                transaction,
                with: AuthenticationResponse(
                    credentialID: credential.id, clientDataJSON: got, authenticatorData: data,
                    signature: signature, userHandle: credential.userHandle))
            #expect(verdict.isAccepted)
        }
        #expect(try office.store.counts().accepted == 5)
    }

    @Test func `a frame is accepted where the relying party expects it`() async throws {
        let office = try Office()
        let framed = try ScriptedKey(seed: 1).but { key in
            key.relyingPartyID = "example.com"
            key.origin = "https://example.com"
            key.crossOrigin = true
            key.topOrigin = "https://portal.example.net"
        }
        try office.enrol(framed)
        let transaction = try await office.begin(at: "example.com")
        #expect(
            await office.finish(transaction, with: try framed.answer(transaction.challenge))
                .isAccepted)
    }

    @Test func `any of a user's keys may answer`() async throws {
        let office = try office()
        let second = try ScriptedKey(seed: 2)
        try office.enrol(second)
        let transaction = try await office.begin()
        #expect(transaction.allowedCredentials == [key.id, second.id])
        #expect(
            await office.finish(transaction, with: try second.answer(transaction.challenge))
                .isAccepted)
    }

    // MARK: Refused

    @Test(
        arguments: Fault.ofEither + [
            Fault("wrong-type", "a registration") { $0.type = .create },
            Fault("user-handle-mismatch", "another user's handle") {
                $0.userHandle = try UserHandle(bytes: Array("handle of bob".utf8))
            },
            Fault("backup-eligibility-changed", "newly eligible for backup") {
                $0.flags = [.userPresent, .userVerified, .backupEligible]
            },
            Fault("counter-not-ahead", "the counter of before") { $0.counter = 5 },
            Fault("counter-not-ahead", "a counter of zero") { $0.counter = 0 },
            Fault("credential-not-allowed", "a credential that nobody has") {
                $0.id = try ScriptedKey(seed: 99).id
            },
            Fault("invalid-signature", "another key's signature") {
                $0.key = try ScriptedKey(seed: 99).key
            },
        ])
    func `a wrong answer is refused with its reason on record, and its challenge is spent`(
        _ fault: Fault
    ) async throws {
        let office = try office()
        let transaction = try await office.begin()
        let wrong = try next.but(fault.change)
        let verdict = await office.finish(
            transaction, with: try wrong.answer(transaction.challenge))
        #expect(verdict == .refused("alice", fault.code))
        let row = try office.lastSignIn()
        #expect(!row.isAccepted)
        #expect(row.reason == fault.code)
        #expect(row.user == "alice")
        #expect(row.relyingPartyID == "example.org")
        #expect(row.credentialID == wrong.id.bytes)
        #expect(row.client == "front")
        #expect(try storedCounter(office) == 5)

        let right = await office.finish(transaction, with: try next.answer(transaction.challenge))
        #expect(right == .refused("alice", "challenge-spent"))
        #expect(try storedCounter(office) == 5)
    }

    @Test func `every flipped bit of an answer is refused`() async throws {
        let office = try office()
        // The authenticator data is 37 bytes, the signature about 71.
        for bit in 0..<((37 + 71) * 8) {
            // A transaction of its own, so that it is not the spent challenge that refuses it.
            let transaction = try await office.begin()
            let answer = try next.answer(transaction.challenge)
            var signed = answer.authenticatorData + answer.signature
            signed[min(bit / 8, signed.count - 1)] ^= 1 << UInt8(bit % 8)
            let verdict = await office.finish(
                transaction,
                with: AuthenticationResponse(
                    credentialID: answer.credentialID, clientDataJSON: answer.clientDataJSON,
                    authenticatorData: Array(signed.prefix(37)),
                    signature: Array(signed.dropFirst(37)), userHandle: nil))
            #expect(!verdict.isAccepted, "bit \(bit)")
        }
        #expect(try storedCounter(office) == 5)
    }

    @Test func `another challenge of the same user does not do`() async throws {
        let office = try office()
        let first = try await office.begin()
        let second = try await office.begin()
        let verdict = await office.finish(first, with: try next.answer(second.challenge))
        #expect(verdict == .refused("alice", "wrong-challenge"))
        // The other challenge is still good.
        #expect(await office.finish(second, with: try next.answer(second.challenge)).isAccepted)
    }

    @Test func `another user's challenge does not do`() async throws {
        let office = try office()
        let bobs = try await office.begin("bob")
        let verdict = await office.finish(bobs, with: try next.answer(bobs.challenge))
        #expect(verdict == .refused("bob", "credential-not-allowed"))
        #expect(try office.lastSignIn().user == "bob")
        #expect(try office.lastSignIn().reason == "credential-not-allowed")
    }

    @Test func `another user's key does not do`() async throws {
        let office = try office()
        let bobs = try ScriptedKey(seed: 2)
        try office.enrol(bobs, for: "bob")
        let transaction = try await office.begin()
        let verdict = await office.finish(
            transaction, with: try bobs.answer(transaction.challenge))
        #expect(verdict == .refused("alice", "credential-not-allowed"))
    }

    @Test func `a key of another relying party does not do`() async throws {
        let office = try office()
        let transaction = try await office.begin(at: "example.com")
        let verdict = await office.finish(
            transaction, with: try next.answer(transaction.challenge))
        #expect(verdict == .refused("alice", "credential-not-allowed"))
        #expect(try office.lastSignIn().relyingPartyID == "example.com")
    }

    @Test func `an expired challenge is refused as that, and takes no room`() async throws {
        let office = try office()
        let transaction = try await office.begin()
        let answer = try next.answer(transaction.challenge)
        office.clock.advance(by: .seconds(120))
        for _ in 1...2 {
            let verdict = await office.finish(transaction, with: answer)
            #expect(verdict == .refused("alice", "challenge-expired"))
        }
        #expect(try office.lastSignIn().reason == "challenge-expired")
        // That of alice's registration.
        #expect(try office.store.counts().spentChallenges == 1)
    }

    @Test func `a challenge can be answered to the last millisecond`() async throws {
        let office = try office()
        let transaction = try await office.begin()
        office.clock.advance(by: .milliseconds(119_999))
        #expect(
            await office.finish(transaction, with: try next.answer(transaction.challenge))
                .isAccepted)
    }

    @Test func `a replay is refused, also once its challenge was forgotten`() async throws {
        let office = try Office()
        // At zero, the counter never tells a copy from its original.
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        let transaction = try await office.begin()
        let answer = try key.answer(transaction.challenge)
        #expect(await office.finish(transaction, with: answer).isAccepted)
        let replay = await office.finish(transaction, with: answer)
        #expect(replay == .refused("alice", "challenge-spent"))
        #expect(try office.lastSignIn().reason == "challenge-spent")
        office.clock.advance(by: .seconds(121))
        #expect(try office.store.forgetChallenges(expiredBefore: office.clock.now) > 0)
        let late = await office.finish(transaction, with: answer)
        #expect(late == .refused("alice", "challenge-expired"))
        // A clock that is set back makes no difference.
        office.clock.advance(by: .seconds(-121))
        let again = await office.finish(transaction, with: answer)
        #expect(again == .refused("alice", "challenge-spent"))
    }

    @Test func `a transaction that is not ours names nobody and spends nothing`() async throws {
        let office = try office()
        let transaction = try await office.begin()
        let response = try next.answer(transaction.challenge)
        let answer = AnswerRequest.Answer.assertion(.success(response))
        let registration = try office.beginRegistration()
        let requests = [
            AnswerRequest(transaction: "", answer: answer, client: "front"),
            AnswerRequest(
                transaction: transaction.identifier, answer: answer, client: "another"),
            AnswerRequest(
                transaction: registration.identifier, answer: answer, client: "front"),
        ]
        for request in requests {
            #expect(await office.finish(request) == .refused(nil, "unknown-transaction"))
            let row = try office.lastSignIn()
            #expect(row.reason == "unknown-transaction")
            #expect(row.user == nil)
            #expect(row.client == request.client)
        }
        #expect(await office.finish(transaction, with: response).isAccepted)
    }

    @Test func `a credential that was deleted meanwhile is refused`() async throws {
        let office = try office()
        let transaction = try await office.begin()
        try office.store.deleteCredential(key.id, of: userName("alice"))
        let verdict = await office.finish(
            transaction, with: try next.answer(transaction.challenge))
        #expect(verdict == .refused("alice", "credential-not-allowed"))
    }

    // MARK: Begun

    @Test func `a request that cannot be met is refused at once`() async throws {
        let office = try Office { $0.allowsWeakerUserVerification = false }
        await #expect(throws: CeremonyError.unknownRelyingParty) {
            try await office.begin(at: "example.net")
        }
        await #expect(throws: CeremonyError.userVerificationRequired) {
            try await office.begin(userVerification: .preferred)
        }
    }

    @Test func `verification that was not asked for is not demanded, and recorded`() async throws {
        let office = try office()
        let transaction = try await office.begin(userVerification: .discouraged)
        let answer = try next.but { $0.flags = [.userPresent] }.answer(transaction.challenge)
        #expect(await office.finish(transaction, with: answer).isAccepted)
        #expect(try office.lastSignIn().isUserVerified == false)
    }

    @Test func `a user who does not exist gets what one gets who has a key`() async throws {
        let office = try office()
        let real = try await office.begin("alice")
        let decoy = try await office.begin("carol")
        #expect(decoy.challenge.count == real.challenge.count)
        #expect(decoy.identifier.utf8.count == real.identifier.utf8.count)
        #expect(decoy.allowedCredentials.count == real.allowedCredentials.count)
        #expect(decoy.relyingPartyID == real.relyingPartyID)
        #expect(decoy.userVerification == real.userVerification)
        #expect(decoy.lifetime == real.lifetime)

        // Again the same credential, another challenge; for bob, who exists and has none, another credential.
        let again = try await office.begin("carol")
        #expect(again.allowedCredentials == decoy.allowedCredentials)
        #expect(again.challenge != decoy.challenge)
        let bob = try await office.begin("bob")
        #expect(bob.allowedCredentials.count == 1)
        #expect(bob.allowedCredentials != decoy.allowedCredentials)

        let id = try #require(decoy.allowedCredentials.first)
        let verdict = await office.finish(
            decoy, with: try next.but { $0.id = id }.answer(decoy.challenge))
        #expect(verdict == .refused("carol", "credential-not-allowed"))
    }
}
