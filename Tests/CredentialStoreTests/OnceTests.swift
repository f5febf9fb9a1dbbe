import Accounts
import CredentialStore
import Dispatch
import Synchronization
import Testing
import WebAuthn

/// Of many copies of one right answer, one is accepted, whichever way they come.
struct OnceTests {
    /// What can be used once.
    enum Subject: CaseIterable, Sendable {
        case assertion, card, hotp, response, recoveryCode, accessPass, notMe
    }

    private static let copies = 6

    /// A store, and for each round a right answer and what copies of it are told.
    private func prepare(
        _ subject: Subject, rounds: Int
    ) throws -> (fixture: Fixture, answers: [SignInDecision], refusal: String) {
        let fixture = try Fixture.withTokens("alice", "bob")
        let alice = try Samples.name("alice")
        func challenge(_ round: Int) -> SpentChallenge { Samples.challenge(UInt8(round)) }
        switch subject {
        case .assertion:
            // With counters at zero the challenge alone stops a copy.
            try fixture.store.register(
                Samples.credential(1, of: "alice"), spending: Samples.challenge(255))
            let answers = try (0..<rounds).map {
                try Samples.answer(challenge($0), by: 1, of: "alice", counter: 0)
            }
            return (fixture, answers, "challenge-spent")
        case .card:
            try fixture.store.register(
                Samples.card(1, of: "alice"), spending: Samples.challenge(255))
            let answers = try (0..<rounds).map {
                try Samples.cardAnswer(challenge($0), by: 1, of: "alice")
            }
            return (fixture, answers, "challenge-spent")
        case .hotp:
            let answers = try (0..<rounds).map {
                try Samples.code(UInt64($0), by: 1, of: "alice", from: "192.0.2.1")
            }
            return (fixture, answers, "code-replayed")
        case .response:
            let answers = try (0..<rounds).map { round in
                var answer = try Samples.decision(
                    .responseVerified, .hmac, of: "alice", by: Samples.tokenID(1))
                answer.challenge = challenge(round)
                return answer
            }
            return (fixture, answers, "challenge-spent")
        case .recoveryCode:
            try fixture.store.replaceRecoveryCodes(
                of: alice, digests: (0..<rounds).map { Samples.digest(UInt8($0)) }, client: "",
                at: Samples.start)
            let answers = try fixture.store.recoveryCodes(of: alice).map { code in
                try Samples.decision(
                    .recoveryCodeVerified(number: code.number), .recovery, of: "alice")
            }
            return (fixture, answers, "recovery-code-spent")
        case .accessPass:
            let answers = try (0..<rounds).map { round in
                try Samples.decision(
                    .accessPassVerified(digest: Samples.digest(UInt8(round))), .tap, of: "alice")
            }
            return (fixture, answers, "access-pass-spent")
        case .notMe:
            let answers = try (0..<rounds).map { round in
                var answer = try Samples.decision(
                    .refused(code: "push-not-me"), .push, of: "alice")
                answer.challenge = challenge(round)
                answer.consequences = [.event(.suspiciousActivityReported, detail: "")]
                return answer
            }
            return (fixture, answers, "challenge-spent")
        }
    }

    private func readyRound(_ round: Int, _ subject: Subject, _ fixture: Fixture) throws {
        guard subject == .accessPass else { return }
        try fixture.store.issue(
            Samples.pass(UInt8(round), by: "bob", isOneTime: true), to: Samples.name("alice"),
            client: "")
    }

    private func expected(_ subject: Subject, _ refusal: String, _ count: Int) -> [String] {
        let first = subject == .notMe ? "push-not-me" : "ok"
        return [first] + Array(repeating: refusal, count: count - 1)
    }

    private func words(_ verdicts: [SignInVerdict]) -> [String] {
        verdicts.map { verdict in
            switch verdict {
            case .accepted: "ok"
            case .unfinished: "unfinished"
            case .refused(let code): code
            }
        }
    }

    @Test(arguments: Subject.allCases)
    func `copies in one batch`(_ subject: Subject) throws {
        let (fixture, answers, refusal) = try prepare(subject, rounds: 5)
        for (round, answer) in answers.enumerated() {
            try readyRound(round, subject, fixture)
            let verdicts = try fixture.store.commit(Array(repeating: answer, count: Self.copies))
            #expect(words(verdicts) == expected(subject, refusal, Self.copies))
        }
    }

    @Test(arguments: Subject.allCases)
    func `copies in batches that are written at once, for a hundred rounds`(
        _ subject: Subject
    ) throws {
        let (fixture, answers, refusal) = try prepare(subject, rounds: 100)
        for (round, answer) in answers.enumerated() {
            try readyRound(round, subject, fixture)
            let verdicts = Mutex<[SignInVerdict]>([])
            let failures = Mutex<[StoreError]>([])
            // The odd batches have two copies each.
            DispatchQueue.concurrentPerform(iterations: 4) { index in
                do throws(StoreError) {
                    let copies = Array(repeating: answer, count: 1 + index % 2)
                    let told = try fixture.store.commit(copies)
                    verdicts.withLock { $0 += told }
                } catch {
                    failures.withLock { $0.append(error) }
                }
            }
            let told = verdicts.withLock { words($0) }
            try #require(
                told.sorted() == expected(subject, refusal, Self.copies).sorted(),
                "round \(round)")
            #expect(failures.withLock { $0.isEmpty })
        }
        #expect(try fixture.store.signIns(limit: 1000).count == 100 * Self.copies)
        let isNo = subject == .notMe
        #expect(try fixture.store.counts().accepted == (isNo ? 0 : 100))
        if isNo { #expect(try fixture.events(of: "alice").count == 100) }
    }

    @Test func `tokens that are given to two users at once go to one`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        let names = try ["alice", "bob"].map(Samples.name)
        for seed: UInt8 in 1...30 {
            try fixture.store.add(Samples.token(seed, of: nil), maximum: 99)
            let token = try fixture.token(seed)
            let winners = Mutex<[UserName]>([])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                let sealed: [UInt8] = [9, UInt8(index)]
                do throws(StoreError) {
                    try fixture.store.give(
                        token, to: names[index], sealedSecret: sealed, label: "", maximum: 99)
                    winners.withLock { $0.append(names[index]) }
                } catch {
                    #expect(error == .noSuchCredential)
                }
            }
            let owner = try #require(try fixture.token(seed).owner).name
            #expect(winners.withLock { $0 } == [owner])
        }
    }
}
