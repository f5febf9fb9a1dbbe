import NIOCore

/// Ends a connection that brings more bytes than any response could have that is still wanted: interim responses,
/// chunks of nothing, records of TLS without end. First in the pipeline, so that all of them count and the end is
/// immediate.
final class ReceptionLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var left: Int

    init(byteCount: Int) {
        left = byteCount
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        guard left >= count else {
            guard left >= 0 else { return }
            left = -1
            context.fireErrorCaught(PushFailure.responseTooLong)
            context.close(promise: nil)
            return
        }
        left -= count
        context.fireChannelRead(data)
    }
}
