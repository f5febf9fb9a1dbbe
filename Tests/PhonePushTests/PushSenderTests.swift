import Addresses
import Cryptography
import NIOCore
import NIOHTTP1
import NIOPosix
import PhonePush
import Testing

@Suite(.serialized, .timeLimit(.minutes(2)))
struct PushSenderTests {
    private static let secret = [UInt8](repeating: 9, count: 16)
    private static let phone = Result { try P256PrivateKey() }
    private static let time: Int64 = 1_700_000_000

    private static func subscription(port: Int) throws -> PushSubscription {
        try PushSubscription(
            endpoint: PushEndpoint("http://127.0.0.1:\(port)/push/phone"),
            publicKey: #require(phone.get().publicKey.p256Point), authenticationSecret: secret)
    }

    private static func sender(
        limits: PushSender.Limits = PushSender.Limits()
    ) throws -> PushSender {
        try PushSender(
            vapid: VAPID(key: P256PrivateKey(), subject: "mailto:push@example.com"),
            rule: EndpointRule("127.0.0.0/8:any"), trust: .roots([]), limits: limits, now: { time })
    }

    private static func answer(_ status: Int, _ headers: String = "") -> [ScriptedServer.Step] {
        [
            .awaitRequest,
            .send("HTTP/1.1 \(status) Status\r\n\(headers)Content-Length: 0\r\n\r\n"),
        ]
    }

    @Test func `a push is a request of RFC 8030`() async throws {
        let key = try P256PrivateKey()
        let vapid = try VAPID(key: key, subject: "mailto:push@example.com")
        try await ScriptedServer.run(Self.answer(201)) { server in
            let sender = try PushSender(
                vapid: vapid, rule: EndpointRule("127.0.0.0/8:any"), trust: .roots([]),
                now: { Self.time })
            let message = Array("sign in?".utf8)
            let outcome = await sender.send(
                message, to: try Self.subscription(port: server.port), ttl: .seconds(60),
                topic: try PushTopic("login"))
            #expect(outcome == .accepted)
            var events = server.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            guard case .request(let head, let body)? = await events.next() else {
                Issue.record("no request came")
                return
            }
            let lines = head.split(separator: "\r\n").map(String.init)
            #expect(lines.first == "POST /push/phone HTTP/1.1")
            let authorization = try #require(lines.first { $0.hasPrefix("Authorization: ") })
            #expect(
                Set(lines.dropFirst()) == [
                    "TTL: 60", "Urgency: high", "Topic: login", "Content-Encoding: aes128gcm",
                    "Content-Type: application/octet-stream", "Content-Length: \(body.count)",
                    "Host: 127.0.0.1:\(server.port)", "Connection: close", authorization,
                ])
            #expect(
                try VAPID.verify(
                    String(authorization.dropFirst("Authorization: ".count)),
                    audience: "http://127.0.0.1:\(server.port)", at: Self.time)
                    == vapid.publicKey)
            #expect(
                try WebPushMessage.open(
                    body, privateKey: Self.phone.get(), authenticationSecret: Self.secret)
                    == message)
        }
    }

    @Test(arguments: [
        (Duration.zero, "TTL: 0"), (.seconds(-5), "TTL: 0"), (.milliseconds(2_900), "TTL: 2"),
        (.seconds(1_000_000_000), "TTL: 2419200"),
    ])
    func `a time to live is whole seconds up to four weeks`(
        ttl: Duration, line: String
    ) async throws {
        try await ScriptedServer.run(Self.answer(201)) { server in
            _ = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: ttl, urgency: .veryLow)
            for await event in server.events {
                guard case .request(let head, _) = event else { continue }
                #expect(head.contains("\(line)\r\n"))
                #expect(head.contains("Urgency: very-low\r\n"))
                #expect(!head.contains("Topic"))
                break
            }
        }
    }

    @Test(arguments: [
        (200, PushOutcome.accepted), (201, .accepted), (202, .accepted), (204, .accepted),
        (301, .refused(status: 301)), (302, .refused(status: 302)), (304, .refused(status: 304)),
        (307, .refused(status: 307)), (308, .refused(status: 308)), (400, .refused(status: 400)),
        (401, .refused(status: 401)), (403, .refused(status: 403)), (404, .gone), (410, .gone),
        (413, .tooLarge), (429, .retryLater(status: 429, after: nil)),
        (600, .refused(status: 600)), (999, .refused(status: 999)),
    ])
    func `a status has its meaning`(status: Int, outcome: PushOutcome) async throws {
        try await ScriptedServer.run(
            Self.answer(status, "Location: http://127.0.0.1:1/\r\n")
        ) { server in
            let result = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == outcome)
            #expect(server.connectionCount == 1)
        }
    }

    @Test(arguments: [
        ("4", Duration.seconds(4)), ("120", .seconds(120)), ("86401", .seconds(86_400)),
        ("999999999", .seconds(86_400)), ("9999999999", nil), ("-1", nil), ("1.5", nil),
        ("soon", nil), ("", nil), ("Fri, 31 Dec 1999 23:59:59 GMT", nil), ("4, 5", nil),
        ("4\r\nRetry-After: 5", nil),
    ])
    func `a pause is told in seconds`(text: String, pause: Duration?) async throws {
        try await ScriptedServer.run(Self.answer(429, "Retry-After: \(text)\r\n")) { server in
            let result = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .retryLater(status: 429, after: pause))
            #expect(server.connectionCount == 1)
        }
    }

    // MARK: The second try

    @Test(arguments: [429, 500, 503])
    func `a pause that is short enough is followed by a second try`(status: Int) async throws {
        try await ScriptedServer.run(
            Self.answer(status, "Retry-After: 0\r\n"), Self.answer(201)
        ) { server in
            let result = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .accepted)
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `the second try is the last`() async throws {
        try await ScriptedServer.run(Self.answer(503, "Retry-After: 0\r\n")) { server in
            let result = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .retryLater(status: 503, after: .zero))
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `a fault without a word is tried again, too many requests are not`() async throws {
        try await ScriptedServer.run(Self.answer(502), Self.answer(201)) { server in
            let result = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .accepted)
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `there is no second try that the time does not hold`() async throws {
        var limits = PushSender.Limits()
        limits.time = .milliseconds(2_500)
        try await ScriptedServer.run(Self.answer(503, "Retry-After: 3\r\n")) { server in
            let result = try await Self.sender(limits: limits).send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .retryLater(status: 503, after: .seconds(3)))
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `what may have arrived is not sent again`() async throws {
        try await ScriptedServer.run([.awaitRequest, .close], Self.answer(201)) { server in
            let result = try await Self.sender().send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .unreachable(.connectionClosed))
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `a push service that is down is unreachable`() async throws {
        // Nobody listens any more at the port of a server that has stopped.
        let port = try await ScriptedServer.run([]) { $0.port }
        let result = try await Self.sender().send(
            [1], to: Self.subscription(port: port), ttl: .seconds(60))
        guard case .unreachable(.cannotConnect) = result else {
            Issue.record("\(result)")
            return
        }
    }

    // MARK: Bounds

    @Test func `beyond those under way and those waiting pushes are turned away`() async throws {
        var limits = PushSender.Limits()
        limits.maximumInFlight = 1
        limits.maximumWaiting = 0
        try await ScriptedServer.run([.awaitRequest], Self.answer(201)) { server in
            let sender = try Self.sender(limits: limits)
            let subscription = try Self.subscription(port: server.port)
            let first = Task { await sender.send([1], to: subscription, ttl: .seconds(60)) }
            for await event in server.events {
                if case .request = event { break }
            }
            let turnedAway = await sender.send([1], to: subscription, ttl: .seconds(60))
            #expect(turnedAway == .unreachable(.busy))
            first.cancel()
            #expect(await first.value == .unreachable(.cancelled))
            // The place is free again.
            #expect(await sender.send([1], to: subscription, ttl: .seconds(60)) == .accepted)
        }
    }

    @Test func `a place is left when the time is over`() async throws {
        var limits = PushSender.Limits()
        limits.maximumInFlight = 1
        limits.time = .milliseconds(700)
        try await ScriptedServer.run([.awaitRequest], [.awaitRequest], Self.answer(201)) { server in
            let sender = try Self.sender(limits: limits)
            let subscription = try Self.subscription(port: server.port)
            for _ in 0..<2 {
                #expect(
                    await sender.send([1], to: subscription, ttl: .seconds(60))
                        == .unreachable(.timedOut))
            }
            #expect(await sender.send([1], to: subscription, ttl: .seconds(60)) == .accepted)
        }
    }

    @Test func `an endpoint and a push service take so many at a time, and no others' places`()
        throws
    {
        let gate = DestinationGate(perEndpoint: 2, perOrigin: 3)
        let first = try PushEndpoint("https://push.example/1")
        let second = try PushEndpoint("https://push.example/2")
        let elsewhere = try PushEndpoint("https://up.example/1")
        #expect(
            [first, first, first, second, second].map(gate.enter) == [
                true, true, false, true, false,
            ])
        #expect(gate.enter(elsewhere))
        gate.leave(first)
        #expect([second, first].map(gate.enter) == [true, false])
        gate.leave(second)
        #expect(gate.enter(first))
    }

    @Test func `many pushes at once all arrive, a few at a time`() async throws {
        var limits = PushSender.Limits()
        limits.maximumInFlight = 4
        limits.maximumPerEndpoint = 120
        limits.time = .seconds(60)
        try await ScriptedServer.run(Self.answer(201)) { server in
            let sender = try Self.sender(limits: limits)
            let subscription = try Self.subscription(port: server.port)
            let outcomes = await withTaskGroup(of: PushOutcome.self) { group in
                for _ in 0..<120 {
                    group.addTask { await sender.send([1], to: subscription, ttl: .seconds(60)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes == [PushOutcome](repeating: .accepted, count: 120))
            #expect(server.connectionCount == 120)
        }
    }

    @Test func `a message that is too long goes nowhere`() async throws {
        try await ScriptedServer.run(Self.answer(201)) { server in
            let message = [UInt8](repeating: 0, count: 3_994)
            let result = try await Self.sender().send(
                message, to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(result == .unreachable(.messageTooLong(byteCount: 3_994)))
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `an endpoint beyond the rule goes nowhere`() async throws {
        try await ScriptedServer.run(Self.answer(201)) { server in
            let sender = try PushSender(
                vapid: VAPID(key: P256PrivateKey(), subject: "mailto:push@example.com"),
                trust: .roots([]), now: { Self.time })
            let result = try await sender.send(
                [1], to: Self.subscription(port: server.port), ttl: .seconds(60))
            #expect(
                result
                    == .unreachable(.hostNotAllowed(origin: "http://127.0.0.1:\(server.port)")))
            #expect(server.connectionCount == 0)
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct AdmissionGateTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let later = NIODeadline.now() + .minutes(10)

    @Test func `places, then seats, then nothing`() async throws {
        let gate = AdmissionGate(places: 2, seats: 1)
        try await gate.enter(until: later, on: loop)
        try await gate.enter(until: later, on: loop)
        let third = Task { try await gate.enter(until: later, on: loop) }
        while gate.waitingCount == 0 { await Task.yield() }
        await #expect(throws: PushFailure.busy) { try await gate.enter(until: later, on: loop) }
        gate.leave()
        try await third.value
        #expect(gate.waitingCount == 0)
    }

    @Test func `who gives up leaves the seat, and the place goes to the next`() async throws {
        let gate = AdmissionGate(places: 1, seats: 3)
        try await gate.enter(until: later, on: loop)
        let cancelled = Task { try await gate.enter(until: later, on: loop) }
        while gate.waitingCount < 1 { await Task.yield() }
        await #expect(throws: PushFailure.timedOut) {
            try await gate.enter(until: .now() + .milliseconds(1), on: loop)
        }
        let next = Task { try await gate.enter(until: later, on: loop) }
        while gate.waitingCount < 2 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: PushFailure.cancelled) { try await cancelled.value }
        #expect(gate.waitingCount == 1)
        gate.leave()
        try await next.value
        gate.leave()
        try await gate.enter(until: .now() + .milliseconds(1), on: loop)
    }

    @Test func `turns come in order`() async throws {
        let gate = AdmissionGate(places: 1, seats: 20)
        try await gate.enter(until: later, on: loop)
        let (turns, continuation) = AsyncStream.makeStream(of: Int.self)
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<20 {
            tasks.append(
                Task {
                    try await gate.enter(until: later, on: loop)
                    continuation.yield(number)
                    gate.leave()
                })
            while gate.waitingCount <= number { await Task.yield() }
        }
        gate.leave()
        for task in tasks { try await task.value }
        continuation.finish()
        #expect(await turns.reduce(into: []) { $0.append($1) } == Array(0..<20))
    }
}
