public import Accounts
import GRDB

extension SQLiteStore {
    /// What failed, for which accounts, and why; at most `limit` accounts, those with the most failures first.
    public func failureReport(
        in days: DayRange, application: String? = nil, user: UserName? = nil, limit: Int
    ) throws(StoreError) -> FailureReport {
        try read { database in
            let filters: StatementArguments = ["application": application, "user": user?.text]
            let reasons = try Row.fetchAll(
                database,
                cachedSQL: user == nil ? Self.failureReasons : Self.failureReasonsOfUser,
                arguments: user == nil
                    ? days.arguments + ["application": application] : days.arguments + filters
            ).map { ReasonCount(reason: try $0.value(0), count: try $0.value(1)) }
            let rows = try Row.fetchAll(
                database, cachedSQL: user == nil ? Self.failedAccounts : Self.failedAccount,
                arguments: days.arguments + filters + ["limit": max(1, limit)])
            let late = try Self.uncountedFailures(
                in: days, application, of: user, in: database)
            let accounts = try rows.map { row in
                let name: String = try row.value(0)
                return FailureReport.Account(
                    user: name, count: try row.value(1),
                    reasons: try Self.reasons(
                        of: name, in: days, application, late[name] ?? [:], in: database),
                    lastAt: Timestamp(milliseconds: try row.value(2)))
            }
            return FailureReport(
                reasons: reasons, accounts: accounts,
                accountCount: try rows.first?.value(3) ?? 0,
                failureCount: reasons.reduce(0) { $0 + $1.count })
        }
    }

    private static func reasons(
        of user: String, in days: DayRange, _ application: String?, _ late: [String: Int],
        in database: Database
    ) throws -> [ReasonCount] {
        var counts = late
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT reason, SUM(count) FROM sign_in_failure
                    WHERE user = :user AND day BETWEEN :first AND :last
                        AND (:application IS NULL OR application = :application)
                    GROUP BY reason
                    """),
            arguments: [
                "user": user, "first": days.first, "last": days.last, "application": application,
            ])
        while let row = try rows.next() { counts[try row.value(0), default: 0] += try row.value(1) }
        return counts.map { ReasonCount(reason: $0, count: $1) }
            .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }

    /// User, reason, and how many.
    private static func uncountedFailures(
        in days: DayRange, _ application: String?, of user: UserName?, in database: Database
    ) throws -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT COALESCE(user, ''), reason, COUNT(*) \(uncounted) AND \(failed)
                        AND (:application IS NULL OR COALESCE(service, '') = :application)
                        AND (:user IS NULL OR user = :user)
                    GROUP BY 1, 2
                    """),
            arguments: [
                "since": days.start.milliseconds, "until": days.end.milliseconds,
                "application": application, "user": user?.text,
            ])
        while let row = try rows.next() {
            counts[try row.value(0), default: [:]][try row.value(1)] = try row.value(2)
        }
        return counts
    }

    private static let failureReasons = """
        SELECT reason, SUM(count) FROM (
            SELECT reason, SUM(count) AS count FROM sign_in_daily
            WHERE day BETWEEN :first AND :last AND outcome = 'failure'
                AND (:application IS NULL OR application = :application)
            GROUP BY reason
            UNION ALL
            SELECT reason, COUNT(*) \(uncounted) AND \(failed)
                AND (:application IS NULL OR COALESCE(service, '') = :application)
            GROUP BY 1)
        GROUP BY reason ORDER BY 2 DESC, reason
        """

    private static let failureReasonsOfUser = """
        SELECT reason, SUM(count) FROM (
            SELECT reason, count FROM sign_in_failure
            WHERE user = :user AND day BETWEEN :first AND :last
                AND (:application IS NULL OR application = :application)
            UNION ALL
            SELECT reason, COUNT(*) \(uncounted) AND \(failed) AND user = :user
                AND (:application IS NULL OR COALESCE(service, '') = :application)
            GROUP BY 1)
        GROUP BY reason ORDER BY 2 DESC, reason
        """

    private static let failedAccounts = failedAccounts(of: ":user IS NULL")
    private static let failedAccount = failedAccounts(of: "user = :user")

    /// - Parameter condition: one of this file's own.
    private static func failedAccounts(of condition: String) -> String {
        """
        SELECT user, SUM(count), MAX(last_at), COUNT(*) OVER () FROM (
            SELECT user, SUM(count) AS count, MAX(last_at) AS last_at FROM sign_in_failure
            WHERE \(condition) AND day BETWEEN :first AND :last
                AND (:application IS NULL OR application = :application)
            GROUP BY user
            UNION ALL
            SELECT COALESCE(user, ''), COUNT(*), MAX(at) \(uncounted) AND \(failed)
                AND \(condition)
                AND (:application IS NULL OR COALESCE(service, '') = :application)
            GROUP BY 1)
        GROUP BY user ORDER BY 2 DESC, user LIMIT :limit
        """
    }
}
