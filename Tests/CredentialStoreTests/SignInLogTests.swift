import Accounts
import Addresses
import CredentialStore
import GRDB
import Synchronization
import TestSupport
import Testing

struct SignInLogTests {
    /// Rows whose times do not always go up, as with a clock that is set back.
    private static func rows(_ count: Int, seed: UInt64) -> [LogRow] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { number in
            var row = LogRow(
                at: moment(number / 40) + Int64.random(in: 0...7, using: &random) * 3_600_000,
                user: ["alice", "bob", "carol"].randomElement(using: &random),
                application: ["mail", "vpn"].randomElement(using: &random))
            if Bool.random(using: &random) { (row.outcome, row.reason) = (.failure, "wrong-code") }
            if number.isMultiple(of: 9) {
                (row.outcome, row.reason) = (.interrupted, "interrupted")
            }
            row.country = ["SE", "NO", nil].randomElement(using: &random) ?? nil
            row.address =
                ["192.0.2.7", "192.0.3.7", "2001:db8::1", "nonsense", nil].randomElement(
                    using: &random) ?? nil
            row.method = ["totp", "push"].randomElement(using: &random) ?? "totp"
            row.policies = [
                "mfa-for-all=success", "a=failure mfa-for-all=report-only-success",
                "mfa-for=success",
            ]
            .randomElement(using: &random)
            return row
        }
    }

    /// The numbers of rows that fit, the newest first.
    private func numbers(_ rows: [LogRow], _ fits: (LogRow) -> Bool) -> [Int64] {
        rows.enumerated().filter { fits($0.element) }
            .sorted { ($1.element.at, $1.offset) < ($0.element.at, $0.offset) }.map {
                Int64($0.offset + 1)
            }
    }

    /// All pages, one after the other.
    private func pages(
        _ store: SQLiteStore, _ filter: SignInLogFilter, limit: Int, examining: Int
    ) throws -> [Int64] {
        var (found, before) = ([Int64](), nil as Int64?)
        for _ in 0..<10_000 {
            let page = try store.signInLog(
                filter, before: before, limit: limit, examining: examining)
            #expect(page.entries.count <= limit)
            found += page.entries.map(\.number)
            before = page.next
            if before == nil { return found }
        }
        Issue.record("the pages do not end")
        return found
    }

    @Test func `each filter lets through what it says, page by page`() throws {
        let fixture = try Fixture()
        let rows = Self.rows(400, seed: 11)
        try fixture.store.write(rows)
        var cases: [(SignInLogFilter, (LogRow) -> Bool)] = [(SignInLogFilter(), { _ in true })]
        func add(_ change: (inout SignInLogFilter) -> Void, _ fits: @escaping (LogRow) -> Bool) {
            var filter = SignInLogFilter()
            change(&filter)
            cases.append((filter, fits))
        }
        let alice = try Samples.name("alice")
        let network = try IPNetwork("192.0.2.0/24")
        let (since, until) = (moment(3, 2), moment(7, 5))
        add({ $0.user = alice }, { $0.user == "alice" })
        add({ $0.since = Timestamp(milliseconds: since) }, { $0.at >= since })
        add({ $0.until = Timestamp(milliseconds: until) }, { $0.at < until })
        add({ $0.application = "vpn" }, { $0.application == "vpn" })
        add({ $0.network = network }, { $0.address == "192.0.2.7" })
        add({ $0.country = "SE" }, { $0.country == "SE" })
        add({ $0.method = "push" }, { $0.method == "push" })
        add({ $0.reason = "wrong-code" }, { $0.reason == "wrong-code" })
        for outcome in SignInOutcome.allCases {
            add({ $0.outcome = outcome }, { $0.outcome == outcome })
        }
        add({ $0.policy = "mfa-for-all" }, { $0.policies != "mfa-for=success" })
        add({ $0.policy = "a" }, { $0.policies?.hasPrefix("a=") == true })
        add({ $0.policy = "%" }, { _ in false })
        add(
            {
                ($0.user, $0.outcome, $0.network) = (alice, .failure, network)
                ($0.since, $0.until) = (
                    Timestamp(milliseconds: since), Timestamp(milliseconds: until)
                )
            },
            {
                $0.user == "alice" && $0.outcome == .failure && $0.address == "192.0.2.7"
                    && $0.at >= since
                    && $0.at < until
            })
        for (filter, fits) in cases {
            let expected = numbers(rows, fits)
            for (limit, examining) in [(400, 100_000), (7, 100_000), (7, 10), (1, 1), (400, 3)] {
                let found = try pages(fixture.store, filter, limit: limit, examining: examining)
                #expect(found == expected, "\(filter)")
            }
        }
    }

    @Test func `a row has all that was written`() throws {
        let fixture = try Fixture()
        try fixture.store.pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO sign_in (at, method, user, relying_party, credential, client, accepted, reason,
                        counter, user_verified, service, address, correlation, country, client_kind, user_agent,
                        device, hardware, password, requirement, policy_result, policies, user_risk, sign_in_risk,
                        steps, processing)
                    VALUES (5, 'webauthn', 'alice', 'example.org', x'0102', 'front', 0, 'blocked-by-policy', 9, 1,
                        'mail', '192.0.2.1', x'AABB', 'SE', 'browser', 'Firefox', 'yubikey-5', 1, 'ok',
                        'phishing-resistant', 'failure', 'p=failure', 'low', 'medium', '[]', 1234)
                    """)
        }
        let row = try #require(
            try fixture.store.signInLog(SignInLogFilter(), limit: 1).entries.first)
        #expect(
            (row.number, row.at.milliseconds, row.outcome, row.reason) == (
                1, 5, .failure, "blocked-by-policy"
            ))
        #expect(
            (row.user, row.application, row.method, row.client) == (
                "alice", "mail", "webauthn", "front"
            ))
        #expect((row.credential, row.relyingParty, row.counter) == ([1, 2], "example.org", 9))
        #expect(
            (row.address, row.country, row.clientKind, row.userAgent) == (
                "192.0.2.1", "SE", "browser", "Firefox"
            ))
        #expect((row.device, row.isHardware, row.password) == ("yubikey-5", true, "ok"))
        #expect(
            (row.requirement, row.policyResult, row.policies) == (
                "phishing-resistant", "failure", "p=failure"
            ))
        #expect((row.userRisk, row.signInRisk, row.steps) == ("low", "medium", "[]"))
        #expect(
            (row.correlation, row.processing, row.isUserVerified) == ([0xAA, 0xBB], 1234, true))
    }

    @Test func `a cursor whose row is gone goes on beside it`() throws {
        let fixture = try Fixture()
        try fixture.store.write((0..<6).map { LogRow.success(at: moment($0), "alice", "mail") })
        try fixture.store.pool.write { try $0.execute(sql: "DELETE FROM sign_in WHERE number = 4") }
        let page = try fixture.store.signInLog(SignInLogFilter(), before: 4, limit: 9)
        #expect(page.entries.map(\.number) == [3, 2, 1])
        #expect(try fixture.store.signInLog(SignInLogFilter(), before: 0, limit: 9).entries == [])
        #expect(
            try fixture.store.signInLog(SignInLogFilter(), before: .max, limit: 9).entries.count
                == 5)
        #expect(
            try fixture.store.signInLog(SignInLogFilter(), before: .min, limit: 9).entries == [])
    }

    @Test func `user and time are found by index, in order, without sorting`() throws {
        let fixture = try Fixture()
        try fixture.store.write((0..<9).map { LogRow.success(at: moment($0), "alice", "mail") })
        let seen = Mutex<[String]>([])
        let trace = { @Sendable (event: Database.TraceEvent) in
            seen.withLock { $0.append(event.expandedDescription) }
        }
        try fixture.store.pool.read { $0.trace(options: .statement, trace) }
        var filter = SignInLogFilter()
        filter.country = "SE"
        (filter.since, filter.until) = (
            Timestamp(milliseconds: moment(1)), Timestamp(milliseconds: moment(5))
        )
        _ = try fixture.store.signInLog(filter, before: 3, limit: 2)
        filter.user = try Samples.name("alice")
        _ = try fixture.store.signInLog(filter, before: 3, limit: 2)
        _ = try fixture.store.signInPattern(of: Samples.name("alice"), in: days(0, 3))
        let statements = seen.withLock { $0 }.filter { $0.hasPrefix("SELECT") }
        #expect(statements.count == 8)
        for statement in statements {
            let plan = try fixture.store.pool.read { database in
                database.trace(options: [])
                return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement).map {
                    $0["detail"] as String
                }
            }
            #expect(
                !plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") },
                "\(plan) \(statement)")
        }
    }
}
