public import Accounts
public import AuditLog
import GRDB
import WebAuthn

extension SQLiteStore {
    /// Adds a user.
    public func add(_ user: User, by origin: AuditOrigin) throws(StoreError) {
        try write { database in
            guard try Self.userNumber(user.name, in: database) == nil else {
                throw StoreError.userExists(user.name)
            }
            try database.execute(
                sql: """
                    INSERT INTO user (name, display_name, handle, created_at) VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    user.name.text, user.displayName, blob(user.handle.bytes),
                    user.createdAt.milliseconds,
                ])
            try Self.audit(
                AuditEntry(
                    .addUser, [AuditTarget(.user, user.name.text)],
                    changes: [AuditChange("display-name", to: user.displayName)]),
                by: origin, at: user.createdAt, in: database)
        }
    }

    /// The user of this name, or `nil`.
    public func user(_ name: UserName) throws(StoreError) -> User? {
        try read { database in
            try Row.fetchOne(
                database, cachedSQL: "SELECT * FROM user WHERE name = ?", arguments: [name.text]
            ).map(User.init(row:))
        }
    }

    /// Deletes a user and the credentials with it. The records stay. Refused while a policy names the user, and for the
    /// last global administrator.
    public func deleteUser(
        _ name: UserName, unlessNamedBy use: PolicyUse, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            try Self.refuse(.user, name.text, namedBy: use)
            try Self.checkNotLastGlobalAdministrator(user, name, in: database)
            let display = try String.fetchOne(
                database, sql: "SELECT display_name FROM user WHERE id = ?", arguments: [user])
            let groups = try Self.groups(of: name, in: database)
            let roles = try Self.roles(of: name, in: database)
            try database.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [user])
            try Self.audit(
                AuditEntry(
                    .deleteUser, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange("display-name", from: display),
                        AuditChange(
                            "groups", from: groups.map(\.text).joined(separator: " ")),
                        AuditChange(
                            "roles", from: roles.map(\.rawValue).joined(separator: " ")),
                    ]),
                by: origin, at: now, in: database)
        }
    }

    static func userNumber(_ name: UserName, in database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM user WHERE name = ?"),
            arguments: [name.text])
    }
}

extension User {
    init(row: Row) throws {
        guard
            let name = UserName(try row.value("name")),
            let handle = try? UserHandle(bytes: bytes(row.value("handle")))
        else { throw StoreError.unreadableRow(table: "user") }
        self.init(
            name: name, displayName: try row.value("display_name"), handle: handle,
            createdAt: Timestamp(milliseconds: try row.value("created_at")))
    }
}
