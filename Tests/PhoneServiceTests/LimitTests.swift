import Foundation
import NIOCore
import PhoneService
import PushMessages
import Testing

/// What a client may take of time, of connections and of requests.
@Suite(.timeLimit(.minutes(3))) struct LimitTests {
    @Test func `a request that takes too long is told so`() async throws {
        var limits = LiveServer.wide
        limits.requestTime = .seconds(1)
        try await LiveServer.run(limits: limits) { live in
            let head = try await live.exchange("POST /v1/decisions HTTP/1.1\r\nHost: a\r\nX")
            #expect(try HTTPReply(head).status == 408)
            let body = try await live.exchange(
                "POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{")
            let reply = try HTTPReply(body)
            #expect(reply.status == 408)
            #expect(reply.body == #"{"code":"too-slow"}"#)
            #expect(try await live.exchange("") == "")
            #expect(live.script.calls == 0)
        }
    }

    @Test func `a trickle does not keep a connection`() async throws {
        var limits = LiveServer.wide
        limits.requestTime = .seconds(1)
        try await LiveServer.run(limits: limits) { live in
            let wire = try await Wire.connect(
                port: live.port, saying: Array("POST /v1/decisions HTTP/1.1\r\nX: ".utf8))
            let start = ContinuousClock.now
            let trickle = Task { while await wire.deliver([0x61]), !Task.isCancelled {} }
            let heard = await wire.closed()
            trickle.cancel()
            #expect(ContinuousClock.now - start < .seconds(20))
            // Who goes on sending may lose the answer to the reset of the connection.
            #expect(heard.isEmpty || heard.hasPrefix("HTTP/1.1 4"))
            await eventually { live.server.openConnections == 0 }
            #expect(live.server.openConnections == 0)
        }
    }

    @Test func `a connection that has nothing more to say is closed`() async throws {
        var limits = LiveServer.wide
        limits.idle = .milliseconds(100)
        try await LiveServer.run(limits: limits) { live in
            let wire = try await live.connect()
            wire.send(HTTPText.request("GET", "/v1/server"))
            #expect(try HTTPReply(await wire.closed()).status == 200)
        }
    }

    @Test func `a client that never closes is closed`() async throws {
        var limits = LiveServer.wide
        limits.linger = .milliseconds(100)
        try await LiveServer.run(limits: limits) { live in
            _ = try await live.exchange("nonsense\r\n\r\n")
            let wire = try await live.connect()
            wire.send(HTTPText.request("GET", "/v1/server", fields: ["Connection: close"]))
            _ = await wire.closed()
            await eventually { live.server.openConnections == 0 }
            #expect(live.server.openConnections == 0)
        }
    }

    @Test func `takes so many connections and no more`() async throws {
        var limits = LiveServer.wide
        limits.connectionsPerSubscriber = 4
        try await LiveServer.run(limits: limits) { live in
            var wires: [Wire] = []
            for _ in 0..<4 { wires.append(try await live.connect()) }
            await eventually { live.server.openConnections == 4 }
            #expect(try await live.exchange("") == "", "closed unanswered")
            wires[0].vanish()
            await eventually { live.server.openConnections == 3 }
            #expect(try await live.request("GET", "/v1/server").status == 200)
            for wire in wires { wire.vanish() }
        }
    }

    @Test func `answers so many requests a second and no more`() async throws {
        var limits = LiveServer.wide
        limits.ratePerSubscriber = 1
        limits.burstPerSubscriber = 6
        try await LiveServer.run(limits: limits) { live in
            let start = ContinuousClock.now
            let wire = try await live.connect()
            var answers: [HTTPReply] = []
            while answers.last?.status != 429, answers.count < 1_000 {
                wire.send(
                    try HTTPText.request("POST", "/v1/decisions", body: Messages.decision()))
                let turn = answers.count + 2
                let heard = await wire.heard {
                    $0.components(separatedBy: "HTTP/1.1").count == turn && $0.hasSuffix("}")
                }
                let last = heard.components(separatedBy: "HTTP/1.1").last ?? ""
                answers.append(try HTTPReply("HTTP/1.1" + last))
            }
            let last = try #require(answers.last)
            #expect(last.status == 429)
            #expect(last.fields["retry-after"] == "1")
            #expect(last.body == #"{"code":"too-many-requests"}"#)
            // The connection was one of the six, and each second gives another.
            let seconds = Int((ContinuousClock.now - start).components.seconds)
            #expect(answers.count - 1 == live.script.calls)
            #expect((5...6 + seconds).contains(live.script.calls))
            wire.vanish()
        }
    }
}
