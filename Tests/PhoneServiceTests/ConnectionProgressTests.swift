import NIOCore
import PhoneService
import Testing

@Suite struct ConnectionProgressTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let limits = PhoneServer.Limits()

    private func fresh() -> ConnectionProgress { ConnectionProgress(limits: limits, now: start) }

    /// A connection that has read a whole request.
    private func answering() -> ConnectionProgress {
        var progress = fresh()
        _ = progress.octetsArrived(100, start)
        _ = progress.headArrived(RequestHeadFacts(), start)
        _ = progress.endArrived(start)
        return progress
    }

    @Test func `goes round with each exchange`() {
        var progress = fresh()
        for turn in 0..<3 {
            #expect(progress.phase == .silent, "turn \(turn)")
            #expect(progress.octetsArrived(40, start) == .pass)
            #expect(progress.phase == .reading)
            #expect(progress.headArrived(RequestHeadFacts(), start) == .pass)
            #expect(progress.bodyArrival == .pass)
            #expect(progress.endArrived(start) == .pass)
            #expect(progress.phase == .answering)
            #expect(progress.replyBegan() == false)
            #expect(progress.replyEnded(start) == .none)
        }
    }

    @Test
    func `the first request has its time from the connection, later ones from their first byte`() {
        var progress = fresh()
        #expect(progress.due == start + .seconds(10))
        _ = progress.octetsArrived(1, start + .seconds(9))
        #expect(progress.due == start + .seconds(10))
        #expect(progress.timePassed(start + .seconds(9)) == .none)
        #expect(progress.timePassed(start + .seconds(10)) == .refuse(.tooSlow))

        progress = answering()
        _ = progress.replyBegan()
        _ = progress.replyEnded(start + .seconds(1))
        #expect(progress.due == start + .seconds(61))
        _ = progress.octetsArrived(1, start + .seconds(50))
        // A byte now and then buys no time.
        _ = progress.octetsArrived(1, start + .seconds(59))
        #expect(progress.due == start + .seconds(60))
    }

    @Test func `a silent connection is closed without a word`() {
        var progress = fresh()
        #expect(progress.timePassed(start + .seconds(10)) == .close)
        progress = answering()
        #expect(progress.timePassed(start + .seconds(69)) == .none)
        #expect(progress.timePassed(start + .seconds(70)) == .close)
    }

    @Test func `what comes before its turn is dropped and makes the exchange the last`() {
        var early = answering()
        #expect(early.octetsArrived(10, start) == .drop)
        #expect(early.replyBegan() == true)
        #expect(early.replyEnded(start) == .linger)
        #expect(early.phase == .lingering)
        #expect(early.octetsArrived(10, start) == .drop)
        #expect(early.headArrived(RequestHeadFacts(), start) == .drop)

        var together = answering()
        #expect(together.headArrived(RequestHeadFacts(), start) == .drop)
        #expect(together.bodyArrival == .drop)
        #expect(together.endArrived(start) == .drop)
        #expect(together.replyBegan() == true)
    }

    @Test func `a reply to an unread request is the last`() {
        var progress = fresh()
        _ = progress.octetsArrived(100, start)
        _ = progress.headArrived(RequestHeadFacts(), start)
        #expect(progress.replyBegan() == true)
        #expect(progress.parserFailed(.malformed) == .close, "half a reply is none")
        #expect(progress.replyEnded(start) == .linger)
        #expect(progress.bodyArrival == .drop)
        #expect(progress.takesReply == false)
        #expect(progress.timePassed(start + .seconds(1)) == .close)
    }

    @Test func `bytes are counted for each request`() {
        var progress = fresh()
        #expect(progress.octetsArrived(limits.request, start) == .pass)
        #expect(progress.octetsArrived(1, start) == .refuse(.bodyTooLong))
        progress = answering()
        _ = progress.replyBegan()
        _ = progress.replyEnded(start)
        #expect(progress.octetsArrived(limits.request, start) == .pass)
        #expect(progress.octetsArrived(1, start) == .refuse(.bodyTooLong))
    }

    @Test func `a bad head is refused and a client's last request is the last`() {
        var progress = fresh()
        _ = progress.octetsArrived(100, start)
        #expect(
            progress.headArrived(RequestHeadFacts(refusal: .bodyTooLong), start)
                == .refuse(.bodyTooLong))
        progress = fresh()
        _ = progress.octetsArrived(100, start)
        #expect(progress.headArrived(RequestHeadFacts(isLast: true), start) == .pass)
        _ = progress.endArrived(start)
        #expect(progress.replyBegan() == true)
        #expect(progress.replyEnded(start) == .linger)
    }

    @Test func `what is no HTTP is refused, but not in the middle of an answer`() {
        var progress = fresh()
        #expect(progress.parserFailed(.malformed) == .refuse(.malformed))
        progress.refused(start)
        #expect(progress.parserFailed(.malformed) == .none)
        progress = answering()
        #expect(progress.parserFailed(.malformed) == .none)
        #expect(progress.replyBegan() == true)
    }

    @Test func `a client that sends no more gets the reply it waits for`() {
        var progress = answering()
        #expect(progress.inputEnded() == .none)
        #expect(progress.replyBegan() == true)
        #expect(progress.replyEnded(start) == .linger)
        #expect(progress.inputEnded() == .close)
        progress = fresh()
        #expect(progress.inputEnded() == .close)
        _ = progress.octetsArrived(1, start)
        #expect(progress.inputEnded() == .close)
    }

    @Test func `a stop closes what is silent and lets exchanges end`() {
        var progress = fresh()
        #expect(progress.stopping() == .close)
        progress = answering()
        #expect(progress.stopping() == .none)
        #expect(progress.replyBegan() == true)
        progress = fresh()
        _ = progress.octetsArrived(1, start)
        #expect(progress.stopping() == .none)
        _ = progress.headArrived(RequestHeadFacts(), start)
        _ = progress.endArrived(start)
        #expect(progress.replyBegan() == true)
    }
}
