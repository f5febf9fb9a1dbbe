public import AuditLog
import Foundation
package import GRDB

/// The audit log. Rows are only ever added; each has a hash over itself and all before it.
extension SQLiteStore {
    /// Appends a record inside of the transaction of the act that it is of: both are on disk, or neither.
    ///
    /// The hash goes on from the one that the last row has, also where that is not what it should be: what was tampered
    /// with stays as it is, for a verification to name, and the next head is not signed.
    package static func audit(
        _ entry: AuditEntry, by origin: AuditOrigin, at now: Timestamp, in database: Database
    ) throws {
        let last = try lastAuditRow(in: database)
        let head: ChainHead
        if let last {
            // A hash of another length was tampered with. The chain goes on, and will be found broken here.
            let hash = (last.hash + [UInt8](repeating: 0, count: 32)).prefix(32)
            guard let found = ChainHead(count: last.number, hash: Array(hash)) else {
                throw StoreError.unreadableRow(table: "audit_record")
            }
            head = found
        } else {
            head = ChainHead(origin: try auditLogName(in: database).text)
        }
        let record = AuditRecord(
            number: head.count + 1, at: now.milliseconds, entry: entry, origin: origin)
        let bytes = record.encoded()
        let next = head.appending(bytes)
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO audit_record (number, at, activity, actor, target, record, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(
            arguments: [
                next.count, now.milliseconds, record.entry.activity.rawValue,
                HarmlessText.escaped(record.origin.actor), searchedTargets(of: record),
                blob(bytes), blob(next.hash),
            ])
    }

    /// Appends a record of what changed nothing in the store: an act that was refused, a start, a stop.
    public func append(
        _ entry: AuditEntry, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in try Self.audit(entry, by: origin, at: now, in: database) }
    }

    /// The rows after the one of a number, the oldest first, as an export has them.
    public func auditRows(after number: Int, limit: Int) throws(StoreError) -> [AuditRow] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT number, record, hash FROM audit_record
                    WHERE number > ? ORDER BY number LIMIT ?
                    """,
                arguments: [number, limit]
            ).map(AuditRow.init(row:))
        }
    }

    /// The rows that a filter lets through, the newest first.
    public func auditRows(
        matching filter: AuditFilter, limit: Int
    ) throws(StoreError) -> [AuditRow] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT number, record, hash FROM audit_record
                    WHERE \(filter.conditions.joined(separator: " AND "))
                    ORDER BY number DESC LIMIT :limit
                    """,
                arguments: filter.arguments(limit: limit)
            ).map(AuditRow.init(row:))
        }
    }

    /// How many records there are, and the hash that the last has; nothing of it is verified. The head of an empty log
    /// where there are none.
    public func auditHead() throws(StoreError) -> ChainHead {
        let name = try auditLogName()
        return try read { database in
            guard let last = try Self.lastAuditRow(in: database) else {
                return ChainHead(origin: name.text)
            }
            guard let head = ChainHead(count: last.number, hash: last.hash) else {
                throw StoreError.unreadableRow(table: "audit_record")
            }
            return head
        }
    }

    private static func lastAuditRow(in database: Database) throws -> AuditRow? {
        try Row.fetchOne(
            database,
            cachedSQL: """
                SELECT number, record, hash FROM audit_record ORDER BY number DESC LIMIT 1
                """,
            arguments: []
        ).map(AuditRow.init(row:))
    }

    /// The words of all targets, each between line feeds, which they cannot have in them.
    private static func searchedTargets(of record: AuditRecord) -> String {
        let words = record.entry.targets.map { HarmlessText.escaped($0.word) }
        return words.isEmpty ? "" : "\n\(words.joined(separator: "\n"))\n"
    }
}

extension AuditRow {
    fileprivate init(row: Row) throws {
        number = try row.value("number")
        bytes = CredentialStore.bytes(try row.value("record"))
        hash = CredentialStore.bytes(try row.value("hash"))
    }
}

extension AuditFilter {
    /// Conditions that hold no value of the filter's, so that an index can serve those that are there.
    fileprivate var conditions: [String] {
        var conditions = ["number < :before"]
        if activity != nil { conditions.append("activity = :activity") }
        if actor != nil { conditions.append("actor = :actor") }
        if target != nil { conditions.append("instr(target, :target) > 0") }
        if since != nil { conditions.append("at >= :since") }
        if until != nil { conditions.append("at < :until") }
        return conditions
    }

    fileprivate func arguments(limit: Int) -> StatementArguments {
        var arguments: StatementArguments = ["before": before ?? .max, "limit": limit]
        if let activity { arguments += ["activity": activity.rawValue] }
        if let actor { arguments += ["actor": HarmlessText.escaped(actor)] }
        if let target { arguments += ["target": "\n\(HarmlessText.escaped(target))\n"] }
        if let since { arguments += ["since": since.milliseconds] }
        if let until { arguments += ["until": until.milliseconds] }
        return arguments
    }
}
