import ArgumentParser
import CredentialStore
import Encoding
import LineClient
import LoadTest
import WebAuthn

struct LoadTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadtest",
        abstract: "Measure how many verified, durable sign-ins a second a server holds.",
        discussion: """
            Emulated credentials are enrolled through the service; challenges are fetched and signed ahead; then \
            only the verification is timed. With --rate, requests go out on schedule whatever the replies do, and \
            latencies count from when a request should have been sent.

              countersign loadtest --scratch --credentials 1000 --connections 16 --pipeline 16 --seconds 10

            Exit status 1: a yes was not on disk, or a row on disk was no yes.
            """)

    @OptionGroup var server: ServerOptions

    @Flag(help: "Test a server of its own, in a folder of its own, which are removed afterwards.")
    var scratch = false

    @Option(help: "Credentials to enrol.")
    var credentials = 1000

    @Option(help: "Connections.")
    var connections = 16

    @Option(help: "Requests outstanding on each connection.")
    var pipeline = 16

    @Option(help: "Seconds of timed verification.")
    var seconds: Double?

    @Option(help: "Requests, instead of seconds.")
    var requests: Int?

    @Option(help: "Requests a second in an open loop; a closed loop if not given.")
    var rate: Double?

    @Option(help: "The relying party.")
    var rp = "localhost"

    @Option(help: "The origin; https:// and the relying party if not given.")
    var origin: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if seconds != nil, requests != nil {
            throw ValidationError("give --seconds or --requests, not both")
        }
    }

    func run() async throws {
        try await reporting {
            guard scratch else {
                try conclude(try await measure(server.endpoint(), server.identity), onDisk: nil)
                return
            }
            let own = try await ScratchServer.start(relyingParty: rp)
            defer { own.remove() }
            let report = try await measure(own.endpoint, nil)
            try conclude(report, onDisk: try own.counts())
        }
    }

    private func measure(
        _ endpoint: LineConnection.Endpoint, _ identity: (name: String, secret: String)?
    ) async throws -> LoadReport {
        let relyingPartyID: RelyingPartyID
        do throws(MalformedWebAuthn) {
            relyingPartyID = try RelyingPartyID(rp)
        } catch {
            throw CommandFailure(.configuration, "'\(rp)' is not a domain")
        }
        do throws(LoadTestError) {
            let goal: LoadPlan.Goal = requests.map { .requests($0) } ?? .seconds(seconds ?? 10)
            let plan = try LoadPlan(
                endpoint: endpoint,
                identity: identity.map { LoadPlan.Identity(name: $0.name, secret: $0.secret) },
                relyingPartyID: relyingPartyID, origin: origin ?? "https://\(rp)",
                credentials: credentials, connections: connections, depth: pipeline,
                goal: goal, rate: rate)
            return try await Self.run(plan)
        } catch {
            throw CommandFailure(.unavailable, "\(error)")
        }
    }

    /// Runs a plan, with a bar where a person looks on.
    static func run(_ plan: LoadPlan) async throws(LoadTestError) -> LoadReport {
        guard Terminal.isInteractive else { return try await LoadRun(plan).run() }
        let bar = ProgressBar(columns: 78)
        let report = try await LoadRun(plan).run { Terminal.redraw(bar.line($0)) }
        Terminal.redraw("")
        return report
    }

    private func conclude(_ report: LoadReport, onDisk counts: StoreCounts?) throws(CommandFailure)
    {
        Terminal.say(json ? report.json.encoded() : report.table)
        guard report.isSound, counts.map({ $0.accepted == report.accepted }) ?? true else {
            throw CommandFailure(
                .refused, "yeses and rows on disk differ, or nothing was accepted",
                advice: "The figures above do not count.")
        }
        if let counts, !json {
            Terminal.say(
                "\(counts.accepted) accepted rows were found in the database after the server had ended."
            )
        }
    }
}
