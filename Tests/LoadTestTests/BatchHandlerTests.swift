import LineProtocol
import LoadTest
import NIOCore
import NIOEmbedded
import Testing

/// A batch of measured requests `R0`, `R1`, … with the ids 10, 11, … on a channel whose clock a test moves. Request *n*
/// belongs to user `u`*n*.
private final class Harness {
    let channel = EmbeddedChannel()
    let handler = BatchHandler(patience: .seconds(8))
    let counter = ReplyCounter()
    private(set) var answer: BatchHandler.Answer?

    init(
        requests: Int = 6, depth: Int = 3, pace: SendWindow.Pace = .closedLoop,
        deadline: UInt64 = .max
    ) throws {
        try channel.pipeline.syncOperations.addHandler(handler)
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/none"), promise: nil)
        var batch = Batch(
            firstID: 10,
            purpose: .measure(
                users: (0..<requests).map { Array("u\($0)".utf8) }, method: "webauthn"),
            counter: counter)
        for number in 0..<requests { batch.append(Array("R\(number)\n".utf8)) }
        let promise = channel.eventLoop.makePromise(of: BatchHandler.Answer.self)
        promise.futureResult.assumeIsolated().whenSuccess { [self] in answer = $0 }
        handler.begin(
            batch,
            window: SendWindow(
                requests: requests, depth: depth, span: max(requests, depth), pace: pace,
                deadline: deadline),
            promise: promise)
    }

    /// Gives the handler these bytes in one read.
    func hear(_ text: String) { channel.pipeline.fireChannelRead(ByteBuffer(string: text)) }

    func finishReading() { channel.pipeline.fireChannelReadComplete() }

    func say(_ text: String) -> [String] {
        hear(text)
        finishReading()
        return written()
    }

    /// What has been written since, one text for each write.
    func written() -> [String] {
        var writes: [String] = []
        while let buffer = try? channel.readOutbound(as: ByteBuffer.self) {
            writes.append(String(buffer: buffer))
        }
        return writes
    }

    var outcome: BatchOutcome? { try? answer?.get() }

    var failure: LoadTestError? {
        if case .failure(let error) = answer { error } else { nil }
    }
}

@Suite struct BatchHandlerTests {
    private func yes(_ number: Int) -> String {
        "+OK id=\(number + 10) user=u\(number) method=webauthn\r\n"
    }

    @Test func `writes once for all that a read let go out`() throws {
        let harness = try Harness()
        #expect(harness.written() == ["R0\nR1\nR2\n"])
        harness.channel.embeddedEventLoop.advanceTime(by: .microseconds(40))
        #expect(harness.say(yes(1) + yes(0)) == ["R3\nR4\n"])
        #expect(harness.say(yes(2) + yes(3) + yes(4)) == ["R5\n"])
        #expect(harness.counter.value == 5)
        #expect(harness.outcome == nil)
        #expect(harness.say(yes(5)) == [])
        let outcome = try #require(harness.outcome)
        #expect(outcome.tally.accepted == 6)
        #expect(outcome.sent == 6)
        #expect(outcome.finishedAt - outcome.startedAt == 40_000)
        #expect(outcome.tally.latencies.summary.max == 40_000)
        #expect(harness.counter.value == 6)
    }

    @Test func `reads replies cut anywhere`() throws {
        let all = Array((0..<3).map(yes).joined())
        for cut in 1..<all.count {
            let harness = try Harness(requests: 3)
            harness.hear(String(all[..<cut]))
            harness.hear(String(all[cut...]))
            harness.finishReading()
            #expect(harness.outcome?.tally.accepted == 3)
        }
    }

    @Test func `counts what is no yes by its word and reason`() throws {
        let harness = try Harness()
        _ = harness.say("-NO id=10 user=u0 reason=counter-not-ahead\r\n-BUSY id=11 retry=200\r\n")
        _ = harness.say("-NO id=12 user=u2\r\n-BUSY id=13 retry=200\r\n")
        _ = harness.say(yes(4) + yes(5))
        let tally = try #require(harness.outcome).tally
        #expect(tally.accepted == 2)
        #expect(tally.answered == 6)
        #expect(
            tally.sortedRefusals == [
                .init(reason: "BUSY", count: 2, isJudgement: false),
                .init(reason: "NO", count: 1, isJudgement: true),
                .init(reason: "NO counter-not-ahead", count: 1, isJudgement: true),
            ])
    }

    @Test(arguments: [
        ("+OK id=13 user=u3\r\n", LoadTestError.mismatchedReply(id: "13")),
        ("+OK id=9 user=u0\r\n", .mismatchedReply(id: "9")),
        (
            "+OK id=10 user=u0 method=webauthn\r\n+OK id=10 user=u0 method=webauthn\r\n",
            .mismatchedReply(id: "10")
        ),
        ("+OK id=10 user=u1 method=webauthn\r\n", .mismatchedReply(id: "10")),
        ("+OK id=10 user=u0 method=hotp\r\n", .mismatchedReply(id: "10")),
        ("+OK id=10 user=u0\r\n", .mismatchedReply(id: "10")),
        ("+OK id=10 method=webauthn\r\n", .mismatchedReply(id: "10")),
        ("+OK id=abc user=u0\r\n", .mismatchedReply(id: "abc")),
        ("-NO id=-9223372036854775808\r\n", .mismatchedReply(id: "-9223372036854775808")),
        ("-NO id=9223372036854775807\r\n", .mismatchedReply(id: "9223372036854775807")),
        ("-NO id=9223372036854775808\r\n", .mismatchedReply(id: "9223372036854775808")),
        ("+PONG id=10\r\n", .mismatchedReply(id: "10")),
        ("-NO id=10 user=u1\r\n", .mismatchedReply(id: "10")),
        ("+OK user=u0\r\n", .mismatchedReply(id: "")),
        ("-NO id=99 user=u0\r\n", .mismatchedReply(id: "99")),
        (
            "-SYNC :out of step\r\n",
            .ended(.refusal(.outOfSync, text: "out of step"))
        ),
        ("hello\r\n", .malformedReply(.badType)),
        ("\r\n", .malformedReply(.badType)),
        ("+OK id=10 user=u0\n", .malformedReply(.strayControl)),
        ("\n", .malformedReply(.strayControl)),
        (String(repeating: "+", count: 20_000), .malformedReply(.lineTooLong)),
    ])
    func `a reply out of place ends the run`(reply: String, error: LoadTestError) throws {
        let harness = try Harness()
        _ = harness.say(reply)
        #expect(harness.failure == error)
        #expect(!harness.channel.isActive)
        _ = harness.say(yes(1))
        #expect(harness.failure == error, "the first reason stays")
    }

    @Test func `a server that shuts down ends the run`() throws {
        let harness = try Harness()
        _ = harness.say(yes(0) + "-SHUTDOWN id=11 retry=1000\r\n")
        guard case .ended(let reply) = harness.failure else {
            Issue.record("not ended")
            return
        }
        #expect(reply.word == .shutdown)
    }

    @Test func `a connection that closes leaves so many unanswered`() throws {
        let harness = try Harness()
        harness.hear(yes(0))
        harness.channel.pipeline.fireChannelInactive()
        #expect(harness.failure == .connectionLost(outstanding: 2))
    }

    @Test func `a server that owes replies and sends none has stalled`() throws {
        let harness = try Harness()
        let loop = harness.channel.embeddedEventLoop
        loop.advanceTime(by: .seconds(6))
        _ = harness.say(yes(0))
        loop.advanceTime(by: .seconds(7))
        #expect(harness.answer == nil)
        loop.advanceTime(by: .seconds(2))
        #expect(harness.failure == .stalled(seconds: 8, outstanding: 3))
    }

    @Test func `a line that nobody asked for ends the connection for the next batch`() throws {
        let harness = try Harness(requests: 1)
        _ = harness.say(yes(0))
        #expect(harness.outcome?.sent == 1)
        _ = harness.say("-TIMEOUT :idle\r\n")
        let promise = harness.channel.eventLoop.makePromise(of: BatchHandler.Answer.self)
        var failure: LoadTestError?
        promise.futureResult.assumeIsolated().whenSuccess {
            if case .failure(let error) = $0 { failure = error }
        }
        harness.handler.begin(
            Batch(firstID: 0, purpose: .collect),
            window: SendWindow(requests: 0, depth: 1, span: 1, pace: .closedLoop),
            promise: promise)
        #expect(failure == .ended(.refusal(.timeout, text: "idle")))
    }

    @Test func `in an open loop a stalled server is charged from the schedule`() throws {
        // One request each 100 ms from the first second on.
        let harness = try Harness(
            requests: 4, depth: 2, pace: .openLoop(first: 1_000_000_000, interval: 100_000_000))
        let loop = harness.channel.embeddedEventLoop
        #expect(harness.written() == [])
        loop.advanceTime(by: .milliseconds(1050))
        #expect(harness.written() == ["R0\n"])
        loop.advanceTime(by: .milliseconds(950))
        #expect(harness.written() == ["R1\n"], "the window is full, and two wait")
        #expect(harness.say(yes(0) + yes(1)) == ["R2\nR3\n"])
        _ = harness.say(yes(2) + yes(3))
        let outcome = try #require(harness.outcome)
        #expect(outcome.startedAt == 1_000_000_000)
        #expect(outcome.finishedAt == 2_000_000_000)
        let latency = outcome.tally.latencies.summary
        #expect(latency.max == 1_000_000_000)
        // Of 1 000, 900, 800 and 700 ms; the histogram gives the upper end of a bucket of 2²⁰ ns.
        #expect(latency.p50 / 1_000_000 == 800)
    }

    @Test func `a batch ends at its deadline though the server is idle`() throws {
        let harness = try Harness(
            requests: 4, depth: 2, pace: .openLoop(first: 1_000_000_000, interval: 100_000_000),
            deadline: 1_150_000_000)
        let loop = harness.channel.embeddedEventLoop
        loop.advanceTime(by: .milliseconds(1110))
        #expect(harness.written() == ["R0\n", "R1\n"])
        _ = harness.say(yes(0) + yes(1))
        #expect(harness.answer == nil)
        loop.advanceTime(by: .milliseconds(100))
        #expect(harness.outcome?.sent == 2)
    }
}
