public import Accounts
import GRDB

/// What is decided about users, and the events that speak for it.
extension SQLiteStore {
    /// What is decided about a user.
    public func standing(of name: UserName) throws(StoreError) -> UserStanding {
        try read { database in
            let row = try Row.fetchOne(
                database,
                cachedSQL: "SELECT mfa_state, risk, pushes_stopped_at FROM user WHERE name = ?",
                arguments: [name.text])
            guard let row else { throw StoreError.noSuchUser(name) }
            return try UserStanding(row: row)
        }
    }

    /// Says how far a user's multi-factor authentication has come.
    public func set(_ state: MFAState, of name: UserName) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "UPDATE user SET mfa_state = ? WHERE name = ?",
                arguments: [state.rawValue, name.text])
            guard database.changesCount > 0 else { throw StoreError.noSuchUser(name) }
        }
    }

    /// Says how likely it is that an account is in another's hands, and notes it.
    public func set(
        _ risk: RiskLevel, of name: UserName, because reason: String, client: String,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "UPDATE user SET risk = ? WHERE name = ?",
                arguments: [risk.rawValue, name.text])
            guard database.changesCount > 0 else { throw StoreError.noSuchUser(name) }
            let detail = reason.isEmpty ? risk.rawValue : "\(risk.rawValue): \(reason)"
            try Self.note(
                .riskReported, of: name, client: client, detail: detail, at: now, in: database)
        }
    }

    /// Lets pushes through to a user's phones again.
    public func resumePushes(
        of name: UserName, client: String, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "UPDATE user SET pushes_stopped_at = NULL WHERE name = ?",
                arguments: [name.text])
            guard database.changesCount > 0 else { throw StoreError.noSuchUser(name) }
            try Self.note(
                .pushesResumed, of: name, client: client, detail: "administrator", at: now,
                in: database)
        }
    }

    /// Notes an event of a user, who need not exist.
    public func note(
        _ kind: SecurityEvent.Kind, of user: UserName, client: String, detail: String,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            try Self.note(kind, of: user, client: client, detail: detail, at: now, in: database)
        }
    }

    /// The latest events of a user, the latest first.
    public func events(of user: UserName, limit: Int) throws(StoreError) -> [SecurityEvent] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT * FROM security_event WHERE user = ? ORDER BY number DESC LIMIT ?
                    """,
                arguments: [user.text, limit]
            ).map(SecurityEvent.init(row:))
        }
    }

    static func note(
        _ kind: SecurityEvent.Kind, of user: UserName, client: String, detail: String,
        at now: Timestamp, in database: Database
    ) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO security_event (at, user, kind, client, detail) VALUES (?, ?, ?, ?, ?)
                """)
        try insert.execute(
            arguments: [now.milliseconds, user.text, kind.rawValue, client, detail])
    }
}

extension UserStanding {
    init(row: Row) throws {
        guard
            let state = MFAState(rawValue: try row.value("mfa_state")),
            let risk = RiskLevel(rawValue: try row.value("risk"))
        else { throw StoreError.unreadableRow(table: "user") }
        mfaState = state
        self.risk = risk
        pushesStoppedAt =
            (try row.value("pushes_stopped_at") as Int64?).map(Timestamp.init(milliseconds:))
    }
}

extension SecurityEvent {
    init(row: Row) throws {
        guard let kind = Kind(rawValue: try row.value("kind")) else {
            throw StoreError.unreadableRow(table: "security_event")
        }
        self.kind = kind
        number = try row.value("number")
        at = Timestamp(milliseconds: try row.value("at"))
        user = try row.value("user")
        client = try row.value("client")
        detail = try row.value("detail")
    }
}
