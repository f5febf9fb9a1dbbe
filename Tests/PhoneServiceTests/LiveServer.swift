import Foundation
import Logging
import NIOCore
import NIOPosix
import PhoneService
import Synchronization

/// A service on a loopback port, with a scripted backend.
struct LiveServer {
    let server: PhoneServer
    let script: ScriptedBackend
    let port: Int

    /// 2026-11-24 12:00:00 UTC.
    static let now: Int64 = 1_795_521_600_000

    /// Limits that no test but its own meets.
    static var wide: PhoneServer.Limits {
        var limits = PhoneServer.Limits()
        limits.ratePerSubscriber = 1_000_000
        limits.burstPerSubscriber = 1_000_000
        limits.requestTime = .seconds(40)
        return limits
    }

    /// Runs a body against a started service, and stops it.
    static func run(
        limits: PhoneServer.Limits = wide, transport: PhoneServer.Transport = .plaintext,
        logger: Logger = quiet, _ body: (LiveServer) async throws -> Void
    ) async throws {
        let script = try ScriptedBackend()
        var configuration = PhoneServer.Configuration(
            host: "127.0.0.1", port: 0, transport: transport)
        configuration.limits = limits
        let server = PhoneServer(
            configuration: configuration, backend: script.backend,
            group: MultiThreadedEventLoopGroup.singleton, logger: logger, clock: { now })
        try await server.start()
        do {
            try await body(
                LiveServer(server: server, script: script, port: server.port ?? 0))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    func connect() async throws -> Wire { try await Wire.connect(port: port) }

    /// What the service says to this until it closes.
    func exchange(_ text: String) async throws -> String {
        try await exchange(Array(text.utf8))
    }

    func exchange(_ bytes: [UInt8]) async throws -> String {
        try await Wire.connect(port: port, saying: bytes).closed()
    }

    /// The reply to one request, on a connection of its own.
    func request(
        _ method: String, _ path: String, type: String? = "application/json",
        fields: [String] = [], body: [UInt8]? = nil
    ) async throws -> HTTPReply {
        try HTTPReply(
            await exchange(
                HTTPText.request(
                    method, path, type: type, fields: fields + ["Connection: close"], body: body)))
    }
}

/// Requests as bytes.
enum HTTPText {
    static func request(
        _ method: String, _ path: String, type: String? = "application/json",
        fields: [String] = [], body: [UInt8]? = nil
    ) -> [UInt8] {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: phones.example.org"] + fields
        if let body {
            if let type { lines.append("Content-Type: \(type)") }
            lines.append("Content-Length: \(body.count)")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
    }
}

/// One reply, taken apart by nothing that the service uses.
struct HTTPReply {
    struct Unreadable: Error { let text: String }

    let status: Int
    let fields: [String: String]
    let body: String

    init(_ text: String) throws {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard parts.count == 2, words.count >= 2, words[0] == "HTTP/1.1",
            let status = Int(words[1])
        else { throw Unreadable(text: text) }
        self.status = status
        fields = Dictionary(
            lines.dropFirst().map { line in
                let pair = line.split(separator: ":", maxSplits: 1)
                return (
                    pair[0].lowercased(),
                    pair.count == 2 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
                )
            }, uniquingKeysWith: { $0 + "; " + $1 })
        body = parts[1]
    }
}

/// A TCP connection of a client that knows no HTTP.
final class Wire: Sendable {
    private struct State {
        var heard: [UInt8] = []
        var isClosed = false
        var waiting: [(isEnough: @Sendable (String) -> Bool, CheckedContinuation<String, Never>)] =
            []
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    static let group = MultiThreadedEventLoopGroup.singleton

    /// Connects, and says something without leaving the event loop, so that no other task comes between.
    static func connect(port: Int, saying first: [UInt8] = []) async throws -> Wire {
        let wire = Wire()
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Ear(wire, first))
                }
            }.connect(host: "127.0.0.1", port: port).get()
        wire.channel.withLock { $0 = channel }
        return wire
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Sends, and waits until the system has taken it; says whether it has.
    func deliver(_ bytes: [UInt8]) async -> Bool {
        guard let channel = channel.withLock({ $0 }) else { return false }
        return (try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()) != nil
    }

    /// Says that no more comes.
    func finish() { channel.withLock { $0 }?.close(mode: .output, promise: nil) }

    /// Goes, without a word where there is unread data.
    func vanish() { channel.withLock { $0 }?.close(promise: nil) }

    /// What was heard, as soon as it is enough or the end.
    func heard(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting.append((isEnough, continuation)) }
            look()
        }
    }

    /// What was heard until the service closed.
    func closed() async -> String { await heard { _ in false } }

    fileprivate func hear(_ bytes: [UInt8]) {
        state.withLock { $0.heard += bytes }
        look()
    }

    fileprivate func end() {
        state.withLock { $0.isClosed = true }
        look()
    }

    private func look() {
        let (text, satisfied) = state.withLock { state in
            let text = String(decoding: state.heard, as: UTF8.self)
            let isClosed = state.isClosed
            let satisfied = state.waiting.filter { isClosed || $0.isEnough(text) }
            state.waiting.removeAll { isClosed || $0.isEnough(text) }
            return (text, satisfied)
        }
        for (_, continuation) in satisfied { continuation.resume(returning: text) }
    }
}

private final class Ear: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let wire: Wire
    private let first: [UInt8]

    init(_ wire: Wire, _ first: [UInt8]) {
        self.wire = wire
        self.first = first
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !first.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: first)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        wire.hear(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { wire.end() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Waits for what other threads are about to do.
func eventually(_ isSo: () -> Bool) async {
    let end = ContinuousClock.now + .seconds(30)
    while !isSo(), ContinuousClock.now < end { await Task.yield() }
}
