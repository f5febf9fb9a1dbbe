public import AuditLog
import Foundation
import GRDB

extension SQLiteStore {
    /// How many records of the audit log a report reads at most, the newest first.
    public static let auditRecords = 100_000

    /// The acts of these kinds that were done, the newest first.
    ///
    /// - Returns: the records, and whether there are older ones that were not read.
    public func auditedActs(
        _ activities: [AuditActivity], in days: DayRange, examining limit: Int = auditRecords
    ) throws(StoreError) -> (records: [AuditRecord], isCut: Bool) {
        try read { database in
            var records: [AuditRecord] = []
            for activity in activities {
                let rows = try Row.fetchCursor(
                    database.cachedStatement(
                        sql: """
                            SELECT record FROM audit_record INDEXED BY audit_record_by_activity
                            WHERE activity = ? AND at >= ? AND at < ?
                            ORDER BY number DESC LIMIT ?
                            """),
                    arguments: [
                        activity.rawValue, days.start.milliseconds, days.end.milliseconds,
                        limit + 1,
                    ])
                while let row = try rows.next() {
                    guard let record = try? AuditRecord(decoding: bytes(row.value(0) as Data))
                    else { throw StoreError.unreadableRow(table: "audit_record") }
                    records.append(record)
                }
            }
            records.sort { $0.number > $1.number }
            return (
                records.prefix(limit).filter { $0.entry.outcome == .success },
                records.count > limit
            )
        }
    }
}
