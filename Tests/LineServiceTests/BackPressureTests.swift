import LineProtocol
import LineService
import NIOCore
import NIOEmbedded
import Testing

@Suite struct BackPressureTests {
    private func pipelined(_ limits: Limits = Limits()) throws -> Harness {
        let connection = try Harness(limits: limits)
        _ = try connection.say("HELLO 1 features=pipeline\n")
        return connection
    }

    @Test func `stops reading when the window is full and goes on at a third`() throws {
        var limits = Limits()
        limits.window = .init(requests: 6, replyOctets: 1000)
        let connection = try pipelined(limits)
        let lines = (0..<9).map { "HOLD u\($0) id=\($0)\n" }.joined()
        #expect(try connection.say(lines) == "")
        let before = connection.gate.reads
        connection.channel.read()
        #expect(connection.gate.reads == before, "the read is withheld")
        #expect(connection.counters.requests == 7, "HELLO and six")
        for user in 0..<3 { connection.held.answer("u\(user)") }
        _ = try connection.heard()
        #expect(connection.gate.reads == before)
        #expect(connection.counters.requests == 7)
        connection.held.answer("u3")
        #expect(try connection.heard() == "+OK id=3 user=u3\r\n")
        #expect(connection.counters.requests == 10, "the three that were held back")
        #expect(connection.gate.reads == before + 1)
    }

    @Test func `a client that never reads gets no more than a chunk answered`() throws {
        let connection = try pipelined()
        connection.gate.isShut = true
        connection.channel.isWritable = false
        let flood = (0..<20_000).map { "PING id=\($0)\n" }.joined()
        _ = try connection.say(flood)
        #expect(connection.counters.requests == 1, "HELLO")
        let before = connection.gate.reads
        connection.channel.read()
        #expect(connection.gate.reads == before)
        connection.gate.isShut = false
        connection.channel.isWritable = true
        connection.channel.pipeline.fireChannelWritabilityChanged()
        let heard = try connection.heard()
        #expect(heard == (0..<20_000).map { "+PONG id=\($0)\r\n" }.joined())
        #expect(connection.gate.reads == before + 1)
    }

    @Test func `writes large answers in pieces`() throws {
        let connection = try pipelined()
        let flood = (0..<200).map { "COMMAND DOCS id=\($0)\n" }.joined()
        try connection.channel.writeInbound(ByteBuffer(string: flood))
        var largest = 0
        var total = 0
        while let buffer = try connection.channel.readOutbound(as: ByteBuffer.self) {
            largest = max(largest, buffer.readableBytes)
            total += buffer.readableBytes
        }
        #expect(largest < 65536 + 8192)
        #expect(total > 3 * 65536)
    }

    @Test func `while stopping new requests are refused and outstanding ones answered`() throws {
        let connection = try pipelined()
        _ = try connection.say("HOLD a id=1\n")
        connection.handler.stop()
        #expect(connection.isOpen)
        #expect(try connection.say("VERIFY b 123456 id=2\n") == "")
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK id=1 user=a\r\n-SHUTDOWN id=2 retry=1000\r\n")
        #expect(!connection.isOpen)
    }

    @Test func `an idle connection closes at once when the server stops`() throws {
        let connection = try pipelined()
        connection.handler.stop()
        #expect(try connection.heard() == "")
        #expect(!connection.isOpen)
    }

    @Test func `a client that closes its sending side still gets its replies`() throws {
        let connection = try Harness()
        _ = try connection.say("HOLD a\n")
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(connection.isOpen)
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK user=a\r\n")
        #expect(!connection.isOpen)
    }

    @Test func `a client that closes its sending side gets also what waited for the window`() throws
    {
        var limits = Limits()
        limits.window = .init(requests: 1, replyOctets: 1000)
        let connection = try pipelined(limits)
        _ = try connection.say("HOLD a id=1\nHOLD b id=2\nHOLD c")
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK id=1 user=a\r\n")
        #expect(connection.isOpen)
        connection.held.answer("b")
        #expect(try connection.heard() == "+OK id=2 user=b\r\n")
        #expect(!connection.isOpen)
    }
}
