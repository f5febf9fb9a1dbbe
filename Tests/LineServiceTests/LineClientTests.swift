import Foundation
import LineClient
import LineProtocol
import LineService
import NIOCore
import NIOPosix
import Testing

@Suite struct LineClientTests {
    /// A server that answers the first line with HELLO's reply and each later one from the script.
    private func scripted(
        _ replies: [String], features: String = "pipeline,ooo",
        _ body: (LineConnection.Endpoint, any EventLoopGroup) async throws -> Void
    ) async throws {
        let directory = try LiveServer.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let group = MultiThreadedEventLoopGroup.singleton
        let path = directory + "/s.sock"
        let hello = "+OK id=1 proto=1 window=128 features=\(features)\r\n"
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Script([hello] + replies))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        try await body(.socket(path: path), group)
        try await listener.close()
    }

    private func connect(
        _ endpoint: LineConnection.Endpoint, _ group: any EventLoopGroup,
        _ mode: LineConnection.Mode = .pipelined
    ) async throws -> LineConnection {
        try await LineConnection.connect(to: endpoint, mode: mode, agent: "tests", on: group)
    }

    @Test func `many tasks share a connection and each gets its own reply`() async throws {
        for mode in [LineConnection.Mode.oneAtATime, .pipelined, .outOfOrder] {
            try await LiveServer.run { live in
                let connection = try await live.connect(mode)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<300 {
                        group.addTask {
                            let user = "user \(number)"
                            let reply = try await connection.request(
                                RequestLine("VERIFY", [user, "123456"]))
                            #expect(reply["user"] == user)
                        }
                    }
                    try await group.waitForAll()
                }
                let list = try await connection.request(RequestLine("CRED LIST", ["2"]))
                #expect(list.body == .list([ListItem(["cred": "0"]), ListItem(["cred": "1"])]))
                let bad = try await connection.request(RequestLine("CRED LIST", ["x"]))
                #expect(bad.text == "bad value for count")
                await connection.close()
            }
        }
    }

    @Test(arguments: [
        ("+OK id=9 user=bob\r\n", LineClientError.mismatchedReply),
        ("+OK user=bob\r\n", .mismatchedReply),
        ("+OK id=3\r\n+OK id=2\r\n", .mismatchedReply),
        ("-SYNC :out of step\r\n", .ended(.refusal(.outOfSync, text: "out of step"))),
        ("hello\r\n", .malformedReply(.badType)),
        ("+OK id=2\n", .malformedReply(.strayControl)),
    ])
    func `a reply out of turn fails everything`(
        reply: String, error: LineClientError
    ) async throws {
        try await scripted([reply]) { endpoint, group in
            let connection = try await connect(endpoint, group)
            await #expect(throws: error) { try await connection.request(RequestLine("PING")) }
            await #expect(throws: error) { try await connection.request(RequestLine("PING")) }
        }
    }

    @Test func `out of order, a reply goes to the request whose id it has`() async throws {
        try await LiveServer.run { live in
            let connection = try await live.connect(.outOfOrder)
            async let slow = connection.request(RequestLine("HOLD", ["alice"]))
            while live.server.counters.requests < 2 { await Task.yield() }
            let fast = try await connection.request(RequestLine("VERIFY", ["bob", "123456"]))
            #expect(fast["user"] == "bob")
            live.held.answer("alice")
            #expect(try await slow["user"] == "alice")
            await connection.close()
        }
    }

    @Test func `no reply in time closes the connection`() async throws {
        try await LiveServer.run { live in
            let connection = try await live.connect()
            await #expect(throws: LineClientError.timedOut) {
                try await connection.request(
                    RequestLine("HOLD", ["alice"]), timeout: .milliseconds(20))
            }
            await #expect(throws: LineClientError.timedOut) {
                try await connection.request(RequestLine("PING"))
            }
        }
    }

    @Test func `a cancelled call closes the connection`() async throws {
        try await LiveServer.run { live in
            let connection = try await live.connect()
            let call = Task { try await connection.request(RequestLine("HOLD", ["alice"])) }
            while live.server.counters.requests < 2 { await Task.yield() }
            call.cancel()
            await #expect(throws: LineClientError.cancelled) { try await call.value }
        }
    }

    @Test func `says where it could not connect`() async throws {
        let endpoint = LineConnection.Endpoint.socket(path: "/nonexistent/s.sock")
        do {
            _ = try await connect(endpoint, MultiThreadedEventLoopGroup.singleton)
            Issue.record("connected to nothing")
        } catch let error as LineClientError {
            #expect(error.code == "cannot-connect")
        }
    }

    @Test func `a feature that the server lacks is an error`() async throws {
        try await scripted([], features: "pipeline") { endpoint, group in
            do {
                _ = try await connect(endpoint, group, .outOfOrder)
                Issue.record("agreed on what was not granted")
            } catch let error as LineClientError {
                #expect(error.code == "refused")
            }
        }
    }
}

/// Answers each line with the next reply.
private final class Script: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var replies: [String]

    init(_ replies: [String]) { self.replies = replies }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !replies.isEmpty else { return }
        context.writeAndFlush(
            wrapOutboundOut(ByteBuffer(string: replies.removeFirst())), promise: nil)
    }
}
