import LineProtocol
package import NIOCore

/// Writes the requests of a batch and reads their replies: one write and one flush for all that a read let go out, and
/// no task in between.
package final class BatchHandler: ChannelInboundHandler, @unchecked Sendable {
    // Unchecked: confined to the event loop of its channel.
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer
    package typealias Answer = Result<BatchOutcome, LoadTestError>

    private let patience: TimeAmount
    private var context: ChannelHandlerContext?
    private var unfinished: ByteBuffer?
    private var job: BatchJob?
    private var promise: EventLoopPromise<Answer>?
    private var wake: (moment: UInt64, timer: Scheduled<Void>)?
    private var watch: Scheduled<Void>?
    private var failure: LoadTestError?

    /// - Parameter patience: How long replies may be owed without any coming.
    package init(patience: TimeAmount = .seconds(30)) { self.patience = patience }

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// Begins a batch.
    ///
    /// - Precondition: The batch before it has ended.
    package func begin(_ batch: Batch, window: SendWindow, promise: EventLoopPromise<Answer>) {
        if let failure { return promise.succeed(.failure(failure)) }
        precondition(job == nil, "one batch at a time")
        job = BatchJob(batch, window: window)
        self.promise = promise
        advance()
        keepWatch()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard failure == nil else { return }
        var buffer = unwrapInboundIn(data)
        if var held = unfinished {
            held.writeBuffer(&buffer)
            buffer = held
            unfinished = nil
        }
        do throws(LoadTestError) {
            let now = context.eventLoop.now.uptimeNanoseconds
            let length = try readLines(buffer.readableBytesUInt8Span, at: now)
            buffer.moveReaderIndex(forwardBy: length)
            if buffer.readableBytes > 0 { unfinished = buffer }
        } catch {
            fail(error)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        job?.count()
        advance()
        context.fireChannelReadComplete()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        fail(.connectionLost(outstanding: job?.outstanding ?? 0))
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.connectionLost(outstanding: job?.outstanding ?? 0))
    }

    /// Closes the connection and fails the batch; the first reason stays.
    package func fail(_ error: LoadTestError) {
        guard failure == nil else { return }
        failure = error
        finish(.failure(error))
        context?.close(promise: nil)
        context = nil
    }

    /// - Returns: how many bytes were whole lines.
    private func readLines(
        _ bytes: Span<UInt8>, at now: UInt64
    ) throws(LoadTestError) -> Int {
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            guard index > start, bytes[index - 1] == UInt8(ascii: "\r") else {
                throw .malformedReply(.strayControl)
            }
            let line = bytes.extracting(start..<index - 1)
            start = index + 1
            if job != nil {
                try job?.read(line, at: now)
            } else {
                let reply = try decodeReply(line)
                guard reply.id == nil, !reply.isSuccess else {
                    throw .mismatchedReply(id: reply.id?.text ?? "")
                }
                throw .ended(reply)
            }
        }
        guard bytes.count - start <= Reply.maximumLineLength else {
            throw .malformedReply(.lineTooLong)
        }
        return start
    }

    /// Writes what may go out, and ends the batch or sees to being called again.
    private func advance() {
        guard let context, job != nil else { return }
        let now = context.eventLoop.now.uptimeNanoseconds
        if let requests = job?.take(at: now) {
            context.writeAndFlush(wrapOutboundOut(requests), promise: nil)
        }
        if let outcome = job?.result { return finish(.success(outcome)) }
        let moment = job?.nextEvent
        guard moment != wake?.moment else { return }
        wake?.timer.cancel()
        wake = moment.map { moment in
            let timer = context.eventLoop.scheduleTask(deadline: .uptimeNanoseconds(moment)) {
                self.wake = nil
                self.advance()
            }
            return (moment, timer)
        }
    }

    private func keepWatch() {
        guard let context, let job else { return }
        let now = context.eventLoop.now.uptimeNanoseconds
        let nanoseconds = UInt64(patience.nanoseconds)
        if job.isStalled(at: now, patience: nanoseconds) {
            return fail(
                .stalled(
                    seconds: Int(patience.nanoseconds / 1_000_000_000),
                    outstanding: job.outstanding))
        }
        watch = context.eventLoop.scheduleTask(in: .nanoseconds(patience.nanoseconds / 8)) {
            [self] in keepWatch()
        }
    }

    private func finish(_ answer: Answer) {
        wake?.timer.cancel()
        watch?.cancel()
        wake = nil
        watch = nil
        job?.count()
        job = nil
        let promise = promise
        self.promise = nil
        promise?.succeed(answer)
    }
}
