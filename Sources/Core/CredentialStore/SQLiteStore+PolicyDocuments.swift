public import AuditLog
import GRDB

/// The policies in force, as they were written, and what they are tried on.
extension SQLiteStore {
    /// The documents that are in force, in the order in which they were given.
    public func policyDocuments() throws(StoreError) -> [PolicyDocument] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: "SELECT file, yaml FROM policy_document ORDER BY position",
                arguments: []
            ).map { row in
                PolicyDocument(file: try row.value("file"), yaml: try row.value("yaml"))
            }
        }
    }

    /// Puts these documents in the place of all that were in force, and the acts on record with them.
    ///
    /// - Parameter documents: no two of the same file.
    public func replacePolicyDocuments(
        _ documents: [PolicyDocument], recording acts: [AuditEntry], by origin: AuditOrigin,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            try database.execute(sql: "DELETE FROM policy_document")
            let insertion = try database.cachedStatement(
                sql: "INSERT INTO policy_document (position, file, yaml) VALUES (?, ?, ?)")
            for (position, document) in documents.enumerated() {
                try insertion.execute(arguments: [position, document.file, document.yaml])
            }
            for act in acts { try Self.audit(act, by: origin, at: now, in: database) }
        }
    }

    /// The rows of the sign-in log within a time, the oldest first (by time, then by number), at most `limit`.
    ///
    /// - Parameters:
    ///   - start: from this moment on.
    ///   - end: until just before this moment.
    ///   - place: what was read before; from the beginning where it is `nil`.
    public func recordedSignIns(
        since start: Timestamp, until end: Timestamp, after place: SignInPlace? = nil, limit: Int
    ) throws(StoreError) -> [SignInRow] {
        let edge = max(
            place ?? SignInPlace(at: start, number: 0), SignInPlace(at: start, number: 0))
        return try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT * FROM sign_in INDEXED BY sign_in_by_time
                    WHERE at >= ?1 AND (at > ?1 OR number > ?2) AND at < ?3
                    ORDER BY at, number LIMIT ?4
                    """,
                arguments: [edge.at.milliseconds, edge.number, end.milliseconds, max(0, limit)]
            ).map(SignInRow.init(row:))
        }
    }
}
