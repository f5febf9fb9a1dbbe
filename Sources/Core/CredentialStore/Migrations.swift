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
        migrator.registerMigration("3-tokens-codes-app-passwords") { database in
            try database.execute(
                sql: """
                    ALTER TABLE user ADD COLUMN mfa_state TEXT NOT NULL DEFAULT 'disabled';
                    ALTER TABLE user ADD COLUMN risk TEXT NOT NULL DEFAULT 'none';
                    ALTER TABLE user ADD COLUMN pushes_stopped_at INTEGER;

                    CREATE TABLE token (
                        number INTEGER PRIMARY KEY,
                        id BLOB NOT NULL UNIQUE,
                        user INTEGER REFERENCES user(id) ON DELETE CASCADE,
                        kind TEXT NOT NULL,
                        hash TEXT NOT NULL,
                        digits INTEGER,
                        period INTEGER,
                        suite TEXT,
                        slot INTEGER,
                        secret BLOB NOT NULL,
                        next_factor INTEGER NOT NULL,
                        drift INTEGER NOT NULL,
                        serial TEXT,
                        manufacturer TEXT NOT NULL,
                        model TEXT NOT NULL,
                        label TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER,
                        UNIQUE (serial, manufacturer)
                    ) STRICT;
                    CREATE INDEX token_by_user ON token(user);

                    CREATE TABLE answered_question (
                        token INTEGER NOT NULL REFERENCES token(number) ON DELETE CASCADE,
                        question TEXT NOT NULL,
                        PRIMARY KEY (token, question)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE recovery_code (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        digest BLOB NOT NULL,
                        created_at INTEGER NOT NULL,
                        used_at INTEGER
                    ) STRICT;
                    CREATE INDEX recovery_code_by_user ON recovery_code(user);

                    CREATE TABLE access_pass (
                        user INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,
                        digest BLOB NOT NULL,
                        starts_at INTEGER NOT NULL,
                        expires_at INTEGER NOT NULL,
                        one_time INTEGER NOT NULL,
                        issuer TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER
                    ) STRICT;

                    CREATE TABLE app_password (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        prefix TEXT NOT NULL,
                        digest BLOB NOT NULL,
                        services TEXT NOT NULL,
                        networks TEXT NOT NULL,
                        label TEXT NOT NULL,
                        expires_at INTEGER,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER,
                        last_used_from TEXT
                    ) STRICT;
                    CREATE INDEX app_password_by_user ON app_password(user, prefix);

                    CREATE TABLE server_secret (
                        name TEXT PRIMARY KEY,
                        sealed BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE familiar_source (
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        source TEXT NOT NULL,
                        last_seen_at INTEGER NOT NULL,
                        PRIMARY KEY (user, source)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE security_event (
                        number INTEGER PRIMARY KEY AUTOINCREMENT,
                        at INTEGER NOT NULL,
                        user TEXT NOT NULL,
                        kind TEXT NOT NULL,
                        client TEXT NOT NULL,
                        detail TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX security_event_by_user ON security_event(user, number);

                    ALTER TABLE sign_in ADD COLUMN service TEXT;
                    ALTER TABLE sign_in ADD COLUMN address TEXT;
                    """)
        }
        migrator.registerMigration("4-phones") { database in
            try database.execute(
                sql: """
                    CREATE TABLE phone (
                        number INTEGER PRIMARY KEY,
                        id BLOB NOT NULL UNIQUE,
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        public_key BLOB NOT NULL UNIQUE,
                        guard TEXT NOT NULL,
                        name TEXT NOT NULL,
                        endpoint TEXT,
                        subscription_key BLOB,
                        subscription_secret BLOB,
                        last_message_at INTEGER NOT NULL,
                        label TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER
                    ) STRICT;
                    CREATE INDEX phone_by_user ON phone(user);
                    """)
        }
        return migrator
    }
}
