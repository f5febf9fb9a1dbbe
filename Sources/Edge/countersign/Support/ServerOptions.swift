import ArgumentParser
import Foundation
import LineClient
import LineProtocol
import NIOPosix

/// Where the server is and who asks.
struct ServerOptions: ParsableArguments {
    static let defaultSocket = "/run/countersign/countersign.sock"

    @Option(help: "The server's Unix socket.")
    var socket: String = ProcessInfo.processInfo.environment["COUNTERSIGN_SOCKET"] ?? defaultSocket

    @Option(
        help: ArgumentHelp(
            "The server's TCP address instead, on this machine.",
            discussion: "Name and secret are read from COUNTERSIGN_CLIENT and COUNTERSIGN_SECRET.",
            valueName: "host:port"))
    var tcp: String?

    func endpoint() throws(CommandFailure) -> LineConnection.Endpoint {
        guard let tcp else { return .socket(path: socket) }
        guard let address = HostAndPort(tcp) else {
            throw CommandFailure(
                .configuration, "'\(tcp)' is not an address", advice: "Give it as 127.0.0.1:7300.")
        }
        return .tcp(host: address.host, port: address.port)
    }

    /// Name and secret of the client, where the environment has them.
    var identity: (name: String, secret: String)? {
        let environment = ProcessInfo.processInfo.environment
        guard
            let name = environment["COUNTERSIGN_CLIENT"],
            let secret = environment["COUNTERSIGN_SECRET"]
        else { return nil }
        return (name, secret)
    }

    /// Connects for a few requests: those of the administrator whose ticket COUNTERSIGN_TICKET has, where there is one.
    func connect() async throws(CommandFailure) -> ServerConnection {
        let connection = try await ServerConnection(
            to: endpoint(),
            credentials: identity.map {
                LineConnection.Credentials(name: $0.name, secret: $0.secret)
            })
        if let ticket = ProcessInfo.processInfo.environment["COUNTERSIGN_TICKET"] {
            _ = try await connection.demand(
                "ACT", [ticket],
                advice:
                    "COUNTERSIGN_TICKET holds no ticket that is good: sign in again, or unset it."
            )
        }
        return connection
    }
}

/// An address of the form `host:port`; an IPv6 host stands in brackets.
struct HostAndPort {
    let host: String
    let port: Int

    init?(_ text: String) {
        guard
            let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = Int(port)
    }
}

/// A connection of the command's to its server. A refusal is a failure of the command.
struct ServerConnection {
    private let connection: LineConnection
    private let place: String

    init(
        to endpoint: LineConnection.Endpoint, credentials: LineConnection.Credentials?
    ) async throws(CommandFailure) {
        place = endpoint.description
        do throws(LineClientError) {
            connection = try await LineConnection.connect(
                to: endpoint, mode: .oneAtATime, credentials: credentials,
                agent: "countersign/\(Countersign.version)",
                on: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(5))
        } catch {
            throw CommandFailure(error, server: place)
        }
    }

    /// Sends a request; the reply may say no.
    func ask(
        _ verb: String, _ positionals: [String] = [], _ options: KeyValuePairs<String, String> = [:]
    ) async throws(CommandFailure) -> Reply {
        try await ask(verb, positionals, options: options.map { .init($0.key, $0.value) })
    }

    /// Sends a request whose options were put together one by one; the reply may say no.
    func ask(
        _ verb: String, _ positionals: [String], options: [LineProtocol.Option]
    ) async throws(CommandFailure) -> Reply {
        let line: RequestLine
        do throws(ArgumentError) {
            line = try RequestLine(verb, positionals, options: options)
        } catch {
            throw CommandFailure(
                .configuration, "a name or label cannot be sent (\(error.code))",
                advice: "Leave control characters out of it.")
        }
        do throws(LineClientError) {
            return try await connection.request(line)
        } catch {
            throw CommandFailure(error, server: place)
        }
    }

    /// Sends a request that has to succeed.
    func demand(
        _ verb: String, _ positionals: [String] = [],
        _ options: KeyValuePairs<String, String> = [:], advice: String? = nil
    ) async throws(CommandFailure) -> Reply {
        try await demand(
            verb, positionals, options: options.map { .init($0.key, $0.value) }, advice: advice)
    }

    /// Sends a request whose options were put together one by one, and that has to succeed.
    func demand(
        _ verb: String, _ positionals: [String], options: [LineProtocol.Option],
        advice: String? = nil
    ) async throws(CommandFailure) -> Reply {
        let reply = try await ask(verb, positionals, options: options)
        guard reply.isSuccess else {
            throw CommandFailure(
                .refused, "the server refused \(verb): \(reply.summary)", advice: advice)
        }
        return reply
    }

    func close() async {
        await connection.close()
    }
}

extension Reply {
    /// An option that the server always sends.
    func required(_ key: String) throws(CommandFailure) -> String {
        guard let value = self[key] else {
            throw CommandFailure(
                .internalError, "the server's reply has no \(key): \(summary)",
                advice: "Server and command may be of different versions.")
        }
        return value
    }
}
