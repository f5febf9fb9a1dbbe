import NIOCore
import NIOPosix
import NIOSSL
import PhonePush
import Synchronization

/// A server on loopback that says what it is told to, as bytes, HTTP or not.
final class ScriptedServer: Sendable {
    /// What it does, one step after the other, on each connection.
    enum Step: Sendable {
        /// Waits until a request is there to its end.
        case awaitRequest
        /// Sends these bytes.
        case send(String)
        /// Sends these bytes one at a time, each by itself.
        case drip(String)
        /// Sends these bytes again and again, as long as anybody reads.
        case flood(String)
        /// Closes the connection.
        case close
    }

    /// What it saw.
    enum Event: Sendable, Equatable {
        case connected
        case request(String, [UInt8])
        case closed
    }

    let events: AsyncStream<Event>
    let port: Int
    private let channel: any Channel
    private let counter = Counter()

    /// How many connections there were.
    var connectionCount: Int { counter.value }

    /// Starts one. The first connection gets the first script, and so on; all others get the last.
    static func run<Value: Sendable>(
        _ scripts: [Step]..., tls: NIOSSLContext? = nil, host: String = "127.0.0.1",
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let server = try await ScriptedServer(scripts, tls: tls, host: host)
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try await server.channel.close()
        return try result.get()
    }

    private init(_ scripts: [[Step]], tls: NIOSSLContext?, host: String) async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let count = counter
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = count.next()
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    let script = scripts[min(number, scripts.count - 1)]
                    try pipeline.addHandler(ScriptHandler(script, continuation))
                }
            }
            .bind(host: host, port: 0).get()
        self.events = events
        port = channel.localAddress?.port ?? 0
    }
}

extension ByteBuffer {
    fileprivate init(repeating bytes: some Collection<UInt8>, count: Int) {
        self.init(bytes: (0..<count).flatMap { _ in bytes })
    }
}

/// Counts from 0.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var steps: ArraySlice<ScriptedServer.Step>
    private var received: [UInt8] = []
    private let events: AsyncStream<ScriptedServer.Event>.Continuation

    init(
        _ steps: [ScriptedServer.Step], _ events: AsyncStream<ScriptedServer.Event>.Continuation
    ) {
        self.steps = steps[...]
        self.events = events
    }

    func channelActive(context: ChannelHandlerContext) {
        events.yield(.connected)
        proceed(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        if case .awaitRequest? = steps.first { proceed(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        steps = []
        events.yield(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func proceed(_ context: ChannelHandlerContext) {
        while let step = steps.first {
            switch step {
            case .awaitRequest:
                guard let request = takeRequest() else { return }
                events.yield(request)
            case .send(let text):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .drip(let text):
                for byte in text.utf8 {
                    context.writeAndFlush(
                        wrapOutboundOut(ByteBuffer(bytes: [byte])), promise: nil)
                }
            case .flood(let text):
                // Large writes, so that the flood rises fast.
                let count = max(1, 16_384 / max(1, text.utf8.count))
                return flood(ByteBuffer(repeating: text.utf8, count: count), context)
            case .close:
                return context.close(promise: nil)
            }
            steps = steps.dropFirst()
        }
    }

    private func flood(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let written = context.writeAndFlush(wrapOutboundOut(bytes))
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        written.whenSuccess {
            // Not from within the write, which may be done at once.
            loop.execute {
                let (handler, context) = box.value
                if context.channel.isActive { handler.flood(bytes, context) }
            }
        }
    }

    /// A request whose head and body are there.
    private func takeRequest() -> ScriptedServer.Event? {
        let separator = Array("\r\n\r\n".utf8)
        guard
            let end = received.indices.first(where: { received[$0...].starts(with: separator) })
        else { return nil }
        let head = String(decoding: received[..<end], as: UTF8.self)
        let length =
            head.split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
        guard received.count >= end + 4 + length else { return nil }
        return .request(head, Array(received[(end + 4)...].prefix(length)))
    }
}
