import Accounts
import Ceremonies
import CredentialStore
import OATH
import Testing

/// Copies of a right code that race.
struct CodesExactlyOnceTests {
    /// What each round brings.
    enum Kind: String, CaseIterable, Sendable {
        case totp, hotp, recovery, pass
    }

    /// Gives a right code that has not been used.
    private func fresh(_ kind: Kind, _ round: UInt64, in office: Office) throws -> String {
        let (alice, bob) = (try userName("alice"), try userName("bob"))
        switch kind {
        case .totp:
            office.clock.advance(by: .seconds(30))
            return try PaperToken.rfc4226.code(at: office.clock.now)
        case .hotp: return PaperToken.rfc4226.code(round)
        case .recovery:
            return try #require(
                office.spares.makeRecoveryCodes(for: alice, client: "front").first)
        case .pass:
            return try office.spares.issueAccessPass(
                to: alice, by: bob, lifetime: .seconds(600), isOneTime: true, client: "front"
            ).text
        }
    }

    private static let refusals: [Kind: Set<String>] = [
        .totp: ["code-replayed"], .hotp: ["code-replayed", "wrong-code"],
        .recovery: ["recovery-code-spent", "wrong-code"],
        .pass: ["access-pass-spent", "access-pass-not-in-force"],
    ]

    @Test(arguments: Kind.allCases, [1, 2])
    func `of six copies of a right code that come at once one is accepted, a hundred times`(
        kind: Kind, judges: Int
    ) async throws {
        // Copies count as guesses; here that is not what is asked.
        let office = try Office { $0.codes.failures.perUser = 10_000 }
        switch kind {
        case .totp: _ = try office.addTOTP()
        case .hotp: _ = try office.addHOTP()
        case .recovery, .pass: break
        }
        let services = try (0..<judges).map { $0 == 0 ? office.codes : try office.twin() }
        for round in 0..<100 as Range<UInt64> {
            let code = try fresh(kind, round, in: office)
            let verdicts = try await withThrowingTaskGroup(
                of: AuthenticationVerdict.self
            ) { group in
                for copy in 0..<6 {
                    group.addTask {
                        try await office.verify(code, by: services[copy % services.count])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count(where: \.isAccepted) == 1, "round \(round)")
            let reasons = verdicts.compactMap { verdict -> String? in
                if case .refused(_, let reason) = verdict { reason } else { nil }
            }
            #expect(reasons.count == 5, "round \(round)")
            #expect(
                Set(reasons).isSubset(of: Self.refusals[kind] ?? []), "round \(round): \(reasons)")
        }
        let stored = try office.store.counts()
        #expect(stored.accepted == 100)
        #expect(stored.refused == 500)
    }

    @Test func `of copies at the default limits one is accepted too`() async throws {
        let office = try Office()
        _ = try office.addTOTP()
        for round in 1...50 {
            office.clock.advance(by: .seconds(3600))
            let code = try PaperToken.rfc4226.code(at: office.clock.now)
            let verdicts = try await withThrowingTaskGroup(
                of: AuthenticationVerdict.self
            ) { group in
                for _ in 0..<6 { group.addTask { try await office.verify(code) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count(where: \.isAccepted) == 1, "round \(round)")
        }
    }

    @Test func `copies of an app password are all accepted`() async throws {
        let office = try Office()
        try office.store.set(.enforced, of: userName("alice"))
        let made = try office.spares.makeAppPassword(
            AppPasswordRequest(
                user: userName("alice"), services: ["imap"], networks: [], label: "",
                lifetime: nil))
        let verdicts = try await withThrowingTaskGroup(of: AuthenticationVerdict.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await office.verify(made.text, service: "imap", from: "192.0.2.7")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count(where: \.isAccepted) == 200)
    }

    @Test func `different codes of one token that come at once are taken in any order but once`()
        async throws
    {
        let office = try Office { $0.codes.failures.perUser = 10_000 }
        let stored = try office.addHOTP()
        for round in 0..<50 as Range<UInt64> {
            let first = 5 * round
            let verdicts = try await withThrowingTaskGroup(
                of: AuthenticationVerdict.self
            ) { group in
                for copy in 0..<10 as Range<UInt64> {
                    group.addTask {
                        try await office.verify(PaperToken.rfc4226.code(first + copy / 2))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = verdicts.count(where: \.isAccepted)
            #expect((1...5).contains(accepted), "round \(round)")
            #expect(try office.stored(stored).nextFactor == first + 5, "round \(round)")
        }
    }

    @Test(arguments: [SignInMethod.hmac, .ocra])
    func `of six copies of one answer to a challenge one is accepted, a hundred times`(
        method: SignInMethod
    ) async throws {
        let office = try Office()
        let (token, suite) = (PaperToken.rfc4226, "OCRA-1:HOTP-SHA1-6:C-QN08")
        try office.add(
            token, method == .hmac ? .challengeResponse : .ocra(OCRASuite(suite)))
        for round in 0..<100 as Range<UInt64> {
            let transaction = try await office.begin(method: method)
            let answer: TokenAnswer =
                method == .hmac
                ? .response(token.response(to: transaction.challenge))
                : .code(
                    try token.code(
                        suite, #require(transaction.question), counter: round))
            let request = AnswerRequest(
                transaction: transaction.identifier, answer: .token(answer), client: "front")
            let verdicts = await withTaskGroup(of: AuthenticationVerdict.self) { group in
                for _ in 0..<6 { group.addTask { await office.finish(request) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count(where: \.isAccepted) == 1, "round \(round)")
            #expect(
                verdicts.count { $0 == .refused("alice", "challenge-spent") } == 5,
                "round \(round)")
        }
        #expect(try office.store.counts().accepted == 100)
        #expect(try office.events() == [])
    }
}
