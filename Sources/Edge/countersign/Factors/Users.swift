import ArgumentParser
import Encoding
import LineProtocol
import Reports

struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add, list, show and delete users, and set what is decided about them.",
        subcommands: [
            Add.self, List.self, Show.self, Delete.self, Lock.self, Unlock.self, MFA.self,
            Risk.self, PasswordReset.self,
        ])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a user.")

        @Argument(help: "The name that front ends use.")
        var user: String

        @Option(help: "The name for people.")
        var display: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "USER ADD", [user], given([("display", display)]))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a user: credentials, MFA, risk, and what speaks for it.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let account = try await connection.demand("USER GET", [user])
                let risk = try await connection.demand("RISK GET", [user])
                await connection.close()
                Terminal.say(
                    Terminal.table(
                        account.options.map { ($0.key, VisibleText.escaped($0.value)) }))
                for item in try risk.items() {
                    let words = item.map { "\($0.key)=\(VisibleText.escaped($0.value))" }
                    Terminal.say("  " + words.joined(separator: "  "))
                }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a user with all credentials. The sign-in record stays.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "USER DEL", [user]) }
    }

    struct MFA: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a user's multi-factor authentication: disabled, enabled or enforced.")

        @Argument(help: "The user.")
        var user: String

        @Argument(help: "disabled, enabled or enforced.")
        var state: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(server, "USER MFA", [user], given([("state", state)]))
        }
    }

    struct Risk: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say how likely it is that an account is in another's hands.",
            discussion: "While it is high, app passwords are suspended.")

        @Argument(help: "The user.")
        var user: String

        @Argument(help: "none, low, medium or high.")
        var level: String

        @Option(help: "Why.")
        var why: String = ""

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await administer(
                server, "RISK REPORT", [user], given([("level", level), ("why", why)]))
        }
    }

    struct PasswordReset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password-reset",
            abstract: "Report that a user has a new password; by policy the app passwords go.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws { try await administer(server, "PASSWORD RESET", [user]) }
    }
}

struct VerifyCode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-code",
        abstract: "Ask for a code on the terminal, and say whether it is the user's.",
        discussion: """
            A one-time code, a recovery code, a Temporary Access Pass, or with --service an app password. It is read \
            from the terminal or standard input, never from the command line. Exit status 0 means authenticated.
            """)

    @Argument(help: "The user.")
    var user: String

    @Option(help: "What the user signs in to.")
    var service: String?

    @Option(help: ArgumentHelp("Where the user is.", valueName: "IP address"))
    var address: String?

    @OptionGroup var server: ServerOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        try await reporting {
            guard let code = Terminal.ask("Code for \(user): ") else {
                throw CommandFailure(.refused, "no code was typed")
            }
            let connection = try await server.connect()
            let options = [("svc", service), ("rip", address)]
                .compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
            let reply = try await connection.ask("VERIFY", [user, code], options: options)
            await connection.close()
            if json { Terminal.say(reply.json.encoded()) }
            guard reply.isSuccess else {
                throw CommandFailure(.refused, "not authenticated: \(reply.summary)")
            }
            if !json { Terminal.say(Terminal.table(reply.options.map { ($0.key, $0.value) })) }
        }
    }
}

struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the key that secrets at rest are sealed under.",
        subcommands: [Rotate.self])

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the server seal all secrets anew under a new key, while it runs.",
            discussion: """
                The file of keys is the server's; see 'keys' in Documentation/configuration.md. Back it up afterwards, \
                apart from the database: without it tokens' seeds are lost.
                """)

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let reply = try await connection.demand("KEYS ROTATE")
                await connection.close()
                Terminal.say(
                    "Key \(try reply.required("key")) seals now; \(try reply.required("resealed")) secrets were sealed anew."
                )
                guard reply["unreadable"] == "0" else {
                    throw CommandFailure(
                        .refused, "\(try reply.required("unreadable")) secrets cannot be opened",
                        advice: "Older keys were kept. Look for rows that were moved or damaged.")
                }
            }
        }
    }
}
