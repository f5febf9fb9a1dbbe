import ArgumentParser
import Encoding
import LineProtocol
import Reports

extension PolicyCommand {
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Run policies over the recorded sign-ins: who would have been blocked or asked.",
            discussion: """
                Each recorded sign-in is asked about as what-if would: its address, country, program, risk and what was \
                shown are those of the log; groups, roles, named locations and what users have registered are those of \
                now. Sign-ins that failed before policies were asked, and those from before there were any, are counted \
                apart.

                  countersign policy replay --since 30d --policy policies/ --enforce
                """)

        @Option(help: ArgumentHelp("Not before this.", valueName: "30d, 12h or 2026-11-01"))
        var since: String

        @Option(help: ArgumentHelp("Before this; now if not given.", valueName: "2026-11-24"))
        var until: String?

        @OptionGroup var trial: Trial

        @Flag(help: "Print JSON: the counts, and an item for each user, application and verdict.")
        var json = false

        @Flag(help: "Print CSV: a line for each user, application and verdict.")
        var csv = false

        @Option(help: "How many users are named for each verdict.")
        var limit: Int = 50

        @OptionGroup var server: ServerOptions

        func validate() throws {
            guard !json || !csv else { throw ValidationError("Choose one of --json and --csv.") }
            guard limit >= 0 else { throw ValidationError("--limit is 0 or more.") }
        }

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let options = try await trial.send(over: connection)
                var report = ReplayReport()
                var (start, end, place) = (since, until, String?.none)
                repeat {
                    let request =
                        options
                        + [("since", start), ("until", end), ("after", place)].compactMap {
                            key, value in value.map { LineProtocol.Option(key, $0) }
                        }
                    let items = try await connection.demand("POLICY REPLAY", [], options: request)
                        .items()
                    let summary = items.first ?? []
                    try report.add(items)
                    // What the words meant when it began holds for all portions.
                    start = summary.value("since") ?? start
                    end = summary.value("until") ?? end
                    place = summary.value("next")
                    if Terminal.isInteractive {
                        Terminal.redraw(place == nil ? "" : "\(report.rows) sign-ins …")
                    }
                } while place != nil
                await connection.close()
                if json {
                    Terminal.say(report.json(since: start, until: end ?? ""))
                } else if csv {
                    // The line break is one character, and comes anew.
                    Terminal.say(String(report.csv.dropLast()))
                } else {
                    for line in report.lines(limit: limit) { Terminal.say(line) }
                }
            }
        }
    }
}
