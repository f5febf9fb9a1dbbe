import Accounts
import CredentialStore
import Reports

extension ReportMaker {
    /// What users sign in with.
    func fillMethodUsage(_ document: inout ReportDocument) throws(StoreError) {
        let report = try store.methodReport(in: days, application: application)
        let total = report.methods.reduce(0) { $0 + $1.counts.succeeded }
        document.figures = ["succeeded": String(total)]
        document.fill(
            "methods",
            report.methods.map { method in
                method.counts.row.merging([
                    "method": method.name,
                    "share": ReportDocument.share(method.counts.succeeded, of: total),
                ]) { $1 }
            }, limit: limit)
        let known = Set(ReportDefinition.methods.map(\.key))
        let stretches = stretches(
            report.days.map { day in
                (day.day, [known.contains(day.method) ? day.method : "other": day.succeeded])
            }, [:], { $0.merge($1, uniquingKeysWith: +) })
        document.fill(
            "periods",
            latest: stretches.map { name, counts in
                counts.mapValues { String($0) }.merging(["period": name]) { $1 }
            }, limit: limit)
    }

    /// Who has registered what.
    func fillRegistration(_ document: inout ReportDocument) throws(StoreError) {
        let report = try store.methodRegistration(limit: limit)
        let users = report.groups.reduce(0) { $0 + $1.count }
        let without = report.count(.none)
        document.figures = Self.row { report.count($0) }.merging([
            "users": String(users), "covered": ReportDocument.share(users - without, of: users),
        ]) { $1 }
        document.fill("none", report.withoutMethod.map(Self.row), of: without, limit: limit)
        document.fill(
            "weak", report.onlyCodes.map(Self.row), of: report.count(.code), limit: limit)
        document.fill(
            "administrators",
            report.administrators.map { account in
                Self.row(account).merging(["best": account.strength.rawValue]) { $1 }
            }, limit: limit)
        if report.administrators.count == limit {
            document.notes.append("There may be more administrators than are shown.")
        }
        document.rows["states"] = MFAState.allCases.map { state in
            let groups = report.groups.filter { $0.mfaState == state }
            return Self.row { strength in
                groups.filter { $0.strength == strength }.reduce(0) { $0 + $1.count }
            }.merging([
                "state": state.rawValue, "users": String(groups.reduce(0) { $0 + $1.count }),
            ]) { $1 }
        }
    }

    private static func row(_ count: (MethodStrength) -> Int) -> ReportRow {
        [
            "resistant": String(count(.phishingResistant)), "phone": String(count(.phone)),
            "code": String(count(.code)), "none": String(count(.none)),
        ]
    }

    private static func row(_ account: MethodRegistration.Account) -> ReportRow {
        var row = [
            "user": account.user, "mfa": account.mfaState.rawValue,
            "roles": account.roles.joined(separator: ", "),
        ]
        row["locked"] = account.lockedAt?.text
        return row
    }
}
