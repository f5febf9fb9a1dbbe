internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The HTTP server of the phone's push endpoint, on a loopback address.
///
/// It holds little: 64 connections, each silent for ten seconds at most and with one request of 4 096 bytes of body.
final class PushEndpointServer: Sendable {
    /// How many connections are open at the same time.
    static let maximumConnections = 64

    private let channel: any Channel
    private let connections: ConnectionTable

    /// The port that it listens on.
    let port: Int

    private init(channel: any Channel, connections: ConnectionTable, port: Int) {
        self.channel = channel
        self.connections = connections
        self.port = port
    }

    deinit { close() }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - host: a loopback address, in numbers.
    ///   - port: the port; 0 for any free one.
    ///   - answer: what to say to a request. It is called on an event loop and must not wait.
    static func start(
        host: String, port: Int,
        answer: @escaping @Sendable (PushRequest) -> Distributor.Reply
    ) async throws(PhoneFailure) -> PushEndpointServer {
        let name = "\(host):\(port)"
        guard let address = try? SocketAddress(ipAddress: host, port: port) else {
            throw .cannotListen(address: name, reason: "it is no address in numbers")
        }
        guard address.isLoopback else { throw .notLoopback(address: name) }
        let connections = ConnectionTable()
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard connections.add(channel) else {
                            channel.close(promise: nil)
                            return
                        }
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(PushRequestHandler(answer))
                    }
                }
                .bind(to: address).get()
            return PushEndpointServer(
                channel: channel, connections: connections,
                port: channel.localAddress?.port ?? port)
        } catch {
            throw .cannotListen(address: name, reason: String(describing: error))
        }
    }

    /// Stops listening and ends every connection.
    func close() {
        channel.close(promise: nil)
        connections.closeAll()
    }
}

extension SocketAddress {
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }
}
