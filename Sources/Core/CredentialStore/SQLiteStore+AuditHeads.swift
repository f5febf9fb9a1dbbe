public import AuditLog
import GRDB

/// The signed heads of the audit log, and its name. The head over no records is not signed: it names the log, and was
/// written before there was a key.
extension SQLiteStore {
    /// The log's name, which is its key's too: `countersign/` and 16 random hexadecimal digits. Made at first use.
    public func auditLogName() throws(StoreError) -> NoteKeyName {
        try write { database in try Self.auditLogName(in: database) }
    }

    static func auditLogName(in database: Database) throws -> NoteKeyName {
        let named = try String.fetchOne(
            database.cachedStatement(sql: "SELECT note FROM audit_head WHERE count = 0"))
        if let named {
            guard let name = try? NoteKeyName(named) else {
                throw StoreError.unreadableRow(table: "audit_head")
            }
            return name
        }
        try database.execute(
            sql: """
                INSERT INTO audit_head (count, at, note)
                VALUES (0, 0, 'countersign/' || lower(hex(randomblob(8))))
                """)
        return try auditLogName(in: database)
    }

    /// Keeps a signed head, unless there is one over as many records.
    public func keep(_ head: AuditHead, note: String) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO audit_head (count, at, note) VALUES (?, ?, ?)",
                arguments: [head.chain.count, head.at, note])
        }
    }

    /// The notes of the signed heads over the most records, the latest first.
    public func auditHeadNotes(limit: Int) throws(StoreError) -> [String] {
        try read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT note FROM audit_head WHERE count > 0 ORDER BY count DESC LIMIT ?
                        """),
                arguments: [limit])
        }
    }
}
