public import NIOCore
import NIOHTTP1
public import NIOPosix

/// Delivers messages to phones through the push services that they name (RFC 8030).
///
/// So many pushes are under way at a time and so many more wait; beyond that they are turned away as
/// ``PushFailure/busy``. Each has its time, waiting and a second try included.
public final class PushSender: Sendable {
    /// How much a sender takes upon itself.
    public struct Limits: Sendable, Hashable {
        /// How many pushes are under way at a time.
        public var maximumInFlight = 32
        /// How many more wait.
        public var maximumWaiting = 256
        /// How many of those are to one endpoint. A phone that has more coming need not be told again.
        public var maximumPerEndpoint = 2
        /// How many are to one push service, so that a slow one leaves room for others.
        public var maximumPerOrigin = 128
        /// For one push.
        public var time: Duration = .seconds(10)

        /// 32 under way, 256 waiting, of those 2 to one endpoint and 128 to one push service; ten seconds.
        public init() {}
    }

    /// How long the pause before a second try may be, where the push service asks for one.
    public static let longestPause: Duration = .seconds(3)

    /// The pause before a second try, where nobody asks for another.
    static let usualPause: Duration = .milliseconds(500)

    private let vapid: VAPID
    private let client: HTTPSClient
    private let gate: AdmissionGate
    private let destinations: DestinationGate
    private let time: Duration
    private let now: @Sendable () -> Int64

    /// A sender.
    ///
    /// - Parameters:
    ///   - rule: Where it may be made to connect to.
    ///   - now: Seconds since 1970, for the authorisations.
    public init(
        vapid: VAPID, rule: EndpointRule = .publicInternet, trust: ServerTrust = .systemRoots,
        resolver: HostResolver = .system, limits: Limits = Limits(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        now: @escaping @Sendable () -> Int64
    ) throws(PushFailure) {
        self.vapid = vapid
        client = try HTTPSClient(trust: trust, rule: rule, resolver: resolver, group: group)
        gate = AdmissionGate(places: limits.maximumInFlight, seats: limits.maximumWaiting)
        destinations = DestinationGate(
            perEndpoint: limits.maximumPerEndpoint, perOrigin: limits.maximumPerOrigin)
        time = limits.time
        self.now = now
    }

    /// Seals a message for a phone and hands it to the phone's push service.
    ///
    /// There is at most one second try, and only where the push service can have nothing of the first: nobody answered
    /// at the address, or the answer was 429 or 5xx. It comes after the pause that the push service asks for, if that is
    /// three seconds at most; after half a second where it asks for none, but then not for 429. A try that ends without
    /// an answer is the last, because the push service may have the message.
    ///
    /// - Parameters:
    ///   - ttl: How long the push service keeps the message while the phone is away; whole seconds, four weeks at most.
    ///   - topic: What it replaces there.
    public func send(
        _ message: [UInt8], to subscription: PushSubscription, ttl: Duration,
        topic: PushTopic? = nil, urgency: PushUrgency = .high
    ) async -> PushOutcome {
        let loop = client.group.next()
        let deadline = NIODeadline.now() + TimeAmount(time)
        guard destinations.enter(subscription.endpoint) else { return .unreachable(.busy) }
        defer { destinations.leave(subscription.endpoint) }
        do throws(PushFailure) {
            try await gate.enter(until: deadline, on: loop)
        } catch {
            return .unreachable(error)
        }
        defer { gate.leave() }
        let request: HTTPRequest
        do throws(PushFailure) {
            request = try self.request(
                WebPushMessage.seal(message, for: subscription), for: subscription, ttl: ttl,
                topic: topic, urgency: urgency)
        } catch {
            return .unreachable(error)
        }
        let first = await attempt(request, at: subscription.endpoint, until: deadline, on: loop)
        guard let pause = Self.pause(after: first), .now() + TimeAmount(pause) < deadline else {
            return first
        }
        do throws(PushFailure) {
            try await wait(pause, on: loop)
        } catch {
            return .unreachable(error)
        }
        return await attempt(request, at: subscription.endpoint, until: deadline, on: loop)
    }

    private func attempt(
        _ request: HTTPRequest, at endpoint: PushEndpoint, until deadline: NIODeadline,
        on loop: any EventLoop
    ) async -> PushOutcome {
        do throws(PushFailure) {
            return PushOutcome(
                try await client.send(
                    request, to: endpoint, reading: .head, until: deadline, on: loop))
        } catch {
            return .unreachable(error)
        }
    }

    private func request(
        _ body: [UInt8], for subscription: PushSubscription, ttl: Duration, topic: PushTopic?,
        urgency: PushUrgency
    ) throws(PushFailure) -> HTTPRequest {
        let seconds = min(max(0, ttl.components.seconds), 28 * 86_400)
        let authorization = try vapid.authorization(
            for: subscription.endpoint, expiresAt: now() + VAPID.lifetime)
        var headers: HTTPHeaders = [
            "TTL": String(seconds),
            "Urgency": urgency.rawValue,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": authorization,
        ]
        if let topic { headers.add(name: "Topic", value: topic.description) }
        return HTTPRequest(method: .POST, headers: headers, body: body)
    }

    /// How long to wait before a second try, or `nil` where there is to be none.
    static func pause(after outcome: PushOutcome) -> Duration? {
        switch outcome {
        case .unreachable(.cannotConnect): usualPause
        case .retryLater(_, let pause?): pause <= longestPause ? pause : nil
        case .retryLater(500..<600, nil): usualPause
        default: nil
        }
    }

    private func wait(_ pause: Duration, on loop: any EventLoop) async throws(PushFailure) {
        let end = FirstOutcome<Void>()
        do throws(PushFailure) {
            try await end.value(until: .now() + TimeAmount(pause), on: loop)
        } catch .timedOut {
            return
        }
    }
}
