import AuditLog
import Accounts
import CredentialStore
import Reports

/// Makes reports from what the store holds.
struct ReportMaker {
    let store: SQLiteStore
    let definition: ReportDefinition
    let period: ReportPeriod
    let parameters: [ReportParameter: String]
    /// The user that the report is about, where it is told one.
    let user: UserName?
    let interval: ReportInterval
    /// How many rows a table has at most.
    let limit: Int
    let now: Timestamp

    var application: String? { parameters[.application] }

    var days: DayRange {
        DayRange(
            since: Timestamp(milliseconds: period.first.number * CalendarDay.milliseconds),
            until: Timestamp(milliseconds: (period.last.number + 1) * CalendarDay.milliseconds))
    }

    /// The report.
    func document() throws(StoreError) -> ReportDocument {
        var document = ReportDocument(
            definition, period: period, madeAt: now.milliseconds, parameters: parameters)
        switch definition {
        case .roleChanges:
            try fillMemberships(
                &document, .addMemberToRole, .removeMemberFromRole, of: .role, key: "role")
        case .groupChanges:
            try fillMemberships(
                &document, .addMemberToGroup, .removeMemberFromGroup, of: .group, key: "group")
        case .passwordResets: try fillPasswordResets(&document)
        case .applicationUsers: try fillApplicationUsers(&document)
        case .signInPattern: try fillPattern(&document)
        case .signInVolume: try fillVolume(&document)
        case .signInFailures: try fillFailures(&document)
        case .methodUsage: try fillMethodUsage(&document)
        case .methodRegistration: try fillRegistration(&document)
        default: break
        }
        return document
    }

    /// Sums over stretches of time, from the first day that has anything to the last of the period.
    func stretches<Value>(
        _ values: [(day: Int64, value: Value)], _ zero: Value, _ add: (inout Value, Value) -> Void
    ) -> [(name: String, value: Value)] {
        guard let first = values.map(\.day).min() else { return [] }
        var sums: [String: Value] = [:]
        for (day, value) in values {
            add(&sums[interval.name(of: CalendarDay(number: day)), default: zero], value)
        }
        return interval.names(from: CalendarDay(number: first), to: period.last)
            .map { ($0, sums[$0] ?? zero) }
    }
}

extension ReportDocument {
    /// Fills a table with the first rows.
    mutating func fill(_ table: String, _ rows: [ReportRow], of count: Int? = nil, limit: Int) {
        self.rows[table] = Array(rows.prefix(limit))
        omitted[table] = max(0, (count ?? rows.count) - min(rows.count, limit))
    }

    /// Fills a table with the last rows: those of time, where the latest matter.
    mutating func fill(_ table: String, latest rows: [ReportRow], limit: Int) {
        self.rows[table] = Array(rows.suffix(limit))
        omitted[table] = max(0, rows.count - limit)
    }
}

extension OutcomeCounts {
    mutating func add(_ other: OutcomeCounts) {
        succeeded += other.succeeded
        failed += other.failed
        interrupted += other.interrupted
    }

    /// The counts by the keys that reports have for them.
    var row: ReportRow {
        [
            "succeeded": String(succeeded), "failed": String(failed),
            "interrupted": String(interrupted),
        ]
    }
}

extension Timestamp {
    var text: String { String(max(0, milliseconds)) }
}
