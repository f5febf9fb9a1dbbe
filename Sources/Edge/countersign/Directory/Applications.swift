import ArgumentParser

struct Applications: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apps",
        abstract: "Say what users sign in to: what front ends call 'svc'.",
        subcommands: [List.self, Add.self, Change.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the applications.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.pages(of: "APP LIST", by: "app")
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let list = DirectoryList(columns: [
                    .init("app", "app"), .init("clients", "kind"), .init("name", "display"),
                ])
                Terminal.say(items.isEmpty ? "There are no applications." : list.text(items))
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an application.")

        @Argument(help: "The name that front ends give: up to 64 of A-Za-z0-9-_.@/:")
        var app: String

        @Option(help: "The name for people.")
        var display: String?

        @Option(help: "What it is always reached with: browser, native or legacy.")
        var kind: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(
                server, "APP ADD", [app], given([("display", display), ("kind", kind)]))
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Change what is known of an application.")

        @Argument(help: "The application.")
        var app: String

        @Option(help: "The name for people.")
        var display: String?

        @Option(help: "What it is always reached with: browser, native, legacy, or any.")
        var kind: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(
                server, "APP SET", [app], given([("display", display), ("kind", kind)]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an application that no policy names.")

        @Argument(help: "The application.")
        var app: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "APP DEL", [app]) }
    }
}
