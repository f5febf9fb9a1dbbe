import Accounts
import CredentialStore
import Foundation
import Glibc
import LineClient

/// A server of its own process and folder, for a demonstration or a load test; both are gone afterwards.
final class ScratchServer {
    let folder: String
    private let process = Process()

    var socket: String { folder + "/countersign.sock" }
    var endpoint: LineConnection.Endpoint { .socket(path: socket) }

    /// Starts `countersign serve` on a fresh folder, for one relying party, and waits until it answers.
    ///
    /// - Parameters:
    ///   - attestationRoot: a certificate to trust in security keys' attestations, DER.
    ///   - cardRoot: one to trust in cards'.
    static func start(
        relyingParty: String, attestationRoot: [UInt8]? = nil, cardRoot: [UInt8]? = nil
    ) async throws(CommandFailure) -> ScratchServer {
        let server = try ScratchServer(
            relyingParty: relyingParty, attestationRoot: attestationRoot, cardRoot: cardRoot)
        for _ in 0..<100 {
            guard server.process.isRunning else { break }
            if let connection = try? await ServerConnection(to: server.endpoint, credentials: nil) {
                await connection.close()
                return server
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
        let log = FileManager.default.contents(atPath: server.folder + "/log") ?? Data()
        server.remove()
        throw CommandFailure(
            .internalError, "the scratch server did not start",
            advice: String(decoding: log.suffix(1000), as: UTF8.self))
    }

    private init(
        relyingParty: String, attestationRoot: [UInt8]?, cardRoot: [UInt8]?
    ) throws(CommandFailure) {
        let template = FileManager.default.temporaryDirectory.path + "/countersign-XXXXXX"
        var name = Array(template.utf8CString)
        guard unsafe mkdtemp(&name) != nil else {
            throw CommandFailure(.internalError, "no temporary folder can be made")
        }
        folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            var roots = ""
            if let attestationRoot {
                let path = folder + "/root.der"
                try Data(attestationRoot).write(to: URL(fileURLWithPath: path))
                roots = "policy: {attestation-roots: [\(path)]}\n"
            }
            if let cardRoot {
                let path = folder + "/card-root.der"
                try Data(cardRoot).write(to: URL(fileURLWithPath: path))
                roots += "cards: {attestation-roots: [\(path)]}\n"
            }
            let text = """
                data: \(folder)/data
                socket: \(socket)
                relying-parties: [{id: \(relyingParty)}]
                app-passwords: {allowed: true}
                phones: {listen: "127.0.0.1:0", name: Example, endpoints: ["127.0.0.1:any"]}
                \(roots)clients:
                  - name: \(ScratchServer.client)
                    uid: \(geteuid())
                    capabilities: [verify, enroll, administer, stats, reasons]

                """
            let configuration = folder + "/countersign.yaml"
            try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
            process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            process.arguments = ["serve", "--config", configuration]
            process.standardInput = FileHandle.nullDevice
            try Data().write(to: URL(fileURLWithPath: folder + "/log"))
            process.standardError = FileHandle(forWritingAtPath: folder + "/log")
            try process.run()
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw CommandFailure(.internalError, "the scratch server cannot be started: \(error)")
        }
    }

    private static let client = "local"

    /// Ends the server and waits for it.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// What is on disk, read once the server has ended.
    func counts() throws(CommandFailure) -> StoreCounts {
        stop()
        do throws(StoreError) {
            let store = try SQLiteStore(path: folder + "/data/countersign.sqlite")
            let counts = try store.counts()
            try store.close()
            return counts
        } catch {
            throw CommandFailure(.internalError, error.advice)
        }
    }

    /// Ends the server and removes its folder.
    func remove() {
        stop()
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            Terminal.complain("countersign: \(folder) could not be removed")
        }
    }
}
