import Accounts
import Addresses
import CredentialStore
import GRDB
import TestSupport
import Testing
import WebAuthn

struct FamiliarSourceTests {
    private let day = Samples.day

    private func isFamiliar(
        _ address: String, to user: String, in fixture: Fixture, at seconds: Int64 = 5
    ) throws -> Bool {
        let lookup = CodeLookup(
            user: try Samples.name(user), appPasswordPrefix: nil,
            source: try IPAddress(address).subscriber)
        return try fixture.factors(lookup, at: Samples.at(seconds)).isSourceFamiliar
    }

    /// Signs alice in; factors are seconds, so that a later code is good.
    private func signIn(_ fixture: Fixture, from address: String?, at seconds: Int64) throws {
        let code = try Samples.code(
            UInt64(seconds), by: 1, of: "alice", at: seconds, from: address)
        #expect(try fixture.commit(code) == .accepted)
    }

    @Test func `a source is familiar to who signed in from it, and to nobody else`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        #expect(try !isFamiliar("192.0.2.1", to: "alice", in: fixture))
        try signIn(fixture, from: "192.0.2.1", at: 5)
        #expect(try isFamiliar("192.0.2.1", to: "alice", in: fixture))
        #expect(try !isFamiliar("192.0.2.2", to: "alice", in: fixture))
        #expect(try !isFamiliar("192.0.2.1", to: "bob", in: fixture))
        let nowhere = CodeLookup(
            user: try Samples.name("alice"), appPasswordPrefix: nil, source: nil)
        #expect(try !fixture.factors(nowhere).isSourceFamiliar)
    }

    @Test func `of IPv6 the subscriber's network is familiar, not the address alone`() throws {
        let fixture = try Fixture.withTokens("alice")
        try signIn(fixture, from: "2001:db8:1:2::3", at: 5)
        #expect(try isFamiliar("2001:db8:1:2:ffff::9", to: "alice", in: fixture))
        #expect(try !isFamiliar("2001:db8:1:3::3", to: "alice", in: fixture))
        #expect(try fixture.familiarSources(of: "alice").keys.sorted() == ["2001:db8:1:2::/64"])
    }

    @Test func `a refusal makes no source familiar, and neither does a sign-in from nowhere`()
        throws
    {
        let fixture = try Fixture.withTokens("alice")
        let wrong = try Samples.code(1, by: 1, of: "alice", from: "192.0.2.1")
            .judged(.refused(code: "wrong-code"))
        let replayed = try Samples.code(1, by: 9, of: "alice", from: "192.0.2.1")
        #expect(try fixture.commit(wrong) == .refused(code: "wrong-code"))
        #expect(try fixture.commit(replayed) == .refused(code: "credential-not-allowed"))
        try signIn(fixture, from: nil, at: 5)
        #expect(try fixture.familiarSources(of: "alice") == [:])
    }

    @Test func `a source is familiar for ninety days after it was last written`() throws {
        let fixture = try Fixture.withTokens("alice")
        try signIn(fixture, from: "192.0.2.1", at: 5)
        let end = 5 + 90 * day
        #expect(try isFamiliar("192.0.2.1", to: "alice", in: fixture, at: end - 1))
        #expect(try !isFamiliar("192.0.2.1", to: "alice", in: fixture, at: end))
        // It stays what it was to a clock that is set back.
        #expect(try isFamiliar("192.0.2.1", to: "alice", in: fixture, at: -end))
    }

    @Test func `a source is written anew once a day at most`() throws {
        let fixture = try Fixture.withTokens("alice")
        var written: [Int64] = []
        for seconds in [0, 1, day - 1, day, day + 1, 2 * day, 2 * day + 1, 2 * day + 2] {
            try signIn(fixture, from: "192.0.2.1", at: seconds)
            let seen = try #require(
                try fixture.familiarSources(of: "alice")["192.0.2.1"])
            written.append((seen.milliseconds - Samples.start.milliseconds) / 1000)
        }
        #expect(written == [0, 0, 0, 0, day + 1, day + 1, day + 1, 2 * day + 2])
    }

    @Test func `a source that is written anew leaves the others, and its clock never goes back`()
        throws
    {
        let fixture = try Fixture.withTokens("alice")
        let code = { (factor: UInt64, address: String, seconds: Int64) in
            try Samples.code(factor, by: 1, of: "alice", at: seconds, from: address)
        }
        let verdicts = try fixture.store.commit([
            code(1, "192.0.2.1", 5 * day), code(2, "192.0.2.2", 5 * day),
            code(3, "192.0.2.1", 1), code(4, "192.0.2.2", 9 * day),
        ])
        #expect(verdicts == Array(repeating: .accepted, count: 4))
        #expect(
            try fixture.familiarSources(of: "alice") == [
                "192.0.2.1": Samples.at(5 * day), "192.0.2.2": Samples.at(9 * day),
            ])
    }

    @Test func `thirty-two sources are kept, and the oldest go`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        let bob = try Samples.code(1, by: 2, of: "bob", from: "198.51.100.1")
        #expect(try fixture.commit(bob) == .accepted)
        for index in 1...40 {
            try signIn(fixture, from: "192.0.2.\(index)", at: Int64(index))
            let kept = try fixture.familiarSources(of: "alice")
            let expected = (max(1, index - 31)...index).map { index in
                ("192.0.2.\(index)", Samples.at(Int64(index)))
            }
            #expect(kept == Dictionary(uniqueKeysWithValues: expected))
        }
        // One that comes again after a day is among the latest.
        try signIn(fixture, from: "192.0.2.9", at: 2 * day)
        try signIn(fixture, from: "192.0.2.99", at: 2 * day + 1)
        let kept = try fixture.familiarSources(of: "alice")
        #expect(kept.count == 32)
        #expect(kept["192.0.2.9"] == Samples.at(2 * day))
        #expect(kept["192.0.2.10"] == nil)
        #expect(try fixture.familiarSources(of: "bob").count == 1)
    }

    @Test func `sources go with their user`() throws {
        let fixture = try Fixture.withTokens("alice")
        try signIn(fixture, from: "192.0.2.1", at: 5)
        try fixture.store.deleteUser(Samples.name("alice"))
        try fixture.store.add(Samples.user("alice"))
        #expect(try fixture.familiarSources(of: "alice") == [:])
    }
}

extension Fixture {
    /// The sources that are remembered of a user, and when each was last seen.
    func familiarSources(of user: String) throws -> [String: Timestamp] {
        try store.familiarSources(of: user)
    }
}

extension SQLiteStore {
    /// The same, past the store's own face, which tells of one source at a time.
    func familiarSources(of user: String) throws -> [String: Timestamp] {
        try pool.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT source, last_seen_at FROM familiar_source
                    JOIN user ON user.id = familiar_source.user WHERE user.name = ?
                    """,
                arguments: [user])
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (row["source"], Timestamp(milliseconds: row["last_seen_at"]))
                })
        }
    }
}
