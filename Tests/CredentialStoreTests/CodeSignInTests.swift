import Accounts
import CredentialStore
import Testing
import WebAuthn

/// Codes of tokens, and their answers to challenges: what the writer decides of them.
struct CodeSignInTests {
    private let replayed = SignInVerdict.refused(code: "code-replayed")
    private let notAllowed = SignInVerdict.refused(code: "credential-not-allowed")

    @Test func `a code moves its token past it, with the drift that it showed`() throws {
        let fixture = try Fixture.withTokens("alice")
        #expect(try fixture.commit(Samples.code(7, by: 1, of: "alice", drift: -2)) == .accepted)
        let token = try fixture.token(1)
        #expect(token.nextFactor == 8)
        #expect(token.drift == -2)
        #expect(token.lastUsedAt == Samples.at(5))
        let row = try #require(try fixture.store.signIns(limit: 1).first)
        #expect(row.method == .hotp)
        #expect(try row.credentialID == Samples.tokenID(1).bytes)
        #expect(row.service == "imap")
        #expect(row.reason == "ok")
        #expect(row.isUserVerified == nil)
        #expect(row.signatureCounter == nil)
    }

    @Test func `a code is worth something once, and no earlier one anything after it`() throws {
        let fixture = try Fixture.withTokens("alice")
        let codes = try [7, 7, 6, 0, 8, 7, 8].map { try Samples.code($0, by: 1, of: "alice") }
        let expected: [SignInVerdict] = [
            .accepted, replayed, replayed, replayed, .accepted, replayed, replayed,
        ]
        #expect(try fixture.store.commit(codes) == expected)
        // And in transactions of their own.
        #expect(try codes.map(fixture.commit) == Array(repeating: replayed, count: 7))
        #expect(try fixture.token(1).nextFactor == 9)
        #expect(try fixture.store.counts().rows == [1, 1, 2, 12, 0])
    }

    @Test func `a code that is refused leaves the token as it was`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        _ = try fixture.commit(Samples.code(7, by: 1, of: "alice", drift: 1))
        let before = try fixture.token(1)
        let refused = [
            try Samples.code(7, by: 1, of: "alice", drift: 5, at: 60),
            try Samples.code(9, by: 1, of: "bob", drift: 5, at: 60),
            try Samples.code(9, by: 1, of: "carol", drift: 5, at: 60),
            try Samples.code(9, by: 1, of: "alice", at: 60).judged(.refused(code: "wrong-code")),
        ]
        #expect(
            try fixture.store.commit(refused)
                == [replayed, notAllowed, notAllowed, .refused(code: "wrong-code")])
        #expect(try fixture.token(1) == before)
    }

    @Test func `a token that was deleted, or that nobody has, signs nobody in`() throws {
        let fixture = try Fixture.withTokens("alice")
        try fixture.store.deleteToken(Samples.tokenID(1))
        try fixture.store.add(Samples.token(2, of: nil), maximum: 5)
        #expect(try fixture.commit(Samples.code(1, by: 1, of: "alice")) == notAllowed)
        #expect(try fixture.commit(Samples.code(1, by: 2, of: "alice")) == notAllowed)
        var nobodys = try Samples.code(1, by: 2, of: "alice")
        nobodys.user = nil
        #expect(try fixture.commit(nobodys) == notAllowed)
        var ofNone = try Samples.code(1, by: 2, of: "alice")
        ofNone.credentialID = nil
        #expect(try fixture.commit(ofNone) == notAllowed)
    }

    @Test func `the last moving factors are used up like the first, and none traps`() throws {
        let fixture = try Fixture.withTokens("alice")
        let last = UInt64(Int64.max) - 1
        let factors = [last - 1, last, last, last + 1, last + 2, .max, 0]
        #expect(
            try fixture.store.commit(factors.map { try Samples.code($0, by: 1, of: "alice") })
                == [
                    .accepted, .accepted, replayed, notAllowed, notAllowed, notAllowed, replayed,
                ])
        #expect(try fixture.token(1).nextFactor == UInt64(Int64.max))
    }

    @Test func `the drift may be as large as a number can be`() throws {
        let fixture = try Fixture.withTokens("alice")
        for (factor, drift) in [(UInt64(1), Int.max), (2, .min)] {
            let code = try Samples.code(factor, by: 1, of: "alice", drift: drift)
            #expect(try fixture.commit(code) == .accepted)
            #expect(try fixture.token(1).drift == drift)
        }
    }

    @Test func `tokens of one user are used up one by one`() throws {
        let fixture = try Fixture.withTokens("alice")
        try fixture.store.add(Samples.token(2, of: "alice"), maximum: 5)
        let codes = try [1, 2, 1, 2].map { try Samples.code(7, by: $0, of: "alice") }
        #expect(try fixture.store.commit(codes) == [.accepted, .accepted, replayed, replayed])
    }

    @Test func `a code for a challenge spends both, and neither is worth anything again`() throws {
        let fixture = try Fixture.withTokens("alice")
        var answer = try Samples.code(7, by: 1, of: "alice")
        answer.method = .ocra
        answer.challenge = Samples.challenge(1)
        let spent = SignInVerdict.refused(code: "challenge-spent")
        #expect(try fixture.store.commit([answer, answer]) == [.accepted, spent])
        answer.challenge = Samples.challenge(2)
        #expect(try fixture.commit(answer) == replayed)
        #expect(try fixture.commit(answer) == spent)
        #expect(try fixture.token(1).nextFactor == 8)
    }

    @Test func `an answer to a challenge is accepted once, and never without one`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        var answer = try Samples.decision(
            .responseVerified, .hmac, of: "alice", by: Samples.tokenID(1))
        #expect(try fixture.commit(answer) == notAllowed)
        answer.challenge = Samples.challenge(1)
        #expect(
            try fixture.store.commit([answer, answer])
                == [.accepted, .refused(code: "challenge-spent")])
        #expect(try fixture.token(1).lastUsedAt == Samples.at(5))
        #expect(try fixture.token(1).nextFactor == 0)
        answer.challenge = Samples.challenge(2)
        answer.user = try Samples.name("bob")
        #expect(try fixture.commit(answer) == notAllowed)
        answer.challenge = Samples.challenge(3)
        answer.user = nil
        #expect(try fixture.commit(answer) == notAllowed)
    }
}
