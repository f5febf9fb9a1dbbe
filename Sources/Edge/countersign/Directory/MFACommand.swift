import ArgumentParser
import LineProtocol
import Reports

struct MFACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mfa",
        abstract: "Show and set users' multi-factor authentication.",
        discussion: """
            A user is disabled (a password is enough), enabled (asked to register a second factor; enforced by itself once \
            one is registered) or enforced (asked for it at each sign-in).
            """,
        subcommands: [Status.self, Disable.self, Enable.self, Enforce.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how far users' multi-factor authentication is, and with what.")

        @Argument(help: "This user alone.")
        var user: String?

        @Option(help: "Users in this state alone: disabled, enabled or enforced.")
        var state: String?

        @Option(help: "Members of this group alone.")
        var group: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func validate() throws {
            guard user == nil || (state == nil && group == nil) else {
                throw ValidationError("--state and --group list users; leave out the user.")
            }
        }

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let items: [[LineProtocol.Option]]
                if let user {
                    items = [try await Self.item(of: user, connection)]
                } else {
                    items = try await connection.pages(
                        of: "USER LIST", by: "user",
                        options: given([("mfa", state), ("group", group)]))
                }
                await connection.close()
                if json { return Terminal.say(DirectoryList.json(items)) }
                let list = DirectoryList(columns: [
                    .init("user", "user"), .init("mfa", "mfa"), .init("methods", "methods"),
                    .init("roles", "roles"),
                ])
                Terminal.say(items.isEmpty ? "There are no such users." : list.text(items))
            }
        }

        /// What a list would show of one user.
        private static func item(
            of user: String, _ connection: ServerConnection
        ) async throws(CommandFailure) -> [LineProtocol.Option] {
            let account = try await connection.demand("USER GET", [user])
            let kinds = try await connection.demand("CRED LIST", [user]).items()
                .compactMap { $0.value("kind") }
            return [
                .init("user", user), .init("display", account["display"] ?? ""),
                .init("mfa", try account.required("mfa")),
                .init("risk", try account.required("risk")),
                .init("methods", Set(kinds).sorted().joined(separator: ",")),
                .init("roles", account["roles"] ?? ""),
            ]
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a password be enough for a user. Policies may ask for more all the same."
        )

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "USER MFA", [user], given([("state", "disabled")]))
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have a user register a second factor, and enforce it from then on.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "USER MFA", [user], given([("state", "enabled")]))
        }
    }

    struct Enforce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask a user for a second factor at each sign-in.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "USER MFA", [user], given([("state", "enforced")]))
        }
    }
}
