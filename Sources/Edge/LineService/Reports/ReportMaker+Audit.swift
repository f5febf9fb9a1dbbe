import Accounts
import AuditLog
import CredentialStore
import Reports

extension ReportMaker {
    /// Who was added to what and removed, and by whom.
    func fillMemberships(
        _ document: inout ReportDocument, _ adding: AuditActivity, _ removing: AuditActivity,
        of kind: AuditTarget.Kind, key: String
    ) throws(StoreError) {
        let acts = try acts([adding, removing], &document)
        var actors: [String: (added: Int, removed: Int)] = [:]
        let rows = acts.map { record in
            let isAdded = record.entry.activity == adding
            let by = record.origin.person
            if isAdded {
                actors[by, default: (0, 0)].added += 1
            } else {
                actors[by, default: (0, 0)].removed += 1
            }
            var row = record.row
            row["change"] = isAdded ? "added" : "removed"
            row[key] = record.names(of: kind)
            row["reason"] = record.entry.reason
            return row
        }
        let added = acts.count { $0.entry.activity == adding }
        document.figures = ["added": String(added), "removed": String(acts.count - added)]
        document.fill("changes", rows, limit: limit)
        document.fill(
            "actors",
            actors.sorted { ($1.value.added, $0.key) < ($0.value.added, $1.key) }.map {
                [
                    "by": $0.key, "added": String($0.value.added),
                    "removed": String($0.value.removed),
                ]
            }, limit: limit)
    }

    /// How many passwords were reset, and by whom.
    func fillPasswordResets(_ document: inout ReportDocument) throws(StoreError) {
        let acts = try acts([.resetPassword], &document)
        document.figures = [
            "resets": String(acts.count),
            "users": String(Set(acts.map { $0.names(of: .user) }).count),
        ]
        let stretches = stretches(
            acts.map { (CalendarDay(at: $0.at).number, 1) }, 0, { $0 += $1 })
        document.fill(
            "periods",
            latest: stretches.map { ["period": $0.name, "resets": String($0.value)] }, limit: limit)
        let actors = Dictionary(grouping: acts, by: \.origin.person).mapValues(\.count)
        document.fill(
            "actors",
            actors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                ["by": $0.key, "resets": String($0.value)]
            }, limit: limit)
        document.fill("resets", acts.map(\.row), limit: limit)
    }

    private func acts(
        _ activities: [AuditActivity], _ document: inout ReportDocument
    ) throws(StoreError) -> [AuditRecord] {
        let (records, isCut) = try store.auditedActs(activities, in: days)
        if isCut {
            document.notes.append(
                "Only the latest \(SQLiteStore.auditRecords) records were read; choose a shorter period."
            )
        }
        guard let user else { return records }
        return records.filter { $0.entry.targets.contains(AuditTarget(.user, user.text)) }
    }
}

extension AuditRecord {
    /// When, to whom, and by whom.
    fileprivate var row: ReportRow {
        [
            "at": String(max(0, at)), "user": names(of: .user), "by": origin.person,
            "from": [origin.client, origin.from].filter { !$0.isEmpty }.joined(separator: ", "),
        ]
    }

    /// The names of the targets of this kind.
    fileprivate func names(of kind: AuditTarget.Kind) -> String {
        entry.targets.filter { $0.kind == kind }.map(\.name).joined(separator: ", ")
    }
}

extension AuditOrigin {
    /// Who acted: an administrator's name, or the program that did.
    fileprivate var person: String {
        switch who {
        case .administrator(let name): name
        case .client: "(client \(client))"
        case .system(let part): "(server: \(part))"
        }
    }
}
