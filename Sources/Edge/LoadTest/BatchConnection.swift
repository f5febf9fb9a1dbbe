import LineClient
import LineProtocol
import NIOCore
import NIOPosix

/// A connection that carries batches.
final class BatchConnection: Sendable {
    /// The program's name and version as HELLO is told it.
    static let agent = "countersign-loadtest/1.0"

    private let channel: any Channel
    private let handler: BatchHandler
    private let greeting: Reply

    private init(channel: any Channel, handler: BatchHandler, greeting: Reply) {
        self.channel = channel
        self.handler = handler
        self.greeting = greeting
    }

    /// How many requests the server lets be outstanding.
    var window: Int { greeting["window"].flatMap(Int.init) ?? 1 }

    /// The server's name and version.
    var server: String { greeting["server"] ?? "-" }

    /// Connects, says who the load test is, and agrees on pipelining with replies in any order.
    static func connect(
        _ plan: LoadPlan, on group: any EventLoopGroup, patience: TimeAmount = .seconds(30)
    ) async throws(LoadTestError) -> BatchConnection {
        let handler = BatchHandler(patience: patience)
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel: any Channel
        do {
            switch plan.endpoint {
            case .socket(let path):
                channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            case .tcp(let host, let port):
                channel = try await bootstrap.connect(host: host, port: port).get()
            }
        } catch {
            throw .connection(
                .cannotConnect(place: plan.endpoint.description, reason: "\(error)"))
        }
        let newborn = BatchConnection(channel: channel, handler: handler, greeting: .ok())
        do throws(LoadTestError) {
            if let identity = plan.identity {
                try await newborn.ask("AUTH", [identity.name, identity.secret])
            }
            let features = ["features": "pipeline,ooo", "agent": agent] as KeyValuePairs
            let greeting = try await newborn.ask("HELLO", ["1"], features)
            return BatchConnection(channel: channel, handler: handler, greeting: greeting)
        } catch {
            await newborn.close()
            throw error
        }
    }

    /// Sends a batch and waits for its replies. One batch at a time.
    func run(_ batch: Batch, window: SendWindow) async throws(LoadTestError) -> BatchOutcome {
        let promise = channel.eventLoop.makePromise(of: BatchHandler.Answer.self)
        let answer: BatchHandler.Answer = await withTaskCancellationHandler {
            channel.eventLoop.execute { [handler] in
                handler.begin(batch, window: window, promise: promise)
            }
            do {
                return try await promise.futureResult.get()
            } catch {
                return .failure(.connectionLost(outstanding: 0))
            }
        } onCancel: {
            channel.eventLoop.execute { [handler] in handler.fail(.cancelled) }
        }
        return try answer.get()
    }

    /// Closes the connection.
    func close() async {
        channel.eventLoop.execute { [handler] in handler.fail(.connectionLost(outstanding: 0)) }
        // How the channel came to close does not matter here.
        _ = try? await channel.closeFuture.get()
    }

    @discardableResult
    private func ask(
        _ verb: String, _ arguments: [String], _ options: KeyValuePairs<String, String> = [:]
    ) async throws(LoadTestError) -> Reply {
        var batch = Batch(firstID: 0, purpose: .collect)
        batch.append(try requestLine(verb, arguments, options).encoded(id: batch.nextID))
        let outcome = try await run(
            batch, window: SendWindow(requests: 1, depth: 1, span: 1, pace: .closedLoop))
        guard let reply = outcome.replies.first, reply.isSuccess else {
            throw .refused(
                request: verb, outcome.replies.first ?? .refusal(.internalError))
        }
        return reply
    }
}

/// A request of the load test's own making; what cannot be put into one is the plan's fault.
func requestLine(
    _ verb: String, _ positionals: [String] = [], _ options: KeyValuePairs<String, String> = [:]
) throws(LoadTestError) -> RequestLine {
    do throws(ArgumentError) {
        return try RequestLine(verb, positionals, options)
    } catch {
        throw .outOfRange(parameter: "an argument of \(verb)", allowed: "text (\(error.code))")
    }
}
