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
