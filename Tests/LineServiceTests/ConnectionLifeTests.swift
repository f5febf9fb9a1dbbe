import LineProtocol
import LineService
import NIOCore
import Synchronization
import Testing

@Suite struct ConnectionLifeTests {
    @Test func `tells those who wait when it ends, once`() {
        let life = ConnectionLife()
        let count = Mutex(0)
        _ = life.atEnd { count.withLock { $0 += 1 } }
        let struck = life.atEnd { Issue.record("it was struck off") }
        life.strike(struck)
        life.strike(struck)
        #expect(life.count == 1)
        life.end()
        life.end()
        #expect(count.withLock { $0 } == 1)
        #expect(life.count == 0)
    }

    @Test func `tells those who come too late at once`() {
        let life = ConnectionLife()
        life.end()
        let isTold = Mutex(false)
        let registration = life.atEnd { isTold.withLock { $0 = true } }
        #expect(isTold.withLock { $0 })
        #expect(life.count == 0)
        life.strike(registration)
    }

    @Test func `lets go of what waited, and holds nothing of a request that was answered`() throws {
        final class Waiter: Sendable {}
        let life = ConnectionLife()
        var waiter: Waiter? = Waiter()
        weak let held = waiter
        let registration = life.atEnd { [waiter] in _ = waiter }
        waiter = nil
        #expect(held != nil)
        life.strike(registration)
        #expect(held == nil)
    }

    @Test func `ends with the channel of its connection`() throws {
        let connection = try Harness()
        #expect(try connection.say("HOLD alice\n") == "")
        let life = try #require(connection.held.connection("alice"))
        let isTold = Mutex(false)
        _ = life.atEnd { isTold.withLock { $0 = true } }
        try connection.channel.close().wait()
        #expect(isTold.withLock { $0 })
    }
}
