import HTTPTypes
import HummingbirdCore
import NIOCore
import PushMessages
import Synchronization

/// Answers the requests of phones.
///
/// A request is looked at in this order: the subscriber's rate, the path, the method, the type of the body, its length,
/// its contents; then the backend has it. Nothing here logs what a request says.
final class PhoneRoutes: Sendable {
    private let backend: PhoneServiceBackend
    private let limits: PhoneServer.Limits
    private let clock: @Sendable () -> Int64
    private let budget: Mutex<RateBudget>
    private let polls = Mutex(0)

    /// - Parameter clock: Tells the time in ms since 1970.
    init(
        backend: PhoneServiceBackend, limits: PhoneServer.Limits,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.backend = backend
        self.limits = limits
        self.clock = clock
        budget = Mutex(
            RateBudget(
                rate: limits.ratePerSubscriber, burst: limits.burstPerSubscriber,
                capacity: limits.countedSubscribers, now: .now()))
    }

    /// Polls that wait now.
    var waitingPolls: Int { polls.withLock { $0 } }

    /// Whether a subscriber may connect or ask once more now.
    func allows(_ origin: Origin) -> Bool {
        budget.withLock { $0.take(origin, now: .now()) }
    }

    /// Answers one request.
    func respond(
        to request: Request, on connection: PhoneConnection
    ) async -> (HTTPResponse, ResponseBody) {
        let answer = await answer(request, on: connection)
            .with(.date, HTTPDate.text(clock() / 1_000))
        let isEmpty = answer.body.isEmpty || request.method == .head
        return (
            HTTPResponse(status: answer.status, headerFields: answer.fields),
            isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    private func answer(_ request: Request, on connection: PhoneConnection) async -> Answer {
        guard allows(connection.origin) else {
            return Answer(.tooManyRequests, code: "too-many-requests").with(.retryAfter, "1")
        }
        guard let route = request.head.path.flatMap(Route.init) else {
            return Answer(.notFound, code: "not-found")
        }
        guard request.method == route.method else {
            return Answer(.methodNotAllowed, code: "method-not-allowed")
                .with(.allow, route.method.rawValue)
        }
        if route == .introduction { return Answer(.ok, backend.introduction().encoded()) }
        guard request.hasJSON else { return Answer(.unsupportedMediaType, code: "not-json") }
        guard let body = await body(of: request) else { return Answer(.bodyTooLong) }
        do throws(MalformedPush) {
            return try await answer(route, body, on: connection)
        } catch {
            return Answer(.malformed, now: clock())
        }
    }

    private func answer(
        _ route: Route, _ body: [UInt8], on connection: PhoneConnection
    ) async throws(MalformedPush) -> Answer {
        switch route {
        case .introduction: return Answer(.ok, backend.introduction().encoded())
        case .registration:
            let registration = try PhoneRegistration(decoding: body)
            return await reply(on: connection) { completion in
                backend.register(registration, completion)
            } success: { reply in
                Answer(.created, reply.encoded())
            }
        case .poll: return await poll(try SignedPoll(decoding: body), on: connection)
        case .decision:
            let decision = try SignedDecision(decoding: body)
            return await reply(on: connection) { completion in
                backend.decide(decision, completion)
            } success: { reply in
                Answer(.ok, reply.encoded())
            }
        case .subscription:
            let update = try SubscriptionUpdate(decoding: body)
            return await reply(on: connection) { completion in
                backend.updateSubscription(update, completion)
            } success: { _ in
                Answer(.noContent)
            }
        }
    }

    /// The body, or `nil` for one that is too long.
    private func body(of request: Request) async -> [UInt8]? {
        var body: [UInt8] = []
        do {
            for try await buffer in request.body {
                guard body.count + buffer.readableBytes <= limits.body else { return nil }
                body += buffer.readableBytesView
            }
        } catch {
            // The connection is gone, and with it whoever would read an answer.
            return []
        }
        return body
    }

    // MARK: What the backend says

    private enum Outcome<Value: Sendable>: Sendable {
        case backend(Result<Value, PhoneRefusal>)
        case tooLate
        case connection(ConnectionWatch.Event)
    }

    /// Awaits a reply that comes soon. What was asked goes on when the client has gone.
    private func reply<Value: Sendable>(
        on connection: PhoneConnection,
        asking ask: (@escaping PhoneServiceBackend.Completion<Value>) -> Void,
        success: (Value) -> Answer
    ) async -> Answer {
        let pending = PendingReply<Outcome<Value>>()
        let timer = connection.channel.eventLoop.scheduleTask(in: limits.replyTime) {
            pending.settle(.tooLate)
        }
        connection.watch.observe { event in
            if event == .closed { pending.settle(.connection(event)) }
        }
        ask { result in pending.settle(.backend(result)) }
        let outcome = await pending.outcome()
        connection.watch.forget()
        timer.cancel()
        switch outcome {
        case .backend(.success(let value)): return success(value)
        case .backend(.failure(let refusal)): return Answer(refusal, now: clock())
        case .tooLate, .connection: return Answer(.unavailable, now: clock())
        }
    }

    /// Waits for a prompt. A client that has gone, a service that stops and a backend that forgets it end the wait.
    private func poll(_ poll: SignedPoll, on connection: PhoneConnection) async -> Answer {
        let isAdmitted = polls.withLock { polls in
            guard polls < limits.polls else { return false }
            polls += 1
            return true
        }
        guard isAdmitted else { return Answer(.busy, now: clock()) }
        defer { polls.withLock { $0 -= 1 } }
        let pending = PendingReply<Outcome<SignedPrompt?>>()
        let time = limits.replyTime + .seconds(Int64(poll.wait))
        let timer = connection.channel.eventLoop.scheduleTask(in: time) {
            pending.settle(.tooLate)
        }
        let cancel = backend.poll(poll) { result in pending.settle(.backend(result)) }
        connection.watch.observe { event in pending.settle(.connection(event)) }
        let outcome = await pending.outcome()
        connection.watch.forget()
        timer.cancel()
        switch outcome {
        case .backend(.success(let prompt)):
            guard let prompt else { return Answer(.noContent) }
            return Answer(.ok, PolledPrompt(prompt).encoded())
        case .backend(.failure(let refusal)): return Answer(refusal, now: clock())
        case .tooLate, .connection:
            cancel()
            return Answer(.unavailable, now: clock())
        }
    }
}

extension Request {
    /// Whether the body says that it is JSON in UTF-8, and in no other coding.
    fileprivate var hasJSON: Bool {
        guard
            headers[.contentEncoding] == nil,
            headers[values: .contentType].count == 1, let type = headers[.contentType]
        else { return false }
        let parts = type.lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        return parts == ["application/json"] || parts == ["application/json", "charset=utf-8"]
    }
}
