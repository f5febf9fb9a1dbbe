import LineProtocol
import NIOCore

/// A batch on its way: which requests to write now, and what each line that comes means. It does no I/O; times are
/// nanoseconds.
struct BatchJob {
    private let batch: Batch
    private var window: SendWindow
    private var outcome = BatchOutcome()
    private var replies: [Reply?]
    private var lastProgress: UInt64 = 0
    private var uncounted = 0
    private let method: [UInt8]

    init(_ batch: Batch, window: SendWindow) {
        self.batch = batch
        self.window = window
        replies =
            if case .collect = batch.purpose { Array(repeating: nil, count: batch.count) } else {
                []
            }
        method = if case .measure(_, let method) = batch.purpose { Array(method.utf8) } else { [] }
    }

    var outstanding: Int { window.outstanding }
    var nextEvent: UInt64? { window.nextEvent }

    /// What is to be written now, if anything is.
    mutating func take(at now: UInt64) -> ByteBuffer? {
        if window.outstanding == 0 { lastProgress = now }
        let numbers = window.take(at: now)
        guard !numbers.isEmpty else { return nil }
        if numbers.lowerBound == 0 {
            outcome.startedAt =
                if case .openLoop(let first, _) = window.pace { first } else { now }
        }
        return batch.slice(numbers)
    }

    /// Takes a line of the server's, without its CRLF.
    mutating func read(_ line: Span<UInt8>, at now: UInt64) throws(LoadTestError) {
        if case .measure(let users, _) = batch.purpose,
            let yes = ReplyScanner.acceptance(in: line)
        {
            let number = yes.number - batch.firstID
            let latency = try answer(number, id: String(yes.number), at: now)
            guard ReplyScanner.names(users[number], method, in: line, at: yes.end) else {
                throw .mismatchedReply(id: String(yes.number))
            }
            outcome.tally.accept(after: latency)
        } else {
            try read(try decodeReply(line), at: now)
        }
    }

    private mutating func read(_ reply: Reply, at now: UInt64) throws(LoadTestError) {
        guard let id = reply.id, reply.word != .shutdown else {
            throw reply.isSuccess ? .mismatchedReply(id: "") : .ended(reply)
        }
        guard let number = Int(id.text), number >= batch.firstID else {
            throw .mismatchedReply(id: id.text)
        }
        let index = number - batch.firstID
        let latency = try answer(index, id: id.text, at: now)
        switch batch.purpose {
        case .collect: replies[index] = reply
        case .measure(let users, _):
            let user = reply["user"].map { Array($0.utf8) }
            guard !reply.isSuccess, user == nil || user == users[index] else {
                throw .mismatchedReply(id: id.text)
            }
            outcome.tally.refuse(reply, after: latency)
        }
    }

    private mutating func answer(
        _ number: Int, id: String, at now: UInt64
    ) throws(LoadTestError) -> UInt64 {
        switch window.answer(number, at: now) {
        case .unexpected: throw .mismatchedReply(id: id)
        case .latency(let latency):
            lastProgress = now
            outcome.finishedAt = now
            uncounted += 1
            return latency
        }
    }

    /// Tells the counter what has come since the last time.
    mutating func count() {
        batch.counter?.add(uncounted)
        uncounted = 0
    }

    /// What came of it, once every request that was sent has its reply.
    var result: BatchOutcome? {
        guard window.isFinished else { return nil }
        var outcome = outcome
        outcome.sent = window.sent
        outcome.replies = replies.prefix(window.sent).compactMap { $0 }
        return outcome
    }

    /// Whether replies are owed and none has come for that long.
    func isStalled(at now: UInt64, patience: UInt64) -> Bool {
        window.outstanding > 0 && now > lastProgress && now - lastProgress >= patience
    }
}

/// The reply that a line is.
func decodeReply(_ line: Span<UInt8>) throws(LoadTestError) -> Reply {
    do throws(ReplyDecodingError) {
        return try ReplyScanner.reply(in: line)
    } catch {
        throw .malformedReply(error)
    }
}
