import ArgumentParser
import LineProtocol
import Reports

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make a report: who signs in, what failed, who administers, who has no method.",
        discussion: """
            The reports, each with the question that it answers:

            \(ReportDefinition.all.map { "  \($0.id): \($0.question)" }.joined(separator: "\n"))

              countersign report sign-in-volume --since 90d --by week
              countersign report sign-in-failures --since 2026-11-01 --html failures.html
              countersign report sign-in-pattern --user alice --json
            """,
        subcommands: [Make.self, List.self], defaultSubcommand: Make.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the reports, and what each can be told.")

        func run() async throws {
            for area in ReportDefinition.Area.allCases {
                Terminal.say(area.rawValue)
                for definition in ReportDefinition.all where definition.area == area {
                    let options = ReportParameter.allCases.filter(definition.parameters.contains)
                        .map {
                            definition.required.contains($0) ? "--\($0.option)" : "[--\($0.option)]"
                        }
                    let name = "  \(definition.id) " + options.joined(separator: " ")
                    Terminal.say(name)
                    Terminal.say("      \(definition.question)")
                }
            }
        }
    }

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a report.")

        @Argument(help: "Which; 'countersign report list' names them.")
        var report: String

        @OptionGroup var period: PeriodOptions

        @Option(help: "The user that it is about.")
        var user: String?

        @Option(help: "The application that it is about.")
        var app: String?

        @Option(help: ArgumentHelp("Count by days, weeks or months.", valueName: "day|week|month"))
        var by: String?

        @Option(help: "How many rows a table has at most, up to 2000.")
        var limit: Int = 200

        @OptionGroup var output: ReportOutput

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let definition = try reportOrFailure { () throws(ReportError) in
                    let definition = try ReportDefinition(id: report)
                    try definition.check(given: given)
                    return definition
                }
                try output.check(definition)
                guard by == nil || by.flatMap(ReportInterval.init(rawValue:)) != nil else {
                    throw CommandFailure(.configuration, "--by is day, week or month")
                }
                let options =
                    try period.options()
                    + [("user", user), ("app", app), ("by", by), ("limit", String(limit))]
                    .compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
                let connection = try await server.connect()
                let reply = try await connection.demand("REPORT", [definition.id], options: options)
                await connection.close()
                try output.write(reply.report())
            }
        }

        private var given: Set<ReportParameter> {
            let pairs: [(ReportParameter, String?)] = [
                (.user, user), (.application, app), (.interval, by),
            ]
            return Set(pairs.filter { $0.1 != nil }.map(\.0))
        }
    }
}

extension Reply {
    /// The report that a reply carries.
    func report() throws(CommandFailure) -> ReportDocument {
        let items = try items().map { item in item.map { (key: $0.key, value: $0.value) } }
        return try reportOrFailure { () throws(ReportError) in try ReportDocument(items: items) }
    }
}

/// What a report's error is to whoever ran the command.
func reportOrFailure<Value>(
    _ body: () throws(ReportError) -> Value
) throws(CommandFailure) -> Value {
    do throws(ReportError) {
        return try body()
    } catch {
        throw CommandFailure(.configuration, error.advice)
    }
}
