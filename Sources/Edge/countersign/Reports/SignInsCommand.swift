import ArgumentParser
import Foundation
import LineProtocol
import Reports

struct SignInsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signins",
        abstract: "List sign-ins, the latest first.",
        discussion: """
            JSON and CSV have all that is on record of each; --before with the number of the last goes on from there.

              countersign signins --user alice --since 7d
              countersign signins --outcome failure --net 192.0.2.0/24 --csv
            """)

    @OptionGroup var period: PeriodOptions

    @Option(help: "Whose.")
    var user: String?

    @Option(help: "To which application.")
    var app: String?

    @Option(help: ArgumentHelp("From which network.", valueName: "192.0.2.0/24"))
    var net: String?

    @Option(help: ArgumentHelp("From which country.", valueName: "SE"))
    var country: String?

    @Option(help: ArgumentHelp("With which method as the last step.", valueName: "webauthn"))
    var method: String?

    @Option(help: "success, failure or interrupted.")
    var outcome: String?

    @Option(help: ArgumentHelp("For what reason.", valueName: "code"))
    var reason: String?

    @Option(help: ArgumentHelp("Where this policy applied.", valueName: "id"))
    var policy: String?

    @Option(help: ArgumentHelp("Those before the one of this number.", valueName: "number"))
    var before: Int?

    @Option(help: "How many at most.")
    var limit: Int = 50

    @OptionGroup var output: ReportOutput

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit is 1 to 100000.")
        }
    }

    func run() async throws {
        try await reporting {
            let filters =
                try period.options()
                + [
                    ("user", user), ("app", app), ("net", net), ("country", country),
                    ("method", method), ("outcome", outcome), ("reason", reason),
                    ("policy", policy),
                ].compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
            let connection = try await server.connect()
            var (rows, next) = ([ReportRow](), before.map { String($0) })
            repeat {
                let page = next.map { [LineProtocol.Option("before", $0)] } ?? []
                let wanted = LineProtocol.Option("limit", String(min(1000, limit - rows.count)))
                let reply = try await connection.demand(
                    "SIGNINS", [], options: filters + page + [wanted])
                next = nil
                for item in try reply.items() {
                    let values = Dictionary(item.map { ($0.key, $0.value) }) { first, _ in first }
                    if let number = values["next"] { next = number } else { rows.append(values) }
                }
            } while next != nil && rows.count < limit
            await connection.close()
            try output.write(document(rows, hasMore: next != nil))
        }
    }

    private func document(_ rows: [ReportRow], hasMore: Bool) -> ReportDocument {
        let moments = rows.compactMap { $0["at"].flatMap(Int64.init) }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        var document = ReportDocument(
            .signInLog,
            period: ReportPeriod(
                first: CalendarDay(at: moments.min() ?? now),
                last: CalendarDay(at: moments.max() ?? now)), madeAt: now)
        document.parameters[.user] = user
        document.parameters[.application] = app
        document.rows["sign-ins"] = rows
        if hasMore, let last = rows.last?["number"] {
            document.notes.append("There are older ones: --before \(last) goes on from here.")
        }
        return document
    }
}
