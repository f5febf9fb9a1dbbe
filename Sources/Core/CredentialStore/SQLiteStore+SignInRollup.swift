import GRDB

/// The counts that reports are made of, kept by day beside the sign-in log.
///
/// Rows of the log never change and are numbered in the order of commits, so what has been counted is all up to one
/// number. Reports add the rows above it, in the same read: they never lag, however late the counting is.
extension SQLiteStore {
    /// Counts the oldest rows that have not been counted, at most `limit`. To be called every few seconds, until it
    /// returns less than the limit.
    ///
    /// - Returns: how many were counted.
    public func rollUpSignIns(limit: Int = 5_000) throws(StoreError) -> Int {
        try write { database in
            let row = try Row.fetchOne(
                database,
                cachedSQL: """
                    SELECT COUNT(*), MAX(number), (SELECT through FROM sign_in_rollup) FROM (
                        SELECT number FROM sign_in
                        WHERE number > (SELECT through FROM sign_in_rollup) ORDER BY number LIMIT ?)
                    """,
                arguments: [limit])
            guard let row, let last = try row.value(1) as Int64? else { return 0 }
            let through: Int64 = try row.value(2)
            for statement in [Self.countByDay, Self.countByAccount, Self.countFailures] {
                try database.cachedStatement(sql: statement).execute(arguments: [through, last])
            }
            try database.execute(sql: "UPDATE sign_in_rollup SET through = ?", arguments: [last])
            return try row.value(0)
        }
    }

    /// Deletes rows of the log from before a moment, the oldest first, and counts of whole days before it: at most
    /// `limit` of each. To be called until it deletes nothing.
    ///
    /// A row that has not been counted stays, and so do the counts of a day that is not all over.
    public func purgeSignIns(
        before moment: Timestamp, limit: Int = 5_000
    ) throws(StoreError) -> SignInPurge {
        let day = max(0, moment.milliseconds) / DayRange.day
        // Looking for counts takes as long as there are counts; the writer need not wait for that.
        let old = try read { database in
            try OldCounts(before: moment, day, limit: limit, in: database)
        }
        guard let old else { return SignInPurge(rows: 0, counts: 0) }
        return try write { database in
            try database.execute(
                sql: """
                    DELETE FROM sign_in WHERE number IN (
                        SELECT number FROM sign_in INDEXED BY sign_in_by_time
                        WHERE at < ? AND number <= (SELECT through FROM sign_in_rollup)
                        ORDER BY at LIMIT ?)
                    """,
                arguments: [moment.milliseconds, limit])
            let rows = database.changesCount
            return SignInPurge(rows: rows, counts: try old.delete(in: database))
        }
    }

    /// What came of a row of the log, as SQL.
    static let outcome = """
        CASE WHEN accepted = 1 THEN 'success' WHEN reason = 'interrupted' THEN 'interrupted' \
        ELSE 'failure' END
        """

    static let failed = "accepted = 0 AND reason <> 'interrupted'"

    private static let countByDay = """
        INSERT INTO sign_in_daily (day, outcome, application, method, reason, count)
        SELECT at / 86400000, \(outcome), COALESCE(service, ''), method, reason, COUNT(*)
        FROM sign_in WHERE number > ?1 AND number <= ?2 GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """

    private static let countByAccount = """
        INSERT INTO sign_in_by_account
            (application, user, day, succeeded, failed, interrupted, first_at, last_at)
        SELECT COALESCE(service, ''), COALESCE(user, ''), at / 86400000, SUM(accepted = 1),
            SUM(\(failed)), SUM(accepted = 0 AND reason = 'interrupted'),
            MIN(CASE WHEN accepted = 1 THEN at END), MAX(CASE WHEN accepted = 1 THEN at END)
        FROM sign_in WHERE number > ?1 AND number <= ?2 GROUP BY 1, 2, 3
        ON CONFLICT DO UPDATE SET
            succeeded = succeeded + excluded.succeeded,
            failed = failed + excluded.failed,
            interrupted = interrupted + excluded.interrupted,
            first_at = MIN(COALESCE(first_at, excluded.first_at),
                COALESCE(excluded.first_at, first_at)),
            last_at = MAX(COALESCE(last_at, excluded.last_at), COALESCE(excluded.last_at, last_at))
        """

    private static let countFailures = """
        INSERT INTO sign_in_failure (user, day, application, reason, count, last_at)
        SELECT COALESCE(user, ''), at / 86400000, COALESCE(service, ''), reason, COUNT(*), MAX(at)
        FROM sign_in WHERE number > ?1 AND number <= ?2 AND \(failed) GROUP BY 1, 2, 3, 4
        ON CONFLICT DO UPDATE SET
            count = count + excluded.count, last_at = MAX(last_at, excluded.last_at)
        """
}

/// Counts of days that are over, to be deleted.
private struct OldCounts {
    private let day: Int64
    private let limit: Int
    private let accounts: [Row]
    private let failures: [Row]

    /// Finds some; `nil` where there is nothing to purge, no rows of the log either. Whether there are any the days tell,
    /// which go last.
    init?(before moment: Timestamp, _ day: Int64, limit: Int, in database: Database) throws {
        self.day = day
        self.limit = limit
        let row = try Row.fetchOne(
            database,
            cachedSQL: """
                SELECT EXISTS (SELECT 1 FROM sign_in_daily WHERE day < ?),
                    EXISTS (SELECT 1 FROM sign_in INDEXED BY sign_in_by_time WHERE at < ?)
                """,
            arguments: [day, moment.milliseconds])
        let hasCounts = try row?.value(0) ?? false
        let hasRows = try row?.value(1) ?? false
        guard hasCounts || hasRows else { return nil }
        guard hasCounts else {
            (accounts, failures) = ([], [])
            return
        }
        accounts = try Row.fetchAll(
            database,
            cachedSQL: """
                SELECT application, user, day FROM sign_in_by_account WHERE day < ? LIMIT ?
                """,
            arguments: [day, limit])
        failures = try Row.fetchAll(
            database,
            cachedSQL: """
                SELECT user, day, application, reason FROM sign_in_failure WHERE day < ? LIMIT ?
                """,
            arguments: [day, limit])
    }

    /// Deletes them; the days as such once nothing else of them is left. Returns how many went.
    func delete(in database: Database) throws -> Int {
        let deleteAccount = try database.cachedStatement(
            sql: """
                DELETE FROM sign_in_by_account WHERE application = ? AND user = ? AND day = ?
                """)
        for row in accounts {
            try deleteAccount.execute(arguments: StatementArguments(row.databaseValues))
        }
        let deleteFailure = try database.cachedStatement(
            sql: """
                DELETE FROM sign_in_failure
                WHERE user = ? AND day = ? AND application = ? AND reason = ?
                """)
        for row in failures {
            try deleteFailure.execute(arguments: StatementArguments(row.databaseValues))
        }
        let deleted = accounts.count + failures.count
        guard accounts.count < limit, failures.count < limit else { return deleted }
        try database.execute(
            sql: """
                DELETE FROM sign_in_daily
                WHERE (day, outcome, application, method, reason) IN (
                    SELECT day, outcome, application, method, reason FROM sign_in_daily
                    WHERE day < ? LIMIT ?)
                """,
            arguments: [day, limit])
        return deleted + database.changesCount
    }
}

/// What a purge deleted.
public struct SignInPurge: Sendable, Hashable {
    /// Rows of the log.
    public var rows: Int
    /// Counts of days.
    public var counts: Int

    /// Whether nothing was left to delete.
    public var isEmpty: Bool { rows == 0 && counts == 0 }
}
