import Accounts
import CredentialStore
import Testing
import WebAuthn

/// What a decision brings about beside its verdict.
struct ConsequenceTests {
    /// alice has security key 1, card 2, token 1, app password 1 and recovery code 1.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture.withTokens("alice", "bob")
        let alice = try Samples.name("alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        try fixture.store.register(Samples.card(2, of: "alice"), spending: Samples.challenge(201))
        _ = try fixture.addAppPassword(1, of: "alice")
        try fixture.store.replaceRecoveryCodes(
            of: alice, digests: [Samples.digest(1)], client: "", at: Samples.start)
        try fixture.store.issue(Samples.pass(1, by: "bob"), to: alice, client: "")
        return fixture
    }

    private func notMe(_ challenge: UInt8?, at seconds: Int64 = 5) throws -> SignInDecision {
        var decision = try Samples.decision(
            .refused(code: "push-not-me"), .push, of: "alice", at: seconds)
        decision.challenge = challenge.map { Samples.challenge($0) }
        decision.consequences = [.stopPushes, .event(.suspiciousActivityReported, detail: "ssh")]
        return decision
    }

    private func stoppedAt(_ fixture: Fixture) throws -> Timestamp? {
        try fixture.store.standing(of: Samples.name("alice")).pushesStoppedAt
    }

    private func reports(_ fixture: Fixture) throws -> Int {
        try fixture.events(of: "alice").count { $0 == .suspiciousActivityReported }
    }

    @Test func `consequences happen with a no as with a yes`() throws {
        let fixture = try fixture()
        #expect(try fixture.commit(notMe(1)) == .refused(code: "push-not-me"))
        #expect(try stoppedAt(fixture) == Samples.at(5))
        let event = try #require(
            try fixture.store.events(of: Samples.name("alice"), limit: 1).first)
        #expect(event.kind == .suspiciousActivityReported)
        #expect(event.detail == "ssh")
        #expect(event.client == "front")
        #expect(event.at == Samples.at(5))
        var accepted = try Samples.code(1, by: 1, of: "alice")
        accepted.consequences = [.event(.suspiciousActivityReported, detail: "with a yes")]
        #expect(try fixture.commit(accepted) == .accepted)
        #expect(try reports(fixture) == 2)
    }

    @Test func `consequences happen once, and not for a challenge that was spent`() throws {
        let fixture = try fixture()
        let verdicts = try fixture.store.commit([notMe(1), notMe(1), notMe(1)])
        #expect(
            verdicts.dropFirst() == [
                .refused(code: "challenge-spent"), .refused(code: "challenge-spent"),
            ])
        _ = try fixture.commit(notMe(1))
        #expect(try reports(fixture) == 1)
        #expect(try fixture.store.signIns(limit: 9).count == 4)
        // Nor does an answer to a spent challenge stop what was resumed meanwhile.
        try fixture.store.resumePushes(
            of: Samples.name("alice"), client: "desk", at: Samples.at(6))
        _ = try fixture.commit(notMe(1, at: 7))
        #expect(try stoppedAt(fixture) == nil)
        _ = try fixture.commit(notMe(2, at: 8))
        #expect(try stoppedAt(fixture) == Samples.at(8))
        #expect(try reports(fixture) == 2)
    }

    @Test func `pushes stay stopped since the first time`() throws {
        let fixture = try fixture()
        _ = try fixture.store.commit([notMe(1, at: 5), notMe(2, at: 9)])
        #expect(try stoppedAt(fixture) == Samples.at(5))
        #expect(try reports(fixture) == 2)
    }

    @Test func `one user's consequences are no other's, and nobody's are none`() throws {
        let fixture = try fixture()
        _ = try fixture.commit(notMe(1))
        #expect(
            try fixture.store.standing(of: Samples.name("bob")).pushesStoppedAt == nil)
        var nobodys = try notMe(2)
        nobodys.user = nil
        _ = try fixture.commit(nobodys)
        var stranger = try notMe(3)
        stranger.user = try Samples.name("carol")
        _ = try fixture.commit(stranger)
        #expect(try fixture.events(of: "bob") == [])
        #expect(try fixture.events(of: "carol") == [.suspiciousActivityReported])
        #expect(try reports(fixture) == 1)
    }

    @Test func `a user whom a key has verified gets pushes again, and an event tells of it`()
        throws
    {
        let fixture = try fixture()
        let strong = [
            try Samples.answer(Samples.challenge(11), by: 1, of: "alice", counter: 1),
            try Samples.cardAnswer(Samples.challenge(12), by: 2, of: "alice"),
        ]
        for (seed, answer) in zip(UInt8(1)..., strong) {
            _ = try fixture.commit(notMe(seed))
            #expect(try fixture.commit(answer) == .accepted)
            #expect(try stoppedAt(fixture) == nil)
            let event = try #require(
                try fixture.store.events(of: Samples.name("alice"), limit: 1).first)
            #expect(event.kind == .pushesResumed)
            #expect(event.detail == answer.method.rawValue)
        }
        // There is nothing to tell where they were not stopped.
        let again = try Samples.answer(Samples.challenge(13), by: 1, of: "alice", counter: 2)
        #expect(try fixture.commit(again) == .accepted)
        #expect(try fixture.events(of: "alice").count { $0 == .pushesResumed } == 2)
    }

    @Test func `nothing weaker resumes pushes`() throws {
        let fixture = try fixture()
        _ = try fixture.commit(notMe(1))
        let key = try Samples.answer(Samples.challenge(11), by: 1, of: "alice", counter: 1)
        let card = try Samples.cardAnswer(Samples.challenge(12), by: 2, of: "alice")
        var response = try Samples.decision(
            .responseVerified, .hmac, of: "alice", by: Samples.tokenID(1))
        response.challenge = Samples.challenge(13)
        let weak = [
            key.judged(
                .verified(
                    counter: 1, isBackupEligible: false, isBackedUp: false, isUserVerified: false)),
            card.judged(.cardVerified(isUserVerified: false)), response,
            try Samples.code(3, by: 1, of: "alice"),
            try Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice"),
            try Samples.decision(.accessPassVerified(digest: Samples.digest(1)), .tap, of: "alice"),
            try Samples.decision(.appPasswordVerified(number: 1), .apppass, of: "alice"),
        ]
        #expect(
            try fixture.store.commit(weak) == Array(repeating: .accepted, count: weak.count))
        #expect(try stoppedAt(fixture) == Samples.at(5))
        // Nor does a strong answer that is refused, or another user's.
        let refused = try Samples.answer(Samples.challenge(14), by: 1, of: "alice", counter: 1)
        #expect(try fixture.commit(refused) == .refused(code: "counter-not-ahead"))
        try fixture.store.register(
            Samples.credential(9, of: "bob"), spending: Samples.challenge(202))
        let other = try Samples.answer(Samples.challenge(15), by: 9, of: "bob", counter: 1)
        #expect(try fixture.commit(other) == .accepted)
        #expect(try stoppedAt(fixture) == Samples.at(5))
        #expect(try !fixture.events(of: "alice").contains(.pushesResumed))
    }

    @Test func `no approval is worth anything while pushes are stopped, nor resumes them`() throws {
        let fixture = try fixture()
        let alice = try Samples.name("alice")
        try fixture.store.register(
            Samples.phone(7, of: "alice", sealed: nil), maximum: 5, beganAt: Samples.start,
            spending: Samples.challenge(202))
        func approval(_ challenge: UInt8) throws -> SignInDecision {
            var decision = try Samples.decision(
                .phoneApproved(isUserVerified: true), .push, of: "alice", by: Samples.tokenID(7))
            decision.challenge = Samples.challenge(challenge)
            return decision
        }
        // In the batch of what stops them, before it and after it.
        #expect(
            try fixture.store.commit([approval(21), notMe(1), approval(22)]) == [
                .accepted, .refused(code: "push-not-me"), .refused(code: "pushes-stopped"),
            ])
        #expect(try fixture.commit(approval(23)) == .refused(code: "pushes-stopped"))
        #expect(try stoppedAt(fixture) == Samples.at(5))
        try fixture.store.resumePushes(of: alice, client: "desk", at: Samples.at(60))
        // What was answered while they were stopped stays so.
        #expect(
            try fixture.store.commit([approval(22), approval(24)])
                == [.refused(code: "challenge-spent"), .accepted])
    }

    @Test func `an administrator resumes pushes, and an event tells of it`() throws {
        let fixture = try fixture()
        let alice = try Samples.name("alice")
        _ = try fixture.commit(notMe(1))
        try fixture.store.resumePushes(of: alice, client: "desk", at: Samples.at(60))
        #expect(try stoppedAt(fixture) == nil)
        let event = try #require(try fixture.store.events(of: alice, limit: 1).first)
        #expect(event.kind == .pushesResumed)
        #expect(event.detail == "administrator")
        #expect(event.client == "desk")
        #expect(event.at == Samples.at(60))
    }

    @Test func `a full disk takes nothing of a batch, nor of what follows from it`() throws {
        let fixture = try fixture()
        let before = try fixture.events(of: "alice")
        let batch = try (0..<200).map { index in
            var decision = try Samples.code(UInt64(index), by: 1, of: "alice", from: "192.0.2.1")
            decision.consequences = [
                .stopPushes, .event(.codeGuessing, detail: String(repeating: "x", count: 200)),
            ]
            return decision
        }
        try fixture.limitGrowth(toPages: 4)
        #expect(throws: StoreError.full) { try fixture.store.commit(batch) }
        #expect(try fixture.events(of: "alice") == before)
        #expect(try stoppedAt(fixture) == nil)
        #expect(try fixture.token(1).nextFactor == 0)
        #expect(try fixture.familiarSources(of: "alice") == [:])
        try fixture.limitGrowth(toPages: nil)
        #expect(
            try fixture.store.commit(batch) == Array(repeating: SignInVerdict.accepted, count: 200))
        #expect(try fixture.events(of: "alice").count == before.count + 200)
    }
}
