public import Accounts
public import AuditLog
import GRDB

/// Which users administer.
extension SQLiteStore {
    /// Gives a user a role.
    public func assign(
        _ role: AdministratorRole, to name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO role_member (user, role, assigned_at) VALUES (?, ?, ?)
                    """,
                arguments: [user, role.rawValue, now.milliseconds])
            guard database.changesCount == 1 else { throw StoreError.alreadyMember(name) }
            try Self.audit(
                AuditEntry(
                    .addMemberToRole,
                    [AuditTarget(.role, role.rawValue), AuditTarget(.user, name.text)],
                    changes: [AuditChange("member", to: name.text)]),
                by: origin, at: now, in: database)
        }
    }

    /// Takes a role from a user. The last global administrator keeps it.
    public func remove(
        _ role: AdministratorRole, from name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            if role == .globalAdministrator {
                try Self.checkNotLastGlobalAdministrator(user, name, in: database)
            }
            try database.execute(
                sql: "DELETE FROM role_member WHERE user = ? AND role = ?",
                arguments: [user, role.rawValue])
            guard database.changesCount == 1 else { throw StoreError.notMember(name) }
            try Self.audit(
                AuditEntry(
                    .removeMemberFromRole,
                    [AuditTarget(.role, role.rawValue), AuditTarget(.user, name.text)],
                    changes: [AuditChange("member", from: name.text)]),
                by: origin, at: now, in: database)
        }
    }

    /// Who has a role, or any, at most `limit`: by role and name.
    public func roleMembers(
        of role: AdministratorRole? = nil, limit: Int
    ) throws(StoreError) -> [RoleMember] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT user.name, role, assigned_at, locked_at IS NOT NULL AS is_locked
                    FROM role_member JOIN user ON user.id = role_member.user
                    WHERE ?1 IS NULL OR role = ?1 ORDER BY role, user.name LIMIT ?2
                    """,
                arguments: [role?.rawValue, limit]
            ).map(RoleMember.init(row:))
        }
    }

    static func roles(of name: UserName, in database: Database) throws -> [AdministratorRole] {
        try String.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT role FROM role_member
                    WHERE user = (SELECT id FROM user WHERE name = ?) ORDER BY role
                    """),
            arguments: [name.text]
        ).map { text in
            guard let role = AdministratorRole(rawValue: text) else {
                throw StoreError.unreadableRow(table: "role_member")
            }
            return role
        }
    }

    /// Makes sure that there is a global administrator who is not locked besides a user whose being one is about to end.
    static func checkNotLastGlobalAdministrator(
        _ user: Int64, _ name: UserName, in database: Database
    ) throws {
        // One who is locked administers nothing as it is; taking the rest away changes nothing.
        let isLast = try Bool.fetchOne(
            database,
            sql: """
                SELECT SUM(user.id = ?1) = 1 AND SUM(user.id <> ?1) = 0
                FROM role_member JOIN user ON user.id = role_member.user
                WHERE role = ?2 AND locked_at IS NULL
                """,
            arguments: [user, AdministratorRole.globalAdministrator.rawValue])
        guard isLast != true else { throw StoreError.lastGlobalAdministrator(name) }
    }
}

extension RoleMember {
    init(row: Row) throws {
        guard
            let user = UserName(try row.value("name")),
            let role = AdministratorRole(rawValue: try row.value("role"))
        else { throw StoreError.unreadableRow(table: "role_member") }
        self.user = user
        self.role = role
        assignedAt = Timestamp(milliseconds: try row.value("assigned_at"))
        isLocked = try row.value("is_locked")
    }
}
