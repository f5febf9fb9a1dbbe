import NIOCore

/// The end of a pipeline that is next to the socket. Closed from here, a connection does not wait for the peer to say
/// goodbye, as TLS does.
final class SocketEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func cut() { context?.close(promise: nil) }
}
