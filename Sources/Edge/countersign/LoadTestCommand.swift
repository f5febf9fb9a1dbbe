import Accounts
public import ArgumentParser
import CredentialStore
import Encoding
import LineClient
public import LoadTest
import WebAuthn

struct LoadTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadtest",
        abstract: "Measure how many verified, durable sign-ins a second a server holds.",
        discussion: """
            Emulated credentials are enrolled through the service; the requests are made ahead, with challenges \
            fetched and signed; then only the verification is timed. With --rate, requests go out on schedule whatever the replies do, and \
            latencies count from when a request should have been sent.

              countersign loadtest --scratch --credentials 1000 --connections 16 --pipeline 16 --seconds 10

            --method hotp has codes of tokens verified, each of them once; --method apppass has app passwords \
            verified, as mail programs send them again and again, and needs a server that allows them; with \
            --method totp every user signs in once, for the next code comes after 30 seconds.

            Exit status 1: a yes was not on disk, a row on disk was no yes, or a right answer was refused.
            """)

    @OptionGroup var server: ServerOptions

    @Flag(help: "Test a server of its own, in a folder of its own, which are removed afterwards.")
    var scratch = false

    @Option(help: "How users sign in.")
    var method = LoadPlan.Method.webauthn

    @Option(help: "Credentials to enrol.")
    var credentials = 1000

    @Option(help: "Connections.")
    var connections = 16

    @Option(help: "Requests outstanding on each connection.")
    var pipeline = 16

    @Option(help: "Seconds of timed verification; 10 if not given.")
    var seconds: Double?

    @Option(
        help: "Requests, instead of seconds; by totp as many as there are credentials if not given."
    )
    var requests: Int?

    @Option(help: "Requests a second in an open loop; a closed loop if not given.")
    var rate: Double?

    @Option(help: "The relying party of security keys.")
    var rp = "localhost"

    @Option(help: "The origin; https:// and the relying party if not given.")
    var origin: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if seconds != nil, requests != nil {
            throw ValidationError("give --seconds or --requests, not both")
        }
        if method == .totp, seconds != nil {
            throw ValidationError(
                "a code of --method totp is good once, and the next comes after 30 seconds: "
                    + "give --requests, up to as many as --credentials; "
                    + "or --method hotp, which can go on")
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
            let requests = requests ?? (method == .totp ? credentials : nil)
            let goal: LoadPlan.Goal = requests.map { .requests($0) } ?? .seconds(seconds ?? 10)
            let plan = try LoadPlan(
                endpoint: endpoint,
                identity: identity.map { LoadPlan.Identity(name: $0.name, secret: $0.secret) },
                method: method, relyingPartyID: relyingPartyID, origin: origin ?? "https://\(rp)",
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
                .refused,
                "yeses and rows on disk differ, right answers were refused, or nothing was accepted",
                advice: "The figures above do not count.")
        }
        if let counts, !json {
            Terminal.say(
                "\(counts.accepted) accepted rows were found in the database after the server had ended."
            )
        }
    }
}

extension LoadPlan.Method: ExpressibleByArgument {}
