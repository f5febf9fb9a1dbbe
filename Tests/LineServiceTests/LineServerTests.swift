import Foundation
import LineClient
import LineProtocol
import LineService
import NIOCore
import NIOPosix
import Testing

@Suite struct LineServerTests {
    @Test func `knows the client by what the kernel says of its socket`() async throws {
        try await LiveServer.run { live in
            let connection = try await live.connect()
            let reply = try await connection.request(RequestLine("VERIFY", ["alice", "123456"]))
            #expect(reply["user"] == "alice")
            await connection.close()
        }
    }

    @Test func `an unlisted user on the socket is unknown`() async throws {
        try await LiveServer.run(client: nil) { live in
            let connection = try await live.connect()
            let reply = try await connection.request(RequestLine("VERIFY", ["alice", "123456"]))
            #expect(reply.word == .noAuthentication)
            await connection.close()
        }
    }

    @Test func `the socket is for owner and group, and is gone after the stop`() async throws {
        let directory = try LiveServer.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let live = LiveServer(directory: directory)
        try await live.server.start()
        let mode = try FileManager.default.attributesOfItem(atPath: live.path)[.posixPermissions]
        #expect(mode as? Int == 0o660)
        await live.server.stop()
        #expect(!FileManager.default.fileExists(atPath: live.path))
        await #expect(throws: LineServiceError.alreadyStarted) { try await live.server.start() }
    }

    @Test func `replaces a stale socket but neither a live one nor another file`() async throws {
        let directory = try LiveServer.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/s.sock"
        let elsewhere = directory + "/t.sock"
        let stale = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: elsewhere).get()
        try FileManager.default.moveItem(atPath: elsewhere, toPath: path)
        try await stale.close()
        #expect(FileManager.default.fileExists(atPath: path), "as after a crash")

        let first = LiveServer(directory: directory, host: nil)
        try await first.server.start()
        let second = LiveServer(directory: directory, host: nil)
        await #expect(throws: LineServiceError.socketInUse(path: path)) {
            try await second.server.start()
        }
        let connection = try await first.connect()
        #expect(try await connection.request(RequestLine("PING")).word == .pong)
        await connection.close()
        await first.server.stop()

        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let third = LiveServer(directory: directory, host: nil)
        await #expect(throws: LineServiceError.notASocket(path: path)) {
            try await third.server.start()
        }
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "::", "example.org", "::ffff:127.0.0.1", ""])
    func `does not start on an address that is not loopback`(host: String) async throws {
        let live = LiveServer(directory: "/nonexistent", socket: false, host: host)
        await #expect(throws: LineServiceError.notLoopback(host: host)) {
            try await live.server.start()
        }
        let nowhere = LiveServer(directory: "/nonexistent", socket: false, host: nil)
        await #expect(throws: LineServiceError.nothingToListenOn) {
            try await nowhere.server.start()
        }
    }

    @Test func `refuses web browsers on TCP`() async throws {
        try await LiveServer.run { live in
            let heard = try await live.exchange(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", overTCP: true)
            #expect(heard == "-NOAUTH :say HELLO or AUTH first\r\n")
        }
    }

    @Test func `AUTH names the client on TCP`() async throws {
        try await LiveServer.run { live in
            let endpoint = LineConnection.Endpoint.tcp(
                host: "127.0.0.1", port: try #require(live.server.port))
            let connection = try await LineConnection.connect(
                to: endpoint, mode: .pipelined,
                credentials: .init(name: "mail", secret: "battery"), agent: "tests",
                on: live.group)
            let reply = try await connection.request(
                RequestLine("VERIFY", ["alice", "123456"], ["svc": "imap"]))
            #expect(reply["user"] == "alice")
            await connection.close()
            await #expect(throws: LineClientError.self) {
                try await LineConnection.connect(
                    to: endpoint, credentials: .init(name: "mail", secret: "x"), agent: "tests",
                    on: live.group)
            }
        }
    }

    @Test func `one connection too many is told so`() async throws {
        var limits = Limits()
        limits.connections = 1
        try await LiveServer.run(limits: limits) { live in
            let connection = try await live.connect()
            #expect(
                try await live.exchange("PING\n")
                    == "-BUSY retry=1000 :too many connections\r\n")
            #expect(try await connection.request(RequestLine("PING")).word == .pong)
            #expect(live.server.counters.refusedConnections == 1)
            #expect(live.server.openConnections == 1)
            await connection.close()
        }
    }

    @Test func `malformed input ends its own connection and no other`() async throws {
        try await LiveServer.run { live in
            let bystander = try await live.connect(.pipelined)
            let inputs: [(String, String)] = [
                ("VERIFY a\0b 1\n", "-SYNTAX :bare CR or NUL in line\r\n"),
                ("VERIFY al\rice 1\n", "-SYNTAX :bare CR or NUL in line\r\n"),
                ("*1\r\n$-5\r\n", "-SYNTAX :bad bulk length\r\n"),
                (
                    "PING\n*1\r\n",
                    "-SYNC :bytes follow the line but pipelining was not negotiated\r\n"
                ),
                (
                    String(repeating: "x", count: 300_000),
                    "-TOOBIG :request longer than allowed\r\n"
                ),
                ("QUIT\n", "+OK\r\n"),
            ]
            for (input, reply) in inputs {
                #expect(try await live.exchange(input) == reply)
                let still = try await bystander.request(RequestLine("VERIFY", ["alice", "123456"]))
                #expect(still["user"] == "alice")
            }
            await bystander.close()
        }
    }

    @Test func `half a request and silence is cut in time, and slows nobody`() async throws {
        var limits = Limits()
        limits.request = .milliseconds(100)
        try await LiveServer.run(limits: limits) { live in
            let bystander = try await live.connect(.pipelined)
            #expect(try await live.exchange("VERIFY ali") == "")
            #expect(live.server.counters.closures == ["request-deadline": 1])
            #expect(try await bystander.request(RequestLine("PING")).word == .pong)
            await bystander.close()
        }
    }

    @Test func `a client that never reads is held within bounds and then cut`() async throws {
        var limits = Limits()
        limits.write = .milliseconds(300)
        try await LiveServer.run(limits: limits) { live in
            let channel = try await ClientBootstrap(group: live.group)
                .channelOption(.autoRead, value: false)
                .connect(unixDomainSocketPath: live.path).get()
            let flood = (0..<100_000).map { "PING id=\(1_000_000 + $0)\n" }.joined()
            try await channel.writeAndFlush(
                ByteBuffer(string: "HELLO 1 features=pipeline\n")
            ).get()
            let bystander = try await live.connect()
            while live.server.counters.requests < 2 {
                #expect(try await bystander.request(RequestLine("PING")).word == .pong)
            }
            let written = (0..<10).map { _ in channel.writeAndFlush(ByteBuffer(string: flood)) }
            for write in written { try? await write.get() }
            channel.close(promise: nil)
            while live.server.counters.closures["write-deadline"] == nil {
                #expect(try await bystander.request(RequestLine("PING")).word == .pong)
            }
            let taken = live.server.counters.requests
            await bystander.close()
            #expect(taken < 300_000, "of a million, what two socket buffers and a window hold")
        }
    }

    @Test func `a burst of replies from another thread goes out in few writes`() async throws {
        try await LiveServer.run { live in
            let connection = try await live.connect(.pipelined)
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for user in 0..<100 {
                    group.addTask {
                        try await connection.request(RequestLine("HOLD", ["u\(user)"]))
                    }
                }
                while live.server.counters.requests < 101 { await Task.yield() }
                for user in (0..<100).reversed() { live.held.answer("u\(user)") }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(replies.compactMap { $0["user"] }).count == 100)
            await connection.close()
        }
    }

    @Test func `the stop waits for what is outstanding`() async throws {
        let directory = try LiveServer.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let live = LiveServer(directory: directory)
        try await live.server.start()
        let connection = try await live.connect(.outOfOrder)
        async let slow = connection.request(RequestLine("HOLD", ["alice"]))
        while live.server.counters.requests < 2 { await Task.yield() }
        async let stopped: Void = live.server.stop()
        var late = try await connection.request(RequestLine("VERIFY", ["bob", "123456"]))
        while late.isSuccess {
            late = try await connection.request(RequestLine("VERIFY", ["bob", "123456"]))
        }
        #expect(late.word == .shutdown)
        #expect(late["retry"] == "1000")
        live.held.answer("alice")
        #expect(try await slow["user"] == "alice")
        await stopped
        #expect(live.server.openConnections == 0)
        await #expect(throws: LineClientError.closed) {
            try await connection.request(RequestLine("PING"))
        }
    }

    @Test func `the stop cuts what does not end in time`() async throws {
        let directory = try LiveServer.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var limits = Limits()
        limits.stop = .milliseconds(50)
        let live = LiveServer(directory: directory, limits: limits)
        try await live.server.start()
        let connection = try await live.connect()
        let slow = Task { try await connection.request(RequestLine("HOLD", ["alice"])) }
        while live.server.counters.requests < 2 { await Task.yield() }
        await live.server.stop()
        await #expect(throws: LineClientError.closed) { try await slow.value }
    }
}
