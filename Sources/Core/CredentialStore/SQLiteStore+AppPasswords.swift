public import Accounts
public import AuditLog
import Foundation
import GRDB

extension SQLiteStore {
    private static let appPasswordColumns = """
        SELECT app_password.*, user.name AS user_name FROM app_password
        JOIN user ON user.id = app_password.user
        """

    /// Stores an app password of a user whose MFA is enforced, whose risk is not high, and who has fewer than `maximum`.
    ///
    /// - Returns: its number.
    public func add(
        _ password: NewAppPassword, maximum: Int, by origin: AuditOrigin
    ) throws(StoreError) -> Int64 {
        try write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT id, mfa_state, risk FROM user WHERE name = ?",
                arguments: [password.owner.text])
            guard let row else { throw StoreError.noSuchUser(password.owner) }
            guard try row.value("mfa_state") == MFAState.enforced.rawValue else {
                throw StoreError.mfaNotEnforced(password.owner)
            }
            guard try row.value("risk") != RiskLevel.high.rawValue else {
                throw StoreError.userAtRisk(password.owner)
            }
            let user: Int64 = try row.value("id")
            let count = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM app_password WHERE user = ?",
                arguments: [user])
            guard count ?? 0 < maximum else { throw StoreError.tooMany }
            try database.execute(
                sql: """
                    INSERT INTO app_password (user, prefix, digest, services, networks, label,
                        expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    user, password.prefix, blob(password.digest),
                    password.services.sorted().joined(separator: " "),
                    password.networks.joined(separator: " "), password.label,
                    password.expiresAt?.milliseconds, password.createdAt.milliseconds,
                ])
            let number = database.lastInsertedRowID
            try Self.audit(
                AuditEntry(
                    .addAppPassword,
                    [
                        AuditTarget(.user, password.owner.text),
                        AuditTarget(.appPassword, String(number)),
                    ],
                    changes: [
                        AuditChange("label", to: password.label),
                        AuditChange(
                            "services", to: password.services.sorted().joined(separator: " ")),
                        AuditChange("networks", to: password.networks.joined(separator: " ")),
                    ]),
                by: origin, at: password.createdAt, in: database)
            return number
        }
    }

    /// The app passwords of a user, the oldest first.
    public func appPasswords(of name: UserName) throws(StoreError) -> [AppPassword] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: Self.appPasswordColumns + " WHERE user.name = ? ORDER BY number",
                arguments: [name.text]
            ).map(AppPassword.init(row:))
        }
    }

    /// Deletes an app password of a user, or all of them.
    ///
    /// - Returns: how many there were.
    public func deleteAppPasswords(
        of name: UserName, number: Int64? = nil, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) -> Int {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT number, label FROM app_password
                    WHERE user = ?1 AND (?2 IS NULL OR number = ?2) ORDER BY number
                    """,
                arguments: [user, number])
            guard number == nil || !rows.isEmpty else { throw StoreError.noSuchCredential }
            try database.execute(
                sql: "DELETE FROM app_password WHERE user = ?1 AND (?2 IS NULL OR number = ?2)",
                arguments: [user, number])
            for row in rows {
                try Self.audit(
                    AuditEntry(
                        .deleteAppPassword,
                        [
                            AuditTarget(.user, name.text),
                            AuditTarget(
                                .appPassword, String(try row.value("number") as Int64)),
                        ],
                        changes: [AuditChange("label", from: try row.value("label"))]),
                    by: origin, at: now, in: database)
            }
            return rows.count
        }
    }

    /// Notes that a user's password was reset; with it the app passwords go, where `deletingAppPasswords`.
    ///
    /// - Returns: how many went.
    public func passwordWasReset(
        of name: UserName, deletingAppPasswords: Bool, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) -> Int {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            try database.execute(
                sql: "UPDATE user SET password_reset_at = ? WHERE id = ?",
                arguments: [now.milliseconds, user])
            var count = 0
            if deletingAppPasswords {
                try database.execute(
                    sql: "DELETE FROM app_password WHERE user = ?", arguments: [user])
                count = database.changesCount
            }
            try Self.keep(
                .passwordReset, of: name, client: origin.client,
                detail: "app passwords deleted: \(count)", at: now, in: database)
            try Self.audit(
                AuditEntry(
                    .resetPassword, [AuditTarget(.user, name.text)],
                    changes: [AuditChange("app-passwords-deleted", to: String(count))]),
                by: origin, at: now, in: database)
            return count
        }
    }

    static func appPasswords(
        of name: UserName, prefix: String, in database: Database
    ) throws -> [AppPassword] {
        try Row.fetchAll(
            database,
            cachedSQL: appPasswordColumns + " WHERE user.name = ? AND prefix = ? ORDER BY number",
            arguments: [name.text, prefix]
        ).map(AppPassword.init(row:))
    }
}

extension AppPassword {
    init(row: Row) throws {
        guard let owner = UserName(try row.value("user_name")) else {
            throw StoreError.unreadableRow(table: "app_password")
        }
        func words(_ column: String) throws -> [String] {
            (try row.value(column) as String).split(separator: " ").map(String.init)
        }
        self.owner = owner
        number = try row.value("number")
        prefix = try row.value("prefix")
        digest = bytes(try row.value("digest"))
        services = Set(try words("services"))
        networks = try words("networks")
        label = try row.value("label")
        expiresAt = (try row.value("expires_at") as Int64?).map(Timestamp.init(milliseconds:))
        createdAt = Timestamp(milliseconds: try row.value("created_at"))
        lastUsedAt = (try row.value("last_used_at") as Int64?).map(Timestamp.init(milliseconds:))
        lastUsedFrom = try row.value("last_used_from")
    }
}
