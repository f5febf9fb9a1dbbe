import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import GRDB
import Testing

/// What policies make of right answers.
struct GateTests {
    private let office: Office

    init() throws { office = try Office() }

    private func row(_ column: String) throws -> String? {
        try office.store.pool.read {
            try String.fetchOne(
                $0, sql: "SELECT \(column) FROM sign_in ORDER BY number DESC LIMIT 1")
        }
    }

    private static let blocking = """
        schema: 1
        policies:
          - id: closed
            state: on
            users: {include: all}
            applications: {include: [vpn]}
            grant: block
        """

    @Test func `a policy that blocks refuses a right answer, which is used up`() async throws {
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        try office.putInForce(Self.blocking)
        let state = try office.state(of: try await office.beginSignIn())
        #expect(
            try await office.answer(state, with: key) == .refused("alice", "blocked-by-policy"))
        #expect(try row("policies") == "closed=failure")
        #expect(try row("policy_result") == "failure")
        let other = try office.state(of: try await office.beginSignIn(to: "mail"))
        #expect(try await office.answer(other, with: key).isAccepted)
        #expect(try row("policies") == "")
        #expect(try row("policy_result") == "not-applied")
    }

    @Test func `with the password right, blocking is told at once`() async throws {
        try office.putInForce(Self.blocking)
        #expect(
            try await office.beginSignIn(password: .right)
                == .refused(user: try userName("alice"), code: "blocked-by-policy"))
        #expect(try row("policies") == "closed=failure")
    }

    @Test func `a policy in report-only lets pass and is written down`() async throws {
        try office.putInForce(Self.blocking.replacing("state: on", with: "state: report-only"))
        let state = try office.state(of: try await office.beginSignIn(password: .right))
        let signIn = try #require(await office.conclude(state).signIn)
        #expect(try #require(signIn.grant).policies.isEmpty)
        #expect(try row("policies") == "closed=report-only-failure")
        #expect(try row("policy_result") == "not-applied")
    }

    @Test func `one answer is held to policies like a begun sign-in`() async throws {
        _ = try office.addTOTP()
        try office.putInForce(Self.blocking)
        let code = try PaperToken.rfc4226.code(at: office.clock.now)
        #expect(
            try await office.verify(code, service: "vpn") == .refused("alice", "blocked-by-policy"))
    }

    @Test func `an account for emergencies passes, and that is noted`() async throws {
        try office.putInForce(
            Self.blocking + "\nbreak-glass: {users: [alice], reason: fire drill}\n")
        let state = try office.state(of: try await office.beginSignIn(password: .right))
        #expect(await office.conclude(state).isAccepted)
        #expect(try office.events() == [.breakGlassUsed])
        let elsewhere = try office.state(
            of: try await office.beginSignIn(to: "mail", password: .right))
        #expect(await office.conclude(elsewhere).isAccepted)
        #expect(try office.events() == [.breakGlassUsed])
    }

    @Test func `a password change that policy asks for is told, and done once reported`()
        async throws
    {
        try office.putInForce(
            """
            schema: 1
            policies:
              - id: change
                state: on
                users: {include: all}
                applications: {include: all}
                conditions: {user-risk: [high]}
                grant: {all: [password-change]}
            """)
        try office.store.set(
            .high, of: userName("alice"), because: "", client: "test", at: office.clock.now)
        #expect(
            try await office.beginSignIn(password: .right)
                == .refused(user: try userName("alice"), code: "password-change-required"))
        office.clock.advance(by: .seconds(10))
        _ = try office.store.passwordWasReset(
            of: userName("alice"), deletingAppPasswords: false, by: .at("test"),
            at: office.clock.now)
        let state = try office.state(of: try await office.beginSignIn(password: .right))
        #expect(await office.conclude(state).isAccepted)
    }

    @Test func `two factors move an enabled user to enforced`() async throws {
        _ = try office.addTOTP()
        try office.store.set(.enabled, of: userName("alice"))
        let state = try office.state(of: try await office.beginSignIn(password: .right))
        let code = try PaperToken.rfc4226.code(at: office.clock.now)
        #expect(await office.answer(state, code).isAccepted)
        #expect(try office.store.standing(of: userName("alice")).mfaState == .enforced)
    }

    @Test func `an enabled user who has nothing yet is asked to register`() async throws {
        try office.store.set(.enabled, of: userName("alice"))
        let state = try office.state(of: try await office.beginSignIn(password: .right))
        let signIn = try #require(await office.conclude(state).signIn)
        #expect(try #require(signIn.grant).asksToRegister)
        #expect(try office.store.standing(of: userName("alice")).mfaState == .enabled)
    }

    @Test func `who signs in to administer gets a ticket, for a role and this application alone`()
        async throws
    {
        let alice = try userName("alice")
        func ticket(to service: String) async throws -> String? {
            let state = try office.state(
                of: try await office.beginSignIn(to: service, password: .right))
            return try #require(await office.conclude(state).signIn?.grant).ticket
        }
        #expect(try await ticket(to: "countersign") == nil)
        try office.tamper(
            """
            INSERT INTO role_member (user, role, assigned_at)
            SELECT id, 'help-desk', 0 FROM user WHERE name = 'alice'
            """)
        #expect(try await ticket(to: "vpn") == nil)
        let text = try #require(try await ticket(to: "countersign"))
        let opened = try #require(office.access.administrator(text, client: "front"))
        #expect(opened.user == alice)
        #expect(opened.holds(for: AccountFacts(createdAt: office.clock.now)))
        let later = office.clock.now.advanced(by: .milliseconds(1))
        #expect(!opened.holds(for: AccountFacts(createdAt: later)))
        #expect(!opened.holds(for: AccountFacts(risk: .high, riskSetAt: later)))
        #expect(!opened.holds(for: AccountFacts(passwordResetAt: later)))
        #expect(office.access.administrator(text, client: "other") == nil)
        #expect(office.access.administrator(text + "A", client: "front") == nil)
        office.clock.advance(by: .seconds(3600))
        #expect(office.access.administrator(text, client: "front") == nil)
    }

    @Test func `the log names the country, the program and the device`() async throws {
        let state = try office.state(
            of: try await office.beginSignIn(password: .right, kind: .browser))
        #expect(await office.conclude(state).isAccepted)
        #expect(try row("client_kind") == "browser")
        #expect(try row("requirement") == "single-factor")
        #expect(try row("password") == "ok")
        #expect(try row("user_risk") == "none")
        let processing = try #require(try row("processing").flatMap(Int.init))
        #expect((0..<10_000_000).contains(processing))
    }
}
