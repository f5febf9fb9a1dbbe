import GRDB

/// Reports on all sign-ins: from the counts, and from the rows that have not been counted, in one read.
extension SQLiteStore {
    /// The sign-ins of each day that had any, the oldest first.
    public func signInVolume(
        in days: DayRange, application: String? = nil, method: String? = nil
    ) throws(StoreError) -> [DailyVolume] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT day, outcome, SUM(count) FROM (
                        SELECT day, outcome, SUM(count) AS count FROM sign_in_daily
                        WHERE day BETWEEN :first AND :last
                            AND (:application IS NULL OR application = :application)
                            AND (:method IS NULL OR method = :method)
                        GROUP BY day, outcome
                        UNION ALL
                        SELECT at / 86400000, \(Self.outcome), COUNT(*) \(Self.uncounted)
                            AND (:application IS NULL OR COALESCE(service, '') = :application)
                            AND (:method IS NULL OR method = :method)
                        GROUP BY 1, 2)
                    GROUP BY day, outcome ORDER BY day
                    """,
                arguments: days.arguments + ["application": application, "method": method])
            var volumes: [DailyVolume] = []
            for row in rows {
                let day: Int64 = try row.value(0)
                if volumes.last?.day != day {
                    volumes.append(DailyVolume(day: day, counts: OutcomeCounts()))
                }
                volumes[volumes.count - 1].counts.add(try row.value(2), try row.outcome(1))
            }
            return volumes
        }
    }

    /// What was signed in to, the busiest first.
    public func applicationVolume(in days: DayRange) throws(StoreError) -> [NamedCounts] {
        try read { database in
            try Self.named(
                Row.fetchAll(
                    database,
                    cachedSQL: """
                        SELECT name, outcome, SUM(count) FROM (
                            SELECT application AS name, outcome, SUM(count) AS count
                            FROM sign_in_daily WHERE day BETWEEN :first AND :last
                            GROUP BY application, outcome
                            UNION ALL
                            SELECT COALESCE(service, ''), \(Self.outcome), COUNT(*)
                            \(Self.uncounted) GROUP BY 1, 2)
                        GROUP BY name, outcome
                        """,
                    arguments: days.arguments)
            ).sorted { ($1.counts.total, $0.name) < ($0.counts.total, $1.name) }
        }
    }

    /// How often each method was used, in all and by day.
    public func methodReport(
        in days: DayRange, application: String? = nil
    ) throws(StoreError) -> MethodReport {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT day, method, outcome, SUM(count) FROM (
                        SELECT day, method, outcome, SUM(count) AS count FROM sign_in_daily
                        WHERE day BETWEEN :first AND :last
                            AND (:application IS NULL OR application = :application)
                        GROUP BY day, method, outcome
                        UNION ALL
                        SELECT at / 86400000, method, \(Self.outcome), COUNT(*) \(Self.uncounted)
                            AND (:application IS NULL OR COALESCE(service, '') = :application)
                        GROUP BY 1, 2, 3)
                    GROUP BY day, method, outcome ORDER BY day, method
                    """,
                arguments: days.arguments + ["application": application])
            var (methods, byDay) = ([String: OutcomeCounts](), [MethodReport.Day]())
            for row in rows {
                let (method, count) = (try row.value(1) as String, try row.value(3) as Int)
                let outcome = try row.outcome(2)
                methods[method, default: OutcomeCounts()].add(count, outcome)
                guard outcome == .success else { continue }
                byDay.append(
                    MethodReport.Day(day: try row.value(0), method: method, succeeded: count))
            }
            return MethodReport(
                methods: methods.map { NamedCounts(name: $0, counts: $1) }.sorted {
                    ($1.counts.succeeded, $1.counts.total, $0.name)
                        < ($0.counts.succeeded, $0.counts.total, $1.name)
                },
                days: byDay)
        }
    }

    /// The rows that have not been counted. No index, so that it is found by number where they begin.
    static let uncounted = """
        FROM sign_in NOT INDEXED
        WHERE number > (SELECT through FROM sign_in_rollup) AND at >= :since AND at < :until
        """

    private static func named(_ rows: [Row]) throws -> [NamedCounts] {
        var counts: [String: OutcomeCounts] = [:]
        for row in rows {
            counts[try row.value(0), default: OutcomeCounts()]
                .add(try row.value(2), try row.outcome(1))
        }
        return counts.map { NamedCounts(name: $0, counts: $1) }
    }
}

extension DayRange {
    /// The bounds, for counts and for rows.
    var arguments: StatementArguments {
        [
            "first": first, "last": last, "since": start.milliseconds, "until": end.milliseconds,
        ]
    }
}

extension Row {
    fileprivate func outcome(_ column: Int) throws -> SignInOutcome {
        guard let outcome = SignInOutcome(rawValue: try value(column)) else {
            throw StoreError.unreadableRow(table: "sign_in_daily")
        }
        return outcome
    }

    func counts(from column: Int) throws -> OutcomeCounts {
        OutcomeCounts(
            succeeded: try value(column), failed: try value(column + 1),
            interrupted: try value(column + 2))
    }
}
