import Accounts
import CredentialStore
import Testing
import WebAuthn

struct SignInRecordTests {
    @Test func `every decision has its row, the latest first`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 6)
        let stranger = SignInDecision(
            challenge: nil, method: .piv, user: nil, relyingPartyID: nil, credentialID: nil,
            client: "other", at: Samples.start.advanced(by: .seconds(9)),
            judgement: .refused(code: "unknown-transaction"), access: .granted,
            log: Samples.log)
        _ = try fixture.store.commit([answer, answer, stranger])

        let rows = try fixture.store.signIns(limit: 10)
        #expect(rows.map(\.number) == [3, 2, 1])
        #expect(rows.map(\.reason) == ["unknown-transaction", "challenge-spent", "ok"])
        #expect(rows.map(\.isAccepted) == [false, false, true])
        #expect(rows.map(\.method) == [.piv, .webauthn, .webauthn])
        #expect(rows.map(\.user) == [nil, "alice", "alice"])
        #expect(rows.map(\.relyingPartyID) == [nil, "example.org", "example.org"])
        let id = try Samples.credentialID(1).bytes
        #expect(rows.map(\.credentialID) == [nil, id, id])
        #expect(rows.map(\.client) == ["other", "front", "front"])
        #expect(rows.map(\.signatureCounter) == [nil, 6, 6])
        #expect(rows.map(\.isUserVerified) == [nil, true, true])
        let start = Samples.start
        #expect(rows.map(\.at) == [start.advanced(by: .seconds(9)), start, start])
    }

    @Test func `a list is one user's or everybody's, and no longer than asked`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        for (seed, user) in [(UInt8(1), "alice"), (2, "bob"), (3, "alice")] {
            let answer = try Samples.answer(Samples.challenge(seed), by: 1, of: user, counter: 0)
            _ = try fixture.store.commit([answer.judged(.refused(code: "invalid-signature"))])
        }
        let alice = try Samples.name("alice")
        #expect(try fixture.store.signIns(of: alice, limit: 9).map(\.number) == [3, 1])
        #expect(try fixture.store.signIns(of: alice, limit: 1).map(\.number) == [3])
        #expect(try fixture.store.signIns(limit: 2).map(\.number) == [3, 2])
        #expect(try fixture.store.signIns(limit: 0) == [])
    }

    @Test func `an empty batch is no decision`() throws {
        let fixture = try Fixture()
        #expect(try fixture.store.commit([]) == [])
        #expect(try fixture.store.signIns(limit: 9) == [])
    }

    @Test func `the counts are those of the rows`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 1)
        _ = try fixture.store.commit([answer, answer, answer])
        #expect(try fixture.store.counts().rows == [2, 1, 1, 2, 2])
    }

    @Test func `credentials of each kind count, but for what is in stock`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(1))
        try fixture.store.register(Samples.card(2, of: "alice"), spending: Samples.challenge(2))
        try fixture.store.add(Samples.token(3, of: "alice"), maximum: 5)
        try fixture.store.add(Samples.token(4, of: nil), maximum: 5)
        #expect(try fixture.store.counts().credentials == 3)
        try fixture.store.register(
            Samples.phone(5, of: "alice", sealed: nil), maximum: 5, beganAt: Samples.start,
            spending: Samples.challenge(3))
        #expect(try fixture.store.counts().credentials == 4)
    }
}

struct ForgettingTests {
    @Test func `only challenges that expired before the moment are forgotten`() throws {
        let fixture = try Fixture()
        for seed in 1...3 {
            try fixture.store.spend(
                Samples.challenge(UInt8(seed), expiresAfter: Int64(seed)))
        }
        let second = Samples.start.advanced(by: .seconds(2))
        #expect(try fixture.store.forgetChallenges(expiredBefore: second) == 1)
        #expect(try fixture.store.forgetChallenges(expiredBefore: second) == 0)
        #expect(try fixture.store.counts().spentChallenges == 2)
    }

    @Test func `no more are forgotten at a time than the limit`() throws {
        let fixture = try Fixture()
        for seed in 1...5 { try fixture.store.spend(Samples.challenge(UInt8(seed))) }
        let later = Samples.start.advanced(by: .seconds(1000))
        let forgotten = try (1...4).map { _ in
            try fixture.store.forgetChallenges(expiredBefore: later, limit: 2)
        }
        #expect(forgotten == [2, 2, 1, 0])
    }

    @Test func `a clock that is wrong for a while does no lasting harm`() throws {
        let fixture = try Fixture()
        let farFuture = Samples.start.advanced(by: .seconds(400_000_000))
        #expect(try fixture.store.forgetChallenges(expiredBefore: farFuture) == 0)
        try fixture.store.spend(Samples.challenge(1))
        #expect(try fixture.store.counts().spentChallenges == 1)
    }

    @Test func `a challenge that was forgotten stays spent, also after reopening`() throws {
        // An answer can be judged in time, wait for the writer, and meet the store after the challenge expired and was
        // forgotten. With counters at zero nothing else would stop its second copy.
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 0)
        #expect(try fixture.store.commit([answer]) == [.accepted])
        _ = try fixture.store.forgetChallenges(
            expiredBefore: Samples.start.advanced(by: .seconds(121)))
        #expect(try fixture.store.commit([answer]) == [.refused(code: "challenge-spent")])

        // Nor does a clock that is set back undo what was forgotten.
        _ = try fixture.store.forgetChallenges(expiredBefore: Samples.start)
        #expect(try fixture.store.commit([answer]) == [.refused(code: "challenge-spent")])
        #expect(throws: StoreError.challengeSpent) {
            try fixture.store.register(
                Samples.credential(2, of: "alice"), spending: Samples.challenge(200))
        }
        try fixture.store.close()
        let reopened = try SQLiteStore(path: fixture.folder.database)
        #expect(try reopened.commit([answer]) == [.refused(code: "challenge-spent")])
    }
}
