import Accounts
import CredentialStore
import GRDB
import Testing
import WebAuthn

struct ReopeningTests {
    /// A store that holds one of everything.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 1)
        #expect(try fixture.store.commit([answer]) == [.accepted])
        try fixture.store.add(Samples.token(1, of: "alice"), maximum: 5)
        _ = try fixture.addAppPassword(1, of: "alice")
        try fixture.store.replaceRecoveryCodes(
            of: Samples.name("alice"), digests: [Samples.digest(1)], client: "",
            at: Samples.start)
        return fixture
    }

    @Test func `the writer's commits reach the disk before they return`() throws {
        let fixture = try fixture()
        let mode = try fixture.store.pool.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        // 2 is FULL.
        #expect(mode == 2)
    }

    @Test func `a store that is opened again holds what it held`() throws {
        let fixture = try fixture()
        let credential = try fixture.credential(1)
        let row = try fixture.store.signIns(limit: 9)
        try fixture.store.close()
        let store = try SQLiteStore(path: fixture.folder.database)
        #expect(try store.user(Samples.name("alice")) == Samples.user("alice"))
        #expect(try store.credentials(of: Samples.name("alice")) == [credential])
        #expect(try store.signIns(limit: 9) == row)
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 2)
        #expect(try store.commit([answer]) == [.refused(code: "challenge-spent")])
    }

    @Test func `what was used up stays so when the store is opened again`() throws {
        let fixture = try fixture()
        let batch = [
            try Samples.code(7, by: 1, of: "alice", from: "192.0.2.1"),
            try Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice"),
            try Samples.decision(.appPasswordVerified(number: 1), .apppass, of: "alice"),
        ]
        #expect(try fixture.store.commit(batch) == [.accepted, .accepted, .accepted])
        let alice = try Samples.name("alice")
        let (tokens, passwords, standing, events) = (
            try fixture.store.tokens(of: alice), try fixture.store.appPasswords(of: alice),
            try fixture.store.standing(of: alice), try fixture.store.events(of: alice, limit: 9)
        )
        try fixture.store.close()
        let store = try SQLiteStore(path: fixture.folder.database)
        #expect(try store.tokens(of: alice) == tokens)
        #expect(try store.appPasswords(of: alice) == passwords)
        #expect(try store.standing(of: alice) == standing)
        #expect(try store.events(of: alice, limit: 9) == events)
        #expect(try store.familiarSources(of: "alice").keys.sorted() == ["192.0.2.1"])
        #expect(
            try store.commit(batch) == [
                .refused(code: "code-replayed"), .refused(code: "recovery-code-spent"), .accepted,
            ])
    }

    @Test func `a store that was closed is whole in its one file`() throws {
        let fixture = try fixture()
        let counts = try fixture.store.counts()
        try fixture.store.close()
        let copy = fixture.folder.path + "/copy.sqlite"
        try fixture.folder.write(fixture.folder.bytes(of: fixture.folder.database), to: copy)
        #expect(try SQLiteStore(path: copy).counts() == counts)
    }

    @Test func `a store that was let go is given up like one that was closed`() throws {
        let folder = try TemporaryFolder()
        for round in 1...20 {
            let store = try SQLiteStore(path: folder.database)
            try store.add(Samples.user("user \(round)"))
        }
        #expect(try SQLiteStore(path: folder.database).counts().users == 20)
    }

    @Test func `a store that was closed answers nothing`() throws {
        let fixture = try fixture()
        try fixture.store.close()
        let answer = try Samples.answer(Samples.challenge(2), by: 1, of: "alice", counter: 2)
        // SQLITE_MISUSE.
        #expect(throws: StoreError.unavailable(code: 21)) { try fixture.store.commit([answer]) }
        #expect(throws: StoreError.unavailable(code: 21)) { try fixture.store.counts() }
        try fixture.store.close()
        let reopened = try SQLiteStore(path: fixture.folder.database)
        #expect(try reopened.counts().accepted == 1)
    }
}
