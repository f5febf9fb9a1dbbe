public import Accounts
public import AuditLog
import GRDB

/// What users sign in to.
extension SQLiteStore {
    /// Adds an application.
    public func add(
        _ application: Application, by origin: AuditOrigin
    ) throws(StoreError) {
        try write { database in
            guard try Self.application(application.name, in: database) == nil else {
                throw StoreError.nameTaken(.application, application.name.text)
            }
            try database.execute(
                sql: """
                    INSERT INTO application (name, display_name, client_kind, created_at)
                    VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    application.name.text, application.displayName,
                    application.clientKind?.rawValue, application.createdAt.milliseconds,
                ])
            try Self.audit(
                AuditEntry(
                    .addApplication, [AuditTarget(.application, application.name.text)],
                    changes: Self.changes(from: nil, to: application)),
                by: origin, at: application.createdAt, in: database)
        }
    }

    /// Changes what is known of an application.
    public func update(
        _ name: DirectoryName, displayName: String, clientKind: ClientKind?,
        by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard let old = try Self.application(name, in: database) else {
                throw StoreError.noSuchName(.application, name.text)
            }
            var new = old
            new.displayName = displayName
            new.clientKind = clientKind
            try database.execute(
                sql: "UPDATE application SET display_name = ?, client_kind = ? WHERE name = ?",
                arguments: [displayName, clientKind?.rawValue, name.text])
            try Self.audit(
                AuditEntry(
                    .updateApplication, [AuditTarget(.application, name.text)],
                    changes: Self.changes(from: old, to: new)),
                by: origin, at: now, in: database)
        }
    }

    /// Deletes an application. Refused while a policy names it.
    public func deleteApplication(
        _ name: DirectoryName, unlessNamedBy use: PolicyUse, by origin: AuditOrigin,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard let old = try Self.application(name, in: database) else {
                throw StoreError.noSuchName(.application, name.text)
            }
            try Self.refuse(.application, name.text, namedBy: use)
            try database.execute(
                sql: "DELETE FROM application WHERE name = ?", arguments: [name.text])
            try Self.audit(
                AuditEntry(
                    .deleteApplication, [AuditTarget(.application, name.text)],
                    changes: Self.changes(from: old, to: nil)),
                by: origin, at: now, in: database)
        }
    }

    /// The application of this name, or `nil`.
    public func application(_ name: DirectoryName) throws(StoreError) -> Application? {
        try read { database in try Self.application(name, in: database) }
    }

    /// The applications whose names come after `name`, at most `limit`, by their names.
    public func applications(
        after name: DirectoryName? = nil, limit: Int
    ) throws(StoreError) -> [Application] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: "SELECT * FROM application WHERE name > ? ORDER BY name LIMIT ?",
                arguments: [name?.text ?? "", limit]
            ).map(Application.init(row:))
        }
    }

    private static func application(
        _ name: DirectoryName, in database: Database
    ) throws -> Application? {
        try Row.fetchOne(
            database, cachedSQL: "SELECT * FROM application WHERE name = ?",
            arguments: [name.text]
        ).map(Application.init(row:))
    }

    private static func changes(from old: Application?, to new: Application?) -> [AuditChange] {
        [
            AuditChange("display-name", from: old?.displayName, to: new?.displayName),
            AuditChange(
                "client-kind", from: old?.clientKind?.rawValue, to: new?.clientKind?.rawValue),
        ].filter { $0.old != $0.new }
    }
}

extension Application {
    init(row: Row) throws {
        let unreadable = StoreError.unreadableRow(table: "application")
        guard let name = DirectoryName(try row.value("name")) else { throw unreadable }
        let kind = try (row.value("client_kind") as String?).map { text in
            guard let kind = ClientKind(rawValue: text) else { throw unreadable }
            return kind
        }
        self.init(
            name: name, displayName: try row.value("display_name"), clientKind: kind,
            createdAt: Timestamp(milliseconds: try row.value("created_at")))
    }
}
