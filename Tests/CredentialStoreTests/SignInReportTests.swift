import Accounts
import CredentialStore
import Testing

/// Reports on a log small enough to count by hand; before it is counted by the store, in the middle, and after.
struct SignInReportTests {
    private static let rows: [LogRow] = [
        .success(at: moment(0, 8), "alice", "mail"),
        .success(at: moment(0, 9), "alice", "mail", "push"),
        .failure(at: moment(0, 10), "bob", "mail", "wrong-code"),
        .failure(at: moment(0, 10, 1), "bob", "vpn", "wrong-code"),
        .failure(at: moment(1, 0), "bob", "mail", "code-replayed"),
        .interrupted(at: moment(1, 5), "carol", "mail"),
        .success(at: moment(1, 23, 59), "bob", "mail", "webauthn"),
        .failure(at: moment(2), nil, nil, "unknown-transaction", "webauthn"),
        .success(at: moment(2, 7), "alice", "vpn", "push"),
        .failure(at: moment(3), "zoe", "mail", "wrong-code"),
    ]

    /// A store that has counted so many of the rows.
    private func store(counted: Int) throws -> Fixture {
        let fixture = try Fixture()
        try fixture.store.write(Self.rows)
        #expect(try fixture.store.rollUpSignIns(limit: counted) == min(counted, Self.rows.count))
        return fixture
    }

    @Test(arguments: [0, 1, 4, 9, 10, 11])
    func `volume by day`(_ counted: Int) throws {
        let fixture = try store(counted: counted)
        let volume = try fixture.store.signInVolume(in: days(0, 2))
        #expect(volume.map(\.day) == [20_759, 20_760, 20_761])
        #expect(
            volume.map(\.counts) == [
                OutcomeCounts(succeeded: 2, failed: 2),
                OutcomeCounts(succeeded: 1, failed: 1, interrupted: 1),
                OutcomeCounts(succeeded: 1, failed: 1),
            ])
        let vpn = try fixture.store.signInVolume(in: days(0, 9), application: "vpn")
        #expect(vpn.map(\.counts) == [OutcomeCounts(failed: 1), OutcomeCounts(succeeded: 1)])
        let push = try fixture.store.signInVolume(in: days(0, 9), method: "push")
        #expect(push.map(\.counts) == [OutcomeCounts(succeeded: 1), OutcomeCounts(succeeded: 1)])
        #expect(try fixture.store.signInVolume(in: days(4, 9)) == [])
    }

    @Test(arguments: [0, 3, 10])
    func `who signs in to an application`(_ counted: Int) throws {
        let fixture = try store(counted: counted)
        let report = try fixture.store.applicationReport("mail", in: days(0, 2), limit: 10)
        #expect(report.accounts.map(\.user) == ["alice", "bob", "carol"])
        #expect(
            report.accounts.map(\.counts) == [
                OutcomeCounts(succeeded: 2), OutcomeCounts(succeeded: 1, failed: 2),
                OutcomeCounts(interrupted: 1),
            ])
        #expect(
            report.accounts.map { $0.firstAt?.milliseconds } == [
                moment(0, 8), moment(1, 23, 59), nil,
            ])
        #expect(
            report.accounts.map { $0.lastAt?.milliseconds } == [
                moment(0, 9), moment(1, 23, 59), nil,
            ])
        #expect(report.accountCount == 3)
        #expect(report.signedInCount == 2)
        #expect(report.counts == OutcomeCounts(succeeded: 3, failed: 2, interrupted: 1))

        let first = try fixture.store.applicationReport("mail", in: days(0, 2), limit: 1)
        #expect(first.accounts.map(\.user) == ["alice"])
        #expect((first.accountCount, first.signedInCount, first.counts) == (3, 2, report.counts))
        let none = try fixture.store.applicationReport("none", in: days(0, 2), limit: 1)
        #expect((none.accounts, none.accountCount, none.counts) == ([], 0, OutcomeCounts()))
        let unnamed = try fixture.store.applicationReport("", in: days(0, 2), limit: 1)
        #expect(unnamed.accounts.map(\.user) == [""])
    }

    @Test(arguments: [0, 5, 10])
    func `what failed, for whom, and why`(_ counted: Int) throws {
        let fixture = try store(counted: counted)
        let report = try fixture.store.failureReport(in: days(0, 3), limit: 2)
        #expect(
            report.reasons == [
                ReasonCount(reason: "wrong-code", count: 3),
                ReasonCount(reason: "code-replayed", count: 1),
                ReasonCount(reason: "unknown-transaction", count: 1),
            ])
        #expect(report.failureCount == 5)
        #expect(report.accountCount == 3)
        #expect(report.accounts.map(\.user) == ["bob", ""])
        #expect(report.accounts.map(\.count) == [3, 1])
        #expect(report.accounts.map(\.lastAt.milliseconds) == [moment(1), moment(2)])
        #expect(
            report.accounts[0].reasons == [
                ReasonCount(reason: "wrong-code", count: 2),
                ReasonCount(reason: "code-replayed", count: 1),
            ])

        let mail = try fixture.store.failureReport(in: days(0, 2), application: "mail", limit: 9)
        #expect(mail.accounts.map(\.user) == ["bob"])
        #expect(mail.failureCount == 2)
        #expect(mail.accounts[0].reasons.map(\.reason) == ["code-replayed", "wrong-code"])

        let bob = try fixture.store.failureReport(
            in: days(0, 0), user: Samples.name("bob"), limit: 9)
        #expect(bob.reasons == [ReasonCount(reason: "wrong-code", count: 2)])
        #expect(bob.accounts.map(\.user) == ["bob"])
        #expect(bob.accountCount == 1)
        let alice = try fixture.store.failureReport(
            in: days(0, 9), user: Samples.name("alice"), limit: 9)
        #expect((alice.accounts, alice.accountCount, alice.failureCount) == ([], 0, 0))
    }

    @Test(arguments: [0, 5, 10])
    func `methods and applications`(_ counted: Int) throws {
        let fixture = try store(counted: counted)
        let report = try fixture.store.methodReport(in: days(0, 3))
        #expect(report.methods.map(\.name) == ["push", "totp", "webauthn", "password"])
        #expect(
            report.methods.map(\.counts) == [
                OutcomeCounts(succeeded: 2), OutcomeCounts(succeeded: 1, failed: 4),
                OutcomeCounts(succeeded: 1, failed: 1), OutcomeCounts(interrupted: 1),
            ])
        #expect(report.days.map(\.day) == [20_759, 20_759, 20_760, 20_761])
        #expect(report.days.map(\.method) == ["push", "totp", "webauthn", "push"])
        #expect(report.days.map(\.succeeded) == [1, 1, 1, 1])
        #expect(
            try fixture.store.methodReport(in: days(0, 3), application: "vpn").methods.map(\.name)
                == ["push", "totp"])
        let applications = try fixture.store.applicationVolume(in: days(0, 3))
        #expect(applications.map(\.name) == ["mail", "vpn", ""])
        #expect(applications.map(\.counts.total) == [7, 2, 1])
    }

    @Test func `a pattern has the times, places and means of one user`() throws {
        let fixture = try Fixture()
        var rows: [LogRow] = [
            .success(at: moment(0, 8), "alice", "mail", "push"),
            .failure(at: moment(0, 8, 59), "alice", "mail", "wrong-code"),
            .success(at: moment(6, 23), "alice", "vpn", "webauthn"),
            .interrupted(at: moment(7, 0), "alice", nil),
            .success(at: moment(0, 8), "bob", "mail"), .success(at: moment(-1, 8), "alice", "mail"),
        ]
        rows[0].address = "192.0.2.9"
        rows[0].country = "SE"
        rows[1].address = "192.0.2.200"
        rows[1].country = "SE"
        rows[1].clientKind = "browser"
        rows[2].address = "2001:db8:1:2::1"
        rows[2].device = "yubikey-5"
        rows[2].program = "Firefox"
        rows[3].address = "nonsense"
        try fixture.store.write(rows)
        let pattern = try fixture.store.signInPattern(of: Samples.name("alice"), in: days(0, 7))
        #expect((pattern.count, pattern.examined) == (4, 4))
        #expect(pattern.counts == OutcomeCounts(succeeded: 2, failed: 1, interrupted: 1))
        #expect(pattern.firstAt?.milliseconds == moment(0, 8))
        #expect(pattern.lastAt?.milliseconds == moment(7))
        var hours = [[Int]](repeating: [Int](repeating: 0, count: 24), count: 7)
        (hours[0][8], hours[6][23], hours[0][0]) = (2, 1, 1)
        #expect(pattern.hours == hours)
        #expect(pattern.countries.map(\.name) == ["", "SE"])
        #expect(pattern.countries.map(\.counts.total) == [2, 2])
        #expect(pattern.countries.map(\.lastAt?.milliseconds) == [moment(7), moment(0, 8, 59)])
        #expect(pattern.networks.map(\.name) == ["192.0.2.0/24", "2001:db8:1::/48", "nonsense"])
        #expect(pattern.networks[0].counts == OutcomeCounts(succeeded: 1, failed: 1))
        #expect(pattern.devices.map(\.name) == ["", "yubikey-5"])
        #expect(pattern.programs.map(\.name) == ["", "Firefox"])
        #expect(pattern.clientKinds.map(\.name) == ["", "browser"])
        #expect(pattern.methods.map(\.name) == ["password", "push", "totp", "webauthn"])
        #expect(pattern.applications.map(\.name) == ["mail", "", "vpn"])

        let newest = try fixture.store.signInPattern(
            of: Samples.name("alice"), in: days(0, 7), naming: 1, examining: 1)
        #expect((newest.count, newest.examined) == (4, 1))
        #expect(newest.networks.map(\.name) == ["nonsense"])
        let nobody = try fixture.store.signInPattern(of: Samples.name("nobody"), in: days(0, 7))
        #expect((nobody.count, nobody.firstAt) == (0, nil))
    }
}

struct DayRangeTests {
    @Test func `a range has the days that its moments touch`() {
        func range(_ since: Int64, _ until: Int64) -> [Int64] {
            let range = DayRange(
                since: Timestamp(milliseconds: since), until: Timestamp(milliseconds: until))
            return [range.first, range.last, range.start.milliseconds, range.end.milliseconds]
        }
        let day: Int64 = 86_400_000
        #expect(range(0, day) == [0, 0, 0, day])
        #expect(range(day - 1, day + 1) == [0, 1, 0, 2 * day])
        #expect(range(3 * day, day) == [3, 3, 3 * day, 4 * day])
        #expect(range(.min, .min) == [0, 0, 0, day])
        #expect(range(0, .max) == [0, 2_932_896, 0, 2_932_897 * day])
        #expect(days(0, 2).count == 3)
    }
}
