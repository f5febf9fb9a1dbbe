import Foundation
import NIOCore
import Encoding
import PhoneService
import PushMessages
import Testing

@Suite(.timeLimit(.minutes(2))) struct RouteTests {
    @Test func `introduces the server`() async throws {
        try await LiveServer.run { live in
            let reply = try await live.request("GET", "/v1/server", body: nil)
            #expect(reply.status == 200)
            let introduction = try ServerIntroduction(decoding: Array(reply.body.utf8))
            #expect(introduction.name == "Countersign")
            #expect(introduction.pushKey == Messages.point)
            #expect(
                reply.fields == [
                    "content-type": "application/json", "cache-control": "no-store",
                    "content-length": "\(reply.body.utf8.count)", "connection": "close",
                    "x-content-type-options": "nosniff", "date": "Tue, 24 Nov 2026 12:00:00 GMT",
                ])
        }
    }

    @Test func `registers a phone`() async throws {
        try await LiveServer.run { live in
            let reply = try await live.request(
                "POST", "/v1/phones", body: Messages.registration())
            #expect(reply.status == 201)
            let registered = try RegistrationReply(decoding: Array(reply.body.utf8))
            #expect(registered.user == "ada")
            var events = live.script.events.makeAsyncIterator()
            #expect(await events.next() == .registered(name: "Ada's phone"))
        }
    }

    @Test func `hands out the prompt that is there`() async throws {
        try await LiveServer.run { live in
            let prompt = try Messages.prompt()
            live.script.change { $0.poll = .success(prompt) }
            let reply = try await live.request("POST", "/v1/prompts", body: Messages.poll(wait: 7))
            #expect(reply.status == 200)
            #expect(try PolledPrompt(decoding: Array(reply.body.utf8)).prompt == prompt)
            var events = live.script.events.makeAsyncIterator()
            #expect(await events.next() == .polled(wait: 7))
        }
    }

    @Test func `says with an empty reply that there is no prompt`() async throws {
        try await LiveServer.run { live in
            live.script.change { $0.poll = .success(nil) }
            let reply = try await live.request("POST", "/v1/prompts", body: Messages.poll())
            #expect(reply.status == 204)
            #expect(reply.body.isEmpty)
            #expect(reply.fields["content-length"] == nil)
            #expect(reply.fields["content-type"] == nil)
            #expect(reply.fields["cache-control"] == "no-store")
        }
    }

    @Test func `takes decisions`() async throws {
        try await LiveServer.run { live in
            let reply = try await live.request("POST", "/v1/decisions", body: Messages.decision())
            #expect(reply.status == 200)
            #expect(reply.body == #"{"state":"accepted"}"#)
            live.script.change { $0.decision = .success(.refused(code: "push-expired")) }
            let late = try await live.request("POST", "/v1/decisions", body: Messages.decision())
            #expect(late.status == 200)
            #expect(
                try DecisionReply(decoding: Array(late.body.utf8))
                    == .refused(code: "push-expired"))
        }
    }

    @Test func `takes new subscriptions`() async throws {
        try await LiveServer.run { live in
            let reply = try await live.request(
                "POST", "/v1/subscription", body: Messages.subscription())
            #expect(reply.status == 204)
            #expect(reply.body.isEmpty)
        }
    }

    @Test(arguments: PhoneRefusal.allCases)
    func `says why the backend refuses`(refusal: PhoneRefusal) async throws {
        try await LiveServer.run { live in
            live.script.change { script in
                script.registration = .failure(refusal)
                script.decision = .failure(refusal)
                script.subscription = .failure(refusal)
                script.poll = .failure(refusal)
            }
            let requests: [(String, [UInt8])] = try [
                ("/v1/phones", Messages.registration()), ("/v1/decisions", Messages.decision()),
                ("/v1/subscription", Messages.subscription()), ("/v1/prompts", Messages.poll()),
            ]
            for (path, body) in requests {
                let reply = try await live.request("POST", path, body: body)
                #expect(reply.status == refusal.status)
                let error = try ErrorReply(decoding: Array(reply.body.utf8))
                #expect(error.code == refusal.rawValue)
                #expect(error.time == (refusal == .wrongTime ? LiveServer.now : nil))
                #expect(reply.fields["retry-after"] == (refusal.status == 503 ? "5" : nil))
            }
        }
    }

    @Test(arguments: ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
    func `has one method for each path`(method: String) async throws {
        try await LiveServer.run { live in
            for path in ["/v1/phones", "/v1/prompts", "/v1/decisions", "/v1/subscription"] {
                let reply = try await live.request(method, path)
                #expect(reply.status == 405)
                #expect(reply.fields["allow"] == "POST")
                #expect(
                    reply.body == (method == "HEAD" ? "" : #"{"code":"method-not-allowed"}"#))
                // Pages of other servers are to get nothing out of a browser.
                #expect(!reply.fields.keys.contains { $0.hasPrefix("access-control") })
            }
            guard method != "GET" else { return }
            let reply = try await live.request(method, "/v1/server")
            #expect(reply.status == 405)
            #expect(reply.fields["allow"] == "GET")
        }
    }

    @Test(arguments: [
        "/", "/v1", "/v1/server/", "/v1/server?x=1", "//v1/server", "/v1/../v1/server",
        "/v1/serve%72", "/V1/SERVER", "/v1/phones/1", "*", "http://phones.example.org/v2/server",
    ])
    func `knows no other path`(path: String) async throws {
        try await LiveServer.run { live in
            let reply = try await live.request("GET", path)
            #expect([400, 404].contains(reply.status), "\(reply.status)")
            #expect(live.script.calls == 0)
        }
    }

    @Test func `takes the absolute form of a request`() async throws {
        try await LiveServer.run { live in
            let reply = try await live.request("GET", "http://phones.example.org/v1/server")
            #expect(reply.status == 200)
        }
    }

    @Test(arguments: [
        nil, "", "text/plain", "application/jsonp", "application/json; charset=latin1",
        "application/json, text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data", "application/json; boundary=x", "application/json;",
    ])
    func `takes JSON alone`(type: String?) async throws {
        try await LiveServer.run { live in
            let reply = try await live.request(
                "POST", "/v1/decisions", type: type, body: Messages.decision())
            #expect(reply.status == 415)
            #expect(reply.body == #"{"code":"not-json"}"#)
            #expect(live.script.calls == 0)
        }
    }

    @Test func `takes JSON that says it is UTF-8 but not what is compressed or typed twice`()
        async throws
    {
        try await LiveServer.run { live in
            let body = try Messages.decision()
            let utf8 = try await live.request(
                "POST", "/v1/decisions", type: "Application/JSON ; Charset=UTF-8", body: body)
            #expect(utf8.status == 200)
            let packed = try await live.request(
                "POST", "/v1/decisions", fields: ["Content-Encoding: gzip"], body: body)
            #expect(packed.status == 415)
            let twice = try await live.request(
                "POST", "/v1/decisions", fields: ["Content-Type: application/json"], body: body)
            #expect(twice.status == 415)
            #expect(live.script.calls == 1)
        }
    }

    @Test func `one connection serves many requests`() async throws {
        try await LiveServer.run { live in
            let wire = try await live.connect()
            for turn in 1...20 {
                wire.send(
                    try HTTPText.request("POST", "/v1/decisions", body: Messages.decision()))
                let heard = await wire.heard { text in
                    text.components(separatedBy: "accepted").count == turn + 1
                }
                #expect(heard.components(separatedBy: "HTTP/1.1 200 OK").count == turn + 1)
            }
            #expect(live.script.calls == 20)
            #expect(live.server.openConnections == 1)
            wire.vanish()
        }
    }

    @Test func `a backend that forgets to answer is not waited for`() async throws {
        var limits = LiveServer.wide
        limits.replyTime = .milliseconds(50)
        try await LiveServer.run(limits: limits) { live in
            live.script.change { script in
                script.decision = nil
                script.registration = nil
            }
            let reply = try await live.request("POST", "/v1/decisions", body: Messages.decision())
            #expect(reply.status == 503)
            #expect(reply.body == #"{"code":"unavailable"}"#)
            let poll = try await live.request("POST", "/v1/prompts", body: Messages.poll(wait: 0))
            #expect(poll.status == 503)
            var events = live.script.events.makeAsyncIterator()
            #expect(await events.next() == .decided(.approve))
            #expect(await events.next() == .polled(wait: 0))
            #expect(await events.next() == .cancelled)
        }
    }
}
