package import LineProtocol
package import NIOCore

/// One connection: reads, parses, lets the verbs answer in place, and flushes once a read.
///
/// What to do is decided by `RequestDecoder`, `RequestFlow` and `Deadlines`; this class moves bytes.
/// It stops reading while the window is full or the client does not take its replies, so that what it
/// holds is bounded.
package final class ConnectionHandler: ChannelDuplexHandler, @unchecked Sendable {
    // Unchecked: confined to the event loop of its channel. Other threads only pass it on, through
    // the mailbox.
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Replies of this many octets are written before further requests are answered.
    private static let chunk = 65536

    private enum Phase {
        case open
        /// The last reply is written; waiting for the peer to close.
        case lingering
        case closed
    }

    private let verbs: VerbSet
    private let loopState: LoopState
    private let limits: Limits
    private var session: Session
    private var decoder: RequestDecoder
    private var flow: RequestFlow
    private var deadlines: Deadlines
    private var counters = Counters()
    private let life = ConnectionLife()

    private var context: ChannelHandlerContext?
    private var phase = Phase.open
    private var output: [UInt8] = []
    private var pendingWrites = 0
    private var isRunning = false
    private var mustRunAgain = false
    private var isTouched = false
    private var isPaused = false
    private var isReadWithheld = false
    private var hasInputEnded = false
    private var isStopping = false
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?

    package init(
        session: Session, arrival: RequestFlow.Arrival, loopState: LoopState, now: NIODeadline
    ) {
        verbs = session.verbs
        limits = session.facts.limits
        self.session = session
        self.loopState = loopState
        decoder = RequestDecoder(table: session.verbs.table, limits: session.requestLimits)
        flow = RequestFlow(arrival: arrival, window: session.window)
        deadlines = Deadlines(limits: session.facts.limits, now: now)
    }

    // MARK: Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        counters.connections += 1
        publishCounters()
        armTimer()
    }

    package func handlerRemoved(context: ChannelHandlerContext) { ended() }

    package func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open, !flow.isConcluded else { return }
        decoder.append(unwrapInboundIn(data).readableBytesView)
        if let objection = flow.objectionToBytes {
            close(for: objection)
        } else if !isRunning {
            isRunning = true
            admitRequests()
            isRunning = false
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        run()
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        if isPaused { isReadWithheld = true } else { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { run() }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            hasInputEnded = true
            if phase == .lingering { context.close(promise: nil) } else { run() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Requests and replies

    /// Answers what may be answered, writes, and sees what follows from that.
    func run() {
        isTouched = false
        guard phase == .open, context != nil else { return }
        guard !isRunning else {
            mustRunAgain = true
            return
        }
        isRunning = true
        repeat {
            mustRunAgain = false
            admitRequests()
            writeOutput()
        } while mustRunAgain && phase == .open
        isRunning = false
        settle()
    }

    /// Takes a reply from the mailbox. True when the connection is to run, at its first reply.
    func complete(_ ticket: RequestFlow.Ticket, with reply: Reply) -> Bool {
        guard phase == .open else { return false }
        finish(ticket, with: reply)
        defer { isTouched = true }
        return !isTouched
    }

    /// Answers no further request with more than `-SHUTDOWN`, and closes when all are answered.
    package func stop() {
        isStopping = true
        run()
    }

    /// Closes at once, whatever is outstanding.
    func abort() { context?.close(promise: nil) }

    private func admitRequests() {
        guard let context, phase == .open else { return }
        if isPaused {
            guard flow.isConcluded || (flow.mayResume && context.channel.isWritable) else { return }
            isPaused = false
        }
        do throws(FramingError) {
            while flow.mayAdmit, context.channel.isWritable {
                guard let decoded = try decoder.next() else { break }
                deadlines.requestRead(context.eventLoop.now)
                counters.requests += 1
                admit(decoded)
                if output.count >= Self.chunk { writeOutput() }
            }
        } catch {
            close(for: error)
        }
    }

    private func admit(_ decoded: DecodedRequest) {
        let verb = decoded.verb.flatMap { verbs[$0] }
        let admission = flow.admit(
            decoded, subject: verb?.syntax.subject ?? .named, framing: decoder.framing ?? .line,
            isFollowed: decoder.bufferedCount > 0)
        switch admission {
        case .closing(let error): close(for: error)
        case .refused(let error, let ticket): finish(ticket, with: error.reply)
        case .accepted(let request, let ticket):
            guard let verb else { return finish(ticket, with: ArgumentError.unknownVerb.reply) }
            switch verb.action {
            case .converse(let body):
                let reply = body(request, &session)
                flow.negotiation = session.negotiation
                flow.window = session.window
                decoder.limits = session.requestLimits
                finish(ticket, with: reply)
                if session.isQuitting { conclude(with: nil) }
            case .answer(let body):
                if isStopping {
                    finish(ticket, with: .refusal(.shutdown, ["retry": "1000"]))
                } else if let invocation = admitted(request, verb, ticket) {
                    body(invocation, promise(for: ticket))
                }
            case .act(let open, let answer):
                // What was acted for before ends, whatever comes of this; a client that does not look at a refusal must not
                // go on in its own name.
                session.acting = .itself
                if isStopping {
                    finish(ticket, with: .refusal(.shutdown, ["retry": "1000"]))
                    session.acting = .nobody
                } else if let invocation = admitted(request, verb, ticket) {
                    session.acting = open(invocation)
                    answer(
                        session.invocation(request, by: invocation.client, life),
                        promise(for: ticket))
                } else {
                    session.acting = .nobody
                }
            }
        }
    }

    /// The request as the verb takes it; `nil` where it was refused.
    private func admitted(
        _ request: Request, _ verb: Verb, _ ticket: RequestFlow.Ticket
    ) -> Invocation? {
        let objection = verb.objection(to: request, by: session.client, for: session.acting)
        guard objection == nil, let client = session.client else {
            finish(ticket, with: objection ?? .internalError)
            return nil
        }
        return session.invocation(request, by: client, life)
    }

    /// A promise that answers in place while the loop is here, and through the mailbox otherwise.
    private func promise(for ticket: RequestFlow.Ticket) -> ReplyPromise {
        let eventLoop = context?.eventLoop
        return ReplyPromise { [self, loopState] reply in
            if let eventLoop, eventLoop.inEventLoop, isRunning {
                if phase == .open { finish(ticket, with: reply) }
            } else {
                loopState.mailbox.post(reply, for: ticket, to: self)
            }
        }
    }

    private func finish(_ ticket: RequestFlow.Ticket, with reply: Reply) {
        if !reply.isSuccess { counters.errors[reply.word, default: 0] += 1 }
        flow.finish(ticket, with: reply, redis: session.redis, into: &output)
    }

    private func close(for error: FramingError) {
        guard !flow.isConcluded else { return }
        let reply = error.reply
        counters.errors[reply.word, default: 0] += 1
        counters.closures[error.code, default: 0] += 1
        publishCounters()
        conclude(with: reply)
    }

    private func conclude(with reply: Reply?) {
        flow.conclude(with: reply, into: &output)
        run()
    }

    // MARK: Writing

    private func writeOutput() {
        guard let context, !output.isEmpty else { return }
        var buffer = context.channel.allocator.buffer(capacity: output.count)
        buffer.writeBytes(output)
        if output.capacity > 2 * Self.chunk {
            output = []
        } else {
            output.removeAll(keepingCapacity: true)
        }
        pendingWrites += 1
        deadlines.writeBegan(context.eventLoop.now)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { [self] result in
            pendingWrites -= 1
            if case .success = result, let context = self.context {
                deadlines.writeProgressed(
                    isMoreWaiting: pendingWrites > 0, context.eventLoop.now)
            }
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
    }

    /// After a run: close, pause or go on reading, count, and set the timer.
    private func settle() {
        guard let context, phase == .open else { return }
        if !flow.isConcluded, !flow.mayAdmit || !context.channel.isWritable { isPaused = true }
        if isStopping ? flow.outstanding == 0 : hasInputEnded && !isPaused {
            flow.conclude(into: &output)
            writeOutput()
        }
        if flow.isOver {
            beginLinger(context)
        } else {
            let isPartial = decoder.bufferedCount > 0 && !isPaused && !flow.isConcluded
            deadlines.partialRequest(isHeld: isPartial, context.eventLoop.now)
            if flow.outstanding == 0 { releaseMemory() }
        }
        publishCounters()
        armTimer()
        if !isPaused, isReadWithheld {
            isReadWithheld = false
            context.read()
        }
    }

    private func releaseMemory() {
        decoder.releaseUnusedMemory()
        if output.capacity > 4096 { output = [] }
    }

    /// Tells the peer that nothing more comes, and gives it time to read what came: closing while it
    /// still sends could take the last line from it.
    private func beginLinger(_ context: ChannelHandlerContext) {
        phase = .lingering
        isPaused = false
        deadlines.lingerBegan(context.eventLoop.now)
        if hasInputEnded {
            context.close(promise: nil)
        } else {
            context.close(mode: .output, promise: nil)
        }
    }

    // MARK: Time and counting

    private func armTimer() {
        guard let context, phase != .closed else { return }
        let due = deadlines.next.at
        if let timer {
            guard due < timer.at else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.scheduleTask(deadline: due) { [self] in timerFired() }
        timer = (task, due)
    }

    private func timerFired() {
        timer = nil
        guard let context else { return }
        let due = deadlines.next
        guard due.at <= context.eventLoop.now else { return armTimer() }
        if due.kind != .linger { counters.closures[due.kind.rawValue, default: 0] += 1 }
        // Whoever sees the connection end finds it counted.
        publishCounters()
        context.close(promise: nil)
    }

    private func publishCounters() {
        guard counters != Counters() else { return }
        loopState.count(counters)
        counters = Counters()
    }

    private func ended() {
        guard phase != .closed else { return }
        phase = .closed
        life.end()
        publishCounters()
        timer?.task.cancel()
        timer = nil
        context = nil
        output = []
    }
}
