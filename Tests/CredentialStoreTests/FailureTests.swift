import Accounts
import CredentialStore
import TestSupport
import Testing
import WebAuthn

/// What cannot be written is refused whole, with an error that says why, and works once it can be.
struct FailureTests {
    private func batch(_ count: Int) throws -> [SignInDecision] {
        try (0..<count).map { index in
            let challenge = SpentChallenge(
                challenge: Array(repeating: UInt8(index & 0xFF), count: 15) + [UInt8(index >> 8)],
                expiresAt: Samples.start)
            return try Samples.answer(challenge, by: 1, of: "alice", counter: UInt32(index + 1))
        }
    }

    private func fixture() throws -> Fixture {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
        return fixture
    }

    @Test func `a full disk takes nothing of a batch, and all of it once there is room`() throws {
        let fixture = try fixture()
        let before = try fixture.store.counts()
        try fixture.limitGrowth(toPages: 4)
        let batch = try batch(1000)
        #expect(throws: StoreError.full) { try fixture.store.commit(batch) }
        #expect(try fixture.store.counts() == before)
        #expect(try fixture.credential(1).signatureCounter == 0)
        #expect(try fixture.store.signIns(limit: 1) == [])

        try fixture.limitGrowth(toPages: nil)
        #expect(
            try fixture.store.commit(batch) == Array(repeating: SignInVerdict.accepted, count: 1000)
        )
        #expect(try fixture.credential(1).signatureCounter == 1000)
        #expect(try fixture.store.counts().accepted == 1000)
    }

    @Test func `a full disk takes nothing of a registration, not even its challenge`() throws {
        let fixture = try fixture()
        try fixture.limitGrowth(toPages: 2)
        let large = try Samples.credential(2, of: "alice", attestationLength: 60_000)
        #expect(throws: StoreError.full) {
            try fixture.store.register(large, spending: Samples.challenge(2))
        }
        #expect(try fixture.store.counts().spentChallenges == 1)
        try fixture.limitGrowth(toPages: nil)
        try fixture.store.register(large, spending: Samples.challenge(2))
        #expect(try fixture.store.counts().credentials == 2)
    }

    @Test func `a database that another connection writes to is locked, and works after it`() throws
    {
        let fixture = try fixture()
        let blocker = try WriteBlocker(path: fixture.folder.database)
        let batch = try batch(3)
        #expect(throws: StoreError.locked(path: fixture.folder.database)) {
            try fixture.store.commit(batch)
        }
        // Readers go on meanwhile.
        #expect(try fixture.store.counts().accepted == 0)
        try blocker.letGo()
        #expect(try fixture.store.commit(batch) == [.accepted, .accepted, .accepted])
    }

    @Test func `a new database that another connection writes to is locked, and opens after it`()
        throws
    {
        let folder = try TemporaryFolder()
        let blocker = try WriteBlocker(path: folder.database)
        #expect(throws: StoreError.locked(path: folder.database)) {
            try SQLiteStore(path: folder.database)
        }
        try blocker.letGo()
        #expect(try SQLiteStore(path: folder.database).counts().users == 0)
    }

    @Test func `a file that is no database is refused and left as it is`() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 1)
        for length in [2, 99, 100, 4096, 20_000] {
            let bytes = random.bytes(length)
            try folder.write(bytes, to: folder.database)
            #expect(throws: StoreError.damaged(path: folder.database), "\(length) bytes") {
                try SQLiteStore(path: folder.database)
            }
            #expect(try folder.bytes(of: folder.database) == bytes)
        }
    }

    @Test func `an empty file is a new database`() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: folder.database)
        #expect(try SQLiteStore(path: folder.database).counts().users == 0)
    }

    @Test func `a folder that is not there cannot be opened`() throws {
        let folder = try TemporaryFolder()
        // SQLITE_CANTOPEN.
        #expect(throws: StoreError.unavailable(code: 14)) {
            try SQLiteStore(path: folder.path + "/none/store.sqlite")
        }
    }

    @Test func `a folder in the database's place cannot be opened`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder(at: folder.database)
        // SQLITE_IOERR_READ.
        #expect(throws: StoreError.unavailable(code: 266)) {
            try SQLiteStore(path: folder.database)
        }
    }

    @Test(arguments: [
        ("credential", "label = NULL"), ("credential", "counter = 'many'"),
        ("credential", "attestation_format = NULL"), ("user", "display_name = NULL"),
        ("user", "created_at = NULL"), ("sign_in", "client = NULL"), ("sign_in", "accepted = NULL"),
    ])
    func `a column that holds what it cannot is damage`(_ table: String, _ change: String) throws {
        let fixture = try fixture()
        _ = try fixture.store.commit(batch(1))
        try fixture.store.close()
        // What a flipped bit can do, the schema would not let happen: so the schema goes first.
        try RawDatabase.execute(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(replace(sql, ' NOT NULL', ''), ' STRICT', '')
                WHERE name = '\(table)';
            """, at: fixture.folder.database)
        try RawDatabase.execute("UPDATE \(table) SET \(change)", at: fixture.folder.database)

        let store = try SQLiteStore(path: fixture.folder.database)
        let alice = try Samples.name("alice")
        #expect(throws: StoreError.damaged(path: fixture.folder.database)) {
            _ = try store.user(alice)
            _ = try store.credentials(of: alice)
            _ = try store.signIns(limit: 1)
        }
    }

    @Test(arguments: [
        ("credential", "id = x''"), ("credential", "public_key = x'00'"),
        ("credential", "aaguid = x'00'"), ("credential", "counter = -1"),
        ("credential", "counter = 4294967296"), ("credential", "relying_party = 'Not a domain'"),
        ("user", "handle = x''"), ("user", "name = 'a' || char(10)"),
    ])
    func `a value that the program does not write is an unreadable row`(
        _ table: String, _ change: String
    ) throws {
        let fixture = try fixture()
        try fixture.store.close()
        try RawDatabase.execute("UPDATE \(table) SET \(change)", at: fixture.folder.database)
        let store = try SQLiteStore(path: fixture.folder.database)
        let id = try CredentialID(bytes: Array(repeating: 1, count: 32))
        #expect(throws: StoreError.unreadableRow(table: "credential")) {
            _ = try store.credentials(withIDs: [id])
            _ = try store.credentialIDs(of: [
                (try Samples.name("alice"), try RelyingPartyID("example.org"))
            ])
        }
    }
}
