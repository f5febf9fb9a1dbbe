import ArgumentParser
import Encoding
import LineProtocol

struct Phones: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrol users' phones, and ask users on them.",
        discussion: """
            The server needs an address that phones reach: 'phones' in its configuration. A phone in software: \
            'countersign emulate phone'.
            """,
        subcommands: [EnrollPhone.self, Ask.self, Resume.self])

    struct EnrollPhone: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enroll", abstract: "Show a QR code for a phone to scan, and wait for it.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions
        @OptionGroup var picture: QROptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let begun = try await connection.demand("ENROLL BEGIN", [user], ["kind": "push"])
                let uri = try begun.required("uri")
                if json {
                    Terminal.say(begun.json.encoded())
                } else {
                    try picture.show(uri)
                    Terminal.say(uri)
                    Terminal.complain("Scan this with \(user)'s phone. Whoever scans it enrols.")
                }
                let reply = try await Self.wait(
                    for: try begun.required("txn"), on: connection)
                await connection.close()
                guard reply.isSuccess else {
                    throw CommandFailure(
                        .refused, "no phone was enrolled: \(reply.summary)",
                        advice: "Begin again: a code is scanned once.")
                }
                Terminal.say(json ? reply.json.encoded() : try Self.text(reply))
            }
        }

        /// Asks again and again, until there is more to say than that nothing has come.
        static func wait(
            for transaction: String, on connection: ServerConnection
        ) async throws(CommandFailure) -> Reply {
            while true {
                let reply = try await connection.ask(
                    "ENROLL WAIT", [transaction], ["timeout": "50"])
                guard reply.word == .wait else { return reply }
            }
        }

        static func text(_ reply: Reply) throws(CommandFailure) -> String {
            let keyGuard =
                switch reply["guard"] {
                case "biometric": "a fingerprint or a face, the phone says"
                case "pin": "a PIN, the phone says"
                default: "nothing"
                }
            return "Enrolled \(try reply.required("name")) for \(try reply.required("user")).\n"
                + Terminal.table([
                    ("credential", try reply.required("cred")), ("guarded by", keyGuard),
                    (
                        "reached by",
                        reply["pushes"] == "yes" ? "Web Push, and polling" : "polling alone"
                    ),
                ])
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask a user on the phone, and say what came of it.",
            discussion: """
                The number that is shown is typed on the phone. Exit status 0 means authenticated; everything else \
                does not.
                """)

        @Argument(help: "The user.")
        var user: String

        @Option(name: .customLong("app"), help: "What the user signs in to, as the phone shows it.")
        var application: String?

        @Option(help: "What the phone shows beside it.")
        var info: String?

        @Option(help: ArgumentHelp("Where the user is.", valueName: "IP address"))
        var address: String?

        @OptionGroup var server: ServerOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let sent = try await connection.demand(
                    "PUSH", [user],
                    options: [("svc", application), ("info", info), ("rip", address)]
                        .compactMap { key, value in value.map { .init(key, $0) } })
                let number = try sent.required("number")
                if json {
                    Terminal.say(sent.json.encoded())
                } else {
                    Terminal.say("The number for the phone: \(number)")
                }
                let reply = try await Self.wait(for: try sent.required("txn"), on: connection)
                await connection.close()
                if json { Terminal.say(reply.json.encoded()) }
                guard reply.isSuccess else {
                    throw CommandFailure(
                        .refused, "not authenticated: \(reply.summary)",
                        advice: "The server's sign-in record says why.")
                }
                if !json { Terminal.say(try Self.text(reply)) }
            }
        }

        static func wait(
            for transaction: String, on connection: ServerConnection
        ) async throws(CommandFailure) -> Reply {
            while true {
                let reply = try await connection.ask("WAIT", [transaction], ["timeout": "50"])
                guard reply.word == .wait else { return reply }
            }
        }

        static func text(_ reply: Reply) throws(CommandFailure) -> String {
            "Authenticated \(try reply.required("user")).\n"
                + Terminal.table([
                    ("phone", reply["label"] ?? ""),
                    (
                        "methods",
                        "\(try reply.required("amr")) (assurance level \(try reply.required("aal")))"
                    ),
                ])
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let pushes to a user through again, after the user said: that was not me.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                _ = try await connection.demand("USER PUSHES", [user], ["state": "on"])
                await connection.close()
                Terminal.say("\(user) gets pushes again.")
            }
        }
    }
}
