import CredentialStore
import Reports

extension ReportMaker {
    /// How many users sign in.
    func fillVolume(_ document: inout ReportDocument) throws(StoreError) {
        let volume = try store.signInVolume(in: days, application: application)
        let total = volume.reduce(into: OutcomeCounts()) { $0.add($1.counts) }
        document.figures = Self.row(of: total)
        let stretches = stretches(
            volume.map { ($0.day, $0.counts) }, OutcomeCounts(), { $0.add($1) })
        document.fill(
            "periods",
            latest: stretches.map { name, counts in
                Self.row(of: counts).merging(["period": name]) { $1 }
            }, limit: limit)
    }

    private static func row(of counts: OutcomeCounts) -> ReportRow {
        counts.row.merging([
            "sign-ins": String(counts.total),
            "failing": ReportDocument.share(counts.failed, of: counts.total),
        ]) { $1 }
    }

    /// What failed.
    func fillFailures(_ document: inout ReportDocument) throws(StoreError) {
        let report = try store.failureReport(
            in: days, application: application, user: user, limit: limit)
        document.figures = [
            "failed": String(report.failureCount), "accounts": String(report.accountCount),
        ]
        document.fill(
            "accounts",
            report.accounts.map { account in
                [
                    "user": account.user, "failed": String(account.count),
                    "last": account.lastAt.text,
                    "reasons": account.reasons.map { "\($0.reason) \($0.count)" }
                        .joined(separator: ", "),
                ]
            }, of: report.accountCount, limit: limit)
        document.fill(
            "reasons",
            report.reasons.map { reason in
                [
                    "reason": reason.reason, "failed": String(reason.count),
                    "share": ReportDocument.share(reason.count, of: report.failureCount),
                ]
            }, limit: limit)
    }

    /// Who signs in to an application, or what is signed in to.
    func fillApplicationUsers(_ document: inout ReportDocument) throws(StoreError) {
        guard let application else {
            let volume = try store.applicationVolume(in: days)
            document.figures = volume.reduce(into: OutcomeCounts()) { $0.add($1.counts) }.row
            return document.fill(
                "applications",
                volume.map { $0.counts.row.merging(["application": $0.name]) { $1 } }, limit: limit)
        }
        let report = try store.applicationReport(application, in: days, limit: limit)
        document.figures = report.counts.row.merging([
            "users": String(report.signedInCount),
            "refused": String(report.accountCount - report.signedInCount),
        ]) { $1 }
        document.fill(
            "users",
            report.accounts.map { account in
                var row = account.counts.row
                row["user"] = account.user
                row["first"] = account.firstAt?.text
                row["last"] = account.lastAt?.text
                return row
            }, of: report.accountCount, limit: limit)
    }

    /// How a user signs in.
    func fillPattern(_ document: inout ReportDocument) throws(StoreError) {
        guard let user else { return }
        let pattern = try store.signInPattern(of: user, in: days)
        var filter = SignInLogFilter()
        filter.user = user
        (filter.since, filter.until) = (days.start, days.end)
        let latest = try store.signInLog(filter, limit: min(limit, 50)).entries
        document.figures = [
            "sign-ins": String(pattern.count), "failed": String(pattern.counts.failed),
            "interrupted": String(pattern.counts.interrupted),
        ]
        document.figures["first"] = pattern.firstAt?.text
        document.figures["last"] = pattern.lastAt?.text
        if pattern.examined < pattern.count {
            document.notes.append(
                "Made of the latest \(pattern.examined) of \(pattern.count) sign-ins; choose a shorter period."
            )
        }
        document.fill("latest", latest.map(Self.row), limit: limit)
        for (table, key, names) in [
            ("countries", "country", pattern.countries), ("networks", "network", pattern.networks),
            ("devices", "device", pattern.devices), ("programs", "program", pattern.programs),
            ("kinds", "kind", pattern.clientKinds), ("methods", "method", pattern.methods),
            ("applications", "application", pattern.applications),
        ] {
            document.fill(
                table,
                names.map { name in
                    var row = [
                        key: name.name, "sign-ins": String(name.counts.total),
                        "failed": String(name.counts.failed),
                    ]
                    row["last"] = name.lastAt?.text
                    return row
                }, limit: limit)
        }
        document.rows["hours"] = pattern.hours.enumerated().flatMap { weekday, hours in
            hours.enumerated().filter { $0.element > 0 }.map { hour, count in
                [
                    "weekday": String(weekday + 1), "hour": String(hour), "sign-ins": String(count),
                ]
            }
        }
    }

    private static func row(_ entry: SignInRow) -> ReportRow {
        var row = [
            "at": entry.at.text, "outcome": entry.outcome.rawValue, "reason": entry.reason,
            "method": entry.method,
        ]
        row["application"] = entry.application
        row["address"] = entry.address
        row["country"] = entry.country
        row["program"] = entry.userAgent ?? entry.clientKind
        return row
    }
}
