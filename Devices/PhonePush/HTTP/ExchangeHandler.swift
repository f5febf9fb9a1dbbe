import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// Sends one request when the connection stands and, with TLS, the server is trusted; collects its response.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequest
    private let endpoint: PushEndpoint
    private let outcome: FirstOutcome<HTTPResponse>
    private var collector: ResponseCollector

    init(
        _ request: HTTPRequest, to endpoint: PushEndpoint, reading: ResponseReading,
        outcome: FirstOutcome<HTTPResponse>
    ) {
        self.request = request
        self.endpoint = endpoint
        self.outcome = outcome
        collector = ResponseCollector(reading)
    }

    func channelActive(context: ChannelHandlerContext) {
        if !endpoint.isSecure { send(context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { send(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func send(_ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request.head(for: endpoint))), promise: nil)
        if !request.body.isEmpty {
            let bytes = context.channel.allocator.buffer(bytes: request.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        }
        // Writes that fail show on the channel.
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        finish(collector.receive(unwrapInboundIn(data)), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(collector.fail(PushFailure(channelError: error)), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(collector.fail(.connectionClosed), context)
        context.fireChannelInactive()
    }

    private func finish(
        _ result: Result<HTTPResponse, PushFailure>?, _ context: ChannelHandlerContext
    ) {
        guard let result else { return }
        outcome.settle(result)
        context.close(promise: nil)
    }
}

extension PushFailure {
    /// What an error of the channel means.
    init(channelError error: any Error) {
        switch error {
        case let failure as PushFailure: self = failure
        case HTTPParserError.headerOverflow: self = .responseTooLong
        case HTTPParserError.invalidEOFState: self = .connectionClosed
        case is HTTPParserError, is NIOHTTPDecoderError:
            self = .malformedResponse(reason: "\(error)")
        case is ByteToMessageDecoderError:
            // Its text has the bytes.
            self = .malformedResponse(reason: "bytes out of place")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .otherHost
        case NIOSSLError.handshakeFailed(let reason):
            // BoringSSL's name for a certificate that the verification refused.
            let text = "\(reason)"
            self =
                text.contains("CERTIFICATE_VERIFY_FAILED")
                ? .untrustedServer(reason: "the certificate does not verify")
                : .secureChannelFailed(reason: text)
        case NIOSSLError.uncleanShutdown: self = .connectionClosed
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            self = .secureChannelFailed(reason: "\(error)")
        default: self = .connectionClosed
        }
    }
}
