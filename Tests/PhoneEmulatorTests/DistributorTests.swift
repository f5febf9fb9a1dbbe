import PhoneEmulator
import PhonePush
import Testing

struct DistributorTests {
    private typealias Field = PushRequest.Field

    private static let key = [UInt8](repeating: 4, count: 65)
    private static let now: Int64 = 1_790_000_000_000
    private static let honest: [Field] = [
        Field(name: "TTL", value: "60"), Field(name: "content-encoding", value: "aes128gcm"),
        Field(name: "Urgency", value: "high"), Field(name: "Topic", value: "sign-in_1"),
        Field(name: "Authorization", value: "vapid right"),
    ]

    private var distributor: Distributor {
        var distributor = Distributor()
        distributor.origin = "http://127.0.0.1:9"
        distributor.subscribe("token", .init(serverKey: Self.key))
        return distributor
    }

    private static func request(
        _ fields: [Field] = honest, method: String = "POST", path: String = "/push/token",
        body: [UInt8]? = [1, 2, 3]
    ) -> PushRequest {
        PushRequest(method: method, path: path, fields: fields, body: body)
    }

    /// The honest fields with one replaced, or left out for `nil`.
    private static func fields(_ name: String, _ value: String?) -> [Field] {
        honest.filter { $0.name.lowercased() != name }
            + (value.map { [Field(name: name, value: $0)] } ?? [])
    }

    private static func send(
        _ request: PushRequest, to distributor: inout Distributor, at now: Int64 = now,
        isListening: Bool = false
    ) -> Distributor.Reply {
        distributor.receive(request, at: now, isListening: isListening) { authorization in
            switch authorization {
            case "vapid right": key
            case "vapid other": [UInt8](repeating: 5, count: 65)
            default: nil
            }
        }
    }

    private static func refusal(_ request: PushRequest, _ distributor: Distributor) -> String {
        var distributor = distributor
        guard case .answer(let answer) = send(request, to: &distributor) else { return "fault" }
        #expect(distributor.takeMessages(at: now).isEmpty)
        return "\(answer.status) \(answer.refusal ?? "")"
    }

    @Test func `takes a message, says where it is, and gives it once`() {
        var distributor = distributor
        let reply = Self.send(Self.request(), to: &distributor)
        #expect(
            reply
                == .answer(
                    .init(
                        status: 201,
                        fields: [
                            Field(name: "Location", value: "http://127.0.0.1:9/messages/1"),
                            Field(name: "TTL", value: "60"),
                        ])))
        let messages = distributor.takeMessages(at: Self.now)
        #expect(messages.map(\.token) == ["token"])
        #expect(messages.map(\.body) == [[1, 2, 3]])
        #expect(messages.map(\.topic?.description) == ["sign-in_1"])
        #expect(distributor.takeMessages(at: Self.now).isEmpty)
        #expect(distributor.endpoint("token") == "http://127.0.0.1:9/push/token")
    }

    @Test func `a field without which it can do takes its usual value`() {
        var distributor = distributor
        let fields = Self.fields("urgency", nil).filter { $0.name != "Topic" }
        _ = Self.send(Self.request(fields), to: &distributor)
        let messages = distributor.takeMessages(at: Self.now)
        #expect(messages.map(\.urgency) == [.normal])
        #expect(messages.map(\.topic) == [nil])
    }

    @Test(arguments: [
        ("ttl", nil, "400 bad-ttl"), ("ttl", "", "400 bad-ttl"), ("ttl", "-1", "400 bad-ttl"),
        ("ttl", "1.5", "400 bad-ttl"), ("ttl", "+60", "400 bad-ttl"), ("ttl", "60 ", "400 bad-ttl"),
        ("ttl", "12345678901", "400 bad-ttl"),
        ("ttl", "99999999999999999999999", "400 bad-ttl"),
        ("content-encoding", nil, "415 bad-content-encoding"),
        ("content-encoding", "aesgcm", "415 bad-content-encoding"),
        ("content-encoding", "aes128gcm, gzip", "415 bad-content-encoding"),
        ("urgency", "", "400 bad-urgency"), ("urgency", "highest", "400 bad-urgency"),
        ("topic", "", "400 bad-topic"), ("topic", "a b", "400 bad-topic"),
        ("topic", String(repeating: "a", count: 33), "400 bad-topic"),
        ("authorization", nil, "401 no-authorization"),
        ("authorization", "", "403 bad-authorization"),
        ("authorization", "vapid wrong", "403 bad-authorization"),
        ("authorization", "vapid other", "403 bad-authorization"),
    ])
    func `a field that is absent or wrong is refused`(
        _ name: String, _ value: String?, _ expected: String
    ) {
        let request = Self.request(Self.fields(name, value))
        #expect(Self.refusal(request, distributor) == expected)
    }

    @Test(arguments: [
        ("TTL", "400 bad-ttl"), ("Content-Encoding", "400 bad-content-encoding"),
        ("urgency", "400 bad-urgency"), ("topic", "400 bad-topic"),
        ("AUTHORIZATION", "400 bad-authorization"),
    ])
    func `a field that occurs twice is refused`(_ name: String, _ expected: String) throws {
        let field = try #require(Self.honest.first { $0.name.lowercased() == name.lowercased() })
        #expect(Self.refusal(Self.request(Self.honest + [field]), distributor) == expected)
    }

    @Test func `other paths, methods and bodies are refused`() {
        let distributor = distributor
        #expect(Self.refusal(Self.request(path: "/"), distributor) == "404 no-such-path")
        #expect(
            Self.refusal(Self.request(path: "/push/"), distributor) == "404 no-such-subscription")
        #expect(
            Self.refusal(Self.request(path: "/push/token?x"), distributor)
                == "404 no-such-subscription")
        #expect(Self.refusal(Self.request(method: "GET"), distributor) == "405 bad-method")
        #expect(Self.refusal(Self.request(method: "DELETE"), distributor) == "405 bad-method")
        #expect(Self.refusal(Self.request(body: nil), distributor) == "413 too-large")
        #expect(Self.refusal(Self.request(body: []), distributor) == "400 empty")
    }

    @Test func `a subscription that has ended is gone, one that never was is not found`() {
        var distributor = distributor
        _ = Self.send(Self.request(), to: &distributor)
        distributor.unsubscribe("token")
        #expect(distributor.takeMessages(at: Self.now).isEmpty)
        #expect(Self.refusal(Self.request(), distributor) == "410 gone")
        distributor.forget("token")
        #expect(Self.refusal(Self.request(), distributor) == "404 no-such-subscription")
    }

    @Test func `a message waits as long as it may`() {
        var distributor = distributor
        _ = Self.send(Self.request(), to: &distributor)
        var later = distributor
        #expect(later.takeMessages(at: Self.now + 60_000).count == 1)
        #expect(distributor.takeMessages(at: Self.now + 60_001).isEmpty)
    }

    @Test func `a message that may not wait is lost unless the phone listens`() {
        let request = Self.request(Self.fields("ttl", "0"))
        var distributor = distributor
        _ = Self.send(request, to: &distributor)
        #expect(distributor.takeMessages(at: Self.now).isEmpty)
        _ = Self.send(request, to: &distributor, isListening: true)
        #expect(distributor.takeMessages(at: Self.now).count == 1)
    }

    @Test func `a message replaces the one of its topic and subscription`() {
        var distributor = distributor
        distributor.subscribe("other", .init(serverKey: Self.key))
        _ = Self.send(Self.request(body: [1]), to: &distributor)
        _ = Self.send(Self.request(path: "/push/other", body: [2]), to: &distributor)
        _ = Self.send(Self.request(Self.fields("topic", "another"), body: [3]), to: &distributor)
        _ = Self.send(Self.request(Self.fields("topic", nil), body: [4]), to: &distributor)
        _ = Self.send(Self.request(Self.fields("topic", nil), body: [5]), to: &distributor)
        _ = Self.send(Self.request(body: [6]), to: &distributor)
        #expect(distributor.takeMessages(at: Self.now).map(\.body) == [[2], [3], [4], [5], [6]])
    }

    @Test func `urgent messages come first`() {
        var distributor = distributor
        for (index, urgency) in ["low", "high", "very-low", "normal"].enumerated() {
            let fields = Self.fields("urgency", urgency).filter { $0.name != "Topic" }
            _ = Self.send(Self.request(fields, body: [UInt8(index)]), to: &distributor)
        }
        #expect(distributor.takeMessages(at: Self.now).map(\.body) == [[1], [3], [0], [2]])
    }

    @Test func `only so many messages wait`() {
        var distributor = distributor
        let request = Self.request(Self.fields("topic", nil))
        for _ in 0..<Distributor.maximumWaiting { _ = Self.send(request, to: &distributor) }
        #expect(
            Self.send(request, to: &distributor)
                == .answer(
                    .init(
                        status: 429, fields: [Field(name: "Retry-After", value: "1")],
                        refusal: "too-many")))
        // Those whose time is over make room.
        guard
            case .answer(let answer) = Self.send(
                request, to: &distributor, at: Self.now + 60_001)
        else {
            Issue.record("no answer")
            return
        }
        #expect(answer.status == 201)
    }

    @Test func `each planned fault meets one request`() {
        var distributor = distributor
        distributor.plan([
            .notFound, .gone, .tooLarge, .tooMany(retryAfter: 7), .unavailable,
            .redirect(to: "http://127.0.0.1/"), .stall, .endlessBody, .tornAnswer,
        ])
        var statuses: [Int] = []
        var faults: [EndpointFault] = []
        for _ in 0..<10 {
            switch Self.send(Self.request(), to: &distributor) {
            case .answer(let answer): statuses.append(answer.status)
            case .fault(let fault): faults.append(fault)
            }
        }
        #expect(statuses == [404, 410, 413, 429, 503, 307, 201])
        #expect(faults == [.stall, .endlessBody, .tornAnswer])
        #expect(distributor.takeMessages(at: Self.now).count == 1)
    }
}
