internal import NIOCore
internal import NIOPosix

/// Serves a software security key to this machine as CTAPHID over UDP: one datagram is one report of 64 bytes, and
/// replies go to whoever sent the request.
///
/// Anyone on the machine who may send a datagram to the port may use the key, so it is bound to loopback only.
public final class SecurityKeyUDPServer: Sendable {
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// The port that it listens on.
    public let port: Int

    private init(channel: any Channel, group: MultiThreadedEventLoopGroup, port: Int) {
        self.channel = channel
        self.group = group
        self.port = port
    }

    /// Ends the thread. Not before: whoever waits for the channel to close is told on it.
    deinit { group.shutdownGracefully { _ in } }

    /// Begins to serve.
    ///
    /// - Parameters:
    ///   - key: the key. It may be served elsewhere too.
    ///   - host: a loopback address, in numbers.
    ///   - port: the port; 0 for any free one.
    public static func start(
        _ key: SoftwareSecurityKey, host: String = "127.0.0.1", port: Int
    ) async throws(EmulatorError) -> SecurityKeyUDPServer {
        let name = "\(host):\(port)"
        let address: SocketAddress
        do {
            address = try SocketAddress(ipAddress: host, port: port)
        } catch {
            throw .cannotListen(address: name, reason: String(describing: error))
        }
        guard address.isLoopback else { throw .notLoopback(address: name) }
        // A thread of its own: the key signs and syncs its state file on it.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let channel = try await DatagramBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DatagramHandler(key))
                    }
                }
                .bind(to: address).get()
            return SecurityKeyUDPServer(
                channel: channel, group: group, port: channel.localAddress?.port ?? port)
        } catch {
            group.shutdownGracefully { _ in }
            throw .cannotListen(address: name, reason: String(describing: error))
        }
    }

    /// Waits until the server has stopped. Cancelling the task stops it.
    public func run() async {
        await withTaskCancellationHandler {
            // That the channel closed is all there is to know, whatever the reason.
            _ = try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Stops serving. The key stays as it is.
    public func stop() async {
        channel.close(promise: nil)
        await run()
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

/// Moves datagrams between clients and the key, and wakes the key when its time has come.
private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    /// How many clients are remembered; the one that was silent for longest is forgotten for a new one.
    private static let maximumClients = 64

    private struct Client {
        let port: Int
        var lastSeen: UInt64
    }

    private let key: SoftwareSecurityKey
    private var clients: [SocketAddress: Client] = [:]
    private var datagrams: UInt64 = 0
    private var wakeUp: Scheduled<Void>?

    init(_ key: SoftwareSecurityKey) {
        self.key = key
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let report = Array(envelope.data.readableBytesView)
        guard key.isPluggedIn else { return }
        datagrams += 1
        var client = clients[envelope.remoteAddress] ?? attach(envelope.remoteAddress, context)
        if !key.receive(report, from: client.port), key.isPluggedIn {
            // The key was out and in again since: the client starts anew with it.
            client = attach(envelope.remoteAddress, context)
            _ = key.receive(report, from: client.port)
        }
        client.lastSeen = datagrams
        clients[envelope.remoteAddress] = client
        scheduleWakeUp(context, for: client.port)
    }

    func channelInactive(context: ChannelHandlerContext) {
        wakeUp?.cancel()
        for client in clients.values { key.detach(client.port) }
        clients = [:]
    }

    private func attach(_ address: SocketAddress, _ context: ChannelHandlerContext) -> Client {
        if clients.count >= Self.maximumClients,
            let oldest = clients.min(by: { $0.value.lastSeen < $1.value.lastSeen })
        {
            key.detach(oldest.value.port)
            clients[oldest.key] = nil
        }
        let channel = context.channel
        let port = key.attach { report in
            guard !report.isEmpty else { return }
            let buffer = channel.allocator.buffer(bytes: report)
            channel.writeAndFlush(
                AddressedEnvelope(remoteAddress: address, data: buffer), promise: nil)
        }
        return Client(port: port, lastSeen: datagrams)
    }

    private func scheduleWakeUp(_ context: ChannelHandlerContext, for port: Int) {
        wakeUp?.cancel()
        wakeUp = nil
        let (_, nextCall) = key.advance(for: port)
        guard let nextCall else { return }
        wakeUp = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(nextCall)) {
            self.scheduleWakeUp(context, for: port)
        }
    }
}
