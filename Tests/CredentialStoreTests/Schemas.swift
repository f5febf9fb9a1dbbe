/// The schema as each migration left it, by the names of what is in it. What a released migration made is never edited.
enum Schemas {
    static let migrations = [
        "1-users-credentials-sign-ins", "2-card-credentials", "3-tokens-codes-app-passwords",
        "4-phones", "5-directory-policies-logs",
    ]

    /// The schema after so many migrations.
    static func after(_ count: Int) -> [String: String] {
        changes.prefix(count).reduce(into: [:]) { schema, change in
            schema.merge(change) { _, new in new }
        }
    }

    /// The same in the order of ``RawDatabase/schema(at:)``.
    static func statements(after count: Int) -> [String] {
        after(count).sorted { $0.key < $1.key }.map(\.value)
    }

    /// What each migration made or made anew.
    private static let changes: [[String: String]] = [
        [
            "challenge_horizon": """
            CREATE TABLE challenge_horizon ( forgotten_before INTEGER NOT NULL ) STRICT
            """,
            "credential": """
            CREATE TABLE credential ( number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user INTEGER \
            NOT NULL REFERENCES user(id) ON DELETE CASCADE, relying_party TEXT NOT NULL, public_key BLOB \
            NOT NULL, counter INTEGER NOT NULL, backup_eligible INTEGER NOT NULL, backed_up INTEGER NOT \
            NULL, user_verified_at_registration INTEGER NOT NULL, transports TEXT NOT NULL, aaguid BLOB \
            NOT NULL, attestation_format TEXT NOT NULL, attestation_trusted INTEGER NOT NULL, \
            attestation_object BLOB NOT NULL, client_data BLOB NOT NULL, label TEXT NOT NULL, created_at \
            INTEGER NOT NULL, last_used_at INTEGER ) STRICT
            """,
            "credential_by_user":
                "CREATE INDEX credential_by_user ON credential(user, relying_party)",
            "sign_in": """
            CREATE TABLE sign_in ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, user \
            TEXT, relying_party TEXT, credential BLOB, client TEXT NOT NULL, accepted INTEGER NOT NULL, \
            reason TEXT NOT NULL, counter INTEGER, user_verified INTEGER ) STRICT
            """,
            "sign_in_by_user": "CREATE INDEX sign_in_by_user ON sign_in(user, at)",
            "spent_challenge": """
            CREATE TABLE spent_challenge ( identifier BLOB PRIMARY KEY, expires_at INTEGER NOT NULL ) \
            STRICT, WITHOUT ROWID
            """,
            "spent_challenge_by_expiry":
                "CREATE INDEX spent_challenge_by_expiry ON spent_challenge(expires_at)",
            "user": """
            CREATE TABLE user ( id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT \
            NULL, handle BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL ) STRICT
            """,
        ],
        [
            "card_credential": """
            CREATE TABLE card_credential ( number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user \
            INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE, public_key BLOB NOT NULL, slot \
            INTEGER NOT NULL, evidence TEXT NOT NULL, trusted INTEGER NOT NULL, pin_required INTEGER \
            NOT NULL, certificates BLOB NOT NULL, root BLOB, serial_number INTEGER, firmware BLOB, pin_policy \
            INTEGER, touch_policy INTEGER, form_factor INTEGER, answer_to_reset BLOB NOT NULL, label \
            TEXT NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER ) STRICT
            """,
            "card_credential_by_user":
                "CREATE INDEX card_credential_by_user ON card_credential(user)",
            "sign_in": """
            CREATE TABLE sign_in ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, \
            user TEXT, relying_party TEXT, credential BLOB, client TEXT NOT NULL, accepted INTEGER \
            NOT NULL, reason TEXT NOT NULL, counter INTEGER, user_verified INTEGER , method TEXT NOT \
            NULL DEFAULT 'webauthn') STRICT
            """,
        ],
        [
            "access_pass": """
            CREATE TABLE access_pass ( user INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE, \
            digest BLOB NOT NULL, starts_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, one_time \
            INTEGER NOT NULL, issuer TEXT NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER ) \
            STRICT
            """,
            "answered_question": """
            CREATE TABLE answered_question ( token INTEGER NOT NULL REFERENCES token(number) ON DELETE \
            CASCADE, question TEXT NOT NULL, PRIMARY KEY (token, question) ) STRICT, WITHOUT ROWID
            """,
            "app_password": """
            CREATE TABLE app_password ( number INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL \
            REFERENCES user(id) ON DELETE CASCADE, prefix TEXT NOT NULL, digest BLOB NOT NULL, services \
            TEXT NOT NULL, networks TEXT NOT NULL, label TEXT NOT NULL, expires_at INTEGER, created_at \
            INTEGER NOT NULL, last_used_at INTEGER, last_used_from TEXT ) STRICT
            """,
            "app_password_by_user":
                "CREATE INDEX app_password_by_user ON app_password(user, prefix)",
            "familiar_source": """
            CREATE TABLE familiar_source ( user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE, \
            source TEXT NOT NULL, last_seen_at INTEGER NOT NULL, PRIMARY KEY (user, source) ) STRICT, \
            WITHOUT ROWID
            """,
            "recovery_code": """
            CREATE TABLE recovery_code ( number INTEGER PRIMARY KEY AUTOINCREMENT, user INTEGER NOT NULL \
            REFERENCES user(id) ON DELETE CASCADE, digest BLOB NOT NULL, created_at INTEGER NOT NULL, \
            used_at INTEGER ) STRICT
            """,
            "recovery_code_by_user": "CREATE INDEX recovery_code_by_user ON recovery_code(user)",
            "security_event": """
            CREATE TABLE security_event ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, \
            user TEXT NOT NULL, kind TEXT NOT NULL, client TEXT NOT NULL, detail TEXT NOT NULL ) STRICT
            """,
            "security_event_by_user":
                "CREATE INDEX security_event_by_user ON security_event(user, number)",
            "server_secret": """
            CREATE TABLE server_secret ( name TEXT PRIMARY KEY, sealed BLOB NOT NULL ) STRICT, WITHOUT ROWID
            """,
            "sign_in": """
            CREATE TABLE sign_in ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, \
            user TEXT, relying_party TEXT, credential BLOB, client TEXT NOT NULL, accepted INTEGER \
            NOT NULL, reason TEXT NOT NULL, counter INTEGER, user_verified INTEGER , method TEXT NOT \
            NULL DEFAULT 'webauthn', service TEXT, address TEXT) STRICT
            """,
            "token": """
            CREATE TABLE token ( number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user INTEGER \
            REFERENCES user(id) ON DELETE CASCADE, kind TEXT NOT NULL, hash TEXT NOT NULL, digits \
            INTEGER, period INTEGER, suite TEXT, slot INTEGER, secret BLOB NOT NULL, next_factor INTEGER \
            NOT NULL, drift INTEGER NOT NULL, serial TEXT, manufacturer TEXT NOT NULL, model TEXT \
            NOT NULL, label TEXT NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER, \
            UNIQUE (serial, manufacturer) ) STRICT
            """,
            "token_by_user": "CREATE INDEX token_by_user ON token(user)",
            "user": """
            CREATE TABLE user ( id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT NOT \
            NULL, handle BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL , mfa_state TEXT NOT NULL \
            DEFAULT 'disabled', risk TEXT NOT NULL DEFAULT 'none', pushes_stopped_at INTEGER) STRICT
            """,
        ],
        [
            "phone": """
            CREATE TABLE phone ( number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user INTEGER NOT \
            NULL REFERENCES user(id) ON DELETE CASCADE, public_key BLOB NOT NULL UNIQUE, guard TEXT NOT \
            NULL, name TEXT NOT NULL, endpoint TEXT, subscription_key BLOB, subscription_secret BLOB, \
            last_message_at INTEGER NOT NULL, label TEXT NOT NULL, created_at INTEGER NOT NULL, \
            last_used_at INTEGER ) STRICT
            """,
            "phone_by_user": "CREATE INDEX phone_by_user ON phone(user)",
        ],
        [
            "application": """
            CREATE TABLE application ( name TEXT PRIMARY KEY, display_name TEXT NOT NULL, \
            client_kind TEXT, created_at INTEGER NOT NULL ) STRICT, WITHOUT ROWID
            """,
            "audit_head": """
            CREATE TABLE audit_head ( count INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT \
            NOT NULL ) STRICT
            """,
            "audit_record": """
            CREATE TABLE audit_record ( number INTEGER PRIMARY KEY, at INTEGER NOT NULL, \
            activity TEXT NOT NULL, actor TEXT NOT NULL, target TEXT NOT NULL, record BLOB NOT \
            NULL, hash BLOB NOT NULL ) STRICT
            """,
            "audit_record_by_activity":
                "CREATE INDEX audit_record_by_activity ON audit_record(activity, number)",
            "audit_record_by_actor":
                "CREATE INDEX audit_record_by_actor ON audit_record(actor, number)",
            "group_member": """
            CREATE TABLE group_member ( user INTEGER NOT NULL REFERENCES user(id) ON DELETE \
            CASCADE, user_group INTEGER NOT NULL REFERENCES user_group(id) ON DELETE CASCADE, \
            added_at INTEGER NOT NULL, PRIMARY KEY (user, user_group) ) STRICT, WITHOUT ROWID
            """,
            "group_member_by_group":
                "CREATE INDEX group_member_by_group ON group_member(user_group, user)",
            "named_location": """
            CREATE TABLE named_location ( name TEXT PRIMARY KEY, networks TEXT NOT NULL, \
            countries TEXT NOT NULL, includes_unknown INTEGER NOT NULL, trusted INTEGER NOT \
            NULL, created_at INTEGER NOT NULL ) STRICT, WITHOUT ROWID
            """,
            "open_sign_in": """
            CREATE TABLE open_sign_in ( correlation BLOB PRIMARY KEY, expires_at INTEGER NOT \
            NULL, entry TEXT NOT NULL ) STRICT, WITHOUT ROWID
            """,
            "open_sign_in_by_expiry":
                "CREATE INDEX open_sign_in_by_expiry ON open_sign_in(expires_at)",
            "policy_document": """
            CREATE TABLE policy_document ( position INTEGER PRIMARY KEY, file TEXT NOT NULL \
            UNIQUE, yaml TEXT NOT NULL ) STRICT
            """,
            "role_member": """
            CREATE TABLE role_member ( user INTEGER NOT NULL REFERENCES user(id) ON DELETE \
            CASCADE, role TEXT NOT NULL, assigned_at INTEGER NOT NULL, PRIMARY KEY (user, role) \
            ) STRICT, WITHOUT ROWID
            """,
            "role_member_by_role": "CREATE INDEX role_member_by_role ON role_member(role, user)",
            "sign_in": """
            CREATE TABLE sign_in ( number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT \
            NULL, user TEXT, relying_party TEXT, credential BLOB, client TEXT NOT NULL, accepted \
            INTEGER NOT NULL, reason TEXT NOT NULL, counter INTEGER, user_verified INTEGER , \
            method TEXT NOT NULL DEFAULT 'webauthn', service TEXT, address TEXT, correlation \
            BLOB, country TEXT, client_kind TEXT, user_agent TEXT, device TEXT, hardware \
            INTEGER, password TEXT, requirement TEXT, policy_result TEXT, policies TEXT, \
            user_risk TEXT, sign_in_risk TEXT, steps TEXT, processing INTEGER) STRICT
            """,
            "sign_in_by_account": """
            CREATE TABLE sign_in_by_account ( application TEXT NOT NULL, user TEXT NOT NULL, day \
            INTEGER NOT NULL, succeeded INTEGER NOT NULL, failed INTEGER NOT NULL, interrupted \
            INTEGER NOT NULL, first_at INTEGER, last_at INTEGER, PRIMARY KEY (application, user, \
            day) ) STRICT, WITHOUT ROWID
            """,
            "sign_in_by_time": "CREATE INDEX sign_in_by_time ON sign_in(at)",
            "sign_in_daily": """
            CREATE TABLE sign_in_daily ( day INTEGER NOT NULL, outcome TEXT NOT NULL, \
            application TEXT NOT NULL, method TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER \
            NOT NULL, PRIMARY KEY (day, outcome, application, method, reason) ) STRICT, WITHOUT \
            ROWID
            """,
            "sign_in_failure": """
            CREATE TABLE sign_in_failure ( user TEXT NOT NULL, day INTEGER NOT NULL, application \
            TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, last_at INTEGER NOT \
            NULL, PRIMARY KEY (user, day, application, reason) ) STRICT, WITHOUT ROWID
            """,
            "sign_in_rollup": "CREATE TABLE sign_in_rollup ( through INTEGER NOT NULL ) STRICT",
            "user": """
            CREATE TABLE user ( id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name \
            TEXT NOT NULL, handle BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL , mfa_state \
            TEXT NOT NULL DEFAULT 'disabled', risk TEXT NOT NULL DEFAULT 'none', \
            pushes_stopped_at INTEGER, locked_at INTEGER, lock_reason TEXT NOT NULL DEFAULT '', \
            risk_set_at INTEGER, password_reset_at INTEGER) STRICT
            """,
            "user_group": """
            CREATE TABLE user_group ( id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, \
            description TEXT NOT NULL, created_at INTEGER NOT NULL ) STRICT
            """,
        ],
    ]

    /// What a version left in its own tables: alice, and one of everything of hers.
    static func rows(after count: Int) -> String {
        let id = String(repeating: "01", count: 32)
        // The canonical COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
        let key = "A5010203262001215820" + id + "225820" + String(repeating: "FE", count: 32)
        let first = """
            INSERT INTO challenge_horizon VALUES (0);
            INSERT INTO user (id, name, display_name, handle, created_at) VALUES (1, 'alice',
                'Display of alice', CAST('handle of alice' AS BLOB), 1790000000000);
            INSERT INTO credential VALUES (1, x'\(id)', 1, 'example.org', x'\(key)', 4, 0, 0, 1,
                'usb nfc', x'01010101010101010101010101010101', 'packed', 1, x'00', x'7B7D',
                'key 1', 1790000000000, NULL);
            INSERT INTO sign_in (number, at, user, relying_party, credential, client, accepted, reason,
                counter, user_verified) VALUES (1, 1790000000000, 'alice', 'example.org', x'01',
                'front', 1, 'ok', 4, 1);
            INSERT INTO spent_challenge VALUES (x'\(String(repeating: "09", count: 16))',
                1790000120000);
            """
        let second = """
            INSERT INTO card_credential VALUES (1, x'\(String(repeating: "02", count: 32))', 1, x'30',
                154, 'attested', 1, 1, x'814130', NULL, 7, x'050403', 2, 3, 1, x'3B', 'card 2',
                1790000000000, NULL);
            INSERT INTO sign_in (number, at, user, relying_party, credential, client, accepted, reason,
                method) VALUES (2, 1790000000000, 'alice', 'example.org', x'02', 'front', 0,
                'invalid-signature', 'piv');
            """
        let third = """
            UPDATE user SET mfa_state = 'enforced', risk = 'low', pushes_stopped_at = 1790000005000;
            INSERT INTO token VALUES (1, x'\(String(repeating: "01", count: 16))', 1, 'hotp', 'sha1', 6,
                NULL, NULL, NULL, x'010201', 7, 0, 'S1', 'Maker', 'Model', 'token 1', 1790000000000,
                NULL);
            INSERT INTO token VALUES (2, x'\(String(repeating: "02", count: 16))', NULL, 'totp',
                'sha256', 8, 30, NULL, NULL, x'010202', 0, -1, NULL, '', '', '', 1790000000000, NULL);
            INSERT INTO recovery_code VALUES (4, 1, x'\(id)', 1790000000000, NULL);
            INSERT INTO access_pass VALUES (1, x'\(id)', 1790000000000, 1790003600000, 1, 'alice',
                1790000000000, NULL);
            INSERT INTO app_password VALUES (9, 1, 'pre1', x'\(id)', 'imap smtp', '192.0.2.0/24',
                'mail 1', NULL, 1790000000000, NULL, NULL);
            INSERT INTO server_secret VALUES ('vapid', x'07');
            INSERT INTO familiar_source VALUES (1, '192.0.2.1', 1790000000000);
            INSERT INTO security_event VALUES (1, 1790000000000, 'alice', 'password-reset', 'desk',
                'app passwords deleted: 0');
            INSERT INTO sign_in (number, at, user, client, accepted, reason, method, service, address)
                VALUES (3, 1790000000000, 'alice', 'front', 1, 'ok', 'apppass', 'imap', '192.0.2.1');
            """
        return [first, second, third].prefix(count).joined(separator: "\n")
    }

    /// Makes the database that a version left.
    static func make(after count: Int, at path: String) throws {
        // Tables before indexes.
        let schema = after(count).values.sorted(by: >).map { $0 + ";\n" }.joined()
        let names = migrations.prefix(count).map { "INSERT INTO grdb_migrations VALUES ('\($0)');" }
        try RawDatabase.execute(
            """
            \(schema)\(rows(after: count))
            CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
            \(names.joined(separator: "\n"))
            PRAGMA journal_mode = WAL;
            """, at: path)
    }
}
