import Accounts
import CredentialStore
import Testing
import WebAuthn

struct SignInTests {
    /// The store of each test: credential 1 is alice's for example.org, with this counter.
    private func fixture(counter: UInt32 = 5) throws -> Fixture {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.credential(1, of: "alice", counter: counter), spending: Samples.challenge(200))
        return fixture
    }

    private func commit(_ decision: SignInDecision, to fixture: Fixture) throws -> SignInVerdict {
        try #require(try fixture.store.commit([decision]).first)
    }

    @Test(
        arguments: [
            (5, 6, true), (5, UInt32.max, true), (0, 1, true), (0, 0, true),
            (5, 5, false), (5, 4, false), (5, 0, false), (UInt32.max, UInt32.max, false),
            (UInt32.max, 0, false),
        ] as [(UInt32, UInt32, Bool)])
    func `the counter has to be ahead, or zero on both sides`(
        _ stored: UInt32, _ shown: UInt32, _ isAccepted: Bool
    ) throws {
        let fixture = try fixture(counter: stored)
        let verdict = try commit(
            Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: shown), to: fixture)
        #expect(verdict == (isAccepted ? .accepted : .refused(code: "counter-not-ahead")))
        let credential = try fixture.credential(1)
        #expect(credential.signatureCounter == (isAccepted ? shown : stored))
        #expect(credential.lastUsedAt == (isAccepted ? Samples.start : nil))
    }

    @Test func `a challenge is answered once, also with counters at zero`() throws {
        let fixture = try fixture(counter: 0)
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 0)
        let verdicts = try fixture.store.commit([answer, answer]) + fixture.store.commit([answer])
        #expect(
            verdicts == [
                .accepted, .refused(code: "challenge-spent"), .refused(code: "challenge-spent"),
            ])
    }

    @Test func `challenges are told apart by their first 16 bytes`() throws {
        let fixture = try fixture(counter: 0)
        let first = SpentChallenge(
            challenge: Array(repeating: 1, count: 16) + [1], expiresAt: Samples.start)
        let second = SpentChallenge(
            challenge: Array(repeating: 1, count: 15) + [2, 1], expiresAt: Samples.start)
        let verdicts = try fixture.store.commit([
            Samples.answer(first, by: 1, of: "alice", counter: 0),
            Samples.answer(second, by: 1, of: "alice", counter: 0),
        ])
        #expect(verdicts == [.accepted, .accepted])
    }

    @Test func `a refusal spends its challenge`() throws {
        let fixture = try fixture()
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 6)
        let refusal = answer.judged(.refused(code: "wrong-origin"))
        #expect(try commit(refusal, to: fixture) == .refused(code: "wrong-origin"))
        #expect(try commit(answer, to: fixture) == .refused(code: "challenge-spent"))
        #expect(try fixture.credential(1).signatureCounter == 5)
    }

    @Test func `a counter that is behind spends the challenge too`() throws {
        let fixture = try fixture()
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 5)
        let retry = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 6)
        #expect(try commit(answer, to: fixture) == .refused(code: "counter-not-ahead"))
        #expect(try commit(retry, to: fixture) == .refused(code: "challenge-spent"))
    }

    @Test func `a credential that was deleted after it was verified is refused`() throws {
        let fixture = try fixture()
        try fixture.store.deleteCredential(Samples.credentialID(1), of: Samples.name("alice"))
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 6)
        #expect(try commit(answer, to: fixture) == .refused(code: "credential-not-allowed"))
    }

    @Test func `another user's credential is refused`() throws {
        let fixture = try fixture()
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "bob", counter: 6)
        #expect(try commit(answer, to: fixture) == .refused(code: "credential-not-allowed"))
        #expect(try fixture.credential(1).signatureCounter == 5)
    }

    @Test func `another relying party's credential is refused`() throws {
        let fixture = try fixture()
        let answer = try Samples.answer(
            Samples.challenge(1), by: 1, of: "alice", for: "example.com", counter: 6)
        #expect(try commit(answer, to: fixture) == .refused(code: "credential-not-allowed"))
        #expect(try fixture.credential(1).signatureCounter == 5)
    }

    @Test func `backup eligibility is what was registered`() throws {
        let fixture = try fixture()
        let answer = try Samples.answer(
            Samples.challenge(1), by: 1, of: "alice", counter: 6, isBackupEligible: true)
        #expect(try commit(answer, to: fixture) == .refused(code: "backup-eligibility-changed"))
        #expect(try fixture.credential(1).signatureCounter == 5)
    }

    @Test func `the backup state follows the last accepted answer`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice", flags: [.userPresent, .backupEligible]),
            spending: Samples.challenge(200))
        for (seed, isBackedUp) in [(UInt8(1), true), (2, false)] {
            let answer = try Samples.answer(
                Samples.challenge(seed), by: 1, of: "alice", counter: UInt32(seed),
                isBackupEligible: true, isBackedUp: isBackedUp)
            #expect(try commit(answer, to: fixture) == .accepted)
            #expect(try fixture.credential(1).isBackedUp == isBackedUp)
        }
    }

    @Test func `an answer that names no challenge of ours is never accepted`() throws {
        let fixture = try fixture()
        let complete = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 6)
        for clear: (inout SignInDecision) -> Void in [
            { $0.challenge = nil }, { $0.user = nil }, { $0.relyingPartyID = nil },
            { $0.credentialID = nil },
        ] {
            var answer = complete
            // Each answers a challenge of its own.
            answer.challenge = Samples.challenge(UInt8(try fixture.store.signIns(limit: 9).count))
            clear(&answer)
            #expect(try commit(answer, to: fixture) == .refused(code: "credential-not-allowed"))
        }
        #expect(try fixture.credential(1).signatureCounter == 5)
    }
}
