import Accounts
import ArgumentParser
import CredentialStore
import Dispatch
import Foundation
import Glibc
import Logging
import StrictYAML
import WebAuthn

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the line protocol on a Unix socket, and on loopback TCP.",
        discussion: """
            Without a configuration file, the user that the server runs as, and root, may do everything on the \
            socket:

              countersign serve --data ./data --socket ./countersign.sock --rp localhost

            and any program that can open a socket is a client:

              echo 'STATUS' | nc -UN ./countersign.sock
              redis-cli -s ./countersign.sock STATUS

            A file says the same and more; Documentation/configuration.md lists its keys. Options win over it.
            SIGTERM or Ctrl-C: what is under way is answered, then the server ends.
            """)

    @Option(help: ArgumentHelp("The configuration, in YAML.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The folder for the database and the secret.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The Unix socket to listen on.", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "A loopback address to listen on too. Its clients authenticate.",
            valueName: "host:port"))
    var tcp: String?

    @Option(
        help: ArgumentHelp(
            "A domain to verify for; its origin is https://domain.", valueName: "domain"))
    var rp: [String] = []

    @Option(
        help: ArgumentHelp(
            "A certificate whose attestations of security keys are trusted.", valueName: "file"))
    var attestationRoot: [String] = []

    @Option(
        help: ArgumentHelp(
            "A certificate whose attestations of cards' keys are trusted.", valueName: "file"))
    var cardRoot: [String] = []

    func run() async throws {
        try await reporting {
            let logger = Logger(label: "countersign")
            let configuration = try settings()
            let server = try await RunningServer.start(configuration, logger: logger)
            var places = configuration.socket.map { [$0] } ?? []
            if let tcp = configuration.tcp, let port = server.port {
                places.append("\(tcp.host):\(port)")
            }
            if let url = server.phoneURL { places.append(url) }
            Terminal.complain(
                "countersign \(Countersign.version) serves on \(places.joined(separator: " and "))")
            await Signals.termination()
            Terminal.complain("countersign: stopping")
            do throws(StoreError) {
                try await server.stop()
            } catch {
                throw CommandFailure(.internalError, error.advice)
            }
        }
    }

    private func settings() throws(CommandFailure) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        if let config {
            guard let contents = FileManager.default.contents(atPath: config) else {
                throw CommandFailure(.configuration, "\(config) cannot be read")
            }
            do throws(YAMLError) {
                configuration = try ServerConfiguration(yaml: Array(contents), file: config)
            } catch {
                throw CommandFailure(.configuration, "\(error)")
            }
        }
        if let data { configuration.dataFolder = data }
        if let socket { configuration.socket = socket }
        if let tcp {
            guard let address = HostAndPort(tcp) else {
                throw CommandFailure(
                    .configuration, "'\(tcp)' is not an address",
                    advice: "Give it as 127.0.0.1:7300.")
            }
            configuration.tcp = address
        }
        if !rp.isEmpty { configuration.relyingParties = [] }
        for domain in rp {
            do throws(MalformedWebAuthn) {
                configuration.relyingParties.append(
                    ServerConfiguration.relyingParty(try RelyingPartyID(domain)))
            } catch {
                throw CommandFailure(
                    .configuration, "'\(domain)' is not a domain",
                    advice: "Give it in lower case and without https://, such as login.example.org."
                )
            }
        }
        configuration.attestationRoots += attestationRoot
        configuration.cards.attestationRoots += cardRoot
        return configuration
    }
}

/// The signals that end a server.
enum Signals {
    /// Waits for SIGTERM or SIGINT, which do nothing else from here on, or until the task is cancelled.
    static func termination() async {
        let queue = DispatchQueue(label: "countersign.signals")
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        let once = Once()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async { once.wait(continuation) }
                for source in sources {
                    source.setEventHandler { once.resume() }
                    source.resume()
                }
            }
        } onCancel: {
            queue.async { once.resume() }
        }
        for source in sources { source.cancel() }
    }

    /// A continuation that the first signal resumes, also one that came before it. It is called on the signals' serial
    /// queue only.
    private final class Once: @unchecked Sendable {
        private var continuation: CheckedContinuation<Void, Never>?
        private var isOver = false

        func wait(_ continuation: CheckedContinuation<Void, Never>) {
            if isOver { continuation.resume() } else { self.continuation = continuation }
        }

        func resume() {
            isOver = true
            continuation?.resume()
            continuation = nil
        }
    }
}
