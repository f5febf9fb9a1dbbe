import GRDB

/// The schema's history. A migration that has been released is never edited; a change is a new one at the end.
enum Migrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-users-credentials-sign-ins") { database in
            try database.execute(
                sql: """
                    CREATE TABLE user (
                        id INTEGER PRIMARY KEY,
                        name TEXT NOT NULL UNIQUE,
                        display_name TEXT NOT NULL,
                        handle BLOB NOT NULL UNIQUE,
                        created_at INTEGER NOT NULL
                    ) STRICT;

                    CREATE TABLE credential (
                        number INTEGER PRIMARY KEY,
                        id BLOB NOT NULL UNIQUE,
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        relying_party TEXT NOT NULL,
                        public_key BLOB NOT NULL,
                        counter INTEGER NOT NULL,
                        backup_eligible INTEGER NOT NULL,
                        backed_up INTEGER NOT NULL,
                        user_verified_at_registration INTEGER NOT NULL,
                        transports TEXT NOT NULL,
                        aaguid BLOB NOT NULL,
                        attestation_format TEXT NOT NULL,
                        attestation_trusted INTEGER NOT NULL,
                        attestation_object BLOB NOT NULL,
                        client_data BLOB NOT NULL,
                        label TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER
                    ) STRICT;
                    CREATE INDEX credential_by_user ON credential(user, relying_party);

                    CREATE TABLE spent_challenge (
                        identifier BLOB PRIMARY KEY,
                        expires_at INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX spent_challenge_by_expiry ON spent_challenge(expires_at);

                    CREATE TABLE challenge_horizon (
                        forgotten_before INTEGER NOT NULL
                    ) STRICT;
                    INSERT INTO challenge_horizon VALUES (0);

                    CREATE TABLE sign_in (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        at INTEGER NOT NULL,
                        user TEXT,
                        relying_party TEXT,
                        credential BLOB,
                        client TEXT NOT NULL,
                        accepted INTEGER NOT NULL,
                        reason TEXT NOT NULL,
                        counter INTEGER,
                        user_verified INTEGER
                    ) STRICT;
                    CREATE INDEX sign_in_by_user ON sign_in(user, at);
                    """)
        }
        migrator.registerMigration("2-card-credentials") { database in
            try database.execute(
                sql: """
                    CREATE TABLE card_credential (
                        number INTEGER PRIMARY KEY,
                        id BLOB NOT NULL UNIQUE,
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        public_key BLOB NOT NULL,
                        slot INTEGER NOT NULL,
                        evidence TEXT NOT NULL,
                        trusted INTEGER NOT NULL,
                        pin_required INTEGER NOT NULL,
                        certificates BLOB NOT NULL,
                        root BLOB,
                        serial_number INTEGER,
                        firmware BLOB,
                        pin_policy INTEGER,
                        touch_policy INTEGER,
                        form_factor INTEGER,
                        answer_to_reset BLOB NOT NULL,
                        label TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER
                    ) STRICT;
                    CREATE INDEX card_credential_by_user ON card_credential(user);

                    ALTER TABLE sign_in ADD COLUMN method TEXT NOT NULL DEFAULT 'webauthn';
                    """)
        }
        return migrator
    }
}
