import Accounts
import CredentialStore
import Foundation
import GRDB

/// A row of the sign-in log, as a test writes it.
struct LogRow {
    var at: Int64
    var user: String?
    var application: String?
    var method = "totp"
    var outcome = SignInOutcome.success
    var reason = "ok"
    var address: String?
    var country: String?
    var clientKind: String?
    var program: String?
    var device: String?
    var policies: String?

    static func success(
        at: Int64, _ user: String?, _ application: String?, _ method: String = "totp"
    ) -> LogRow {
        LogRow(at: at, user: user, application: application, method: method)
    }

    static func failure(
        at: Int64, _ user: String?, _ application: String?, _ reason: String,
        _ method: String = "totp"
    ) -> LogRow {
        LogRow(
            at: at, user: user, application: application, method: method, outcome: .failure,
            reason: reason)
    }

    static func interrupted(at: Int64, _ user: String?, _ application: String?) -> LogRow {
        LogRow(
            at: at, user: user, application: application, method: "password", outcome: .interrupted,
            reason: "interrupted")
    }

    var day: Int64 { at / 86_400_000 }
}

/// Moments in the days around a Monday, 2026-11-02.
func moment(_ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Int64 {
    Int64(20_759 + day) * 86_400_000 + Int64(hour) * 3_600_000 + Int64(minute) * 60_000
}

func days(_ first: Int, _ last: Int) -> DayRange {
    DayRange(
        since: Timestamp(milliseconds: moment(first)),
        until: Timestamp(milliseconds: moment(last + 1)))
}

extension SQLiteStore {
    /// Writes rows in one transaction, as the server does when sign-ins end.
    func write(_ rows: some Sequence<LogRow>) throws {
        try pool.write { database in
            let insert = try database.makeStatement(
                sql: """
                    INSERT INTO sign_in (at, method, user, client, service, address, accepted, reason, country,
                        client_kind, user_agent, device, policies)
                    VALUES (?, ?, ?, 'front', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for row in rows {
                try insert.execute(arguments: [
                    row.at, row.method, row.user, row.application, row.address,
                    row.outcome == .success,
                    row.reason, row.country, row.clientKind, row.program, row.device, row.policies,
                ])
            }
        }
    }

    /// Counts all rows that there are, in portions.
    func rollUpAll(limit: Int = 50_000) throws {
        while try rollUpSignIns(limit: limit) == limit {}
    }

    func count(_ table: String) throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") ?? -1 }
    }
}

extension OutcomeCounts {
    static func of(_ rows: some Sequence<LogRow>) -> OutcomeCounts {
        rows.reduce(into: OutcomeCounts()) { counts, row in
            switch row.outcome {
            case .success: counts.succeeded += 1
            case .failure: counts.failed += 1
            case .interrupted: counts.interrupted += 1
            }
        }
    }
}
