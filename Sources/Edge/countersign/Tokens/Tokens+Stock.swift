import ArgumentParser
import Encoding
import LineProtocol

extension Tokens {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a user's tokens, the token of a serial number, or those in stock.")

        @Option(help: "The user.")
        var user: String?

        @Option(help: "The serial number.")
        var serial: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func validate() throws {
            guard user == nil || serial == nil else {
                throw ValidationError("Give a user or a serial number, not both.")
            }
        }

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let options = [("user", user), ("serial", serial)].compactMap { key, value in
                    value.map { LineProtocol.Option(key, $0) }
                }
                let reply = try await connection.demand("TOKEN LIST", [], options: options)
                await connection.close()
                let items = try reply.items().map { item in
                    Dictionary(item.map { ($0.key, $0.value) }) { first, _ in first }
                }
                guard !json else {
                    let objects = items.map { JSON.object($0.mapValues { .string($0) }) }
                    Terminal.say(JSON.array(objects).encoded())
                    return
                }
                if items.isEmpty { Terminal.say("No tokens.") }
                for item in items { Terminal.say(Self.text(item)) }
            }
        }

        private static func text(_ item: [String: String]) -> String {
            var words = [item["cred"] ?? "", item["kind"] ?? "", item["serial"] ?? "-"]
            words += ["manufacturer", "model", "label"].compactMap { key in
                item[key].flatMap { $0.isEmpty ? nil : $0 }
            }
            words.append(item["user"].map { "of \($0)" } ?? "in stock")
            words.append(item["used"].map { "used \(Moment.text($0))" } ?? "never used")
            return words.joined(separator: "  ")
        }
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a token to a user.")

        @Argument(help: TokenName.help)
        var token: String

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let token = try await TokenName.identifier(token, on: connection)
                let reply = try await connection.demand("TOKEN ASSIGN", [token], ["user": user])
                await connection.close()
                Terminal.say("\(self.token) is \(try reply.required("user"))'s.")
            }
        }
    }

    struct Unassign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a token back into stock.")

        @Argument(help: TokenName.help)
        var token: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let token = try await TokenName.identifier(token, on: connection)
                _ = try await connection.demand("TOKEN UNASSIGN", [token])
                await connection.close()
                Terminal.say("\(self.token) is in stock.")
            }
        }
    }

    struct Resync: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find a user's token again that has gone astray, by two codes in a row.")

        @Argument(help: "The user.")
        var user: String

        @Argument(help: TokenName.help)
        var token: String

        @Argument(help: "A code of the token.")
        var code: String

        @Argument(help: "The code after it.")
        var nextCode: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let token = try await TokenName.identifier(token, on: connection)
                _ = try await connection.demand(
                    "TOKEN RESYNC", [user],
                    ["token": token, "code": code, "code2": nextCode],
                    advice: "The codes have to follow each other, and none may have been used.")
                await connection.close()
                Terminal.say("\(self.token) is in step.")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a token for good, whoever has it.")

        @Argument(help: TokenName.help)
        var token: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let token = try await TokenName.identifier(token, on: connection)
                _ = try await connection.demand("TOKEN DEL", [token])
                await connection.close()
                Terminal.say("\(self.token) is deleted.")
            }
        }
    }
}

/// How a person names a token.
enum TokenName {
    static let help: ArgumentHelp = "The token: its serial number or its identifier."

    /// The identifier of a token. What is some token's serial number is that, whatever else it could be.
    static func identifier(
        _ name: String, on connection: ServerConnection
    ) async throws(CommandFailure) -> String {
        // No serial number is longer (the server's limit), and a longer name is no reason to be refused.
        guard (1...64).contains(name.utf8.count) else { return name }
        let reply = try await connection.demand("TOKEN LIST", [], ["serial": name])
        let items = try reply.items()
        guard items.count < 2 else {
            throw CommandFailure(
                .refused, "\(items.count) tokens have the serial number \(name)",
                advice: "Name one by its identifier; 'tokens list --serial \(name)' shows them.")
        }
        return items.first?.first { $0.key == "cred" }?.value ?? name
    }
}
