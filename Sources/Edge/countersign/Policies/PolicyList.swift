import ArgumentParser
import Encoding
import LineProtocol

extension PolicyCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the policies in force, those that are off too.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.demand("POLICY LIST").items()
                await connection.close()
                if json { return Terminal.say(PolicyItems.json(items)) }
                let policies = items.filter { $0.value("kind") == "policy" }
                if policies.isEmpty { Terminal.say("No policies are in force.") }
                for item in policies {
                    Terminal.say(
                        "\(item.shown("policy"))  \(item.shown("state"))  (\(item.shown("file")):\(item.shown("line")))"
                    )
                    for part in [
                        "title", "users", "applications", "conditions", "grant", "session",
                    ] where item.value(part) != nil {
                        Terminal.say(Terminal.table([(part, item.shown(part))]))
                    }
                }
                for item in items { Self.say(item) }
            }
        }

        private static func say(_ item: [LineProtocol.Option]) {
            switch item.value("kind") {
            case "strength":
                Terminal.say(
                    "strength \(item.shown("strength"))  \(item.shown("combinations"))")
            case "method":
                Terminal.say("method \(item.shown("method"))  for \(item.shown("users"))")
            case "break-glass":
                Terminal.say(
                    "break-glass  \(item.shown("users"))  (\(item.shown("reason")))")
            case "dangling":
                Terminal.complain(
                    "\(item.shown("file")):\(item.shown("line")): warning: there is no \(item.shown("what")) ‘\(item.shown("name"))’ any more; the name matches nothing"
                )
            default: break
            }
        }
    }
}

/// A list's items as JSON.
enum PolicyItems {
    /// An array of objects, their numbers as numbers.
    static func json(_ items: [[LineProtocol.Option]]) -> String {
        JSON.array(items.map(json)).encoded()
    }

    static func json(_ item: [LineProtocol.Option]) -> JSON {
        .object(
            Dictionary(
                item.map { option in (option.key, value(option)) },
                uniquingKeysWith: { first, _ in first }))
    }

    private static let numbers: Set<String> = [
        "count", "first", "last", "example", "rows", "judged", "failed", "incomplete", "gone",
        "line", "since", "until",
    ]

    private static func value(_ option: LineProtocol.Option) -> JSON {
        guard numbers.contains(option.key), let number = Int64(option.value) else {
            return .string(option.value)
        }
        return .integer(number)
    }
}
