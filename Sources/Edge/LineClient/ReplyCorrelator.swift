import LineProtocol
import NIOCore

/// The client's end of a connection: sends requests as the mode allows and gives each reply to the
/// request whose id it echoes. Anything else ends the connection.
final class ReplyCorrelator: ChannelInboundHandler, @unchecked Sendable {
    // Unchecked: confined to the event loop of its channel.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Answer = Result<Reply, LineClientError>

    private struct Pending {
        let id: RequestID
        let line: RequestLine
        let timeout: TimeAmount
        let promise: EventLoopPromise<Answer>
        var timer: Scheduled<Void>?
    }

    private var context: ChannelHandlerContext?
    private var decoder = ReplyDecoder()
    private var mode = LineConnection.Mode.oneAtATime
    private var window = 1
    private var lastNumber: UInt64 = 0
    private var waiting: [Pending] = []
    private var outstanding: [Pending] = []
    private var failure: LineClientError?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data).readableBytesView)
        do throws(ReplyDecodingError) {
            while failure == nil, let reply = try decoder.next() { deliver(reply) }
        } catch {
            fail(.malformedReply(error))
        }
        sendWaiting()
    }

    func channelInactive(context: ChannelHandlerContext) { fail(.closed) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(.closed) }

    /// What HELLO agreed on.
    func adopt(_ mode: LineConnection.Mode, window: Int) {
        self.mode = mode
        self.window = max(1, window)
        sendWaiting()
    }

    func send(_ line: RequestLine, timeout: TimeAmount, promise: EventLoopPromise<Answer>) {
        if let failure { return promise.succeed(.failure(failure)) }
        lastNumber += 1
        waiting.append(
            Pending(
                id: RequestID(number: lastNumber), line: line, timeout: timeout, promise: promise))
        sendWaiting()
    }

    /// Closes the connection and fails everything on it; the first reason stays.
    func fail(_ error: LineClientError) {
        guard failure == nil else { return }
        failure = error
        let unanswered = outstanding + waiting
        outstanding = []
        waiting = []
        for pending in unanswered {
            pending.timer?.cancel()
            pending.promise.succeed(.failure(error))
        }
        context?.close(promise: nil)
        context = nil
    }

    private func sendWaiting() {
        guard let context, !waiting.isEmpty, outstanding.count < window else { return }
        let sent = min(waiting.count, window - outstanding.count)
        var buffer = context.channel.allocator.buffer(capacity: 512 * sent)
        for var pending in waiting.prefix(sent) {
            buffer.writeBytes(pending.line.encoded(id: pending.id))
            pending.timer = context.eventLoop.scheduleTask(in: pending.timeout) { [self] in
                fail(.timedOut)
            }
            outstanding.append(pending)
        }
        waiting.removeFirst(sent)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func deliver(_ reply: Reply) {
        guard let id = reply.id else {
            // A line for the connection as a whole: it closes next.
            return fail(reply.isSuccess ? .mismatchedReply : .ended(reply))
        }
        let index =
            mode == .outOfOrder
            ? outstanding.firstIndex { $0.id == id }
            : outstanding.first?.id == id ? 0 : nil
        guard let index else { return fail(.mismatchedReply) }
        let pending = outstanding.remove(at: index)
        pending.timer?.cancel()
        pending.promise.succeed(.success(reply))
    }
}
