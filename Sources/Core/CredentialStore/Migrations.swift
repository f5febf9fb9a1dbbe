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
        migrator.registerMigration("5-directory-policies-logs") { database in
            try database.execute(
                sql: """
                    ALTER TABLE user ADD COLUMN locked_at INTEGER;
                    ALTER TABLE user ADD COLUMN lock_reason TEXT NOT NULL DEFAULT '';
                    ALTER TABLE user ADD COLUMN risk_set_at INTEGER;
                    ALTER TABLE user ADD COLUMN password_reset_at INTEGER;

                    CREATE TABLE user_group (
                        id INTEGER PRIMARY KEY,
                        name TEXT NOT NULL UNIQUE,
                        description TEXT NOT NULL,
                        created_at INTEGER NOT NULL
                    ) STRICT;

                    CREATE TABLE group_member (
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        user_group INTEGER NOT NULL REFERENCES user_group(id) ON DELETE CASCADE,
                        added_at INTEGER NOT NULL,
                        PRIMARY KEY (user, user_group)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX group_member_by_group ON group_member(user_group, user);

                    CREATE TABLE role_member (
                        user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
                        role TEXT NOT NULL,
                        assigned_at INTEGER NOT NULL,
                        PRIMARY KEY (user, role)
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX role_member_by_role ON role_member(role, user);

                    CREATE TABLE application (
                        name TEXT PRIMARY KEY,
                        display_name TEXT NOT NULL,
                        client_kind TEXT,
                        created_at INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE named_location (
                        name TEXT PRIMARY KEY,
                        networks TEXT NOT NULL,
                        countries TEXT NOT NULL,
                        includes_unknown INTEGER NOT NULL,
                        trusted INTEGER NOT NULL,
                        created_at INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE policy_document (
                        position INTEGER PRIMARY KEY,
                        file TEXT NOT NULL UNIQUE,
                        yaml TEXT NOT NULL
                    ) STRICT;

                    CREATE TABLE audit_record (
                        number INTEGER PRIMARY KEY,
                        at INTEGER NOT NULL,
                        activity TEXT NOT NULL,
                        actor TEXT NOT NULL,
                        target TEXT NOT NULL,
                        record BLOB NOT NULL,
                        hash BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX audit_record_by_activity ON audit_record(activity, number);
                    CREATE INDEX audit_record_by_actor ON audit_record(actor, number);

                    CREATE TABLE audit_head (
                        count INTEGER PRIMARY KEY,
                        at INTEGER NOT NULL,
                        note TEXT NOT NULL
                    ) STRICT;

                    ALTER TABLE sign_in ADD COLUMN correlation BLOB;
                    ALTER TABLE sign_in ADD COLUMN country TEXT;
                    ALTER TABLE sign_in ADD COLUMN client_kind TEXT;
                    ALTER TABLE sign_in ADD COLUMN user_agent TEXT;
                    ALTER TABLE sign_in ADD COLUMN device TEXT;
                    ALTER TABLE sign_in ADD COLUMN hardware INTEGER;
                    ALTER TABLE sign_in ADD COLUMN password TEXT;
                    ALTER TABLE sign_in ADD COLUMN requirement TEXT;
                    ALTER TABLE sign_in ADD COLUMN policy_result TEXT;
                    ALTER TABLE sign_in ADD COLUMN policies TEXT;
                    ALTER TABLE sign_in ADD COLUMN user_risk TEXT;
                    ALTER TABLE sign_in ADD COLUMN sign_in_risk TEXT;
                    ALTER TABLE sign_in ADD COLUMN steps TEXT;
                    ALTER TABLE sign_in ADD COLUMN processing INTEGER;
                    CREATE INDEX sign_in_by_time ON sign_in(at);

                    CREATE TABLE open_sign_in (
                        correlation BLOB PRIMARY KEY,
                        expires_at INTEGER NOT NULL,
                        entry TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX open_sign_in_by_expiry ON open_sign_in(expires_at);

                    CREATE TABLE sign_in_rollup (
                        through INTEGER NOT NULL
                    ) STRICT;
                    INSERT INTO sign_in_rollup VALUES (0);

                    CREATE TABLE sign_in_daily (
                        day INTEGER NOT NULL,
                        outcome TEXT NOT NULL,
                        application TEXT NOT NULL,
                        method TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        count INTEGER NOT NULL,
                        PRIMARY KEY (day, outcome, application, method, reason)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE sign_in_by_account (
                        application TEXT NOT NULL,
                        user TEXT NOT NULL,
                        day INTEGER NOT NULL,
                        succeeded INTEGER NOT NULL,
                        failed INTEGER NOT NULL,
                        interrupted INTEGER NOT NULL,
                        first_at INTEGER,
                        last_at INTEGER,
                        PRIMARY KEY (application, user, day)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE sign_in_failure (
                        user TEXT NOT NULL,
                        day INTEGER NOT NULL,
                        application TEXT NOT NULL,
                        reason TEXT NOT NULL,
                        count INTEGER NOT NULL,
                        last_at INTEGER NOT NULL,
                        PRIMARY KEY (user, day, application, reason)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        return migrator
    }
}
