import ArgumentParser
import Authenticators
import Emulators
import SecurityKeys

/// Which security key.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The security key.",
            discussion: """
                /dev/hidrawN, as 'countersign devices list' shows it; udp:127.0.0.1:8111 for one that speaks \
                CTAPHID over UDP; or emulator:FILE for one in software that keeps its state in FILE.
                """,
            valueName: "path"))
    var device: String

    /// Opens nothing yet but a software key's state.
    func open() throws -> SecurityKeyDevice { try Self.open(DevicePath(device)) }

    /// The key at `path`.
    static func open(_ path: DevicePath) throws -> SecurityKeyDevice {
        guard case .emulator(let file) = path else { return try SecurityKeyDevice(path: path) }
        let key: SoftwareSecurityKey
        do throws(EmulatorError) {
            key = try SoftwareSecurityKey(storage: .file(path: file))
        } catch {
            throw CommandFailure(.unavailable, "\(error)")
        }
        return SecurityKeyDevice(path: path) { () throws(AuthenticatorFailure) in
            key.openTransport()
        }
    }
}

extension Interaction {
    /// A person at this terminal.
    static let terminal = Interaction(
        report: { Terminal.complain($0.prompt) },
        pin: { request in
            var prompt = "PIN of the security key"
            if let left = request.retriesLeft {
                prompt += left == 1 ? " (last try)" : " (\(left) tries)"
            }
            // The person types on a thread that may wait.
            return Terminal.readPIN(prompt: "\(prompt): ")
        })
}

extension AuthenticatorEvent {
    /// What to tell the person.
    var prompt: String {
        switch self {
        case .touchNeeded: "Touch the security key…"
        case .verificationNeeded(.fingerprint): "Put your finger on the security key…"
        case .verificationNeeded(let means):
            "Verify yourself at the security key (\(means.rawValue))…"
        case .verificationFailed(_, let left):
            "Not recognised\(left.map { ", \($0) tries left" } ?? ""); try again."
        case .verificationUnavailable:
            "The key's own verification is blocked; its PIN takes its place."
        case .pinNeeded: "The security key needs its PIN."
        case .pinRejected(let left): "Wrong PIN\(left.map { ", \($0) tries left" } ?? "")."
        }
    }
}
