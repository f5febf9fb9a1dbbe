public import Accounts
import GRDB
import WebAuthn

extension SQLiteStore {
    /// Adds a user.
    public func add(_ user: User) throws(StoreError) {
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

    /// Deletes a user and the credentials with it. The sign-in record stays.
    public func deleteUser(_ name: UserName) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM user WHERE name = ?", arguments: [name.text])
            guard database.changesCount > 0 else { throw StoreError.noSuchUser(name) }
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
