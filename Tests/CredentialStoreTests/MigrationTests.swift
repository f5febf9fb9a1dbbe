import CredentialStore
import Testing

struct MigrationTests {
    /// The schema as the first migration made it. It is never edited.
    private static let first = [
        """
        CREATE TABLE challenge_horizon ( forgotten_before INTEGER NOT NULL ) STRICT
        """,
        """
        CREATE TABLE credential ( number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user INTEGER \
        NOT NULL REFERENCES user(id) ON DELETE CASCADE, relying_party TEXT NOT NULL, public_key BLOB \
        NOT NULL, counter INTEGER NOT NULL, backup_eligible INTEGER NOT NULL, backed_up INTEGER NOT \
        NULL, user_verified_at_registration INTEGER NOT NULL, transports TEXT NOT NULL, aaguid BLOB \
        NOT NULL, attestation_format TEXT NOT NULL, attestation_trusted INTEGER NOT NULL, \
        attestation_object BLOB NOT NULL, client_data BLOB NOT NULL, label TEXT NOT NULL, created_at \
        INTEGER NOT NULL, last_used_at INTEGER ) STRICT
        """,
        "CREATE INDEX credential_by_user ON credential(user, relying_party)",
        """
        CREATE TABLE sign_in ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, user \
        TEXT, relying_party TEXT, credential BLOB, client TEXT NOT NULL, accepted INTEGER NOT NULL, \
        reason TEXT NOT NULL, counter INTEGER, user_verified INTEGER ) STRICT
        """,
        "CREATE INDEX sign_in_by_user ON sign_in(user, at)",
        """
        CREATE TABLE spent_challenge ( identifier BLOB PRIMARY KEY, expires_at INTEGER NOT NULL ) \
        STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX spent_challenge_by_expiry ON spent_challenge(expires_at)",
        """
        CREATE TABLE user ( id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT \
        NULL, handle BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL ) STRICT
        """,
    ]

    /// The rows of a store that an earlier version left: alice, her credential 1 and a sign-in with it.
    private static let rows = """
        INSERT INTO challenge_horizon VALUES (0);
        INSERT INTO user VALUES (1, 'alice', 'Display of alice', CAST('handle of alice' AS BLOB),
            1790000000000);
        INSERT INTO credential VALUES (1, unhex_1, 1, 'example.org', key_1, 4, 0, 0, 1, 'usb nfc',
            x'01010101010101010101010101010101', 'packed', 1, x'00', x'7B7D', 'key 1',
            1790000000000, NULL);
        INSERT INTO sign_in VALUES (1, 1790000000000, 'alice', 'example.org', x'01', 'front', 1,
            'ok', 4, 1);
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('1-users-credentials-sign-ins');
        PRAGMA journal_mode = WAL;
        """

    private func makeFirst(at path: String) throws {
        let id = String(repeating: "01", count: 32)
        // The canonical COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
        let key = "A5010203262001215820" + id + "225820" + String(repeating: "FE", count: 32)
        let rows = Self.rows.split(separator: "unhex_1").joined(separator: "x'\(id)'")
            .split(separator: "key_1").joined(separator: "x'\(key)'")
        try RawDatabase.execute(
            Self.first.map { $0 + ";\n" }.sorted(by: >).joined() + rows, at: path)
    }

    /// The schema of today. What a released migration made of it is never edited.
    private static var latest: [String] {
        var statements = first
        let signIns = statements.firstIndex { $0.hasPrefix("CREATE TABLE sign_in ") }
        if let signIns {
            statements[signIns] = """
                CREATE TABLE sign_in ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, \
                user TEXT, relying_party TEXT, credential BLOB, client TEXT NOT NULL, accepted INTEGER \
                NOT NULL, reason TEXT NOT NULL, counter INTEGER, user_verified INTEGER , method TEXT NOT \
                NULL DEFAULT 'webauthn') STRICT
                """
        }
        return [
            """
            CREATE TABLE card_credential ( number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user \
            INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE, public_key BLOB NOT NULL, slot \
            INTEGER NOT NULL, evidence TEXT NOT NULL, trusted INTEGER NOT NULL, pin_required INTEGER \
            NOT NULL, certificates BLOB NOT NULL, root BLOB, serial_number INTEGER, firmware BLOB, pin_policy \
            INTEGER, touch_policy INTEGER, form_factor INTEGER, answer_to_reset BLOB NOT NULL, label \
            TEXT NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER ) STRICT
            """,
            "CREATE INDEX card_credential_by_user ON card_credential(user)",
        ] + statements
    }

    @Test func `the migrations make what they always made`() throws {
        let folder = try TemporaryFolder()
        try SQLiteStore(path: folder.database).close()
        #expect(try RawDatabase.schema(at: folder.database) == Self.latest)
    }

    @Test func `a database of the first migration becomes what a new one is`() throws {
        let folder = try TemporaryFolder()
        try makeFirst(at: folder.database)
        #expect(try RawDatabase.schema(at: folder.database) == Self.first)
        try SQLiteStore(path: folder.database).close()
        #expect(try RawDatabase.schema(at: folder.database) == Self.latest)
    }

    @Test func `a database of the first migration opens with all that is in it`() throws {
        let folder = try TemporaryFolder()
        try makeFirst(at: folder.database)
        let store = try SQLiteStore(path: folder.database)
        let alice = try Samples.name("alice")
        #expect(try store.user(alice) == Samples.user("alice"))
        let credential = try #require(try store.credentials(of: alice).first)
        #expect(try credential.id == Samples.credentialID(1))
        #expect(try credential.publicKey == Samples.credential(1, of: "alice").publicKey)
        #expect(credential.signatureCounter == 4)
        #expect(try store.signIns(of: alice, limit: 9).map(\.reason) == ["ok"])
        #expect(try store.signIns(of: alice, limit: 9).map(\.method) == [.webauthn])
        let answer = try Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 5)
        #expect(try store.commit([answer]) == [.accepted])
    }

    @Test func `a database of a newer version is refused and left as it is`() throws {
        let folder = try TemporaryFolder()
        try makeFirst(at: folder.database)
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
