import AuditLog
import Ceremonies
import CredentialStore
import Encoding
import LineProtocol

/// The audit log.
extension CoreServices {
    /// How many records an export's page has at most: of the longest, 2.8 MB.
    static let exportedRecords = 256

    /// The verbs of the log whose heads these are.
    func auditVerbs(_ heads: AuditHeads) -> [Verb] {
        [
            auditListVerb, auditExportVerb, auditHeadsVerb, auditHeadVerb(heads),
            auditKeyVerb(heads),
        ]
    }

    /// `AUDIT LIST [activity=] [actor=] [target=] [since=] [until=] [before=] [limit=]`: records, the newest first. Times
    /// are in milliseconds since 1970; the next page is the one before the last number.
    private var auditListVerb: Verb {
        let syntax = VerbSyntax(
            "AUDIT LIST", summary: "List records of the audit log, the newest first",
            options: ["activity", "actor", "target", "since", "until", "before", "limit"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readLogs
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            var filter = AuditFilter()
            filter.activity = try request.word("activity", as: AuditActivity.self)
            filter.actor = request["actor"]
            filter.target = request["target"]
            filter.since = try request.moment("since")
            filter.until = try request.moment("until")
            filter.before = try request.number("before", in: 1...Int.max)
            let limit = try request.pageLimit()
            do throws(StoreError) {
                return .list(
                    try store.auditRows(matching: filter, limit: limit).map(Self.item))
            } catch {
                return Reply(error)
            }
        }
    }

    /// `AUDIT EXPORT after= [limit=]`: records as they lie in the database, the oldest first: number, bytes and hash.
    private var auditExportVerb: Verb {
        let syntax = VerbSyntax(
            "AUDIT EXPORT", summary: "Give records of the audit log as they were hashed",
            requiredOptions: ["after"], options: ["limit"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readLogs
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            guard let after = try request.number("after", in: 0...Int.max) else {
                throw .badValue("after")
            }
            let limit = try request.number("limit", in: 1...Self.exportedRecords)
            do throws(StoreError) {
                let rows = try store.auditRows(
                    after: after, limit: limit ?? Self.exportedRecords)
                return .list(
                    rows.map { row in
                        ListItem([
                            "number": String(row.number), "record": Base64URL.encode(row.bytes),
                            "hash": Base64URL.encode(row.hash),
                        ])
                    })
            } catch {
                return Reply(error)
            }
        }
    }

    /// `AUDIT HEADS [limit=]`: the notes of the signed heads, the latest first.
    private var auditHeadsVerb: Verb {
        let syntax = VerbSyntax(
            "AUDIT HEADS", summary: "List the signed heads of the audit log, the latest first",
            options: ["limit"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readLogs
        ) { (invocation) throws(ArgumentError) in
            let limit = try invocation.request.pageLimit()
            do throws(StoreError) {
                return .list(
                    try store.auditHeadNotes(limit: limit).map { note in
                        ListItem(["note": Base64URL.encode(note.utf8)])
                    })
            } catch {
                return Reply(error)
            }
        }
    }

    /// `AUDIT HEAD`: signs a head over the log as it is, and gives the note.
    private func auditHeadVerb(_ heads: AuditHeads) -> Verb {
        let syntax = VerbSyntax(
            "AUDIT HEAD", summary: "Sign a head over the audit log and show it")
        let clock = clock
        return administrative(
            syntax, requires: .administer, right: .readLogs
        ) { (_) throws(ArgumentError) in
            do throws(AuditHeadError) {
                return .ok(["note": Base64URL.encode(try heads.signHead(at: clock()).utf8)])
            } catch {
                return Self.refusal(error)
            }
        }
    }

    /// `AUDIT KEY`: what the heads are verified with, in the form of C2SP signed-note.
    private func auditKeyVerb(_ heads: AuditHeads) -> Verb {
        let syntax = VerbSyntax(
            "AUDIT KEY", summary: "Show the key that verifies heads of the audit log")
        let key = heads.verifierKey.description
        return administrative(
            syntax, requires: .administer, right: .readLogs
        ) { (_) throws(ArgumentError) in .ok(["key": key]) }
    }

    private static func refusal(_ error: AuditHeadError) -> Reply {
        switch error {
        case .noRecords: .refusal(.no, text: error.advice)
        case .broken(let fault):
            .refusal(.conflict, ["fault": fault.code], text: error.advice)
        case .store(let error): Reply(error)
        case .log, .secret: .internalError
        }
    }

    private static func item(_ row: AuditRow) -> ListItem {
        guard let record = row.record, record.number == row.number else {
            return ListItem(["number": String(row.number), "state": "unreadable"])
        }
        var options = [
            Option("number", String(record.number)), Option("at", String(record.at)),
            Option("activity", record.entry.activity.rawValue),
            Option("category", record.entry.activity.category.rawValue),
            Option("actor", HarmlessText.escaped(record.origin.actor)),
            Option("client", HarmlessText.escaped(record.origin.client)),
            Option("from", HarmlessText.escaped(record.origin.from)),
            Option("targets", record.targetsJSON),
        ]
        switch record.entry.outcome {
        case .success: options.append(Option("outcome", "success"))
        case .failure(let code):
            options += [
                Option("outcome", "failure"), Option("code", HarmlessText.escaped(code)),
            ]
        }
        options.append(Option("reason", HarmlessText.escaped(record.entry.reason)))
        let rest = [Option("changes", record.changesJSON)]
        let cut = Option("cut", "yes")
        // A line holds 16 KiB, the record half as much, but blanks and escapes make it longer. All of it is in an export.
        let items = [
            ListItem(options: options + rest + (record.isCut ? [cut] : [])),
            ListItem(options: options + [cut]),
        ]
        let fitting = items.first { $0.line.utf8.count <= Reply.maximumLineLength - 64 }
        return fitting ?? ListItem(options: options.prefix(4) + [cut])
    }
}

extension AuditRecord {
    /// The targets, each as one word.
    fileprivate var targetsJSON: String {
        HarmlessText.json(.array(entry.targets.map { .string($0.word) }))
    }

    /// The changes: property, old and new value.
    fileprivate var changesJSON: String {
        HarmlessText.json(
            .array(
                entry.changes.map { change in
                    [
                        .string(change.property), change.old.map(JSON.string) ?? .null,
                        change.new.map(JSON.string) ?? .null,
                    ]
                }))
    }
}

extension Request {
    /// An option that is a moment: milliseconds since 1970.
    fileprivate func moment(_ key: String) throws(ArgumentError) -> Timestamp? {
        guard let text = self[key] else { return nil }
        guard let milliseconds = Int64(text) else { throw .badValue(key) }
        return Timestamp(milliseconds: milliseconds)
    }
}
