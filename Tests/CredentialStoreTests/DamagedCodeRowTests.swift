import Accounts
import Addresses
import CredentialStore
import Testing
import WebAuthn

/// Rows of tokens, codes, app passwords, standing and events that are not what the program writes.
struct DamagedCodeRowTests {
    /// alice has one of everything; token 2 is in stock.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture.withTokens("alice")
        let alice = try Samples.name("alice")
        for (seed, parameters) in zip(UInt8(2)..., try Samples.parameters()) {
            let owner = seed == 2 ? nil : "alice"
            try fixture.store.add(Samples.token(seed, of: owner, parameters), maximum: 9)
        }
        _ = try fixture.addAppPassword(1, of: "alice")
        try fixture.store.replaceRecoveryCodes(
            of: alice, digests: [Samples.digest(1)], client: "", at: Samples.start)
        try fixture.store.issue(Samples.pass(1, by: "alice"), to: alice, client: "")
        _ = try fixture.store.keepServerSecret([1], named: "vapid")
        #expect(
            try fixture.commit(Samples.code(1, by: 1, of: "alice", from: "192.0.2.1")) == .accepted)
        return fixture
    }

    /// Reads all that the store has of alice.
    private func readAll(_ store: SQLiteStore) throws {
        let alice = try Samples.name("alice")
        let source = try IPAddress("192.0.2.1").subscriber
        _ = try store.tokens(of: alice)
        _ = try store.tokensInStock(limit: 9)
        _ = try store.appPasswords(of: alice)
        _ = try store.accessPass(of: alice)
        _ = try store.recoveryCodes(of: alice)
        _ = try store.standing(of: alice)
        _ = try store.events(of: alice, limit: 9)
        _ = try store.signIns(limit: 9)
        var cursor: SealedSecretCursor?
        repeat {
            cursor = try store.sealedSecrets(after: cursor, limit: 99).next
        } while cursor != nil
        _ = try store.serverSecret(named: "vapid")
        _ = try store.codeFactors(
            for: [nil, "pre1"].map {
                CodeLookup(user: alice, appPasswordPrefix: $0, source: source)
            },
            at: Samples.start)
    }

    @Test(
        arguments: [
            ("token", "kind = 'motp'"), ("token", "hash = 'md5'"),
            ("token", "id = x'' WHERE kind = 'hmac'"),
            ("token", "next_factor = -1"), ("token", "digits = 9 WHERE kind = 'hotp'"),
            ("token", "digits = NULL WHERE kind = 'hotp'"),
            ("token", "digits = -9223372036854775808 WHERE kind = 'totp'"),
            ("token", "period = 14 WHERE kind = 'totp'"),
            ("token", "period = 9223372036854775807 WHERE kind = 'totp'"),
            ("token", "period = NULL WHERE kind = 'totp'"),
            ("token", "suite = NULL WHERE kind = 'ocra'"),
            ("token", "suite = 'OCRA-1:HOTP-SHA256-7:C-QN99' WHERE kind = 'ocra'"),
            ("token", "suite = 'OCRA-1:HOTP-SHA1-7:QN08' WHERE kind = 'ocra'"),
            ("token", "hash = 'sha512' WHERE kind = 'hmac'"),
            ("access_pass", "issuer = ''"), ("access_pass", "issuer = 'a' || char(10)"),
            ("user", "mfa_state = 'perhaps'"), ("user", "risk = ''"),
            ("security_event", "kind = 'party'"), ("sign_in", "method = 'smoke'"),
        ])
    func `a value that the program does not write is an unreadable row`(
        _ table: String, _ change: String
    ) throws {
        let fixture = try fixture()
        try readAll(fixture.store)
        try RawDatabase.execute("UPDATE \(table) SET \(change)", at: fixture.folder.database)
        #expect(throws: StoreError.unreadableRow(table: table)) { try readAll(fixture.store) }
    }

    @Test(arguments: ["handle = x''", "name = 'a' || char(10)"])
    func `an owner who is none makes the token unreadable`(_ change: String) throws {
        let fixture = try fixture()
        try RawDatabase.execute("UPDATE user SET \(change)", at: fixture.folder.database)
        #expect(throws: StoreError.unreadableRow(table: "token")) {
            try fixture.store.token(Samples.tokenID(1))
        }
    }

    @Test(
        arguments: [
            ("token", "drift = NULL"), ("token", "next_factor = 'next'"),
            ("token", "secret = NULL"),
            ("token", "label = NULL"), ("token", "slot = 'second'"), ("token", "kind = NULL"),
            ("token", "digits = 'six'"), ("token", "model = NULL"),
            ("app_password", "prefix = NULL"), ("app_password", "services = NULL"),
            ("app_password", "networks = NULL"), ("app_password", "expires_at = 'never'"),
            ("app_password", "digest = NULL"), ("app_password", "label = NULL"),
            ("access_pass", "starts_at = 'now'"), ("access_pass", "one_time = 'once'"),
            ("access_pass", "digest = NULL"), ("recovery_code", "digest = NULL"),
            ("user", "risk = NULL"), ("user", "pushes_stopped_at = 'yes'"),
            ("security_event", "detail = NULL"), ("security_event", "at = NULL"),
            ("server_secret", "sealed = NULL"),
        ])
    func `a column that holds what it cannot is damage`(_ table: String, _ change: String) throws {
        let fixture = try fixture()
        try fixture.store.close()
        // What a flipped bit can do, the schema would not let happen: so the schema goes first.
        try RawDatabase.execute(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(replace(sql, ' NOT NULL', ''), ' STRICT', '')
                WHERE name = '\(table)';
            UPDATE sqlite_schema SET sql = replace(sql, ' STRICT,', '') WHERE name = '\(table)';
            """, at: fixture.folder.database)
        try RawDatabase.execute("UPDATE \(table) SET \(change)", at: fixture.folder.database)
        let store = try SQLiteStore(path: fixture.folder.database)
        #expect(throws: StoreError.damaged(path: fixture.folder.database)) { try readAll(store) }
    }

    @Test func `numbers at their ends are read and decided on without a trap`() throws {
        let fixture = try fixture()
        let greatest = Int64.max
        for (table, columns) in [
            ("token", ["drift", "next_factor", "created_at", "last_used_at", "slot"]),
            ("app_password", ["expires_at", "created_at", "last_used_at"]),
            ("access_pass", ["starts_at", "expires_at", "created_at", "last_used_at", "one_time"]),
            ("familiar_source", ["last_seen_at"]), ("user", ["pushes_stopped_at"]),
            ("security_event", ["at"]), ("recovery_code", ["created_at"]),
        ] {
            for column in columns {
                for value in [greatest, 0, -greatest - 1]
                where column != "next_factor" || value >= 0 {
                    try RawDatabase.execute(
                        "UPDATE \(table) SET \(column) = \(value)", at: fixture.folder.database)
                    try readAll(fixture.store)
                    _ = try fixture.store.commit([
                        Samples.code(2, by: 1, of: "alice", from: "192.0.2.1"),
                        Samples.decision(.appPasswordVerified(number: 1), .apppass, of: "alice"),
                        Samples.decision(
                            .accessPassVerified(digest: Samples.digest(1)), .tap, of: "alice"),
                    ])
                }
            }
        }
    }
}
