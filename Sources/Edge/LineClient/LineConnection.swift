public import LineProtocol
public import NIOCore
import NIOPosix

/// A connection to a server of the line protocol.
///
/// Each request carries an id of the connection's own, and only the reply that echoes it counts. A
/// time-out, a cancelled call or a reply out of turn closes the connection: its position in the
/// stream of replies is lost, and what comes later could be another's.
public final class LineConnection: Sendable {
    /// Where a server is.
    public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
        /// A Unix socket.
        case socket(path: String)
        /// A loopback address and a port.
        case tcp(host: String, port: Int)

        /// The path, or the host and the port.
        public var description: String {
            switch self {
            case .socket(let path): path
            case .tcp(let host, let port): "\(host):\(port)"
            }
        }
    }

    /// How many requests may be on their way, and how their replies come.
    public enum Mode: Sendable, Hashable {
        /// One; others wait their turn here.
        case oneAtATime
        /// As many as the server's window; in order.
        case pipelined
        /// As many as the server's window; as they come.
        case outOfOrder
    }

    /// A client's name and its secret, for AUTH.
    public struct Credentials: Sendable {
        let name: String
        let secret: String

        /// The pair.
        public init(name: String, secret: String) {
            self.name = name
            self.secret = secret
        }
    }

    private let channel: any Channel
    private let correlator: ReplyCorrelator

    private init(channel: any Channel, correlator: ReplyCorrelator) {
        self.channel = channel
        self.correlator = correlator
    }

    /// Connects, says who the client is if asked to, and agrees on the mode.
    ///
    /// - Parameters:
    ///   - agent: The name of this program, for the server's records.
    ///   - timeout: For the connection and each of the opening requests.
    public static func connect(
        to endpoint: Endpoint, mode: Mode = .oneAtATime, credentials: Credentials? = nil,
        agent: String, on group: any EventLoopGroup, timeout: Duration = .seconds(5)
    ) async throws(LineClientError) -> LineConnection {
        let correlator = ReplyCorrelator()
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(correlator)
                }
            }
        let channel: any Channel
        do {
            switch endpoint {
            case .socket(let path):
                channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            case .tcp(let host, let port):
                channel = try await bootstrap.connect(host: host, port: port).get()
            }
        } catch {
            throw .cannotConnect(place: endpoint.description, reason: "\(error)")
        }
        let connection = LineConnection(channel: channel, correlator: correlator)
        do throws(LineClientError) {
            try await connection.open(mode, credentials, agent: agent, timeout: timeout)
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    /// Sends a request and waits for its reply. A reply that says no is a reply, not an error.
    public func request(
        _ line: RequestLine, timeout: Duration = .seconds(30)
    ) async throws(LineClientError) -> Reply {
        let promise = channel.eventLoop.makePromise(of: ReplyCorrelator.Answer.self)
        let answer = await withTaskCancellationHandler {
            channel.eventLoop.execute { [correlator] in
                correlator.send(line, timeout: TimeAmount(timeout), promise: promise)
            }
            do {
                return try await promise.futureResult.get()
            } catch {
                return .failure(.closed)
            }
        } onCancel: {
            channel.eventLoop.execute { [correlator] in correlator.fail(.cancelled) }
        }
        return try answer.get()
    }

    /// Closes the connection; what is outstanding fails.
    public func close() async {
        channel.eventLoop.execute { [correlator] in correlator.fail(.closed) }
        // How the channel came to close does not matter here.
        _ = try? await channel.closeFuture.get()
    }

    private func open(
        _ mode: Mode, _ credentials: Credentials?, agent: String, timeout: Duration
    ) async throws(LineClientError) {
        let features =
            switch mode {
            case .oneAtATime: ""
            case .pipelined: "pipeline"
            case .outOfOrder: "pipeline,ooo"
            }
        let authentication: RequestLine?
        let greeting: RequestLine
        do throws(ArgumentError) {
            authentication = try credentials.map { credentials throws(ArgumentError) in
                try RequestLine("AUTH", [credentials.name, credentials.secret])
            }
            greeting = try RequestLine("HELLO", ["1"], ["features": features, "agent": agent])
        } catch {
            throw .refused(error.reply)
        }
        if let authentication {
            let reply = try await request(authentication, timeout: timeout)
            guard reply.isSuccess else { throw .refused(reply) }
        }
        let reply = try await request(greeting, timeout: timeout)
        let granted = reply["features"]?.split(separator: ",") ?? []
        guard reply.isSuccess, Set(features.split(separator: ",")).isSubset(of: granted) else {
            throw .refused(reply)
        }
        let window = mode == .oneAtATime ? 1 : reply["window"].flatMap(Int.init) ?? 1
        channel.eventLoop.execute { [correlator] in correlator.adopt(mode, window: window) }
    }
}
