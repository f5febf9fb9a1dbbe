import Addresses
public import NIOCore
public import NIOPosix

/// Sends requests over connections of their own, and nowhere but where a rule allows.
///
/// Each host is looked up once; all of its addresses are checked, and the connection goes to one of those, so that a
/// name that means another address a moment later gains nothing. Redirections are answers like others: nothing is
/// followed. There is HTTP/1.1 over TLS 1.2 or 1.3, and plaintext to this machine alone.
public final class HTTPSClient: Sendable {
    /// How many of a host's addresses are tried.
    public static let maximumAttempts = 3

    private let channels: SecureChannels
    private let rule: EndpointRule
    private let resolver: HostResolver
    let group: any EventLoopGroup

    /// A client; throws ``PushFailure/invalidRoots(reason:)``.
    public init(
        trust: ServerTrust, rule: EndpointRule, resolver: HostResolver = .system,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(PushFailure) {
        channels = try SecureChannels(trust)
        self.rule = rule
        self.resolver = resolver
        self.group = group
    }

    /// Sends a request and gives the response, whatever its status.
    ///
    /// - Parameters:
    ///   - reading: How much of the response is wanted.
    ///   - time: For all of it: looking up, connecting, sending, receiving. Then, and when the task is cancelled, the
    ///     connection is closed.
    public func send(
        _ request: HTTPRequest, to endpoint: PushEndpoint,
        reading: ResponseReading = .body(maximumByteCount: 16 * 1_024), within time: Duration
    ) async throws(PushFailure) -> HTTPResponse {
        try await send(
            request, to: endpoint, reading: reading, until: .now() + TimeAmount(time),
            on: group.next())
    }

    func send(
        _ request: HTTPRequest, to endpoint: PushEndpoint, reading: ResponseReading,
        until deadline: NIODeadline, on loop: any EventLoop
    ) async throws(PushFailure) -> HTTPResponse {
        let addresses = try await addresses(of: endpoint, until: deadline, on: loop)
        try rule.check(addresses, of: endpoint)
        var failure = PushFailure.unresolved(host: "\(endpoint.host)")
        var attemptsLeft = Int64(min(addresses.count, Self.maximumAttempts))
        for address in addresses.prefix(Self.maximumAttempts) {
            let left = deadline - .now()
            guard left > .zero else { throw .timedOut }
            let exchange = HTTPExchange(request, at: endpoint, reading: reading)
            do throws(PushFailure) {
                return try await exchange.run(
                    to: address, through: channels, on: loop,
                    patience: .nanoseconds(left.nanoseconds / attemptsLeft), until: deadline)
            } catch {
                // Only what never reached anybody may go to another address.
                guard case .cannotConnect = error else { throw error }
                failure = error
            }
            attemptsLeft -= 1
        }
        throw failure
    }

    private func addresses(
        of endpoint: PushEndpoint, until deadline: NIODeadline, on loop: any EventLoop
    ) async throws(PushFailure) -> [IPAddress] {
        switch endpoint.host {
        case .address(let address): return [address]
        case .name(let name):
            guard rule.allowsLookUp(of: endpoint) else {
                throw .hostNotAllowed(origin: endpoint.origin)
            }
            return try await resolver.addresses(of: name, until: deadline, on: loop)
        }
    }
}
