public import Accounts
public import AuditLog
import GRDB

/// What is decided about users, and the events that speak for it.
extension SQLiteStore {
    /// What is decided about a user.
    public func standing(of name: UserName) throws(StoreError) -> UserStanding {
        try read { database in
            let row = try Row.fetchOne(
                database,
                cachedSQL: """
                    SELECT mfa_state, risk, pushes_stopped_at, locked_at, lock_reason
                    FROM user WHERE name = ?
                    """,
                arguments: [name.text])
            guard let row else { throw StoreError.noSuchUser(name) }
            return try UserStanding(row: row)
        }
    }

    /// Says how far a user's multi-factor authentication has come.
    public func set(
        _ state: MFAState, of name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let old = try Self.standing("mfa_state", of: name, in: database)
            try database.execute(
                sql: "UPDATE user SET mfa_state = ? WHERE name = ?",
                arguments: [state.rawValue, name.text])
            try Self.audit(
                AuditEntry(
                    .setMFAState, [AuditTarget(.user, name.text)],
                    changes: [AuditChange("mfa-state", from: old, to: state.rawValue)]),
                by: origin, at: now, in: database)
        }
    }

    /// Moves a user who has shown or registered a second factor on from enabled to enforced; others stay as they are.
    ///
    /// - Parameter origin: through whom that came, where it is known. The act is the server's own all the same.
    static func enforceMFA(
        of name: UserName, through origin: AuditOrigin? = nil, at now: Timestamp,
        in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE user SET mfa_state = ? WHERE name = ? AND mfa_state = ?",
            arguments: [MFAState.enforced.rawValue, name.text, MFAState.enabled.rawValue])
        guard database.changesCount > 0 else { return }
        try audit(
            AuditEntry(
                .mfaEnforced, [AuditTarget(.user, name.text)],
                changes: [
                    AuditChange(
                        "mfa-state", from: MFAState.enabled.rawValue,
                        to: MFAState.enforced.rawValue)
                ]),
            by: AuditOrigin(
                who: .system("mfa"), client: origin?.client ?? "", from: origin?.from ?? ""),
            at: now, in: database)
    }

    /// A column of what is decided about a user who has to be there.
    ///
    /// - Parameter column: one of this file's own names, never anything from outside.
    private static func standing(
        _ column: String, of name: UserName, in database: Database
    ) throws -> String? {
        let row = try Row.fetchOne(
            database, sql: "SELECT \(column) FROM user WHERE name = ?", arguments: [name.text])
        guard let row else { throw StoreError.noSuchUser(name) }
        return try row.value(0)
    }

    /// Says how likely it is that an account is in another's hands, and notes it.
    public func set(
        _ risk: RiskLevel, of name: UserName, because reason: String, by origin: AuditOrigin,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let old = try Self.standing("risk", of: name, in: database)
            try database.execute(
                sql: "UPDATE user SET risk = ?, risk_set_at = ? WHERE name = ?",
                arguments: [risk.rawValue, now.milliseconds, name.text])
            let detail = reason.isEmpty ? risk.rawValue : "\(risk.rawValue): \(reason)"
            try Self.keep(
                .riskReported, of: name, client: origin.client, detail: detail, at: now,
                in: database)
            try Self.audit(
                AuditEntry(
                    .setUserRisk, [AuditTarget(.user, name.text)],
                    changes: [AuditChange("risk", from: old, to: risk.rawValue)],
                    reason: reason),
                by: origin, at: now, in: database)
        }
    }

    /// Lets pushes through to a user's phones again.
    public func resumePushes(
        of name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            let areStopped = try Bool.fetchOne(
                database, sql: "SELECT pushes_stopped_at IS NOT NULL FROM user WHERE id = ?",
                arguments: [user])
            try database.execute(
                sql: "UPDATE user SET pushes_stopped_at = NULL WHERE id = ?", arguments: [user])
            try Self.keep(
                .pushesResumed, of: name, client: origin.client, detail: "administrator",
                at: now, in: database)
            try Self.audit(
                AuditEntry(
                    .resumePushes, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange("pushes", from: areStopped == true ? "stopped" : "on", to: "on")
                    ]),
                by: origin, at: now, in: database)
        }
    }

    /// Notes an event of a user, who need not exist, and audits it where it is an act of the server's own.
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

    /// Notes an event that came of itself, and audits it where it is an act: nobody was there to be named as its origin.
    static func note(
        _ kind: SecurityEvent.Kind, of user: UserName, client: String, detail: String,
        at now: Timestamp, in database: Database
    ) throws {
        try keep(kind, of: user, client: client, detail: detail, at: now, in: database)
        guard let (activity, changes) = kind.act else { return }
        try audit(
            AuditEntry(
                activity, [AuditTarget(.user, user.text)], changes: changes, reason: detail),
            by: AuditOrigin(who: .system("sign-in"), client: client, from: ""), at: now,
            in: database)
    }

    /// Keeps an event whose act is audited elsewhere.
    static func keep(
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
        lock = try UserLock(row: row)
    }
}

extension SecurityEvent.Kind {
    /// What the server has done where an event of this kind comes of itself.
    fileprivate var act: (AuditActivity, [AuditChange])? {
        switch self {
        case .suspiciousActivityReported:
            (.stopPushes, [AuditChange("pushes", from: "on", to: "stopped")])
        case .pushesResumed: (.resumePushes, [AuditChange("pushes", from: "stopped", to: "on")])
        case .codeGuessing: (.codeGuessingBlocked, [])
        case .breakGlassUsed: (.breakGlassUsed, [])
        case .riskReported, .passwordReset, .accessPassIssued, .recoveryCodesMade: nil
        }
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
