import LineClient
import LineProtocol
import NIOCore

/// The load test's connection for all that is not timed: users, enrolments and figures.
struct Control: Sendable {
    /// Requests of the load test's own that are on their way at a time.
    static let concurrency = 64

    private let connection: LineConnection

    static func connect(
        _ plan: LoadPlan, on group: any EventLoopGroup
    ) async throws(LoadTestError) -> Control {
        do throws(LineClientError) {
            return Control(
                connection: try await LineConnection.connect(
                    to: plan.endpoint, mode: .outOfOrder,
                    credentials: plan.identity.map { .init(name: $0.name, secret: $0.secret) },
                    agent: BatchConnection.agent, on: group))
        } catch {
            throw LoadTestError(error)
        }
    }

    /// The reply to a request, whatever it says; a server that is busy is asked again, some ten times.
    func ask(
        _ verb: String, _ positionals: [String] = [],
        _ options: KeyValuePairs<String, String> = [:]
    ) async throws(LoadTestError) -> Reply {
        let line = try requestLine(verb, positionals, options)
        var attempt = 0
        while true {
            do throws(LineClientError) {
                let reply = try await connection.request(line)
                guard reply.word == .busy, attempt < 10 else { return reply }
            } catch {
                throw LoadTestError(error)
            }
            attempt += 1
            try await pause(attempt)
        }
    }

    /// The yes to a request; any other reply ends the test.
    func demand(
        _ verb: String, _ positionals: [String] = [],
        _ options: KeyValuePairs<String, String> = [:]
    ) async throws(LoadTestError) -> Reply {
        let reply = try await ask(verb, positionals, options)
        guard reply.isSuccess else { throw .refused(request: verb, reply) }
        return reply
    }

    /// The server's figures.
    func status() async throws(LoadTestError) -> ServerFigures {
        try ServerFigures(try await demand("STATUS"))
    }

    func close() async { await connection.close() }
}

/// Waits for a busy server, longer each time.
func pause(_ attempt: Int) async throws(LoadTestError) {
    do {
        try await Task.sleep(for: .milliseconds(50 * attempt))
    } catch {
        throw .cancelled
    }
}

extension LoadTestError {
    init(_ error: LineClientError) {
        self = error == .cancelled ? .cancelled : .connection(error)
    }
}
