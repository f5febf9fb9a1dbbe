import ArgumentParser
import LineProtocol

struct RecoveryCodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery-codes",
        abstract: "Make ten recovery codes for a user. They are shown once, and each is good once.",
        discussion: "Those that the user had count no more.")

    @Argument(help: "The user.")
    var user: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await reporting {
            let connection = try await server.connect()
            let reply = try await connection.demand("RECOVERY NEW", [user])
            await connection.close()
            for item in try reply.items() { Terminal.say(item.first?.value ?? "") }
        }
    }
}

struct AccessPasses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access-pass",
        abstract: "Issue a Temporary Access Pass to a user, or take it away.",
        subcommands: [Add.self, Delete.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a pass in the place of any that the user has. It is shown once.")

        @Argument(help: "The user.")
        var user: String

        @Option(
            help:
                "Who issues it: another user. Whoever acts by a ticket issues it, and leaves this out."
        )
        var by: String?

        @Option(help: "How many minutes it is good for: 10 to 43200.")
        var minutes = 60

        @Option(help: "In how many minutes it begins to be.")
        var delay = 0

        @Option(help: "How many characters it has: 8 to 48.")
        var length = 8

        @Flag(help: "Let it be used again and again while it is good.")
        var manyTimes = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let reply = try await connection.demand(
                    "PASS ADD", [user],
                    options: given([
                        ("by", by), ("minutes", String(minutes)), ("delay", String(delay)),
                        ("length", String(length)), ("once", manyTimes ? "no" : "yes"),
                    ]))
                await connection.close()
                Terminal.say(try reply.required("secret"))
                Terminal.complain(
                    "For \(user), until \(Moment.text(try reply.required("until"))). It is not shown again."
                )
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a user's pass away.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                _ = try await connection.demand("PASS DEL", [user])
                await connection.close()
                Terminal.say("\(user) has no pass any more.")
            }
        }
    }
}
