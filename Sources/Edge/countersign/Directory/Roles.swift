import ArgumentParser

struct Roles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say who administers.",
        discussion: """
            Roles are global-administrator (everything), authentication-administrator (methods, MFA and risk of users who \
            have no role), help-desk (passwords and passes of such users) and security-reader (logs and reports). \
            Administrators sign in like others and act with the ticket that they get, in COUNTERSIGN_TICKET.
            """,
        subcommands: [List.self, Add.self, Remove.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List who has which role.")

        @Option(help: "This role alone.")
        var role: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.demand(
                    "ROLE LIST", [], options: given([("role", role)])
                ).items()
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let list = DirectoryList(columns: [
                    .init("role", "role"), .init("user", "user"), .init("locked", "locked"),
                    .moment("since", "since"),
                ])
                Terminal.say(items.isEmpty ? "Nobody has a role." : list.text(items))
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a user a role.")

        @Argument(help: "The role.")
        var role: String

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "ROLE ADD", [role, user]) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a role from a user. The last global administrator keeps it.")

        @Argument(help: "The role.")
        var role: String

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "ROLE DEL", [role, user]) }
    }
}
