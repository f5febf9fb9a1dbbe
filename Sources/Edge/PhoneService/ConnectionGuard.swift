import HTTPTypes
package import Logging
package import NIOCore
package import NIOHTTP1

/// Keeps one connection within its limits: moves what ``ConnectionProgress`` lets pass between the decoder and whoever
/// answers, and answers itself what is no request.
package final class ConnectionGuard: ChannelDuplexHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart
    package typealias OutboundIn = HTTPServerResponsePart
    package typealias OutboundOut = HTTPServerResponsePart

    private let limits: PhoneServer.Limits
    private let watch: ConnectionWatch
    private let logger: Logger
    private var progress: ConnectionProgress
    private var context: ChannelHandlerContext?
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?

    package init(
        limits: PhoneServer.Limits, watch: ConnectionWatch, logger: Logger, now: NIODeadline
    ) {
        self.limits = limits
        self.watch = watch
        self.logger = logger
        progress = ConnectionProgress(limits: limits, now: now)
    }

    // MARK: Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm()
    }

    package func handlerRemoved(context: ChannelHandlerContext) { ended() }

    package func channelInactive(context: ChannelHandlerContext) {
        ended()
        context.fireChannelInactive()
    }

    /// Bytes came that are not decoded yet; says whether they are to be.
    package func admits(_ count: Int) -> Bool {
        guard let context else { return false }
        return take(progress.octetsArrived(count, context.eventLoop.now))
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = context.eventLoop.now
        let arrival =
            switch unwrapInboundIn(data) {
            case .head(let head):
                progress.headArrived(RequestHeadFacts(head, maximumBody: limits.body), now)
            case .body: progress.bodyArrival
            case .end: progress.endArrived(now)
            }
        if take(arrival) { context.fireChannelRead(data) }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            watch.note(.inputEnded)
            context.fireUserInboundEventTriggered(event)
            perform(progress.inputEnded())
        case is ChannelShouldQuiesceEvent:
            watch.note(.stopping)
            perform(progress.stopping())
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            perform(
                progress.parserFailed(error == .headerOverflow ? .headersTooLong : .malformed))
        } else {
            // TLS that fails and connections that break; what the peer said of it is not repeated.
            logger.debug("a connection failed", metadata: ["error": "\(type(of: error))"])
            context.close(promise: nil)
        }
    }

    package func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard progress.takesReply else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if progress.replyBegan() {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise()
            let action = progress.replyEnded(context.eventLoop.now)
            if action == .linger { lingerAfter(written.futureResult) }
            context.write(data, promise: written)
            arm()
        }
    }

    // MARK: What is to be done

    /// Says whether what arrived is passed on.
    private func take(_ arrival: ConnectionProgress.Arrival) -> Bool {
        defer { arm() }
        switch arrival {
        case .pass: return true
        case .drop: return false
        case .refuse(let refusal):
            refuse(refusal)
            return false
        }
    }

    private func perform(_ action: ConnectionProgress.Action) {
        switch action {
        case .none: break
        case .close: context?.close(promise: nil)
        case .refuse(let refusal): refuse(refusal)
        case .linger: context?.close(mode: .output, promise: nil)
        }
        arm()
    }

    private func refuse(_ refusal: ConnectionProgress.Refusal) {
        guard let context else { return }
        progress.refused(context.eventLoop.now)
        let answer = Answer(refusal)
        var head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: answer.status.code))
        for field in answer.fields {
            head.headers.add(name: field.name.rawName, value: field.value)
        }
        head.headers.replaceOrAdd(name: "connection", value: "close")
        let written = context.eventLoop.makePromise(of: Void.self)
        lingerAfter(written.futureResult)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = context.channel.allocator.buffer(bytes: answer.body)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Closes the way out once everything is written. To close all at once would make the system throw away what the
    /// client has not read yet, where bytes of the client's are unread here.
    private func lingerAfter(_ written: EventLoopFuture<Void>) {
        written.assumeIsolated().whenComplete { [self] _ in
            context?.close(mode: .output, promise: nil)
        }
    }

    private func ended() {
        context = nil
        timer?.task.cancel()
        timer = nil
        watch.note(.closed)
    }

    // MARK: Time

    /// Sees to it that somebody looks when the time is up. A timer that goes off too early looks again.
    private func arm() {
        guard let context else { return }
        let due = progress.due
        if let timer {
            guard due < timer.at else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [self] in
            timeIsUp()
        }
        timer = (task, due)
    }

    private func timeIsUp() {
        timer = nil
        guard let context else { return }
        perform(progress.timePassed(context.eventLoop.now))
    }
}

/// Asks the guard about bytes before the decoder has them.
package final class OctetGate: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer

    private let connection: ConnectionGuard

    package init(_ connection: ConnectionGuard) { self.connection = connection }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if connection.admits(unwrapInboundIn(data).readableBytes) { context.fireChannelRead(data) }
    }
}
