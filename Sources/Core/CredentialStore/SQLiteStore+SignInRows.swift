import Accounts
import Addresses
import Foundation
import GRDB

extension SQLiteStore {
    /// How many rows one page looks at.
    public static let examinedRows = 100_000

    /// The rows that the filter lets through, at most `limit`, the newest first (by time, then by number).
    ///
    /// - Parameters:
    ///   - number: rows older than the row of this number; all where it is `nil`.
    ///   - examining: how many rows to look at where more than user and time are filtered by.
    public func signInLog(
        _ filter: SignInLogFilter, before number: Int64? = nil, limit: Int,
        examining budget: Int = examinedRows
    ) throws(StoreError) -> SignInLogPage {
        let limit = max(1, limit)
        return try read { database in
            var window = LogWindow(filter)
            if let number {
                guard try window.move(before: number, in: database) else {
                    return SignInLogPage(entries: [], next: nil)
                }
            }
            let last =
                filter.isIndexed
                ? nil : try window.cut(to: max(1, budget), of: filter.user, in: database)
            let cursor = try Row.fetchCursor(
                database.cachedStatement(
                    sql: filter.user == nil ? LogWindow.rows : LogWindow.rowsOfUser),
                arguments: window.arguments(filter))
            var entries: [SignInRow] = []
            while let row = try cursor.next() {
                if let network = filter.network, try !row.isFrom(network) { continue }
                guard entries.count < limit else {
                    return SignInLogPage(entries: entries, next: entries.last?.number)
                }
                entries.append(try SignInRow(row: row))
            }
            return SignInLogPage(entries: entries, next: last)
        }
    }
}

/// The stretch of the log, by time and number, that one page looks at.
private struct LogWindow {
    /// Rows before this moment, and at it those with lower numbers.
    var top: (at: Int64, number: Int64)
    /// Rows after this moment, and at it those with this number and higher ones.
    var bottom: (at: Int64, number: Int64)

    init(_ filter: SignInLogFilter) {
        top = (filter.until?.milliseconds ?? .max, 0)
        bottom = (filter.since?.milliseconds ?? .min, 0)
    }

    private static let bounds = """
        at >= :since AND (at > :since OR number >= :least)
            AND at <= :until AND (at < :until OR number < :before)
        """

    private static let filters = """
        (:application IS NULL OR service = :application)
            AND (:country IS NULL OR country = :country)
            AND (:method IS NULL OR method = :method)
            AND (:reason IS NULL OR reason = :reason)
            AND (:policy IS NULL OR INSTR(' ' || policies, ' ' || :policy || '=') > 0)
            AND (:outcome IS NULL OR :outcome = \(SQLiteStore.outcome))
        """

    private static let order = "ORDER BY at DESC, number DESC"

    static let rows = """
        SELECT * FROM sign_in INDEXED BY sign_in_by_time WHERE \(bounds) AND \(filters) \(order)
        """

    static let rowsOfUser = """
        SELECT * FROM sign_in INDEXED BY sign_in_by_user
        WHERE user = :user AND \(bounds) AND \(filters) \(order)
        """

    private static let last = """
        SELECT at, number FROM sign_in INDEXED BY sign_in_by_time WHERE \(bounds) \(order)
        LIMIT 1 OFFSET :offset
        """

    private static let lastOfUser = """
        SELECT at, number FROM sign_in INDEXED BY sign_in_by_user
        WHERE user = :user AND \(bounds) \(order) LIMIT 1 OFFSET :offset
        """

    /// Takes what is older than a row, or, where that is gone, than the row that was next to it. `false` where there is
    /// nothing.
    mutating func move(before number: Int64, in database: Database) throws -> Bool {
        let row = try Row.fetchOne(
            database,
            cachedSQL: """
                SELECT at, number FROM sign_in WHERE number <= ? ORDER BY number DESC LIMIT 1
                """,
            arguments: [number])
        guard let row else { return false }
        let found: Int64 = try row.value(1)
        let edge = (at: try row.value(0) as Int64, number: found == number ? found : found + 1)
        if edge < top { top = edge }
        return true
    }

    /// Takes the newest rows alone, so many. Returns the number of the last of them where there are more.
    mutating func cut(
        to count: Int, of user: UserName?, in database: Database
    ) throws -> Int64? {
        let row = try Row.fetchOne(
            database, cachedSQL: user == nil ? Self.last : Self.lastOfUser,
            arguments: bounds(of: user) + ["offset": count - 1])
        guard let row else { return nil }
        bottom = (try row.value(0), try row.value(1))
        return bottom.number
    }

    func arguments(_ filter: SignInLogFilter) -> StatementArguments {
        bounds(of: filter.user) + [
            "application": filter.application, "country": filter.country, "method": filter.method,
            "reason": filter.reason, "policy": filter.policy, "outcome": filter.outcome?.rawValue,
        ]
    }

    private func bounds(of user: UserName?) -> StatementArguments {
        let bounds: StatementArguments = [
            "since": bottom.at, "least": bottom.number, "until": top.at, "before": top.number,
        ]
        return user.map { bounds + ["user": $0.text] } ?? bounds
    }
}

extension Row {
    /// Whether the row's address is one, and of the network.
    fileprivate func isFrom(_ network: IPNetwork) throws -> Bool {
        guard let text = try value("address") as String?, let address = try? IPAddress(text) else {
            return false
        }
        return network.contains(address)
    }
}

extension SignInRow {
    init(row: Row) throws {
        reason = try row.value("reason")
        outcome =
            try row.value("accepted") as Bool
            ? .success : reason == SignInOutcome.interruption ? .interrupted : .failure
        number = try row.value("number")
        at = Timestamp(milliseconds: try row.value("at"))
        user = try row.value("user")
        application = try row.value("service")
        method = try row.value("method")
        credential = (try row.value("credential") as Data?).map { Array($0) }
        relyingParty = try row.value("relying_party")
        client = try row.value("client")
        address = try row.value("address")
        country = try row.value("country")
        clientKind = try row.value("client_kind")
        userAgent = try row.value("user_agent")
        device = try row.value("device")
        isHardware = try row.value("hardware")
        password = try row.value("password")
        requirement = try row.value("requirement")
        policyResult = try row.value("policy_result")
        policies = try row.value("policies")
        userRisk = try row.value("user_risk")
        signInRisk = try row.value("sign_in_risk")
        steps = try row.value("steps")
        correlation = (try row.value("correlation") as Data?).map { Array($0) }
        processing = try row.value("processing")
        counter = try row.value("counter")
        isUserVerified = try row.value("user_verified")
    }
}
