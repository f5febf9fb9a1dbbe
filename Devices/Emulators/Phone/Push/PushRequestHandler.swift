internal import NIOCore
internal import NIOHTTP1

/// Puts a request together and writes what there is to say to it.
final class PushRequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (PushRequest) -> Distributor.Reply
    private var head: HTTPRequestHead?
    private var body: [UInt8]? = []

    init(_ answer: @escaping @Sendable (PushRequest) -> Distributor.Reply) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            guard let length = body?.count,
                part.readableBytes <= PushRequest.maximumBody - length
            else {
                body = nil
                refuseLongBody(context)
                return
            }
            body?.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            self.head = nil
            reply(to: request(head), isKeptAlive: head.isKeepAlive, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Answers before the end: the rest of a body without end would never come.
    private func refuseLongBody(_ context: ChannelHandlerContext) {
        guard let head else { return }
        self.head = nil
        reply(to: request(head), isKeptAlive: false, context)
    }

    private func request(_ head: HTTPRequestHead) -> PushRequest {
        PushRequest(
            method: head.method.rawValue, path: head.uri,
            fields: head.headers.map { PushRequest.Field(name: $0.name, value: $0.value) },
            body: body)
    }

    private func reply(
        to request: PushRequest, isKeptAlive: Bool, _ context: ChannelHandlerContext
    ) {
        switch answer(request) {
        case .answer(let answer):
            write(answer, isKeptAlive: isKeptAlive, context)
        case .fault(.endlessBody):
            context.write(wrapOutboundOut(.head(Self.endlessHead)), promise: nil)
            writeForever(context)
        case .fault(.tornAnswer):
            context.write(wrapOutboundOut(.head(Self.tornHead)), promise: nil)
            let half = context.channel.allocator.buffer(string: "{\"mess")
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(half))))
                .whenComplete { _ in channel.close(promise: nil) }
        case .fault:
            break
        }
    }

    private func write(
        _ answer: Distributor.Answer, isKeptAlive: Bool, _ context: ChannelHandlerContext
    ) {
        var head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        for field in answer.fields { head.headers.add(name: field.name, value: field.value) }
        head.headers.replaceOrAdd(name: "Content-Length", value: "0")
        if !isKeptAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !isKeptAlive {
            let channel = context.channel
            written.whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private static var endlessHead: HTTPResponseHead {
        HTTPResponseHead(
            version: .http1_1, status: .created, headers: ["Transfer-Encoding": "chunked"])
    }

    private static var tornHead: HTTPResponseHead {
        HTTPResponseHead(version: .http1_1, status: .created, headers: ["Content-Length": "64"])
    }

    /// One piece after the other, each when the one before has left.
    private func writeForever(_ context: ChannelHandlerContext) {
        let piece = context.channel.allocator.buffer(repeating: 0x20, count: 4_096)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.value.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece)))).whenSuccess {
            this.value.writeForever(context.value)
        }
    }
}
