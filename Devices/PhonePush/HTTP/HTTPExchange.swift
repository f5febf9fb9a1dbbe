import Addresses
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// One request over one connection, to one address that was checked.
final class HTTPExchange: Sendable {
    /// What TLS and the framing of HTTP may need beyond a head and a body: certificates, records, chunks.
    private static let overheadByteCount = 128 * 1_024

    private let request: HTTPRequest
    private let endpoint: PushEndpoint
    private let reading: ResponseReading
    private let outcome = FirstOutcome<HTTPResponse>()
    private let channel = Mutex<(any Channel)?>(nil)

    init(_ request: HTTPRequest, at endpoint: PushEndpoint, reading: ResponseReading) {
        self.request = request
        self.endpoint = endpoint
        self.reading = reading
    }

    /// Connects to the address, which is not looked up again, and exchanges request and response. However it ends, the
    /// connection is closed.
    ///
    /// - Parameter patience: For the connection alone.
    func run(
        to address: IPAddress, through channels: SecureChannels, on loop: any EventLoop,
        patience: TimeAmount, until deadline: NIODeadline
    ) async throws(PushFailure) -> HTTPResponse {
        guard endpoint.isSecure || address.isLoopback else { throw .plaintextNotAllowed(address) }
        guard request.isWellFormed else { throw .invalidRequest }
        let place: SocketAddress
        do {
            place = try SocketAddress(
                packedIPAddress: ByteBuffer(bytes: address.bytes), port: endpoint.port)
        } catch {
            throw .cannotConnect(reason: "\(error)")
        }
        ClientBootstrap(group: loop)
            .connectTimeout(patience)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.prepare(channel, channels) }
            }
            .connect(to: place)
            .whenFailure { error in
                self.outcome.settle(.failure(Self.failure(ofConnecting: error)))
            }
        do throws(PushFailure) {
            return try await outcome.value(until: deadline, on: loop)
        } catch {
            channel.withLock { $0 }?.close(promise: nil)
            throw error
        }
    }

    private func prepare(_ channel: any Channel, _ channels: SecureChannels) throws {
        self.channel.withLock { $0 = channel }
        // Where nobody waits any more, either this sees it or the channel is seen there.
        guard !outcome.isSettled else { throw PushFailure.cancelled }
        let bodyByteCount =
            switch reading {
            case .head: 0
            case .body(let maximum): maximum
            }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = HTTPResponse.maximumHeadByteCount
        limits.maxHeaderListSize = HTTPResponse.maximumHeadByteCount
        limits.maxHeaderFieldCount = HTTPResponse.maximumHeaderCount
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(
            ReceptionLimit(
                byteCount: HTTPResponse.maximumHeadByteCount + bodyByteCount
                    + Self.overheadByteCount))
        if endpoint.isSecure {
            try channels.add(to: pipeline, host: endpoint.host)
        }
        try pipeline.addHTTPClientHandlers(
            leftOverBytesStrategy: .dropBytes, enableOutboundHeaderValidation: true,
            encoderConfiguration: .init(), decoderLimitConfiguration: limits,
            withClientUpgrade: nil)
        try pipeline.addHandler(
            ExchangeHandler(
                request, to: endpoint, reading: reading, outcome: outcome))
    }

    private static func failure(ofConnecting error: any Error) -> PushFailure {
        switch error {
        case let failure as PushFailure: failure
        case ChannelError.connectTimeout: .cannotConnect(reason: "nobody answers")
        default: .cannotConnect(reason: "\(error)")
        }
    }
}
