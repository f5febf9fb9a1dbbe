import ArgumentParser
import LineProtocol

struct Locations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what the named locations are that policies speak of.",
        subcommands: [List.self, Show.self, Add.self, Change.self, Delete.self])

    /// Where a location is.
    struct Extent: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Its networks, with commas between.", valueName: "192.0.2.0/24,…"))
        var network: String?

        @Flag(help: "The networks are the organisation's own, and trusted.")
        var trusted = false

        @Option(help: ArgumentHelp("Its countries, with commas between.", valueName: "AT,SE"))
        var country: String?

        @Flag(help: "With the countries, wherever the country is not known.")
        var unknown = false

        func validate() throws {
            let isOfNetworks = network != nil
            guard isOfNetworks != (country != nil || unknown) else {
                throw ValidationError(
                    "Give networks with --network, or countries with --country or --unknown.")
            }
            guard isOfNetworks || !trusted else {
                throw ValidationError("--trusted goes with --network.")
            }
        }

        var options: [LineProtocol.Option] {
            given([
                ("net", network), ("trusted", trusted ? "yes" : nil), ("country", country),
                ("unknown", unknown ? "yes" : nil),
            ])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the locations.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.demand("LOCATION LIST").items()
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let list = DirectoryList(columns: [
                    .init("location", "location"), .init("trusted", "trusted"),
                    .init("where", Self.place),
                ])
                Terminal.say(items.isEmpty ? "There are no locations." : list.text(items))
            }
        }

        /// The first of its networks, or its countries.
        private static func place(_ item: [LineProtocol.Option]) -> String {
            guard let networks = item.value("net") else {
                let countries = item.value("country") ?? ""
                guard item.value("unknown") == "yes" else { return countries }
                return countries.isEmpty ? "unknown" : countries + " and unknown"
            }
            let shown = networks.split(separator: ",").prefix(3).joined(separator: ",")
            let count = Int(item.value("networks") ?? "") ?? 0
            return count > 3 ? "\(shown) and \(count - 3) more" : shown
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a location with all its networks, one a line.")

        @Argument(help: "The location.")
        var location: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.demand("LOCATION GET", [location]).items()
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let about = (items.first ?? []).filter { $0.key != "net" }
                Terminal.say(Terminal.table(about.map { ($0.key, about.shown($0.key)) }))
                for item in items.dropFirst() { Terminal.say("  " + item.shown("net")) }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a location.")

        @Argument(help: "Its name: up to 64 of A-Za-z0-9-_.@/:")
        var location: String

        @OptionGroup var extent: Extent

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "LOCATION ADD", [location], extent.options)
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Replace where a location is.")

        @Argument(help: "The location.")
        var location: String

        @OptionGroup var extent: Extent

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "LOCATION SET", [location], extent.options)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a location that no policy names.")

        @Argument(help: "The location.")
        var location: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "LOCATION DEL", [location]) }
    }
}
