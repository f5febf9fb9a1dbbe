import GRDB

extension SQLiteStore {
    /// Who signs in to an application; at most `limit` accounts.
    public func applicationReport(
        _ application: String, in days: DayRange, limit: Int
    ) throws(StoreError) -> ApplicationReport {
        try read { database in
            let arguments = days.arguments + ["application": application]
            var late: [String: ApplicationReport.Account] = [:]
            let uncounted = try Row.fetchCursor(
                database.cachedStatement(sql: Self.uncountedUse), arguments: arguments)
            while let row = try uncounted.next() {
                let account = try ApplicationReport.Account(row: row)
                late[account.user] = account
            }
            // They come by user without sorting, as they lie in the table; in SQL, adding the late ones would sort them.
            var accounts: [ApplicationReport.Account] = []
            let counted = try Row.fetchCursor(
                database.cachedStatement(sql: Self.countedUse), arguments: arguments)
            while let row = try counted.next() {
                var account = try ApplicationReport.Account(row: row)
                if let more = late.removeValue(forKey: account.user) { account.add(more) }
                accounts.append(account)
            }
            accounts += late.values
            return ApplicationReport(accounts, limit: max(1, limit))
        }
    }

    private static let countedUse = """
        SELECT user, SUM(succeeded), SUM(failed), SUM(interrupted), MIN(first_at), MAX(last_at)
        FROM sign_in_by_account
        WHERE application = :application AND day BETWEEN :first AND :last GROUP BY user
        """

    private static let uncountedUse = """
        SELECT COALESCE(user, ''), SUM(accepted = 1), SUM(\(failed)),
            SUM(accepted = 0 AND reason = 'interrupted'),
            MIN(CASE WHEN accepted = 1 THEN at END), MAX(CASE WHEN accepted = 1 THEN at END)
        \(uncounted) AND COALESCE(service, '') = :application GROUP BY 1
        """
}

extension ApplicationReport.Account {
    fileprivate init(row: Row) throws {
        self.init(
            user: try row.value(0), counts: try row.counts(from: 1),
            firstAt: (try row.value(4) as Int64?).map(Timestamp.init(milliseconds:)),
            lastAt: (try row.value(5) as Int64?).map(Timestamp.init(milliseconds:)))
    }

    fileprivate mutating func add(_ other: ApplicationReport.Account) {
        counts.succeeded += other.counts.succeeded
        counts.failed += other.counts.failed
        counts.interrupted += other.counts.interrupted
        firstAt = [firstAt, other.firstAt].compactMap(\.self).min()
        lastAt = [lastAt, other.lastAt].compactMap(\.self).max()
    }

    /// The order of a report: those who were let in most often first.
    fileprivate static func isBefore(
        _ left: ApplicationReport.Account, _ right: ApplicationReport.Account
    ) -> Bool {
        let (one, other) = (left.counts, right.counts)
        return (other.succeeded, other.failed, other.interrupted, left.user)
            < (one.succeeded, one.failed, one.interrupted, right.user)
    }
}

extension ApplicationReport {
    fileprivate init(_ accounts: [Account], limit: Int) {
        var counts = OutcomeCounts()
        for account in accounts {
            counts.succeeded += account.counts.succeeded
            counts.failed += account.counts.failed
            counts.interrupted += account.counts.interrupted
        }
        self.init(
            accounts: Array(accounts.sorted(by: Account.isBefore).prefix(limit)),
            accountCount: accounts.count,
            signedInCount: accounts.count { $0.counts.succeeded > 0 }, counts: counts)
    }
}
