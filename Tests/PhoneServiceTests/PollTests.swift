import Foundation
import NIOCore
import PhoneService
import PushMessages
import Testing

@Suite(.timeLimit(.minutes(2))) struct PollTests {
    private func poll(_ live: LiveServer, wait: Int = 50) async throws -> Wire {
        let wire = try await live.connect()
        wire.send(try HTTPText.request("POST", "/v1/prompts", body: Messages.poll(wait: wait)))
        return wire
    }

    @Test func `a waiting phone gets its prompt when it comes, and may wait again`() async throws {
        try await LiveServer.run { live in
            var events = live.script.events.makeAsyncIterator()
            let wire = try await poll(live)
            #expect(await events.next() == .polled(wait: 50))
            #expect(live.server.waitingPolls == 1)
            live.script.answer(.success(try Messages.prompt()))
            let heard = await wire.heard { $0.contains("prompt") }
            #expect(heard.hasPrefix("HTTP/1.1 200 OK\r\n"))
            wire.send(try HTTPText.request("POST", "/v1/prompts", body: Messages.poll()))
            #expect(await events.next() == .polled(wait: 50))
            live.script.answer(.success(nil))
            #expect(await wire.heard { $0.contains("204") }.contains("HTTP/1.1 204 No Content"))
            await eventually { live.server.waitingPolls == 0 }
            #expect(live.server.waitingPolls == 0)
            #expect(live.server.openConnections == 1)
            wire.vanish()
        }
    }

    @Test func `a phone that goes away ends its poll at once and leaves nothing`() async throws {
        try await LiveServer.run { live in
            var events = live.script.events.makeAsyncIterator()
            for _ in 0..<50 {
                let wire = try await poll(live)
                #expect(await events.next() == .polled(wait: 50))
                wire.vanish()
                #expect(await events.next() == .cancelled)
            }
            #expect(live.script.waiting == 0)
            await eventually { live.server.waitingPolls == 0 && live.server.openConnections == 0 }
            #expect(live.server.waitingPolls == 0)
            #expect(live.server.openConnections == 0)
        }
    }

    @Test func `a phone that stops sending does not wait any longer, and is told`() async throws {
        try await LiveServer.run { live in
            var events = live.script.events.makeAsyncIterator()
            let wire = try await poll(live)
            #expect(await events.next() == .polled(wait: 50))
            wire.finish()
            #expect(await events.next() == .cancelled)
            #expect(try HTTPReply(await wire.closed()).status == 503)
        }
    }

    @Test func `a phone that stops sending gets the reply to anything else`() async throws {
        try await LiveServer.run { live in
            live.script.change { $0.decision = nil }
            var events = live.script.events.makeAsyncIterator()
            let wire = try await live.connect()
            wire.send(try HTTPText.request("POST", "/v1/decisions", body: Messages.decision()))
            wire.finish()
            #expect(await events.next() == .decided(.approve))
            live.script.decide(.success(.accepted))
            let reply = try HTTPReply(await wire.closed())
            #expect(reply.status == 200)
            #expect(reply.fields["connection"] == "close")
        }
    }

    @Test func `a phone that talks while it waits is dealt with after the reply`() async throws {
        try await LiveServer.run { live in
            var events = live.script.events.makeAsyncIterator()
            let wire = try await poll(live)
            #expect(await events.next() == .polled(wait: 50))
            for _ in 0..<100 { wire.send([UInt8](repeating: 0x41, count: 10_000)) }
            live.script.answer(.success(nil))
            #expect(await wire.heard { $0.contains("\r\n\r\n") }.contains("204 No Content"))
            _ = await wire.closed()
            // Unread bytes do not hide that it goes.
            let other = try await poll(live)
            #expect(await events.next() == .polled(wait: 50))
            other.send([UInt8](repeating: 0x41, count: 100_000))
            other.vanish()
            #expect(await events.next() == .cancelled)
        }
    }

    @Test func `so many polls wait and no more`() async throws {
        var limits = LiveServer.wide
        limits.polls = 3
        try await LiveServer.run(limits: limits) { live in
            var events = live.script.events.makeAsyncIterator()
            var wires: [Wire] = []
            for _ in 0..<3 {
                wires.append(try await poll(live))
                #expect(await events.next() == .polled(wait: 50))
            }
            let fourth = try await live.request("POST", "/v1/prompts", body: Messages.poll())
            #expect(fourth.status == 503)
            #expect(fourth.body == #"{"code":"busy"}"#)
            #expect(fourth.fields["retry-after"] == "5")
            wires[0].vanish()
            #expect(await events.next() == .cancelled)
            await eventually { live.server.waitingPolls == 2 }
            wires.append(try await poll(live))
            #expect(await events.next() == .polled(wait: 50))
            for wire in wires { wire.vanish() }
        }
    }

    @Test func `a thousand polls wait at once`() async throws {
        var limits = LiveServer.wide
        limits.connectionsPerSubscriber = 2_000
        try await LiveServer.run(limits: limits) { live in
            var wires: [Wire] = []
            for _ in 0..<1_000 { wires.append(try await poll(live)) }
            await eventually { live.script.waiting == 1_000 }
            #expect(live.server.waitingPolls == 1_000)
            live.script.answer(.success(try Messages.prompt()))
            for wire in wires {
                let heard = await wire.heard { $0.contains("prompt") }
                #expect(heard.hasPrefix("HTTP/1.1 200 OK\r\n"))
                wire.vanish()
            }
            await eventually { live.server.openConnections == 0 }
            #expect(live.server.openConnections == 0)
        }
    }

    // MARK: Stopping

    @Test func `a stop ends the waits, answers what is outstanding and closes what is silent`()
        async throws
    {
        try await LiveServer.run { live in
            live.script.change { $0.decision = nil }
            var events = live.script.events.makeAsyncIterator()
            let waiting = try await poll(live)
            #expect(await events.next() == .polled(wait: 50))
            let deciding = try await live.connect()
            deciding.send(try HTTPText.request("POST", "/v1/decisions", body: Messages.decision()))
            #expect(await events.next() == .decided(.approve))
            let silent = try await live.connect()
            await eventually { live.server.openConnections == 3 }

            async let stopped: Void = live.server.stop()
            let ended = try HTTPReply(await waiting.closed())
            #expect(ended.status == 503)
            #expect(ended.fields["retry-after"] == "5")
            #expect(ended.fields["connection"] == "close")
            #expect(await events.next() == .cancelled)
            #expect(await silent.closed() == "")
            live.script.decide(.success(.accepted))
            #expect(try HTTPReply(await deciding.closed()).body == #"{"state":"accepted"}"#)
            await stopped
            #expect(live.server.openConnections == 0)
            await #expect(throws: (any Error).self) { try await Wire.connect(port: live.port) }
        }
    }

    @Test func `a stop does not wait for ever`() async throws {
        var limits = LiveServer.wide
        limits.stop = .milliseconds(100)
        try await LiveServer.run(limits: limits) { live in
            live.script.change { $0.decision = nil }
            var events = live.script.events.makeAsyncIterator()
            let deciding = try await live.connect()
            deciding.send(try HTTPText.request("POST", "/v1/decisions", body: Messages.decision()))
            #expect(await events.next() == .decided(.approve))
            let torn = try await live.connect()
            torn.send("POST /v1/decisions HTTP/1.1\r\nHost: a\r\n")
            await eventually { live.server.openConnections == 2 }
            let start = ContinuousClock.now
            await live.server.stop()
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(live.server.openConnections == 0)
            // The answer that comes too late hurts nobody.
            live.script.decide(.success(.accepted))
            await live.server.stop()
        }
    }

    @Test func `starts once, and says where it cannot listen`() async throws {
        try await LiveServer.run { live in
            await #expect(throws: PhoneServiceError.alreadyStarted) {
                try await live.server.start()
            }
            let second = try PhoneServer(
                configuration: .init(host: "127.0.0.1", port: live.port, transport: .plaintext),
                backend: ScriptedBackend().backend, group: Wire.group, logger: quiet,
                clock: { 0 })
            let error = try await #require(throws: PhoneServiceError.self) {
                try await second.start()
            }
            guard case .cannotListen(let place, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(place == "127.0.0.1 port \(live.port)")
            #expect(second.port == nil)
        }
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "169.254.1.1"])
    func `speaks plainly on loopback addresses alone`(host: String) async throws {
        let server = try PhoneServer(
            configuration: .init(host: host, port: 0, transport: .plaintext),
            backend: ScriptedBackend().backend, group: Wire.group, logger: quiet, clock: { 0 })
        await #expect(throws: PhoneServiceError.notLoopback(host: host)) {
            try await server.start()
        }
    }

    @Test(arguments: ["", "phones.example.org", "127.1", "0x7f000001", "127.0.0.1:80", "[::1]"])
    func `listens on addresses alone`(host: String) async throws {
        let server = try PhoneServer(
            configuration: .init(host: host, port: 0, transport: .plaintext),
            backend: ScriptedBackend().backend, group: Wire.group, logger: quiet, clock: { 0 })
        await #expect(throws: PhoneServiceError.notAnAddress(host: host)) {
            try await server.start()
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1", "127.3.2.1"])
    func `listens on any loopback address`(host: String) async throws {
        let server = try PhoneServer(
            configuration: .init(host: host, port: 0, transport: .plaintext),
            backend: ScriptedBackend().backend, group: Wire.group, logger: quiet, clock: { 0 })
        try await server.start()
        #expect(try #require(server.port) > 0)
        await server.stop()
    }
}
