import Cryptography
import Encoding
import Foundation
import PhonePush
import Testing
import TestSupport

/// What others wrote opens what is sealed here, and the other way round.
@Suite(
    .enabled(if: PushPeer.python != nil, "COUNTERSIGN_PEERS names no Python"),
    .timeLimit(.minutes(5)))
struct PushPeerTests {
    private struct Work: Encodable {
        let key: String
        let auth: String
        let sender: String
        let sealed: [String]
        let plaintexts: [String]
        let claims: [Claims]
        let headers: [String]
    }

    private struct Claims: Codable {
        let aud: String
        let exp: Int64
        let sub: String
    }

    private struct Answer: Decodable {
        let opened: [String]
        let sealed: [String]
        let headers: [String]
        let verified: [Verdict]
    }

    private enum Verdict: Decodable, Equatable {
        case yes
        case no(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let isValid = try? container.decode(Bool.self) {
                self = isValid ? .yes : .no("false")
            } else {
                self = .no(try container.decode(String.self))
            }
        }
    }

    @Test func `http-ece, pywebpush and py-vapid agree over many lengths`() async throws {
        var random = SplitMix64(seed: 4)
        let phone = try P256PrivateKey()
        let sender = try P256PrivateKey()
        let secret = random.bytes(16)
        let subscription = try PushSubscription(
            endpoint: PushEndpoint("https://push.example.net:8443/p"),
            publicKey: #require(phone.publicKey.p256Point), authenticationSecret: secret)
        let lengths =
            Array(1...64) + [255, 256, 257, 1_023, 1_024, 3_992, 3_993]
            + (0..<130).map { _ in Int.random(in: 1...3_993, using: &random) }
        let plaintexts = lengths.map { random.bytes($0) }
        let vapid = try VAPID(key: sender, subject: "mailto:push@example.com")
        let headers = try (0..<20).map { number in
            try vapid.authorization(for: subscription.endpoint, expiresAt: 2_000_000_000 + number)
        }
        let foreign = try VAPID(key: P256PrivateKey(), subject: "mailto:push@example.com")
            .authorization(for: subscription.endpoint, expiresAt: 2_000_000_000)
        let key = try #require(headers.first?.split(separator: "k=").last)
        let mixed = "\(try #require(foreign.split(separator: "k=").first))k=\(key)"
        let work = try Work(
            key: Hex.encode(phone.rawRepresentation), auth: Hex.encode(secret),
            sender: Hex.encode(sender.rawRepresentation),
            sealed: plaintexts.map { try Hex.encode(WebPushMessage.seal($0, for: subscription)) },
            plaintexts: plaintexts.map { Hex.encode($0) },
            claims: (0..<20).map { number in
                Claims(
                    aud: "https://push.example.net", exp: 2_000_000_000 + number,
                    sub: "mailto:push@example.com")
            },
            headers: headers + [mixed])
        let file = FileManager.default.temporaryDirectory
            .appending(path: "cs-push-\(UInt64.random(in: 0 ... .max)).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try JSONEncoder().encode(work).write(to: file)
        let line = try await PushPeer.line(of: "web_push_round.py", [file.path])
        let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))

        #expect(answer.opened == work.plaintexts)
        let opened = try answer.sealed.map {
            try WebPushMessage.open(
                Hex.decode($0), privateKey: phone, authenticationSecret: secret)
        }
        #expect(opened == plaintexts)
        #expect(answer.verified.dropLast() == [Verdict](repeating: .yes, count: 20)[...])
        #expect(answer.verified.last != .yes)
        #expect(answer.headers.count == 20)
        for (number, header) in answer.headers.enumerated() {
            let expiresAt = 2_000_000_000 + Int64(number)
            #expect(
                try VAPID.verify(
                    header, audience: "https://push.example.net", at: expiresAt - 3_600)
                    == sender.publicKey.p256Point)
            #expect(throws: PushFailure.authorizationNotInTime(expiresAt: expiresAt)) {
                try VAPID.verify(header, audience: "https://push.example.net", at: expiresAt)
            }
        }
    }

    private struct Received: Decodable, Equatable {
        let path: String
        let ttl: String
        let urgency: String
        let topic: String?
        let verified: Bool
        let plaintext: String
    }

    @Test func `a push service in Python takes our messages, and its phone opens them`()
        async throws
    {
        var random = SplitMix64(seed: 5)
        let phone = try P256PrivateKey()
        let secret = random.bytes(16)
        let service = try PushPeer.start(
            "push_service.py", [Hex.encode(phone.rawRepresentation), Hex.encode(secret)])
        defer {
            try? service.input.close()
            service.process.waitUntilExit()
        }
        var lines = service.lines.makeAsyncIterator()
        let port = try #require(await lines.next())
        let sender = try PushSender(
            vapid: VAPID(key: P256PrivateKey(), subject: "mailto:push@example.com"),
            rule: EndpointRule("127.0.0.1:any"), trust: .roots([]),
            now: { Int64(Date().timeIntervalSince1970) })
        let subscription = try PushSubscription(
            endpoint: PushEndpoint("http://127.0.0.1:\(port)/push/phone?x=1"),
            publicKey: #require(phone.publicKey.p256Point), authenticationSecret: secret)
        for length in [0, 1, 500, 3_993] {
            let message = random.bytes(length)
            let outcome = await sender.send(
                message, to: subscription, ttl: .seconds(60), topic: try PushTopic("login"))
            try #require(outcome == .accepted)
            let line = try #require(await lines.next())
            #expect(
                try JSONDecoder().decode(Received.self, from: Data(line.utf8))
                    == Received(
                        path: "/push/phone?x=1", ttl: "60", urgency: "high", topic: "login",
                        verified: true, plaintext: Hex.encode(message)))
        }
    }

    @Test func `pywebpush sends to a phone here`() async throws {
        var random = SplitMix64(seed: 6)
        let phone = try P256PrivateKey()
        let sender = try P256PrivateKey()
        let secret = random.bytes(16)
        let answer = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
        try await ScriptedServer.run([.awaitRequest, .send(answer), .close]) { server in
            let status = try await PushPeer.line(
                of: "push_message.py",
                [
                    "http://127.0.0.1:\(server.port)/push/phone",
                    Base64URL.encode(try #require(phone.publicKey.p256Point)),
                    Base64URL.encode(secret), Hex.encode(sender.rawRepresentation),
                    "approve 42?",
                ])
            #expect(status == "201")
            var events = server.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            guard case .request(let head, let body)? = await events.next() else {
                Issue.record("no request came")
                return
            }
            #expect(
                try WebPushMessage.open(body, privateKey: phone, authenticationSecret: secret)
                    == Array("approve 42?".utf8))
            let line = try #require(
                head.split(separator: "\r\n")
                    .first { $0.lowercased().hasPrefix("authorization: ") })
            #expect(
                try VAPID.verify(
                    String(line.dropFirst("authorization: ".count)),
                    audience: "http://127.0.0.1:\(server.port)",
                    at: Int64(Date().timeIntervalSince1970)) == sender.publicKey.p256Point)
        }
    }
}
