import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection as hummingbird's server hands it on.
struct PhoneConnection: ServerChildChannelValue {
    let stream: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    let watch: ConnectionWatch
    let origin: Origin

    var channel: any Channel { stream.channel }
}

/// Sets connections up: HTTP/1.1 behind a ``ConnectionGuard``.
struct PhoneChannel: ServerChildChannel {
    let routes: PhoneRoutes
    let connections: ConnectionRegistry
    let limits: PhoneServer.Limits
    let logger: Logger

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<PhoneConnection> {
        channel.eventLoop.makeCompletedFuture {
            let origin = Origin(channel)
            let pipeline = channel.pipeline.syncOperations
            let socket = SocketEnd()
            try pipeline.addHandler(socket, position: .first)
            let bound = NIOLoopBound(socket, eventLoop: channel.eventLoop)
            let cut: @Sendable () -> Void = { [eventLoop = channel.eventLoop] in
                eventLoop.execute { bound.value.cut() }
            }
            // Before the handshake, which costs more than a signature.
            guard routes.allows(origin), connections.admits(channel, origin, cut: cut) else {
                channel.close(promise: nil)
                throw ChannelError.ioOnClosedChannel
            }
            let watch = ConnectionWatch()
            let connection = ConnectionGuard(
                limits: limits, watch: watch, logger: self.logger, now: channel.eventLoop.now)
            var decoding = NIOHTTPDecoderLimitConfiguration()
            decoding.maxHeaderFieldSize = limits.headers
            decoding.maxHeaderListSize = limits.headers
            decoding.maxHeaderFieldCount = limits.headerFields
            try pipeline.addHandler(OctetGate(connection))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false,
                withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoding)
            try pipeline.addHandlers(connection, HTTP1ToHTTPServerCodec(secure: true))
            return PhoneConnection(
                stream: try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)),
                watch: watch, origin: origin)
        }
    }

    func handle(value connection: PhoneConnection, logger: Logger) async {
        let routes = routes
        let exchanges = HTTP1Channel { request, writer, _ in
            let (head, body) = await routes.respond(to: request, on: connection)
            try await writer.write(response: head, body: body)
        }
        await exchanges.handleHTTP(asyncChannel: connection.stream, logger: logger)
    }
}
