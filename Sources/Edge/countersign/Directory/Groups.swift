import ArgumentParser

struct Groups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, fill, list and delete groups of users.",
        subcommands: [
            List.self, Add.self, Delete.self, Join.self, Leave.self, Members.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the groups.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.pages(of: "GROUP LIST", by: "group")
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let list = DirectoryList(columns: [
                    .init("group", "group"), .init("members", "members"),
                    .init("about", "about"),
                ])
                Terminal.say(items.isEmpty ? "There are no groups." : list.text(items))
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a group.")

        @Argument(help: "The group's name: up to 64 of A-Za-z0-9-_.@/:")
        var group: String

        @Option(help: "What it is for.")
        var about: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "GROUP ADD", [group], given([("about", about)]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a group that no policy names. Its members stay users.")

        @Argument(help: "The group.")
        var group: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "GROUP DEL", [group]) }
    }

    struct Join: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a user into a group.")

        @Argument(help: "The group.")
        var group: String

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "GROUP JOIN", [group, user]) }
    }

    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a user out of a group.")

        @Argument(help: "The group.")
        var group: String

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "GROUP LEAVE", [group, user]) }
    }

    struct Members: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List a group's members.")

        @Argument(help: "The group.")
        var group: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.pages(
                    of: "GROUP MEMBERS", [group], by: "user")
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                for item in items { Terminal.say(item.shown("user")) }
            }
        }
    }
}
