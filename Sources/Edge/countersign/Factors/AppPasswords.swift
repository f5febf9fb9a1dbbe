import ArgumentParser
import Encoding
import Foundation
import LineProtocol

struct AppPasswords: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app-passwords",
        abstract: "Make, list and delete app passwords: for programs that cannot ask for more.",
        subcommands: [Add.self, List.self, Delete.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an app password. It is shown once.",
            discussion: "The server must allow app passwords, and the user's MFA must be enforced.")

        @Argument(help: "The user.")
        var user: String

        @Option(help: ArgumentHelp("The services, with commas between.", valueName: "imap,smtp"))
        var service: String

        @Option(
            help: ArgumentHelp("The networks that it may come from.", valueName: "192.0.2.0/24,…"))
        var network: String?

        @Option(help: "A name, such as the device that keeps it.")
        var label: String = ""

        @Option(help: "How many days it is good for; for ever if not given.")
        var days: Int?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let options = [
                    ("svc", service), ("net", network), ("label", label),
                    ("days", days.map { String($0) }),
                ].compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
                let reply = try await connection.demand("APPPASS ADD", [user], options: options)
                await connection.close()
                Terminal.say(try reply.required("secret"))
                Terminal.complain(
                    "App password \(try reply.required("app")) of \(user). It is not shown again.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a user's app passwords, and when and where from they were used last.")

        @Argument(help: "The user.")
        var user: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let reply = try await connection.demand("APPPASS LIST", [user])
                await connection.close()
                for item in try reply.items() { Terminal.say(Self.text(item)) }
            }
        }

        private static func text(_ item: [LineProtocol.Option]) -> String {
            func value(_ key: String) -> String? { item.first { $0.key == key }?.value }
            var words = ["\(value("app") ?? "")  \(value("label") ?? "")  \(value("svc") ?? "")"]
            if let networks = value("net") { words.append("from \(networks)") }
            if let end = value("until") { words.append("until \(Moment.text(end))") }
            words.append(value("used").map { "used \(Moment.text($0))" } ?? "never used")
            if let address = value("rip") { words.append("from \(address)") }
            return words.joined(separator: "  ")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an app password of a user, or all.")

        @Argument(help: "The user.")
        var user: String

        @Argument(help: "The password's number, or 'all'.")
        var number: String

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let reply = try await connection.demand("APPPASS DEL", [user], ["app": number])
                await connection.close()
                Terminal.say("\(try reply.required("deleted")) deleted.")
            }
        }
    }
}

/// Moments as people read them.
enum Moment {
    /// Milliseconds since 1970, in a reply, as a time in UTC.
    static func text(_ milliseconds: String) -> String {
        guard let value = Int64(milliseconds) else { return milliseconds }
        return Date(timeIntervalSince1970: Double(value) / 1000).ISO8601Format()
    }
}

extension Reply {
    /// The lines of a list.
    func items() throws(CommandFailure) -> [[LineProtocol.Option]] {
        guard case .list(let items) = body else {
            throw CommandFailure(.internalError, "the server's reply is no list: \(summary)")
        }
        return items.map { $0.options ?? [] }
    }
}
