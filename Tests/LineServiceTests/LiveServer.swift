import Foundation
import LineClient
import LineProtocol
import LineService
import NIOCore
import NIOPosix

/// A server on a Unix socket in a directory of its own and on a loopback port.
struct LiveServer {
    let server: LineServer
    let held = Held()
    let path: String
    let group = MultiThreadedEventLoopGroup.singleton

    static func directory() throws -> String {
        let path = "/tmp/cs-line-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    /// Where the tests' own user is `client`.
    init(
        directory: String, client: Client? = .web, limits: Limits = Limits(), socket: Bool = true,
        host: String? = "127.0.0.1"
    ) {
        path = directory + "/s.sock"
        var access = testAccess
        if let client { access = AccessList(peers: [getuid(): client], secrets: testSecrets) }
        var configuration = LineServer.Configuration(
            access: access, serverName: "countersign/1.0", methods: ["webauthn"])
        configuration.limits = limits
        if socket { configuration.socketPath = path }
        configuration.address = host.map { ($0, 0) }
        server = LineServer(
            configuration: configuration, verbs: testVerbs(held), group: group, logger: quiet)
    }

    /// Runs a body against a started server, and stops it.
    static func run(
        client: Client? = .web, limits: Limits = Limits(),
        _ body: (LiveServer) async throws -> Void
    ) async throws {
        let directory = try directory()
        let live = LiveServer(directory: directory, client: client, limits: limits)
        try await live.server.start()
        do { try await body(live) } catch {
            await live.stop(directory)
            throw error
        }
        await live.stop(directory)
    }

    private func stop(_ directory: String) async {
        await server.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    func connect(
        _ mode: LineConnection.Mode = .oneAtATime
    ) async throws -> LineConnection {
        try await LineConnection.connect(
            to: .socket(path: path), mode: mode, agent: "tests", on: group)
    }

    /// What the server says to these bytes until it closes.
    func exchange(_ bytes: [UInt8], overTCP: Bool = false) async throws -> String {
        let heard = Box<[UInt8]>([])
        let bootstrap = ClientBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Collector(heard))
            }
        }
        let channel =
            if overTCP {
                try await bootstrap.connect(host: "127.0.0.1", port: server.port ?? 0).get()
            } else {
                try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        // The server may close before it has read everything: that is a result here, not a failure.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        try await channel.closeFuture.get()
        return String(decoding: heard.value, as: UTF8.self)
    }

    func exchange(_ text: String, overTCP: Bool = false) async throws -> String {
        try await exchange(Array(text.utf8), overTCP: overTCP)
    }

    /// The output of a program, fed with this input.
    func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stdout
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let data = stdout.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
            do {
                try process.run()
                stdin.fileHandleForWriting.write(Data(input.utf8))
                try stdin.fileHandleForWriting.close()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

/// Keeps what comes.
final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let heard: Box<[UInt8]>

    init(_ heard: Box<[UInt8]>) { self.heard = heard }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        heard.update { $0 += bytes }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
