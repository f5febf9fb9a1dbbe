import LineProtocol
import LineService
import NIOCore
import NIOEmbedded
import Testing

@Suite struct ConnectionTests {
    @Test func `answers one request a line without a handshake`() throws {
        let connection = try Harness()
        #expect(try connection.say("VERIFY alice 123456\n") == "+OK user=alice\r\n")
        #expect(try connection.say("verify alice 000000 id=2\r\n") == "-NO id=2 user=alice\r\n")
        #expect(
            try connection.say("NOSUCH id=3\n")
                == "-NOVERB id=3 :no such verb; COMMAND DOCS lists them\r\n")
        #expect(try connection.say("STATS\n") == "-NOPERM need=stats\r\n")
        #expect(connection.isOpen)
    }

    @Test func `answers RESP arrays on the same socket`() throws {
        let connection = try Harness()
        let request = "*4\r\n$6\r\nVERIFY\r\n$5\r\nalice\r\n$6\r\n123456\r\n$4\r\nid=9\r\n"
        #expect(try connection.say(request) == "+OK id=9 user=alice\r\n")
    }

    @Test func `does not carry out a request that bytes follow without negotiation`() throws {
        let connection = try Harness()
        #expect(
            try connection.say("VERIFY alice 1\nVERIFY bob 123456\n")
                == "-SYNC :bytes follow the line but pipelining was not negotiated\r\n")
        #expect(!connection.isOpen)
    }

    @Test func `bytes before the reply of a slow request end the connection after that reply`()
        throws
    {
        let connection = try Harness()
        #expect(try connection.say("HOLD alice\n") == "")
        #expect(try connection.say("V") == "")
        connection.held.answer("alice")
        #expect(
            try connection.heard()
                == "+OK user=alice\r\n-SYNC :bytes follow the line but pipelining was not negotiated\r\n"
        )
        #expect(!connection.isOpen)
    }

    @Test func `a pipelined batch is answered in one flush and one bad argument hurts itself`()
        throws
    {
        let connection = try Harness()
        _ = try connection.say("HELLO 1 features=pipeline\n")
        try connection.channel.writeInbound(
            ByteBuffer(
                string: "VERIFY a1 111111 id=1\nVERIFY a2 22%zz id=2\nVERIFY a3 123456 id=3\n"))
        let first = try connection.channel.readOutbound(as: ByteBuffer.self)
        #expect(
            first.map { String(buffer: $0) }
                == "-NO id=1 user=a1\r\n-SYNTAX id=2 :bad percent escape\r\n+OK id=3 user=a3\r\n")
        #expect(try connection.heard() == "")
    }

    @Test func `replies from other threads come in request order, in one flush`() throws {
        let connection = try Harness()
        _ = try connection.say("HELLO 1 features=pipeline\n")
        #expect(try connection.say("HOLD a id=1\nHOLD b id=2\nVERIFY c 123456 id=3\n") == "")
        connection.held.answer("b")
        #expect(try connection.heard() == "")
        connection.held.answer("a")
        connection.channel.embeddedEventLoop.run()
        let flushed = try connection.channel.readOutbound(as: ByteBuffer.self)
        #expect(
            flushed.map { String(buffer: $0) }
                == "+OK id=1 user=a\r\n+OK id=2 user=b\r\n+OK id=3 user=c\r\n")
    }

    @Test func `a fast reply overtakes a slow one once that is negotiated`() throws {
        let connection = try Harness()
        _ = try connection.say("HELLO 1 features=pipeline,ooo\n")
        #expect(
            try connection.say("HOLD a id=w1\nVERIFY bob 123456 id=v1\n")
                == "+OK id=v1 user=bob\r\n")
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK id=w1 user=a\r\n")
    }

    @Test func `once pipelining is negotiated ids are mandatory and unique`() throws {
        let connection = try Harness()
        _ = try connection.say("HELLO 1 features=pipeline\n")
        #expect(
            try connection.say("VERIFY a 123456\n") == "-SYNTAX :pipelined requests need id=\r\n")
        #expect(try connection.say("HOLD a id=1\nHOLD b id=1\n") == "")
        connection.held.answer("a")
        #expect(
            try connection.heard()
                == "+OK id=1 user=a\r\n-SYNTAX :id is that of an outstanding request\r\n")
        #expect(try connection.say("PING\n") == "+PONG\r\n")
    }

    @Test func `a promise that is dropped answers for itself, and only the first reply counts`()
        throws
    {
        let connection = try Harness()
        #expect(try connection.say("HOLD a id=1\n") == "")
        connection.held.drop("a")
        #expect(try connection.heard() == "-INTERNAL id=1 retry=1000\r\n")
        let box = Box<[Reply]>([])
        let promise = ReplyPromise { reply in box.update { $0.append(reply) } }
        promise.fulfil(.ok())
        promise.fulfil(.internalError)
        #expect(box.value == [.ok()])
    }

    @Test func `a reply for a connection that is gone goes nowhere`() throws {
        let connection = try Harness()
        _ = try connection.say("HOLD a\n")
        connection.channel.close(promise: nil)
        connection.held.answer("a")
        #expect(try connection.heard() == "")
    }

    @Test(arguments: [
        ("VERIFY al\rice 1\n", "-SYNTAX :bare CR or NUL in line\r\n"),
        ("VERIFY a\0b 1\n", "-SYNTAX :bare CR or NUL in line\r\n"),
        ("*1\r\n$-1\r\n", "-SYNTAX :bad bulk length\r\n"),
        ("*0\r\n", "-SYNTAX :bad array count\r\n"),
        ("*1\r\n$4\r\nPINGX\r\n", "-SYNTAX :bulk string not ended by CRLF\r\n"),
        ("A" + String(repeating: "a", count: 5000), "-TOOBIG :request longer than allowed\r\n"),
        ("*65\r\n", "-TOOBIG :more tokens than allowed\r\n"),
    ])
    func `says why and closes when framing is in doubt`(input: String, reply: String) throws {
        let connection = try Harness()
        #expect(try connection.say(input) == reply)
        #expect(!connection.isOpen)
    }

    @Test func `mixed framing closes`() throws {
        let connection = try Harness()
        #expect(try connection.say("PING\n") == "+PONG\r\n")
        #expect(
            try connection.say("*1\r\n$4\r\nPING\r\n")
                == "-SYNTAX :line and array framing mixed\r\n")
        #expect(!connection.isOpen)
    }

    @Test func `a framing error comes after the replies that are outstanding`() throws {
        let connection = try Harness()
        _ = try connection.say("HELLO 1 features=pipeline\n")
        #expect(try connection.say("HOLD a id=1\na\0") == "")
        #expect(try connection.say("HOLD never id=2\n") == "")
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK id=1 user=a\r\n-SYNTAX :bare CR or NUL in line\r\n")
        #expect(!connection.isOpen)
        #expect(connection.counters.closures == ["stray-control": 1])
        #expect(connection.counters.errors == [.syntax: 1])
        #expect(connection.counters.requests == 2)
    }

    @Test func `ends alike at every cut of a pipelined stream`() throws {
        let stream = "VERIFY a 123456 id=1\r\nVERIFY b 22%zz id=2\nPING id=3\nVERIFY c\0"
        let expected =
            "+OK id=1 user=a\r\n-SYNTAX id=2 :bad percent escape\r\n+PONG id=3\r\n"
            + "-SYNTAX :bare CR or NUL in line\r\n"
        for offset in 0...stream.count {
            let connection = try Harness()
            _ = try connection.say("HELLO 1 features=pipeline\n")
            let heard =
                try connection.say(String(stream.prefix(offset)))
                + connection.say(String(stream.dropFirst(offset)))
            #expect(heard == expected)
            #expect(!connection.isOpen)
        }
    }

    @Test func `ten thousand random inputs end in lines of the protocol`() throws {
        var state: UInt64 = 5
        let next = { (bound: Int) -> Int in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let fragments = [
            "VERIFY ", "alice ", "123456", "\n", "\r\n", "\r", "\0", "*3\r\n", "$4\r\nPING\r\n",
            "$",
            "%4", " id=1", "=", "é", "HELLO 1 features=pipeline\n", "HOLD x\n", "QUIT\n", "RESET\n",
        ]
        for _ in 0..<10_000 {
            let connection = try Harness()
            var heard: [UInt8] = []
            for _ in 0..<(1 + next(6)) where connection.isOpen {
                var input = ByteBuffer()
                for _ in 0..<(1 + next(8)) {
                    if next(6) == 0 {
                        input.writeInteger(UInt8(next(256)))
                    } else {
                        input.writeString(fragments[next(fragments.count)])
                    }
                }
                try connection.channel.writeInbound(input)
                heard += Array(try connection.heard().utf8)
            }
            var decoder = ReplyDecoder()
            decoder.append(heard)
            while let reply = try decoder.next() {
                #expect(reply.word.category != .unknown)
                #expect(reply.word.category != .server)
            }
            #expect(!decoder.isMidReply)
            _ = try? connection.channel.finish()
        }
    }
}
