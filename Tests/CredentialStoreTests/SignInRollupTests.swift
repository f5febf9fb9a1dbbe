import Accounts
import CredentialStore
import GRDB
import TestSupport
import Testing

/// Counting in portions, against a recount of all rows in plain Swift.
struct SignInRollupTests {
    private static let users = ["alice", "bob", "carol", "dave", nil]
    private static let applications = ["mail", "vpn", "wiki", nil]
    private static let reasons = ["wrong-code", "code-replayed", "blocked-by-policy"]

    private func row(_ random: inout SplitMix64) -> LogRow {
        let at =
            moment(Int.random(in: 0...5, using: &random))
            + Int64.random(in: 0..<86_400_000, using: &random)
        let user = Self.users.randomElement(using: &random) ?? nil
        let application = Self.applications.randomElement(using: &random) ?? nil
        let method = ["totp", "push", "webauthn"].randomElement(using: &random) ?? "totp"
        switch Int.random(in: 0..<10, using: &random) {
        case 0...5: return .success(at: at, user, application, method)
        case 6...8:
            return .failure(
                at: at, user, application, Self.reasons.randomElement(using: &random) ?? "", method)
        default: return .interrupted(at: at, user, application)
        }
    }

    private func check(_ store: SQLiteStore, _ rows: [LogRow], _ first: Int, _ last: Int) throws {
        let (range, rows) = (
            days(first, last), rows.filter { (moment(first)..<moment(last + 1)).contains($0.at) }
        )
        let byDay = Dictionary(grouping: rows, by: \.day)
        let volume = try store.signInVolume(in: range)
        #expect(volume.map(\.day) == byDay.keys.sorted())
        for day in volume { #expect(day.counts == OutcomeCounts.of(byDay[day.day] ?? [])) }

        for application in Self.applications {
            let mine = rows.filter { $0.application == application }
            let byUser = Dictionary(grouping: mine) { $0.user ?? "" }
            let report = try store.applicationReport(application ?? "", in: range, limit: 99)
            #expect(report.accountCount == byUser.count)
            #expect(report.counts == OutcomeCounts.of(mine))
            for account in report.accounts {
                let theirs = byUser[account.user] ?? []
                let good = theirs.filter { $0.outcome == .success }.map(\.at)
                #expect(account.counts == OutcomeCounts.of(theirs))
                #expect(account.firstAt?.milliseconds == good.min())
                #expect(account.lastAt?.milliseconds == good.max())
            }
        }

        let failed = rows.filter { $0.outcome == .failure }
        let failures = try store.failureReport(in: range, limit: 99)
        #expect(failures.failureCount == failed.count)
        #expect(
            Dictionary(uniqueKeysWithValues: failures.reasons.map { ($0.reason, $0.count) })
                == Dictionary(grouping: failed, by: \.reason).mapValues(\.count))
        let byAccount = Dictionary(grouping: failed) { $0.user ?? "" }
        #expect(failures.accountCount == byAccount.count)
        for account in failures.accounts {
            let theirs = byAccount[account.user] ?? []
            #expect(account.count == theirs.count)
            #expect(account.lastAt.milliseconds == theirs.map(\.at).max())
            #expect(
                Dictionary(uniqueKeysWithValues: account.reasons.map { ($0.reason, $0.count) })
                    == Dictionary(grouping: theirs, by: \.reason).mapValues(\.count))
        }

        let methods = try store.methodReport(in: range)
        let byMethod = Dictionary(grouping: rows, by: \.method)
        #expect(Set(methods.methods.map(\.name)) == Set(byMethod.keys))
        for method in methods.methods {
            #expect(method.counts == OutcomeCounts.of(byMethod[method.name] ?? []))
        }
        #expect(
            methods.days.reduce(0) { $0 + $1.succeeded } == rows.count { $0.outcome == .success })
    }

    @Test(arguments: 1...6)
    func `counts and the rest are a recount, whatever the portions`(_ seed: UInt64) throws {
        let fixture = try Fixture()
        var random = SplitMix64(seed: seed)
        var rows: [LogRow] = []
        for _ in 0..<25 {
            let more = (0..<Int.random(in: 0...80, using: &random)).map { _ in row(&random) }
            try fixture.store.write(more)
            rows += more
            let before = try fixture.store.pool.read {
                try Int.fetchOne($0, sql: "SELECT through FROM sign_in_rollup")
            }
            let limit = Int.random(in: 0...100, using: &random)
            let counted = try fixture.store.rollUpSignIns(limit: limit)
            #expect(counted == min(limit, rows.count - (before ?? 0)))
            let first = Int.random(in: 0...5, using: &random)
            try check(fixture.store, rows, first, Int.random(in: first...5, using: &random))
        }
        try fixture.store.rollUpAll()
        #expect(try fixture.store.rollUpSignIns() == 0)
        try check(fixture.store, rows, 0, 5)
    }

    @Test(arguments: 1...4)
    func `a purge takes old rows and whole old days, and nothing that was not counted`(
        _ seed: UInt64
    ) throws {
        let fixture = try Fixture()
        var random = SplitMix64(seed: seed)
        let rows = (0..<600).map { _ in row(&random) }
        try fixture.store.write(rows)
        // In the middle of the third day.
        let edge = moment(2, 12)
        let nothing = try fixture.store.purgeSignIns(
            before: Timestamp(milliseconds: edge), limit: 7)
        #expect(nothing.isEmpty)
        #expect(try fixture.store.rollUpSignIns(limit: 400) == 400)
        var (deleted, purges) = (0, 0)
        while true {
            let purge = try fixture.store.purgeSignIns(
                before: Timestamp(milliseconds: edge), limit: 7)
            #expect(purge.rows <= 7)
            guard !purge.isEmpty else { break }
            (deleted, purges) = (deleted + purge.rows, purges + 1)
        }
        let counted = rows.prefix(400).filter { $0.at < edge }
        #expect(deleted == counted.count)
        #expect(purges >= deleted / 7)
        #expect(try fixture.store.count("sign_in") == 600 - deleted)
        // Days that are over are gone, but for rows that had not been counted; the third is all there.
        let late = Array(rows.dropFirst(400).filter { $0.at < moment(2) })
        try check(fixture.store, late + rows.filter { $0.at >= moment(2) }, 0, 5)
        try fixture.store.rollUpAll()
        try check(fixture.store, late + rows.filter { $0.at >= moment(2) }, 0, 5)
        while try !fixture.store.purgeSignIns(before: Timestamp(milliseconds: moment(6)), limit: 50)
            .isEmpty
        {}
        for table in ["sign_in", "sign_in_daily", "sign_in_by_account", "sign_in_failure"] {
            #expect(try fixture.store.count(table) == 0)
        }
        // Numbers go on where they were, so nothing is counted twice or left out.
        try fixture.store.write([.success(at: moment(0), "alice", "mail")])
        try check(fixture.store, [.success(at: moment(0), "alice", "mail")], 0, 5)
        #expect(try fixture.store.rollUpSignIns() == 1)
        try check(fixture.store, [.success(at: moment(0), "alice", "mail")], 0, 5)
    }
}
