public import Accounts
import GRDB

extension SQLiteStore {
    /// How many sign-ins a pattern is made of at most.
    public static let patternRows = 50_000

    /// How a user signs in.
    ///
    /// - Parameters:
    ///   - names: how many countries, networks, devices… to name.
    ///   - limit: how many sign-ins to look at, the newest first.
    public func signInPattern(
        of user: UserName, in days: DayRange, naming names: Int = 50,
        examining limit: Int = patternRows
    ) throws(StoreError) -> SignInPattern {
        try read { database in
            let period: StatementArguments = [
                user.text, days.start.milliseconds, days.end.milliseconds,
            ]
            var pattern = SignInPattern(
                count: try Int.fetchOne(
                    database.cachedStatement(
                        sql: """
                            SELECT COUNT(*) FROM sign_in INDEXED BY sign_in_by_user
                            WHERE user = ? AND at >= ? AND at < ?
                            """),
                    arguments: period) ?? 0)
            var tallies = PatternTallies()
            let rows = try Row.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT at, accepted, reason, country, address, device, user_agent,
                            client_kind, method, service
                        FROM sign_in INDEXED BY sign_in_by_user
                        WHERE user = ? AND at >= ? AND at < ?
                        ORDER BY at DESC, number DESC LIMIT ?
                        """),
                arguments: period + [limit])
            while let row = try rows.next() { try tallies.add(row, to: &pattern) }
            tallies.finish(&pattern, limit: names)
            return pattern
        }
    }
}

private struct PatternTallies {
    private var networkNames = NetworkNames()
    private var countries = Tally()
    private var networks = Tally()
    private var devices = Tally()
    private var programs = Tally()
    private var clientKinds = Tally()
    private var methods = Tally()
    private var applications = Tally()

    mutating func add(_ row: Row, to pattern: inout SignInPattern) throws {
        let at = Timestamp(milliseconds: try row.value(0))
        let outcome: SignInOutcome =
            try row.value(1) as Bool
            ? .success
            : try row.value(2) as String == SignInOutcome.interruption ? .interrupted : .failure
        pattern.examined += 1
        pattern.counts.add(1, outcome)
        pattern.firstAt = at
        pattern.lastAt = pattern.lastAt ?? at
        let day = at.milliseconds / DayRange.day
        let hour = Int(at.milliseconds % DayRange.day / 3_600_000)
        // 1970-01-01 was a Thursday.
        let weekday = Int((day + 3) % 7)
        if pattern.hours.indices.contains(weekday), pattern.hours[weekday].indices.contains(hour) {
            pattern.hours[weekday][hour] += 1
        }
        func name(_ column: Int) throws -> String { try row.value(column) as String? ?? "" }
        countries.add(try name(3), outcome, at: at)
        networks.add(networkNames.network(of: try name(4)), outcome, at: at)
        devices.add(try name(5), outcome, at: at)
        programs.add(try name(6), outcome, at: at)
        clientKinds.add(try name(7), outcome, at: at)
        methods.add(try name(8), outcome, at: at)
        applications.add(try name(9), outcome, at: at)
    }

    func finish(_ pattern: inout SignInPattern, limit: Int) {
        pattern.countries = countries.sorted(limit: limit)
        pattern.networks = networks.sorted(limit: limit)
        pattern.devices = devices.sorted(limit: limit)
        pattern.programs = programs.sorted(limit: limit)
        pattern.clientKinds = clientKinds.sorted(limit: limit)
        pattern.methods = methods.sorted(limit: limit)
        pattern.applications = applications.sorted(limit: limit)
    }
}
