import LineProtocol
import LineService
import NIOCore
import Testing

@Suite struct DeadlineTests {
    @Test func `a connection that says nothing is closed after 5 s`() throws {
        let connection = try Harness()
        connection.wait(.milliseconds(4999))
        #expect(connection.isOpen)
        connection.wait(.milliseconds(1))
        #expect(!connection.isOpen)
        #expect(connection.counters.closures == ["first-request-deadline": 1])
    }

    @Test func `a byte now and then does not put off the first request's deadline`() throws {
        let connection = try Harness()
        for byte in "PING" {
            _ = try connection.say(String(byte))
            connection.wait(.seconds(1))
        }
        connection.wait(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test func `half a request and silence is closed 10 s after its first byte`() throws {
        let connection = try Harness()
        _ = try connection.say("PING\n")
        connection.wait(.seconds(20))
        _ = try connection.say("V")
        connection.wait(.seconds(9))
        _ = try connection.say("ERIFY a")
        #expect(connection.isOpen)
        connection.wait(.seconds(1))
        #expect(!connection.isOpen)
        #expect(connection.counters.closures == ["request-deadline": 1])
    }

    @Test func `a request within its time clears the deadline`() throws {
        let connection = try Harness()
        _ = try connection.say("PI")
        connection.wait(.seconds(4))
        #expect(try connection.say("NG\n") == "+PONG\r\n")
        connection.wait(.seconds(299))
        #expect(connection.isOpen)
        #expect(try connection.say("PING\n") == "+PONG\r\n")
        connection.wait(.seconds(299))
        #expect(connection.isOpen)
        connection.wait(.seconds(1))
        #expect(!connection.isOpen)
        #expect(connection.counters.closures == ["idle-deadline": 1])
    }

    @Test func `a client that takes no byte of its replies for 30 s is closed`() throws {
        let connection = try Harness()
        connection.gate.isShut = true
        _ = try connection.say("PING\n")
        connection.wait(.seconds(20))
        _ = try connection.say("PING\n")
        connection.wait(.seconds(9))
        try connection.gate.releaseOne(connection.channel)
        connection.wait(.seconds(29))
        #expect(connection.isOpen, "it took the first reply after 29 s")
        connection.wait(.seconds(1))
        #expect(!connection.isOpen)
        #expect(connection.counters.closures == ["write-deadline": 1])
    }

    @Test func `a slow verb does not count as half a request`() throws {
        let connection = try Harness()
        _ = try connection.say("HOLD a\n")
        connection.wait(.seconds(60))
        connection.held.answer("a")
        #expect(try connection.heard() == "+OK user=a\r\n")
    }

    @Test func `after the last reply the peer has a second to close`() {
        let start = NIODeadline.uptimeNanoseconds(0)
        var deadlines = Deadlines(limits: Limits(), now: start)
        deadlines.writeBegan(start)
        deadlines.lingerBegan(start)
        #expect(deadlines.next == (.write, start + .seconds(30)))
        deadlines.writeProgressed(isMoreWaiting: false, start + .seconds(3))
        #expect(deadlines.next == (.linger, start + .seconds(4)))
    }
}
