import Accounts
import Addresses
import CredentialStore
import GRDB
import PushMessages
import Synchronization
import Testing
import WebAuthn

/// What is asked at each sign-in finds its rows by an index, however many there are.
struct QueryPlanTests {
    /// Of these there is one row, or the last one alone is read.
    private static let small = [
        "SCAN challenge_horizon", "SCAN CONSTANT ROW", "SCAN audit_record",
    ]

    /// The statements that `body` has the store run, with their values in them.
    private func statements(
        _ fixture: Fixture, _ body: (SQLiteStore) throws -> Void
    ) throws -> [String] {
        let seen = Mutex<[String]>([])
        let trace = { @Sendable (event: Database.TraceEvent) in
            seen.withLock { $0.append(event.expandedDescription) }
        }
        // One reader serves who asks one after the other.
        try fixture.store.pool.read { database in database.trace(options: .statement, trace) }
        fixture.store.pool.writeWithoutTransaction { $0.trace(options: .statement, trace) }
        try body(fixture.store)
        return seen.withLock { $0 }.filter { statement in
            ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { statement.hasPrefix($0) }
        }
    }

    private func scans(_ statement: String, _ fixture: Fixture) throws -> [String] {
        try fixture.store.pool.read { database in
            database.trace(options: [])
            return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement)
                .map { row in row["detail"] as String }
                .filter { $0.hasPrefix("SCAN") && !Self.small.contains($0) }
        }
    }

    private func expectNoScan(
        of tables: Set<String>, _ fixture: Fixture, _ body: (SQLiteStore) throws -> Void
    ) throws {
        let statements = try statements(fixture, body)
        for table in tables {
            #expect(statements.contains { $0.contains(table) }, "nothing asks for \(table)")
        }
        for statement in statements {
            #expect(try scans(statement, fixture) == [], "\(statement)")
        }
    }

    @Test func `a scan would be seen`() throws {
        let fixture = try Fixture(users: "alice")
        let statements = try statements(fixture) { store in _ = try store.counts() }
        #expect(try statements.flatMap { try scans($0, fixture) } != [])
    }

    @Test func `looking up what a code is compared with`() throws {
        let fixture = try Fixture.withTokens("alice")
        let source = try IPAddress("192.0.2.1").subscriber
        try expectNoScan(
            of: [
                "token", "recovery_code", "access_pass", "app_password", "familiar_source", "user",
            ], fixture
        ) { store in
            let alice = try Samples.name("alice")
            _ = try store.codeFactors(
                for: [nil, "pre0"].map {
                    CodeLookup(user: alice, appPasswordPrefix: $0, source: source)
                },
                at: Samples.start)
            _ = try store.tokens(ofEach: [alice])
            _ = try store.token(Samples.tokenID(1))
            _ = try store.tokens(serial: "A1")
            _ = try store.standing(of: alice)
            _ = try store.appPasswords(of: alice)
            _ = try store.events(of: alice, limit: 9)
            _ = try store.user(alice)
        }
    }

    @Test func `looking up what policies ask of an account`() throws {
        let fixture = try Fixture.withTokens("alice")
        try fixture.addGroup("staff", "alice")
        try expectNoScan(
            of: ["user", "group_member", "role_member", "credential", "phone"], fixture
        ) { store in
            _ = try store.accountFacts(of: [Samples.name("alice")])
            _ = try store.groups(of: Samples.name("alice"))
            _ = try store.members(ofGroup: Samples.directoryName("staff"), limit: 9)
            _ = try store.users(limit: 9)
        }
    }

    @Test func `looking up keys, cards and phones`() throws {
        let fixture = try Fixture(users: "alice")
        try expectNoScan(of: ["credential", "card_credential", "phone", "user"], fixture) { store in
            let alice = try Samples.name("alice")
            let relyingParty = try RelyingPartyID(Samples.exampleOrg)
            let id = try Samples.credentialID(1)
            _ = try store.credentials(withIDs: [id])
            _ = try store.credentialIDs(of: [(alice, relyingParty)])
            _ = try store.credentials(of: alice)
            _ = try store.cardCredentials(withIDs: [id])
            _ = try store.cardCredentialIDs(of: [alice])
            _ = try store.phones(withIDs: [id])
            _ = try store.audiences(of: [alice])
        }
    }

    @Test func `deciding a sign-in of each kind, and what follows from it`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        let alice = try Samples.name("alice")
        let number = try fixture.addAppPassword(1, of: "alice")
        try fixture.store.replaceRecoveryCodes(
            of: alice, digests: [Samples.digest(1)], client: "", at: Samples.start)
        try fixture.store.issue(Samples.pass(1, by: "bob"), to: alice, client: "")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        let key = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 1)
        var phone = try Samples.decision(
            .phoneApproved(isUserVerified: true), .push, of: "alice", by: Samples.tokenID(7),
            from: "192.0.2.1")
        phone.challenge = Samples.challenge(3)
        phone.consequences = [.stopPushes, .event(.codeGuessing, detail: "")]
        let code = try Samples.code(1, by: 1, of: "alice", from: "192.0.2.1")
        let batch = [
            code, code, phone, key,
            try Samples.answer(Samples.challenge(2), by: 1, of: "alice", counter: 1),
            try Samples.cardAnswer(Samples.challenge(4), by: 2, of: "alice"),
            try Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice"),
            try Samples.decision(.accessPassVerified(digest: Samples.digest(1)), .tap, of: "alice"),
            try Samples.decision(
                .appPasswordVerified(number: number), .apppass, of: "alice", from: "192.0.2.2"),
        ]
        try expectNoScan(
            of: [
                "spent_challenge", "sign_in", "credential", "card_credential", "token", "phone",
                "recovery_code", "access_pass", "app_password", "familiar_source",
                "security_event", "pushes_stopped_at",
            ], fixture
        ) { store in
            let verdicts = try store.commit(batch)
            #expect(verdicts.count { $0 == .accepted } == 5)
        }
    }

    @Test func `noting messages, forgetting challenges and sealing anew`() throws {
        let fixture = try Fixture.withTokens("alice")
        try fixture.store.spend(Samples.challenge(1, expiresAfter: 1))
        let id = try Samples.tokenID(1)
        try expectNoScan(of: ["phone", "spent_challenge", "token", "server_secret"], fixture) {
            store in
            _ = try store.noteMessages([(id, Samples.start)])
            _ = try store.setSubscription(nil, of: id, at: Samples.start)
            _ = try store.forgetChallenges(expiredBefore: Samples.at(60))
            _ = try store.serverSecret(named: "vapid")
            let (secrets, _) = try store.sealedSecrets(after: nil, limit: 9)
            #expect(try store.replace(secrets.map { ($0, [9]) }) == 1)
        }
    }
}
