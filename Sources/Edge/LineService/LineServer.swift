import LineProtocol
public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// Serves the line protocol on a Unix socket, on loopback TCP, or on both.
public final class LineServer: Sendable {
    /// Where to listen and for whom.
    public struct Configuration: Sendable {
        /// The path of the Unix socket. Made with mode 0660; a stale one is replaced.
        public var socketPath: String?
        /// A loopback address and a port, 0 for any. There is no TLS yet, so no other address will do.
        public var address: (host: String, port: Int)?
        /// Who the clients are.
        public var access: AccessList
        /// What they may take of the server.
        public var limits = Limits()
        /// The name and version that HELLO gives: `countersign/1.0`.
        public var serverName: String
        /// The methods of authentication that HELLO lists.
        public var methods: [String]

        /// A configuration that listens nowhere yet.
        public init(access: AccessList, serverName: String, methods: [String] = []) {
            self.access = access
            self.serverName = serverName
            self.methods = methods
        }
    }

    private struct State {
        var wasStarted = false
        var isStopping = false
        var listeners: [any Channel] = []
        var port: Int?
        var socket: (file: SocketFile, identity: SocketFile.Identity)?
        var connections: [Int: (channel: any Channel, handler: ConnectionHandler)] = [:]
        var accepted = 0
        var refused = 0
    }

    private let configuration: Configuration
    private let facts: ServiceFacts
    private let verbs: VerbSet
    private let group: any EventLoopGroup
    private let logger: Logger
    private let loopStates: [ObjectIdentifier: LoopState]
    private let state = Mutex(State())

    /// A server that is not started yet.
    ///
    /// - Parameters:
    ///   - verbs: What it answers besides HELLO, AUTH, PING, QUIT, RESET and COMMAND DOCS.
    ///   - group: The event loops; the caller shuts them down after `stop()`.
    /// - Precondition: No two verbs have the same name.
    public init(
        configuration: Configuration, verbs: [Verb], group: any EventLoopGroup, logger: Logger
    ) {
        self.configuration = configuration
        self.verbs = VerbSet(verbs)
        self.group = group
        self.logger = logger
        facts = ServiceFacts(
            server: configuration.serverName, methods: configuration.methods,
            access: configuration.access, limits: configuration.limits)
        loopStates = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map {
                (ObjectIdentifier($0), LoopState(mailbox: CompletionMailbox(eventLoop: $0)))
            })
    }

    /// Figures since the start.
    public var counters: Counters {
        var sum = Counters()
        for loopState in loopStates.values { sum += loopState.snapshot }
        sum.refusedConnections += state.withLock { $0.refused }
        return sum
    }

    /// Connections open now.
    public var openConnections: Int { state.withLock { $0.connections.count } }

    /// The TCP port, once started; the system's choice where the configuration says 0.
    public var port: Int? { state.withLock { $0.port } }

    /// Begins to listen. When it throws, nothing is left listening.
    public func start() async throws(LineServiceError) {
        let isFirst = state.withLock { state in
            defer { state.wasStarted = true }
            return !state.wasStarted
        }
        guard isFirst else { throw .alreadyStarted }
        guard configuration.socketPath != nil || configuration.address != nil else {
            throw .nothingToListenOn
        }
        do throws(LineServiceError) {
            if let address = configuration.address { try await listen(on: address) }
            if let path = configuration.socketPath { try await listen(onSocket: path) }
        } catch {
            await stop()
            throw error
        }
    }

    /// Stops gracefully: no new connections, `-SHUTDOWN` for new requests, replies for outstanding
    /// ones, then the close. What is left after the limit's ten seconds is cut.
    public func stop() async {
        let (listeners, socket) = state.withLock { state in
            state.isStopping = true
            defer {
                state.listeners = []
                state.socket = nil
            }
            return (state.listeners, state.socket)
        }
        if let socket { socket.file.remove(socket.identity) }
        for listener in listeners {
            listener.close(promise: nil)
            do { try await listener.closeFuture.get() } catch {
                logger.warning("a listener closed with an error", metadata: ["error": "\(error)"])
            }
        }
        let open = state.withLock { Array($0.connections.values) }
        for (channel, handler) in open { channel.eventLoop.execute { handler.stop() } }
        let cut = group.next().scheduleTask(in: configuration.limits.stop) {
            for (channel, handler) in open { channel.eventLoop.execute { handler.abort() } }
        }
        for (channel, _) in open {
            do { try await channel.closeFuture.get() } catch {
                logger.debug("a connection closed with an error", metadata: ["error": "\(error)"])
            }
        }
        cut.cancel()
        logger.info("line service stopped", metadata: ["connections": "\(open.count)"])
    }

    // MARK: Listening

    private func listen(on address: (host: String, port: Int)) async throws(LineServiceError) {
        let host = address.host == "localhost" ? "127.0.0.1" : address.host
        guard let bindAddress = try? SocketAddress(ipAddress: host, port: address.port),
            let ip = bindAddress.ipAddress, ip.hasPrefix("127.") || ip == "::1"
        else { throw .notLoopback(host: address.host) }
        do {
            let listener = try await bootstrap(arrival: .network).bind(to: bindAddress).get()
            state.withLock { state in
                state.listeners.append(listener)
                state.port = listener.localAddress?.port
            }
            let place = listener.localAddress?.description ?? host
            logger.info("listening", metadata: ["address": "\(place)"])
        } catch {
            throw .cannotListen(place: "\(host):\(address.port)", reason: "\(error)")
        }
    }

    private func listen(onSocket path: String) async throws(LineServiceError) {
        let file = SocketFile(path: path)
        if let old = file.status {
            guard old.isSocket else { throw .notASocket(path: path) }
            guard await !isAnswering(path) else { throw .socketInUse(path: path) }
        }
        // Under another name until its mode is right. NIO removes that name when the listener closes,
        // which must not hit a socket that a successor has put at the path.
        let newborn = SocketFile(path: path + ".new")
        do {
            let listener = try await bootstrap(arrival: .local).bind(
                unixDomainSocketPath: newborn.path, cleanupExistingSocketFile: true
            ).get()
            let identity = newborn.status?.identity
            state.withLock { state in
                state.listeners.append(listener)
                state.socket = identity.map { (file, $0) }
            }
            guard newborn.restrictToGroup(), newborn.move(to: path) else {
                throw LineServiceError.cannotListen(
                    place: path, reason: "cannot set the mode and the place of the socket")
            }
            logger.info("listening", metadata: ["socket": "\(path)"])
        } catch let error as LineServiceError {
            throw error
        } catch {
            throw .cannotListen(place: path, reason: "\(error)")
        }
    }

    /// Whether a server accepts connections on the socket.
    private func isAnswering(_ path: String) async -> Bool {
        do {
            let probe = try await ClientBootstrap(group: group).connect(
                unixDomainSocketPath: path
            ).get()
            probe.close(promise: nil)
            return true
        } catch {
            return false
        }
    }

    private func bootstrap(arrival: RequestFlow.Arrival) -> ServerBootstrap {
        let mark = configuration.limits.window.replyOctets
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            // A server that starts again must not wait for the connections of the last one to be forgotten.
            .serverChannelOption(
                .socketOption(.so_reuseaddr), value: arrival == .network ? 1 : 0
            )
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: mark / 3, high: mark))
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 65536)
            )
            .childChannelInitializer { [self] channel in
                switch arrival {
                case .network:
                    return channel.eventLoop.makeCompletedFuture {
                        try accept(
                            channel, arrival: arrival, peer: nil,
                            from: channel.remoteAddress.map(Self.text) ?? "")
                    }
                case .local:
                    return PeerCredentials.userID(of: channel).flatMapThrowing { [self] userID in
                        try accept(
                            channel, arrival: arrival,
                            peer: configuration.access.client(userID: userID),
                            from: "uid \(userID)")
                    }
                }
            }
    }

    /// An address and a port as the records have them.
    private static func text(_ address: SocketAddress) -> String {
        guard let host = address.ipAddress, let port = address.port else { return "" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private func accept(
        _ channel: any Channel, arrival: RequestFlow.Arrival, peer: Client?, from: String
    ) throws {
        guard let loopState = loopStates[ObjectIdentifier(channel.eventLoop)] else {
            throw ChannelError.operationUnsupported
        }
        let number = state.withLock { state in
            state.accepted += 1
            return state.accepted
        }
        let session = Session(
            facts: facts, verbs: verbs, number: number, peer: peer, from: from)
        let handler = ConnectionHandler(
            session: session, arrival: arrival, loopState: loopState, now: channel.eventLoop.now)
        let refusal: Reply? = state.withLock { state in
            if state.isStopping { return .refusal(.shutdown, ["retry": "1000"]) }
            guard state.connections.count < configuration.limits.connections else {
                state.refused += 1
                return .refusal(.busy, ["retry": "1000"], text: "too many connections")
            }
            state.connections[number] = (channel, handler)
            return nil
        }
        if let refusal {
            try channel.pipeline.syncOperations.addHandler(RefusalHandler(refusal))
        } else {
            channel.closeFuture.whenComplete { [self] _ in
                state.withLock { _ = $0.connections.removeValue(forKey: number) }
            }
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }
}

/// Tells a connection that is not wanted to come back later, and closes it.
private final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reply: Reply

    init(_ reply: Reply) { self.reply = reply }

    func channelActive(context: ChannelHandlerContext) {
        var line: [UInt8] = []
        reply.encode(into: &line)
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(
            wrapOutboundOut(context.channel.allocator.buffer(bytes: line)), promise: written)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
