import Accounts
import Addresses
import CredentialStore
import Testing

struct MigrationTests {
    private static let latest = Schemas.statements(after: Schemas.migrations.count)

    @Test func `the migrations make what they always made`() throws {
        let folder = try TemporaryFolder()
        try SQLiteStore(path: folder.database).close()
        #expect(try RawDatabase.schema(at: folder.database) == Self.latest)
    }

    @Test(arguments: 1...4)
    func `a database of each earlier version becomes what a new one is`(_ count: Int) throws {
        let folder = try TemporaryFolder()
        try Schemas.make(after: count, at: folder.database)
        #expect(
            try RawDatabase.schema(at: folder.database) == Schemas.statements(after: count))
        try SQLiteStore(path: folder.database).close()
        #expect(try RawDatabase.schema(at: folder.database) == Self.latest)
        // And stays so when it is opened again.
        try SQLiteStore(path: folder.database).close()
        #expect(try RawDatabase.schema(at: folder.database) == Self.latest)
    }

    @Test(arguments: 1...3)
    func `a database of each earlier version opens with the keys that are in it`(_ count: Int)
        throws
    {
        let folder = try TemporaryFolder()
        try Schemas.make(after: count, at: folder.database)
        let store = try SQLiteStore(path: folder.database)
        let alice = try Samples.name("alice")
        #expect(try store.user(alice) == Samples.user("alice"))
        let credential = try #require(try store.credentials(of: alice).first)
        #expect(try credential.id == Samples.credentialID(1))
        #expect(try credential.publicKey == Samples.credential(1, of: "alice").publicKey)
        #expect(credential.signatureCounter == 4)
        let cards = try store.cardCredentials(of: alice)
        #expect(cards.map(\.label) == (count > 1 ? ["card 2"] : []))
        #expect(
            try store.signIns(of: alice, limit: 9).map(\.method)
                == [[.webauthn], [.piv, .webauthn], [.apppass, .piv, .webauthn]][count - 1])
        #expect(
            try store.signIns(of: alice, limit: 9).map(\.service)
                == [[nil], [nil, nil], ["imap", nil, nil]][count - 1])
        let answers = [
            try Samples.answer(Samples.challenge(9), by: 1, of: "alice", counter: 5),
            try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 5),
        ]
        #expect(try store.commit(answers) == [.refused(code: "challenge-spent"), .accepted])
    }

    @Test(arguments: 1...2)
    func `who was there before has no standing yet, and can have all that is new`(_ count: Int)
        throws
    {
        let folder = try TemporaryFolder()
        try Schemas.make(after: count, at: folder.database)
        let store = try SQLiteStore(path: folder.database)
        let alice = try Samples.name("alice")
        let standing = try store.standing(of: alice)
        #expect(standing.mfaState == .disabled)
        #expect(standing.risk == .none)
        #expect(standing.pushesStoppedAt == nil)
        #expect(try store.tokens(of: alice) == [])
        #expect(try store.events(of: alice, limit: 9) == [])
        #expect(try store.holdsNoSecrets())
        try store.add(Samples.token(1, of: "alice"), maximum: 5)
        try store.set(.enforced, of: alice)
        let number = try store.add(Samples.appPassword(1, of: "alice"), maximum: 40)
        let batch = [
            try Samples.code(1, by: 1, of: "alice", from: "192.0.2.1"),
            try Samples.decision(.appPasswordVerified(number: number), .apppass, of: "alice"),
        ]
        #expect(try store.commit(batch) == [.accepted, .accepted])
        #expect(try store.phones(of: alice) == [])
    }

    @Test func `a database of the third migration opens with its tokens, codes and standing`()
        throws
    {
        let folder = try TemporaryFolder()
        try Schemas.make(after: 3, at: folder.database)
        let store = try SQLiteStore(path: folder.database)
        let alice = try Samples.name("alice")
        let standing = try store.standing(of: alice)
        #expect(standing.mfaState == .enforced)
        #expect(standing.risk == .low)
        #expect(standing.pushesStoppedAt == Samples.at(5))
        let token = try #require(try store.tokens(serial: "S1").first)
        #expect(try token.owner == Samples.user("alice"))
        #expect(token.nextFactor == 7)
        #expect(token.device.manufacturer == "Maker")
        #expect(try store.tokensInStock(limit: 9).map(\.drift) == [-1])
        #expect(
            try store.recoveryCodes(of: alice) == [
                RecoveryCode(number: 4, digest: Samples.digest(1))
            ])
        #expect(
            try store.accessPass(of: alice) == Samples.pass(1, by: "alice", isOneTime: true))
        #expect(try store.appPasswords(of: alice).map(\.networks) == [["192.0.2.0/24"]])
        #expect(try store.serverSecret(named: "vapid") == [7])
        #expect(try store.events(of: alice, limit: 9).map(\.kind) == [.passwordReset])
        #expect(try store.familiarSources(of: "alice") == ["192.0.2.1": Samples.start])
        let batch = [
            try Samples.code(6, by: 1, of: "alice"), try Samples.code(7, by: 1, of: "alice"),
            try Samples.decision(.recoveryCodeVerified(number: 4), .recovery, of: "alice"),
            try Samples.decision(.accessPassVerified(digest: Samples.digest(1)), .tap, of: "alice"),
            try Samples.decision(.appPasswordVerified(number: 9), .apppass, of: "alice"),
        ]
        #expect(
            try store.commit(batch) == [
                .refused(code: "code-replayed"), .accepted, .accepted, .accepted, .accepted,
            ])
        #expect(try store.audiences(of: [alice]).map(\.phones) == [[]])
    }

    @Test func `a database of a newer version is refused and left as it is`() throws {
        let folder = try TemporaryFolder()
        try Schemas.make(after: 1, at: folder.database)
        try RawDatabase.execute(
            "INSERT INTO grdb_migrations VALUES ('9-of-the-future')", at: folder.database)
        let before = try folder.bytes(of: folder.database)

        #expect(throws: StoreError.newerSchema(path: folder.database)) {
            try SQLiteStore(path: folder.database)
        }
        #expect(try folder.bytes(of: folder.database) == before)

        // Back on the schema that this version knows, it opens: the refusal holds no lock.
        try RawDatabase.execute(
            "DELETE FROM grdb_migrations WHERE identifier LIKE '9%'", at: folder.database)
        #expect(try SQLiteStore(path: folder.database).counts().credentials == 1)
    }
}
