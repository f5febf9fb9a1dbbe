package import PhonePush

/// The push service in the phone, as the distributor of UnifiedPush is one: it takes messages of RFC 8030 from servers
/// and keeps each until the phone fetches it, another of its topic replaces it, or its time is over.
///
/// A state machine without I/O: the time is a parameter, in milliseconds since 1970, and so is the check of RFC 8292.
package struct Distributor: Sendable {
    /// A place that one server may send to.
    package struct Subscription: Sendable, Hashable {
        /// The public key of that server, 65 bytes: nobody else's messages are taken (RFC 8292 §4).
        package let serverKey: [UInt8]
        package var isGone: Bool

        /// A place for the server with this key.
        package init(serverKey: [UInt8], isGone: Bool = false) {
            self.serverKey = serverKey
            self.isGone = isGone
        }
    }

    /// A message that waits.
    package struct Message: Sendable, Hashable {
        /// The last part of the subscription's path.
        package let token: String
        package let body: [UInt8]
        package let urgency: PushUrgency
        package let topic: PushTopic?
        package let expiresAt: Int64
    }

    /// What goes back to the server.
    package struct Answer: Sendable, Hashable {
        package let status: Int
        package let fields: [PushRequest.Field]
        /// Why it is no 201; `nil` where it is.
        package let refusal: String?

        package init(status: Int, fields: [PushRequest.Field] = [], refusal: String? = nil) {
            self.status = status
            self.fields = fields
            self.refusal = refusal
        }
    }

    /// Either an answer or a fault that is none.
    package enum Reply: Sendable, Hashable {
        case answer(Answer)
        case fault(EndpointFault)
    }

    /// How many messages of a subscription wait at most; more are refused with 429.
    package static let maximumWaiting = 32
    /// What the paths of subscriptions begin with.
    package static let pathPrefix = "/push/"

    /// Scheme, host and port of the endpoints: what a server's signature has to be for (RFC 8292 §2).
    package var origin = ""
    private var subscriptions: [String: Subscription] = [:]
    private var accepted = 0
    private var waiting: [Message] = []
    private var faults: [EndpointFault] = []

    /// A distributor without subscriptions.
    package init() {}

    /// Where a server posts the messages of a subscription.
    package func endpoint(_ token: String) -> String { origin + Self.pathPrefix + token }

    /// Adds a subscription, or replaces it.
    package mutating func subscribe(_ token: String, _ subscription: Subscription) {
        subscriptions[token] = subscription
    }

    /// Ends a subscription: from now on the answer is 410. What waits for it is thrown away.
    package mutating func unsubscribe(_ token: String) {
        subscriptions[token]?.isGone = true
        waiting.removeAll { $0.token == token }
    }

    /// Forgets a subscription that was never used: from now on the answer is 404.
    package mutating func forget(_ token: String) {
        subscriptions[token] = nil
        waiting.removeAll { $0.token == token }
    }

    /// Adds faults, one for each of the next requests.
    package mutating func plan(_ planned: [EndpointFault]) { faults += planned }

    /// Takes a request.
    ///
    /// The order of checks: path, method, planned fault, body, header fields, and the sender's signature last.
    ///
    /// - Parameters:
    ///   - isListening: whether the phone fetches at once. A message that may not be kept is lost where it does not.
    ///   - authorize: the public key, 65 bytes, that signed this `Authorization` for this endpoint and time; `nil`
    ///     where none did.
    package mutating func receive(
        _ request: PushRequest, at now: Int64, isListening: Bool,
        authorize: (_ authorization: String) -> [UInt8]?
    ) -> Reply {
        guard request.path.hasPrefix(Self.pathPrefix) else {
            return Self.refuse(404, "no-such-path")
        }
        let token = String(request.path.dropFirst(Self.pathPrefix.count))
        guard let subscription = subscriptions[token] else {
            return Self.refuse(404, "no-such-subscription")
        }
        guard !subscription.isGone else { return Self.refuse(410, "gone") }
        guard request.method == "POST" else {
            return Self.refuse(405, "bad-method", [.init(name: "Allow", value: "POST")])
        }
        if !faults.isEmpty { return Self.reply(to: faults.removeFirst()) }
        do throws(PushRequest.Refusal) {
            let message = try Self.message(request, token, at: now)
            guard let key = authorize(try request.authorization), key == subscription.serverKey
            else { return Self.refuse(403, "bad-authorization") }
            return keep(message, at: now, isListening: isListening)
        } catch {
            return Self.refuse(error.status, error.code, error.fields)
        }
    }

    /// Takes the messages that wait and may still be delivered, the urgent ones first.
    package mutating func takeMessages(at now: Int64) -> [Message] {
        defer { waiting = [] }
        let current = waiting.filter { $0.expiresAt >= now }
        return PushUrgency.allCases.reversed().flatMap { urgency in
            current.filter { $0.urgency == urgency }
        }
    }

    private mutating func keep(_ message: Message, at now: Int64, isListening: Bool) -> Reply {
        waiting.removeAll { $0.expiresAt < now }
        if let topic = message.topic {
            waiting.removeAll { $0.token == message.token && $0.topic == topic }
        }
        guard waiting.count(where: { $0.token == message.token }) < Self.maximumWaiting else {
            return Self.refuse(429, "too-many", [.init(name: "Retry-After", value: "1")])
        }
        // Time to live zero: now or never (RFC 8030 §5.2).
        if message.expiresAt > now || isListening { waiting.append(message) }
        accepted += 1
        let seconds = (message.expiresAt - now) / 1_000
        return .answer(
            Answer(
                status: 201,
                fields: [
                    .init(name: "Location", value: "\(origin)/messages/\(accepted)"),
                    .init(name: "TTL", value: String(seconds)),
                ]))
    }

    private static func message(
        _ request: PushRequest, _ token: String, at now: Int64
    ) throws(PushRequest.Refusal) -> Message {
        let body = try request.encryptedBody
        return Message(
            token: token, body: body, urgency: try request.urgency, topic: try request.topic,
            expiresAt: now + (try request.timeToLive) * 1_000)
    }

    private static func refuse(
        _ status: Int, _ code: String, _ fields: [PushRequest.Field] = []
    ) -> Reply {
        .answer(Answer(status: status, fields: fields, refusal: code))
    }

    private static func reply(to fault: EndpointFault) -> Reply {
        switch fault {
        case .notFound: refuse(404, "planned")
        case .gone: refuse(410, "planned")
        case .tooLarge: refuse(413, "planned")
        case .tooMany(let seconds):
            refuse(429, "planned", [.init(name: "Retry-After", value: String(seconds))])
        case .unavailable: refuse(503, "planned")
        case .redirect(let place): refuse(307, "planned", [.init(name: "Location", value: place)])
        case .stall, .endlessBody, .tornAnswer: .fault(fault)
        }
    }
}
