import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server that says what a test has it say, on loopback, with TLS or without.
final class ScriptedService: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let contentType: String?
        let body: [UInt8]
    }

    enum Answer: Sendable {
        case json(Int, [UInt8])
        case empty(Int)
        /// A header that promises this body and `missing` bytes more, and then the end.
        case torn([UInt8], missing: Int)
        /// A body without end.
        case endless
        /// A length that no phone has room for, and its beginning.
        case huge(Int)
        /// Bytes that are no HTTP.
        case noise
        case redirect(to: String)
        /// Nothing.
        case silence
    }

    typealias Script = @Sendable (Request) async -> Answer

    private let channel: any Channel
    private let accepted: Connections
    let port: Int

    /// Starts a server that answers by `script`.
    static func start(
        tls: NIOSSLContext? = nil, _ script: @escaping Script
    ) async throws -> ScriptedService {
        let accepted = Connections()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    accepted.add(channel)
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
                    try pipeline.addHandler(ScriptHandler(script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedService(
            channel: channel, accepted: accepted, port: channel.localAddress?.port ?? 0)
    }

    private init(channel: any Channel, accepted: Connections, port: Int) {
        self.channel = channel
        self.accepted = accepted
        self.port = port
    }

    deinit { stop() }

    /// How many connections there have been.
    var connectionCount: Int { accepted.count }

    func stop() {
        channel.close(promise: nil)
        accepted.closeAll()
    }
}

final class Connections: Sendable {
    private let all = Mutex<[any Channel]>([])

    var count: Int { all.withLock { $0.count } }
    func add(_ channel: any Channel) { all.withLock { $0.append(channel) } }
    func closeAll() { for channel in all.withLock({ $0 }) { channel.close(promise: nil) } }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: ScriptedService.Script
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var task: Task<Void, Never>?

    init(_ script: @escaping ScriptedService.Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let part): body += Array(part.readableBytesView)
        case .end:
            guard let head else { return }
            let request = ScriptedService.Request(
                method: head.method.rawValue, path: head.uri,
                contentType: head.headers.first(name: "Content-Type"), body: body)
            task = Self.answer(request, by: script, on: context.channel)
        }
    }

    private static func answer(
        _ request: ScriptedService.Request, by script: @escaping ScriptedService.Script,
        on channel: any Channel
    ) -> Task<Void, Never> {
        Task {
            let answer = await script(request)
            channel.eventLoop.execute { write(answer, to: channel) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { task?.cancel() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private static func write(_ answer: ScriptedService.Answer, to channel: any Channel) {
        switch answer {
        case .json(let status, let bytes):
            respond(status, ["Content-Type": "application/json"], bytes, to: channel)
        case .empty(let status): respond(status, [:], [], to: channel)
        case .redirect(let place): respond(307, ["Location": place], [], to: channel)
        case .torn(let bytes, let missing):
            begin(200, ["Content-Length": String(bytes.count + missing)], to: channel)
            send(bytes, to: channel).whenComplete { _ in channel.close(promise: nil) }
        case .huge(let length):
            begin(200, ["Content-Length": String(length)], to: channel)
            sendForever(channel)
        case .endless:
            begin(200, ["Transfer-Encoding": "chunked"], to: channel)
            sendForever(channel)
        case .noise:
            let noise = channel.allocator.buffer(string: "\u{0}\u{1}no http at all\r\n\r\n")
            guard
                let encoder = try? channel.pipeline.syncOperations.context(
                    handlerType: HTTPResponseEncoder.self)
            else { return }
            encoder.writeAndFlush(NIOAny(noise), promise: nil)
            channel.close(promise: nil)
        case .silence: break
        }
    }

    private static func respond(
        _ status: Int, _ headers: HTTPHeaders, _ bytes: [UInt8], to channel: any Channel
    ) {
        var headers = headers
        // 204 has no length (RFC 9110 §8.6).
        if status != 204 { headers.add(name: "Content-Length", value: String(bytes.count)) }
        begin(status, headers, to: channel)
        if !bytes.isEmpty { _ = send(bytes, to: channel) }
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    private static func begin(_ status: Int, _ headers: HTTPHeaders, to channel: any Channel) {
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: status), headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
    }

    private static func send(_ bytes: [UInt8], to channel: any Channel) -> EventLoopFuture<Void> {
        let buffer = channel.allocator.buffer(bytes: bytes)
        return channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer)))
    }

    private static func sendForever(_ channel: any Channel) {
        send([UInt8](repeating: 0x20, count: 4_096), to: channel)
            .whenSuccess { sendForever(channel) }
    }
}
