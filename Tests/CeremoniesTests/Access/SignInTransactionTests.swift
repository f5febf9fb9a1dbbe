import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import GRDB
import Testing

/// Sign-ins that a front end begins: what they ask for, and that nothing of them can be used twice or elsewhere.
struct SignInTransactionTests {
    private let office: Office

    init() throws { office = try Office() }

    @Test func `before a first factor was right, all users look alike`() async throws {
        _ = try office.addTOTP()
        try office.store.set(.enforced, of: userName("alice"))
        try office.tamper("UPDATE user SET locked_at = 1 WHERE name = 'bob'")
        var seen: Set<[SignInMethod]> = []
        var lengths: Set<Int> = []
        for user in ["alice", "bobby", "carol", "mallo"] {
            let begun = try #require(try await office.beginSignIn(user).begun)
            seen.insert(begun.methods)
            lengths.insert(begun.transaction.utf8.count)
        }
        let locked = try #require(try await office.beginSignIn("bob").begun)
        #expect(seen.union([locked.methods]).count == 1)
        #expect(lengths.count == 1)
        #expect(try office.store.signIns(limit: 10).isEmpty)
    }

    @Test func `a right password is all where nothing more is asked for`() async throws {
        let verdict = try await office.beginSignIn(password: .right)
        #expect(try #require(verdict.begun).methods == [.password])
        let state = try office.state(of: verdict)
        let signIn = try #require(await office.conclude(state).signIn)
        #expect(signIn.means == .password)
        #expect(try #require(signIn.grant).hasPassword)
        #expect(await office.conclude(state) == .refused("alice", "challenge-spent"))
        let rows = try office.store.signIns(limit: 10)
        #expect(rows.map(\.reason) == ["challenge-spent", "ok"])
        #expect(rows.map(\.method) == [.password, .password])
    }

    @Test func `nobody concludes without a password`() async throws {
        let state = try office.state(of: try await office.beginSignIn())
        #expect(await office.conclude(state) == .refused("alice", "no-method-satisfies"))
    }

    @Test func `a wrong password is written down and refused`() async throws {
        let verdict = try await office.beginSignIn(password: .wrong)
        #expect(verdict == .refused(user: try userName("alice"), code: "wrong-password"))
        let row = try office.lastSignIn()
        #expect(row.reason == "wrong-password")
        #expect(row.service == "vpn")
    }

    @Test func `an enforced user adds a code to the password`() async throws {
        let token = PaperToken.rfc4226
        _ = try office.addTOTP()
        try office.store.set(.enforced, of: userName("alice"))
        let verdict = try await office.beginSignIn(password: .right)
        #expect(try #require(verdict.begun).methods == [.totp])
        let state = try office.state(of: verdict)
        #expect(await office.conclude(state).unfinished?.methods == [.totp])

        let again = try office.state(of: try await office.beginSignIn(password: .right))
        let code = try token.code(at: office.clock.now)
        let signIn = try #require(await office.answer(again, code).signIn)
        #expect(try #require(signIn.grant).hasPassword)
        #expect(try office.lastSignIn().method == .totp)
    }

    @Test func `a code alone is not two factors, and nothing else of the user's makes it so`()
        async throws
    {
        _ = try office.addTOTP()
        try office.store.set(.enforced, of: userName("alice"))
        let code = try PaperToken.rfc4226.code(at: office.clock.now)
        #expect(try await office.verify(code) == .refused("alice", "no-method-satisfies"))
        // The code is used up all the same.
        #expect(try await office.verify(code) == .refused("alice", "code-replayed"))
    }

    @Test func `a code is followed by the key that policy asks for`() async throws {
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        _ = try office.addTOTP()
        try office.putInForce(
            """
            schema: 1
            policies:
              - id: strong
                state: on
                users: {include: all}
                applications: {include: [vpn]}
                grant: {all: [mfa]}
            """)
        let begun = try office.state(of: try await office.beginSignIn())
        let code = try PaperToken.rfc4226.code(at: office.clock.now)
        let more = try #require(await office.answer(begun, code).unfinished)
        #expect(more.methods == [.webauthn])
        #expect(try office.store.signIns(limit: 10).isEmpty)
        let next = try #require(office.access.open(more.transaction, client: "front"))
        let signIn = try #require(try await office.answer(next, with: key).signIn)
        let grant = try #require(signIn.grant)
        #expect(grant.policies == ["strong"])
        #expect(grant.earlierFactors.map(\.method) == [.totp])
        #expect(try office.store.signIns(limit: 10).count == 1)
        // Neither step can be taken again.
        #expect(try await office.answer(next, with: key).isAccepted == false)
        office.clock.advance(by: .seconds(30))
        let later = try PaperToken.rfc4226.code(at: office.clock.now)
        #expect(await office.answer(begun, later) == .refused("alice", "challenge-spent"))
    }

    @Test func `six copies of the last step are one sign-in`() async throws {
        for _ in 0..<20 {
            let state = try office.state(of: try await office.beginSignIn(password: .right))
            let yeses = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 { group.addTask { await office.conclude(state).isAccepted } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(yeses == 1)
        }
    }

    @Test func `a transaction is its front end's, and for a while`() async throws {
        let begun = try #require(try await office.beginSignIn().begun)
        #expect(office.access.open(begun.transaction, client: "other") == nil)
        #expect(office.access.open(begun.transaction, client: "front") != nil)
        office.clock.advance(by: .seconds(120))
        #expect(office.access.open(begun.transaction, client: "front") == nil)
    }

    @Test func `a transaction that was changed anywhere is none`() async throws {
        let begun = try #require(try await office.beginSignIn(password: .right).begun)
        let text = Array(begun.transaction.utf8)
        for index in text.indices {
            var changed = text
            changed[index] =
                changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let other = String(decoding: changed, as: UTF8.self)
            #expect(office.access.open(other, client: "front") == nil)
            #expect(
                office.access.open(
                    String(decoding: text[..<index], as: UTF8.self), client: "front") == nil)
        }
    }

    @Test func `a challenge for one sign-in answers no other, and none alone`() async throws {
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        let first = try office.state(of: try await office.beginSignIn())
        let second = try office.state(of: try await office.beginSignIn())
        let no = AuthenticationVerdict.refused(nil, "unknown-transaction")
        #expect(try await office.answer(first, with: key, as: .step(second)) == no)
        #expect(try await office.answer(first, with: key, as: .single()) == no)
        // And one for none answers no sign-in.
        let alone = try await office.begin()
        let verdict = await office.finish(
            AnswerRequest(
                transaction: alone.identifier,
                answer: .assertion(.success(try key.answer(alone.challenge))), client: "front",
                attempt: .step(first)))
        #expect(verdict == no)
        // What was answered so is used up.
        #expect(try await office.answer(first, with: key) == .refused("alice", "challenge-spent"))
        let third = try office.state(of: try await office.beginSignIn())
        #expect(try await office.answer(third, with: key).isAccepted)
    }

    @Test func `a lock is told once a first factor was right`() async throws {
        _ = try office.addTOTP()
        try office.tamper("UPDATE user SET locked_at = 1 WHERE name = 'alice'")
        #expect(
            try await office.beginSignIn(password: .right)
                == .refused(user: try userName("alice"), code: "user-locked"))
        #expect(try await office.verify("000000") == .refused("alice", "wrong-code"))
        let code = try PaperToken.rfc4226.code(at: office.clock.now)
        #expect(try await office.verify(code) == .refused("alice", "user-locked"))
    }

    @Test func `a user who does not exist gets no further than a password`() async throws {
        let state = try office.state(of: try await office.beginSignIn("mallory", password: .right))
        #expect(await office.conclude(state) == .refused("mallory", "unknown-user"))
    }
}
