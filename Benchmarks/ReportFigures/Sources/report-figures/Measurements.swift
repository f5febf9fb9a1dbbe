import Accounts
import AuditLog
import CredentialStore

/// Makes each report some times; says how long the first and the middle one took.
struct Measurements {
    let store: SQLiteStore
    let log: GeneratedLog
    let path: String
    let times: Int

    struct NoName: Error {}

    func run() throws {
        let days = log.period
        guard let user = UserName(GeneratedLog.user(log.users / 9)),
            let stranger = UserName("nobody")
        else {
            throw NoName()
        }
        say("report                                     answer      first     median")
        try measure("sign-in-volume") {
            try store.signInVolume(in: days).reduce(0) { $0 + $1.counts.total }
        }
        try measure("sign-in-volume --app mail") {
            try store.signInVolume(in: days, application: "mail").reduce(0) { $0 + $1.counts.total }
        }
        try measure("sign-in-failures") {
            try store.failureReport(in: days, limit: 200).failureCount
        }
        try measure("sign-in-failures --app mail") {
            try store.failureReport(in: days, application: "mail", limit: 200).failureCount
        }
        try measure("sign-in-failures --user") {
            try store.failureReport(in: days, user: user, limit: 200).failureCount
        }
        try measure("audit-app-users") { try store.applicationVolume(in: days).count }
        try measure("audit-app-users --app mail") {
            try store.applicationReport("mail", in: days, limit: 200).accountCount
        }
        try measure("audit-app-users --app desk") {
            try store.applicationReport("desk", in: days, limit: 200).accountCount
        }
        try measure("sign-in-pattern --user") { try store.signInPattern(of: user, in: days).count }
        try measure("method-usage") { try store.methodReport(in: days).days.count }
        try measure("method-registration") { try store.methodRegistration(limit: 200).groups.count }
        try measure("audit-role-changes") {
            try store.auditedActs([.addMemberToRole, .removeMemberFromRole], in: days).records.count
        }
        try measure("audit-password-resets") {
            try store.auditedActs([.resetPassword], in: days).records.count
        }
        try measureLog(user, stranger)
        try measureTail(days)
        try measurePurge()
    }

    private func measureLog(_ user: UserName, _ stranger: UserName) throws {
        try measure("signins") { try store.signInLog(SignInLogFilter(), limit: 100).entries.count }
        for (name, user) in [("--user", user), ("--user nobody", stranger)] {
            var filter = SignInLogFilter()
            filter.user = user
            try measure("signins \(name)") { try store.signInLog(filter, limit: 100).entries.count }
        }
        var filter = SignInLogFilter()
        filter.since = Timestamp(milliseconds: GeneratedLog.start)
        filter.until = Timestamp(milliseconds: GeneratedLog.start + 86_400_000)
        try measure("signins of the first day") {
            try store.signInLog(filter, limit: 100).entries.count
        }
        try measure("signins --before a middle one") {
            try store.signInLog(SignInLogFilter(), before: Int64(log.rows / 2), limit: 100).entries
                .count
        }
        filter = SignInLogFilter()
        filter.country = "XX"
        try measure("signins --country XX, one page") {
            try store.signInLog(filter, limit: 100).entries.count
        }
    }

    /// Reports while 50 000 rows have not been counted.
    private func measureTail(_ days: DayRange) throws {
        try log.writeTail(to: path, count: 50_000)
        try measure("sign-in-volume, 50 000 uncounted") {
            try store.signInVolume(in: days).reduce(0) { $0 + $1.counts.total }
        }
        try measure("sign-in-failures, 50 000 uncounted") {
            try store.failureReport(in: days, limit: 200).failureCount
        }
        try measure("audit-app-users --app mail, 50 000 uncounted") {
            try store.applicationReport("mail", in: days, limit: 200).accountCount
        }
    }

    private func measurePurge() throws {
        let edge = Timestamp(milliseconds: GeneratedLog.start + 86_400_000)
        try measure("a portion of a purge") {
            let purge = try store.purgeSignIns(before: edge)
            return purge.rows + purge.counts
        }
    }

    private func measure(_ name: String, _ body: () throws -> Int) throws {
        let clock = ContinuousClock()
        var (answer, durations) = (0, [Duration]())
        for _ in 0..<times { durations.append(try clock.measure { answer = try body() }) }
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let title = name + String(repeating: " ", count: max(0, 38 - name.count))
        let middle = durations.sorted()[durations.count / 2]
        say(
            title + padded(String(answer), 11) + padded(seconds(durations[0]), 11)
                + padded(seconds(middle), 11))
    }
}
