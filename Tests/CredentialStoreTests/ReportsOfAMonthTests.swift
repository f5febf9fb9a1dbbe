import Accounts
import AuditLog
import CredentialStore
import Testing
import TestSupport

/// The seven questions, on a month of 1 000 users and 1 000 000 sign-ins whose answers the generator knows.
@Suite(.serialized) struct ReportsOfAMonthTests {
    private static let month = days(0, MonthOfSignIns.dayCount - 1)

    @Test(.timeLimit(.minutes(5)))
    func `the questions about sign-ins are answered rightly`() throws {
        let fixture = try Fixture()
        var month = MonthOfSignIns(seed: 20_261_124, perDay: 33_334)
        for day in 0..<MonthOfSignIns.dayCount {
            try fixture.store.write(month.rows(ofDay: day))
            // The last day is still to be counted.
            if day < MonthOfSignIns.dayCount - 1 { try fixture.store.rollUpAll() }
        }
        #expect(try fixture.store.count("sign_in") == 1_000_020)
        try checkVolume(fixture.store, month)
        try checkFailures(fixture.store, month)
        try checkApplications(fixture.store, month)
        try checkPatterns(fixture.store, month)
        try checkMethods(fixture.store, month)
    }

    /// The volume over days; weeks and months are made of these.
    private func checkVolume(_ store: SQLiteStore, _ month: MonthOfSignIns) throws {
        let volume = try store.signInVolume(in: Self.month)
        #expect(volume.map(\.day) == (0..<MonthOfSignIns.dayCount).map { moment($0) / 86_400_000 })
        #expect(volume.map(\.counts) == (0..<MonthOfSignIns.dayCount).map { month.volume[$0] })
        #expect(volume.reduce(0) { $0 + $1.counts.total } == 1_000_020)
    }

    /// How many failed, for which accounts, and why.
    private func checkFailures(_ store: SQLiteStore, _ month: MonthOfSignIns) throws {
        let report = try store.failureReport(in: Self.month, limit: 2000)
        #expect(
            Dictionary(uniqueKeysWithValues: report.reasons.map { ($0.reason, $0.count) })
                == month.reasons)
        #expect(report.accountCount == month.failures.count)
        #expect(report.failureCount == month.failures.values.reduce(0) { $0 + $1.count })
        var found: [String: MonthOfSignIns.Failures] = [:]
        for account in report.accounts {
            found[account.user] = MonthOfSignIns.Failures(
                count: account.count,
                reasons: Dictionary(
                    uniqueKeysWithValues: account.reasons.map { ($0.reason, $0.count) }),
                lastAt: account.lastAt.milliseconds)
        }
        #expect(found == month.failures)
        #expect(report.accounts.map(\.count) == month.failures.values.map(\.count).sorted(by: >))
    }

    /// Who signs in to an application.
    private func checkApplications(_ store: SQLiteStore, _ month: MonthOfSignIns) throws {
        #expect(month.uses.count == 12)
        for (application, uses) in month.uses {
            let report = try store.applicationReport(application, in: Self.month, limit: 2000)
            var found: [String: MonthOfSignIns.Use] = [:]
            for account in report.accounts {
                found[account.user] = MonthOfSignIns.Use(
                    counts: account.counts, firstAt: account.firstAt?.milliseconds,
                    lastAt: account.lastAt?.milliseconds)
            }
            #expect(found == uses)
            #expect(report.accountCount == uses.count)
            #expect(report.signedInCount == uses.values.count { $0.counts.succeeded > 0 })
        }
    }

    /// A user's pattern: times, places, devices, methods.
    private func checkPatterns(_ store: SQLiteStore, _ month: MonthOfSignIns) throws {
        #expect(month.habits.count == MonthOfSignIns.watched.count)
        for (user, habits) in month.habits {
            let pattern = try store.signInPattern(of: Samples.name(user), in: Self.month)
            func counts(_ named: [NamedCounts]) -> [String: Int] {
                Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.counts.total) })
            }
            #expect(pattern.counts == habits.counts)
            #expect(pattern.count == habits.counts.total)
            #expect(pattern.hours == habits.hours)
            #expect(counts(pattern.countries) == habits.countries)
            #expect(counts(pattern.networks) == habits.networks)
            #expect(counts(pattern.devices) == habits.devices)
            #expect(counts(pattern.programs) == habits.programs)
            #expect(counts(pattern.methods) == habits.methods)
            #expect(counts(pattern.applications) == habits.applications)
        }
    }

    private func checkMethods(_ store: SQLiteStore, _ month: MonthOfSignIns) throws {
        let report = try store.methodReport(in: Self.month)
        #expect(
            Dictionary(uniqueKeysWithValues: report.methods.map { ($0.name, $0.counts) })
                == month.methods)
        #expect(
            report.days.reduce(0) { $0 + $1.succeeded }
                == month.methods.values.reduce(0) { $0 + $1.succeeded })
    }

    @Test func `the questions about administration are answered rightly`() throws {
        let fixture = try Fixture()
        var random = SplitMix64(seed: 7)
        var (resets, added, joined) = ([Int](repeating: 0, count: 30), [String](), [String]())
        for number in 1...3000 {
            let day = (number - 1) / 100
            let administrator = "admin\(Int.random(in: 0..<5, using: &random))"
            let user = AuditTarget(.user, "user\(Int.random(in: 0..<1000, using: &random))")
            let entry: AuditEntry
            switch Int.random(in: 0..<40, using: &random) {
            case 0..<20:
                resets[day] += 1
                entry = AuditEntry(.resetPassword, [user])
            case 20:
                added.append("\(user.name) help-desk \(administrator)")
                entry = AuditEntry(.addMemberToRole, [user, AuditTarget(.role, "help-desk")])
            case 21:
                joined.append("\(user.name) admins \(administrator)")
                entry = AuditEntry(.addMemberToGroup, [user, AuditTarget(.group, "admins")])
            default: entry = AuditEntry(.updateUser, [user])
            }
            try fixture.store.write(
                AuditRecord(
                    number: number, at: moment(day, 9), entry: entry,
                    origin: AuditOrigin(
                        who: .administrator(administrator), client: "console", from: "uid 0")))
        }
        func told(_ records: [AuditRecord]) -> [String] {
            records.reversed().map { record in
                let names = record.entry.targets.map(\.name).joined(separator: " ")
                guard case .administrator(let name) = record.origin.who else { return "" }
                return "\(names) \(name)"
            }
        }
        #expect(added.count > 20 && joined.count > 20)
        #expect(
            told(try fixture.store.auditedActs([.addMemberToRole], in: Self.month).records) == added
        )
        #expect(
            told(try fixture.store.auditedActs([.addMemberToGroup], in: Self.month).records)
                == joined)
        let found = try fixture.store.auditedActs([.resetPassword], in: Self.month).records
        #expect((0..<30).map { day in found.count { $0.at == moment(day, 9) } } == resets)
    }
}
