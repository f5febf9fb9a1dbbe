import Addresses
import HummingbirdCore
import HummingbirdTLS
public import Logging
public import NIOCore
import NIOSSL
import Synchronization

/// Serves phones over HTTPS: enrolment, the long poll for prompts, and decisions.
///
/// It listens at one address. What phones say is decoded here and answered by a ``PhoneServiceBackend``; no request is
/// trusted before the backend has verified its signature, so everything up to there is bounded: size, time, number and
/// rate.
public final class PhoneServer: Sendable {
    /// How phones are spoken to.
    public enum Transport: Sendable {
        /// TLS 1.2 or 1.3.
        case tls(TLSIdentity)
        /// Nothing between; for loopback addresses, such as behind a proxy that does TLS.
        case plaintext
    }

    /// Where to listen, and how.
    public struct Configuration: Sendable {
        /// An address; `localhost` for 127.0.0.1.
        public var host: String
        /// A port, 0 for any.
        public var port: Int
        /// How phones are spoken to.
        public var transport: Transport
        /// What they may take of the service.
        public var limits = Limits()

        /// A configuration with the usual limits.
        public init(host: String, port: Int, transport: Transport) {
            self.host = host
            self.port = port
            self.transport = transport
        }
    }

    private struct State {
        var wasStarted = false
        var port: Int?
        var running: (task: Task<Void, Never>, quiesce: @Sendable () async -> Void)?
    }

    private let configuration: Configuration
    private let group: any EventLoopGroup
    private let logger: Logger
    private let routes: PhoneRoutes
    private let connections: ConnectionRegistry
    private let state = Mutex(State())

    /// A server that is not started yet.
    ///
    /// - Parameters:
    ///   - group: The event loops; the caller shuts them down after `stop()`.
    ///   - clock: Tells the time in ms since 1970, for `Date` and for phones whose clock is wrong.
    public init(
        configuration: Configuration, backend: PhoneServiceBackend, group: any EventLoopGroup,
        logger: Logger, clock: @escaping @Sendable () -> Int64
    ) {
        self.configuration = configuration
        self.group = group
        self.logger = logger
        let limits = configuration.limits
        routes = PhoneRoutes(backend: backend, limits: limits, clock: clock)
        connections = ConnectionRegistry(
            maximum: limits.connections, perSubscriber: limits.connectionsPerSubscriber)
    }

    /// The port, once started; the system's choice where the configuration says 0.
    public var port: Int? { state.withLock { $0.port } }

    /// Connections open now.
    public var openConnections: Int { connections.count }

    /// Polls that wait now.
    public var waitingPolls: Int { routes.waitingPolls }

    /// Begins to listen. When it throws, nothing is left listening.
    public func start() async throws(PhoneServiceError) {
        let address = try checkedAddress()
        let isFirst = state.withLock { state in
            defer { state.wasStarted = true }
            return !state.wasStarted
        }
        guard isFirst else { throw .alreadyStarted }
        let channel = PhoneChannel(
            routes: routes, connections: connections, limits: configuration.limits, logger: logger)
        switch configuration.transport {
        case .plaintext: try await listen(on: address, channel)
        case .tls(let identity):
            try await listen(on: address, try identity.channel(around: channel))
        }
    }

    /// Stops gracefully: no new connections, an end to the waits of polls, replies for what else is outstanding, then
    /// the close. What is left after ``Limits/stop`` is cut.
    public func stop() async {
        guard let running = state.withLock({ $0.running.take() }) else { return }
        connections.close()
        let cut = group.next().scheduleTask(in: configuration.limits.stop) { [connections] in
            connections.cut()
        }
        await running.quiesce()
        await running.task.value
        cut.cancel()
        logger.info("phone service stopped")
    }

    // MARK: Listening

    private func checkedAddress() throws(PhoneServiceError) -> IPAddress {
        let host = configuration.host
        guard let address = try? IPAddress(host == "localhost" ? "127.0.0.1" : host) else {
            throw .notAnAddress(host: host)
        }
        if case .plaintext = configuration.transport, !address.isLoopback {
            throw .notLoopback(host: host)
        }
        return address
    }

    private func listen(
        on address: IPAddress, _ child: some ServerChildChannel
    ) async throws(PhoneServiceError) {
        var logger = logger
        // Of single connections it would tell more than there is to know.
        logger.logLevel = max(logger.logLevel, .warning)
        let started = PendingReply<Result<Int?, any Error>>()
        let server = Server(
            childChannelSetup: child,
            configuration: ServerConfiguration(
                address: .hostname(address.description, port: configuration.port), backlog: 1_024),
            onServerRunning: { channel in
                started.settle(.success(channel.localAddress?.port))
            },
            eventLoopGroup: group, logger: logger)
        let task = Task {
            do {
                try await server.run()
                started.settle(.success(nil))
            } catch {
                started.settle(.failure(error))
            }
        }
        let place = "\(address) port \(configuration.port)"
        switch await started.outcome() {
        case .success(let port):
            state.withLock { state in
                state.port = port
                state.running = (
                    task,
                    { [logger = self.logger] in
                        do { try await server.shutdownGracefully() } catch {
                            logger.warning(
                                "the phone service stopped with an error",
                                metadata: ["error": "\(type(of: error))"])
                        }
                    }
                )
            }
            self.logger.info(
                "listening for phones", metadata: ["address": "\(address)", "port": "\(port ?? 0)"])
        case .failure(let error): throw .cannotListen(place: place, reason: "\(error)")
        }
    }
}

extension IPAddress {
    /// Whether it is this machine itself.
    fileprivate var isLoopback: Bool {
        isVersion4 ? bytes.first == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}
