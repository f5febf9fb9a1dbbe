public import Accounts
public import AuditLog
import GRDB

/// Groups and who is in them.
extension SQLiteStore {
    /// Adds a group without members.
    public func addGroup(
        _ name: DirectoryName, description: String, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard try Self.groupNumber(name, in: database) == nil else {
                throw StoreError.nameTaken(.group, name.text)
            }
            try database.execute(
                sql: "INSERT INTO user_group (name, description, created_at) VALUES (?, ?, ?)",
                arguments: [name.text, description, now.milliseconds])
            try Self.audit(
                AuditEntry(
                    .addGroup, [AuditTarget(.group, name.text)],
                    changes: [AuditChange("description", to: description)]),
                by: origin, at: now, in: database)
        }
    }

    /// Deletes a group; its members stay users. Refused while a policy names it.
    public func deleteGroup(
        _ name: DirectoryName, unlessNamedBy use: PolicyUse, by origin: AuditOrigin,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let group = try Self.knownGroup(name, in: database)
            try Self.refuse(.group, name.text, namedBy: use)
            let count = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM group_member WHERE user_group = ?",
                arguments: [group])
            let description = try String.fetchOne(
                database, sql: "SELECT description FROM user_group WHERE id = ?",
                arguments: [group])
            try database.execute(
                sql: "DELETE FROM user_group WHERE id = ?", arguments: [group])
            try Self.audit(
                AuditEntry(
                    .deleteGroup, [AuditTarget(.group, name.text)],
                    changes: [
                        AuditChange("description", from: description),
                        AuditChange("members", from: count.map(String.init)),
                    ]),
                by: origin, at: now, in: database)
        }
    }

    /// Puts a user into a group.
    public func add(
        _ member: UserName, toGroup name: DirectoryName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let group = try Self.knownGroup(name, in: database)
            let user = try Self.knownUser(member, in: database)
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO group_member (user, user_group, added_at)
                    VALUES (?, ?, ?)
                    """,
                arguments: [user, group, now.milliseconds])
            guard database.changesCount == 1 else { throw StoreError.alreadyMember(member) }
            try Self.audit(
                AuditEntry(
                    .addMemberToGroup,
                    [AuditTarget(.group, name.text), AuditTarget(.user, member.text)],
                    changes: [AuditChange("member", to: member.text)]),
                by: origin, at: now, in: database)
        }
    }

    /// Takes a user out of a group.
    public func remove(
        _ member: UserName, fromGroup name: DirectoryName, by origin: AuditOrigin,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let group = try Self.knownGroup(name, in: database)
            let user = try Self.knownUser(member, in: database)
            try database.execute(
                sql: "DELETE FROM group_member WHERE user = ? AND user_group = ?",
                arguments: [user, group])
            guard database.changesCount == 1 else { throw StoreError.notMember(member) }
            try Self.audit(
                AuditEntry(
                    .removeMemberFromGroup,
                    [AuditTarget(.group, name.text), AuditTarget(.user, member.text)],
                    changes: [AuditChange("member", from: member.text)]),
                by: origin, at: now, in: database)
        }
    }

    /// The groups whose names come after `name`, at most `limit`, by their names.
    public func groups(
        after name: DirectoryName? = nil, limit: Int
    ) throws(StoreError) -> [UserGroup] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT name, description, created_at, (
                        SELECT COUNT(*) FROM group_member WHERE user_group = user_group.id) AS members
                    FROM user_group WHERE name > ? ORDER BY name LIMIT ?
                    """,
                arguments: [name?.text ?? "", limit]
            ).map(UserGroup.init(row:))
        }
    }

    /// The members of a group whose names come after `member`, at most `limit`, by their names.
    public func members(
        ofGroup name: DirectoryName, after member: UserName? = nil, limit: Int
    ) throws(StoreError) -> [UserName] {
        try read { database in
            let group = try Self.knownGroup(name, in: database)
            return try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT user.name FROM group_member JOIN user ON user.id = group_member.user
                        WHERE user_group = ? AND user.name > ? ORDER BY user.name LIMIT ?
                        """),
                arguments: [group, member?.text ?? "", limit]
            ).map(Self.storedUserName)
        }
    }

    /// The groups that a user is in, by their names; none for a user that does not exist.
    public func groups(of name: UserName) throws(StoreError) -> [DirectoryName] {
        try read { database in try Self.groups(of: name, in: database) }
    }

    static func groups(of name: UserName, in database: Database) throws -> [DirectoryName] {
        try String.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT user_group.name FROM group_member
                    JOIN user_group ON user_group.id = group_member.user_group
                    WHERE group_member.user = (SELECT id FROM user WHERE name = ?)
                    ORDER BY user_group.name
                    """),
            arguments: [name.text]
        ).map { text in
            guard let name = DirectoryName(text) else {
                throw StoreError.unreadableRow(table: "user_group")
            }
            return name
        }
    }

    private static func groupNumber(
        _ name: DirectoryName, in database: Database
    ) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM user_group WHERE name = ?"),
            arguments: [name.text])
    }

    private static func knownGroup(
        _ name: DirectoryName, in database: Database
    ) throws -> Int64 {
        guard let number = try groupNumber(name, in: database) else {
            throw StoreError.noSuchName(.group, name.text)
        }
        return number
    }
}

extension UserGroup {
    init(row: Row) throws {
        guard let name = DirectoryName(try row.value("name")) else {
            throw StoreError.unreadableRow(table: "user_group")
        }
        self.name = name
        description = try row.value("description")
        createdAt = Timestamp(milliseconds: try row.value("created_at"))
        memberCount = try row.value("members")
    }
}
