import Accounts
import AuditLog
import ConditionalAccess

/// What putting a set of policies in the place of another changes.
struct PolicyChanges {
    /// Every change, by the name of what changes and in the order of the names.
    let changes: [AuditChange]
    /// How many policies there are now and were not before.
    private(set) var added = 0
    /// How many policies there were and are not any more.
    private(set) var removed = 0
    /// How many policies are other than they were. One that only moved in its file is not.
    private(set) var changed = 0

    init(from old: PolicyDraft, to new: PolicyDraft) {
        var changes: [AuditChange] = []
        let (before, after) = (old.policiesByID, new.policiesByID)
        for id in Set(before.keys).union(after.keys).sorted() {
            switch (before[id], after[id]) {
            case (nil, let policy?):
                added += 1
                changes.append(AuditChange(id.text, to: policy.state.rawValue))
                changes += Self.parts(of: id, nil, policy)
            case (let policy?, nil):
                removed += 1
                changes.append(AuditChange(id.text, from: policy.state.rawValue))
            case (let earlier?, let later?):
                var found = Self.parts(of: id, earlier, later)
                if earlier.state != later.state {
                    found.insert(
                        AuditChange(
                            id.text, from: earlier.state.rawValue, to: later.state.rawValue),
                        at: 0)
                }
                if !found.isEmpty { changed += 1 }
                changes += found
            case (nil, nil): break
            }
        }
        changes += Self.changes("strength", old.strengthTexts, new.strengthTexts)
        changes += Self.changes("method", old.methodTexts, new.methodTexts)
        changes += Self.changes("break-glass", old.breakGlassTexts, new.breakGlassTexts)
        self.changes = changes
    }

    private static func parts(
        of id: PolicyID, _ old: AccessPolicy?, _ new: AccessPolicy
    ) -> [AuditChange] {
        Self.changes(id.text, texts(old?.summary ?? []), texts(new.summary))
    }

    private static func texts(_ summary: [(part: String, text: String)]) -> [String: String] {
        Dictionary(summary.map { ($0.part, $0.text) }, uniquingKeysWith: { first, _ in first })
    }

    private static func changes(
        _ name: String, _ old: [String: String], _ new: [String: String]
    ) -> [AuditChange] {
        Set(old.keys).union(new.keys).sorted().compactMap { part in
            guard old[part] != new[part] else { return nil }
            return AuditChange("\(name) \(part)", from: old[part], to: new[part])
        }
    }

    /// The entries that record an act of so many changes: a record holds a few dozen, so there are as many as it takes.
    ///
    /// - Parameters:
    ///   - target: the set of policies.
    ///   - reason: what the first says.
    func entries(of target: AuditTarget, reason: String) -> [AuditEntry] {
        var portions: [[AuditChange]] = [[]]
        var octets = 0
        for change in changes {
            let length =
                8 + change.property.utf8.count + (change.old ?? "").utf8.count
                + (change.new ?? "").utf8.count
            if portions[portions.count - 1].count == 32 || octets + length > 5000 {
                portions.append([])
                octets = 0
            }
            portions[portions.count - 1].append(change)
            octets += length
        }
        return portions.enumerated().map { place, changes in
            AuditEntry(
                .applyPolicies, [target], changes: changes,
                reason: place == 0
                    ? reason : "goes on from the record before, \(place + 1) of \(portions.count)")
        }
    }
}

extension PolicyDraft {
    fileprivate var policiesByID: [PolicyID: AccessPolicy] {
        Dictionary(policies.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    fileprivate var strengthTexts: [String: String] {
        Dictionary(
            strengths.map { ($0.id.text, $0.summary) }, uniquingKeysWith: { first, _ in first })
    }

    fileprivate var methodTexts: [String: String] {
        Dictionary(
            methods.map { ($0.method.rawValue, $0.users.summary) },
            uniquingKeysWith: { first, _ in first })
    }

    fileprivate var breakGlassTexts: [String: String] {
        guard let breakGlass else { return [:] }
        return [
            "users": breakGlass.users.map(\.text).sorted().joined(separator: " "),
            "reason": breakGlass.reason,
        ]
    }
}
