import Encoding
import LineProtocol
import Reports

/// What a replay came to, its portions added up.
struct ReplayReport {
    struct Key: Hashable {
        let user: String
        let app: String?
        let was: String
        let then: String
    }

    struct Group {
        var count = 0
        var first = Int64.max
        var last = Int64.min
        var example: Int64 = 0
        var policies: Set<String> = []
        var missing: Set<String> = []
    }

    private(set) var rows = 0
    private var judged = 0
    private var failed = 0
    private var incomplete = 0
    private var gone = 0
    private var groups: [Key: Group] = [:]

    /// Adds a portion, as the server's list has it.
    mutating func add(_ items: [[LineProtocol.Option]]) throws(CommandFailure) {
        let summary = items.first ?? []
        rows += try Self.number("rows", summary)
        judged += try Self.number("judged", summary)
        failed += try Self.number("failed", summary)
        incomplete += try Self.number("incomplete", summary)
        gone += try Self.number("gone", summary)
        for item in items.dropFirst() {
            let key = Key(
                user: item.value("user") ?? "", app: item.value("app"),
                was: item.value("was") ?? "", then: item.value("then") ?? "")
            var group = groups[key] ?? Group()
            group.count += try Self.number("count", item)
            group.first = min(group.first, Int64(try Self.number("first", item)))
            let last = Int64(try Self.number("last", item))
            if last >= group.last {
                group.last = last
                group.example = Int64(try Self.number("example", item))
            }
            group.policies.formUnion(Self.words("policies", item))
            group.missing.formUnion(Self.words("missing", item))
            groups[key] = group
        }
    }

    private static func number(
        _ key: String, _ item: [LineProtocol.Option]
    ) throws(CommandFailure) -> Int {
        guard let number = item.value(key).flatMap({ Int($0) }) else {
            throw CommandFailure(
                .internalError, "the server's list has no \(key)",
                advice: "Server and command may be of different versions.")
        }
        return number
    }

    private static func words(_ key: String, _ item: [LineProtocol.Option]) -> [String] {
        (item.value(key) ?? "").split(separator: ",").map(String.init)
    }

    /// The groups: those that would have gone worst first, then by count and name.
    private var sorted: [(key: Key, group: Group)] {
        let order = ["blocked": 0, "unable": 1, "asked": 2]
        return groups.map { ($0.key, $0.value) }.sorted { left, right in
            (order[left.0.then] ?? 3, -left.1.count, left.0.user, left.0.app ?? "", left.0.was)
                < (
                    order[right.0.then] ?? 3, -right.1.count, right.0.user, right.0.app ?? "",
                    right.0.was
                )
        }
    }

    // MARK: For people

    /// The report as text; at most `limit` lines for each verdict.
    func lines(limit: Int) -> [String] {
        var lines = [
            "\(rows) sign-ins: \(judged) were asked about, \(failed) had failed before policies were asked, \(incomplete) do not say enough, \(gone) are of users who are gone."
        ]
        let titles = [
            ("blocked", "would have been blocked"),
            ("unable", "would have been asked for what the user has not"),
            ("asked", "would have been asked for more"), ("let-in", "would have been let in"),
        ]
        for (verdict, title) in titles {
            let found = sorted.filter { $0.key.then == verdict }
            let total = found.reduce(0) { $0 + $1.group.count }
            let users = Set(found.map(\.key.user)).count
            lines.append("")
            lines.append("\(total) \(title) (\(users) \(users == 1 ? "user" : "users"))")
            // Those for whom nothing changes are not news.
            let news = found.filter { verdict != "let-in" || $0.key.was != "let-in" }
            for (key, group) in news.prefix(limit) { lines.append(Self.line(key, group)) }
            if news.count > limit { lines.append("  … \(news.count - limit) more; see --csv") }
        }
        return lines
    }

    private static func line(_ key: Key, _ group: Group) -> String {
        var words = [
            "  \(VisibleText.escaped(key.user))",
            key.app.map { "to \(VisibleText.escaped($0))" } ?? "to an application not named",
            "\(group.count)×",
        ]
        switch key.was {
        case "refused": words.append("(was refused)")
        case "unfinished": words.append("(was not finished)")
        default: words.append("(was let in)")
        }
        if !group.policies.isEmpty { words.append("by \(list(group.policies))") }
        if !group.missing.isEmpty { words.append("for \(list(group.missing))") }
        words.append("last \(ReportMoment.text(group.last)), row \(group.example)")
        return words.joined(separator: "  ")
    }

    private static func list(_ words: Set<String>) -> String {
        VisibleText.escaped(words.sorted().joined(separator: ", "))
    }

    // MARK: For programs

    /// Lines that end in CR LF (RFC 4180).
    var csv: String {
        let head = [
            "user", "application", "was", "then", "count", "first", "last", "row", "policies",
            "missing",
        ]
        let lines =
            [head]
            + sorted.map { key, group in
                [
                    key.user, key.app ?? "", key.was, key.then, String(group.count),
                    ReportMoment.text(group.first), ReportMoment.text(group.last),
                    String(group.example), group.policies.sorted().joined(separator: " "),
                    group.missing.sorted().joined(separator: " "),
                ]
            }
        return lines.map { $0.map(CSV.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    func json(since: String, until: String) -> String {
        JSON.object([
            "since": Int64(since).map(JSON.integer) ?? .string(since),
            "until": Int64(until).map(JSON.integer) ?? .string(until),
            "rows": .integer(rows), "judged": .integer(judged), "failed": .integer(failed),
            "incomplete": .integer(incomplete), "gone": .integer(gone),
            "groups": .array(
                sorted.map { key, group in
                    .object([
                        "user": .string(key.user), "app": key.app.map(JSON.string) ?? .null,
                        "was": .string(key.was), "then": .string(key.then),
                        "count": .integer(group.count), "first": .integer(group.first),
                        "last": .integer(group.last), "row": .integer(group.example),
                        "policies": .array(group.policies.sorted().map(JSON.string)),
                        "missing": .array(group.missing.sorted().map(JSON.string)),
                    ])
                }),
        ]).encoded()
    }
}
