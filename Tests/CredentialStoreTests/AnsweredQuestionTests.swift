import Accounts
import CredentialStore
import Testing
import WebAuthn

/// Codes that follow from their question alone.
struct AnsweredQuestionTests {
    private func answer(
        _ question: String, _ seed: UInt8, by token: UInt8 = 1, of user: String = "alice"
    ) throws -> SignInDecision {
        var decision = try Samples.decision(
            .questionAnswered(question: question), .ocra, of: user, by: Samples.tokenID(token))
        decision.challenge = SpentChallenge(
            challenge: [UInt8](repeating: seed, count: 32), expiresAt: Samples.at(60))
        return decision
    }

    @Test func `a question is answered once, however often it is asked`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        #expect(try fixture.commit(answer("00000000", 1)) == .accepted)
        let replayed = SignInVerdict.refused(code: "code-replayed")
        #expect(try fixture.commit(answer("00000000", 2)) == replayed)
        #expect(try fixture.commit(answer("00000001", 3)) == .accepted)
        // Another's token answers for itself.
        #expect(try fixture.commit(answer("00000000", 4, by: 2, of: "bob")) == .accepted)
        #expect(
            try fixture.store.commit([answer("5", 5), answer("5", 6)]) == [.accepted, replayed])
    }

    @Test func `a spent challenge, none, or another's token answers nothing, and uses nothing up`()
        throws
    {
        let fixture = try Fixture.withTokens("alice", "bob")
        var unasked = try answer("7", 1)
        unasked.challenge = nil
        let notAllowed = SignInVerdict.refused(code: "credential-not-allowed")
        #expect(try fixture.commit(unasked) == notAllowed)
        #expect(try fixture.commit(answer("7", 2, by: 2, of: "alice")) == notAllowed)
        #expect(try fixture.commit(answer("6", 3)) == .accepted)
        #expect(try fixture.commit(answer("7", 3)) == .refused(code: "challenge-spent"))
        #expect(try fixture.commit(answer("7", 4)) == .accepted)
    }

    @Test func `questions go with their token`() throws {
        let fixture = try Fixture.withTokens("alice")
        #expect(try fixture.commit(answer("7", 1)) == .accepted)
        try fixture.store.deleteToken(Samples.tokenID(1))
        try fixture.store.add(Samples.token(1, of: "alice"), maximum: 5)
        #expect(try fixture.commit(answer("7", 2)) == .accepted)
    }
}
