import ArgumentParser

extension Users {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the users with what they have registered.")

        @Option(help: "Members of this group alone.")
        var group: String?

        @Option(help: "Users whose MFA is disabled, enabled or enforced alone.")
        var mfa: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items = try await connection.pages(
                    of: "USER LIST", by: "user",
                    options: given([("group", group), ("mfa", mfa)]))
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let list = DirectoryList(columns: [
                    .init("user", "user"), .init("mfa", "mfa"), .init("risk", "risk"),
                    .init("methods", "methods"), .init("roles", "roles"),
                    .init("locked") { item in
                        item.value("locked").map {
                            "\(Moment.text($0)): \(item.value("why") ?? "")"
                        } ?? ""
                    },
                    .init("name", "display"),
                ])
                Terminal.say(items.isEmpty ? "There are no such users." : list.text(items))
            }
        }
    }

    struct Lock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Lock a user out: nobody signs in to the account, and its roles count no more.")

        @Argument(help: "The user.")
        var user: String

        @Option(help: "Why; it is on record.")
        var why: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "USER LOCK", [user], given([("why", why)]))
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a user's lock away.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "USER UNLOCK", [user]) }
    }
}
