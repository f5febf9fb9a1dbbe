import Authenticators
import Emulators
import SecurityKeys

/// How the command reaches security keys.
enum SecurityKeyAccess {
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
            var prompt = "PIN of the authenticator"
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
        case .touchNeeded: "Touch the authenticator…"
        case .verificationNeeded(.fingerprint): "Put your finger on the security key…"
        case .verificationNeeded(let means):
            "Verify yourself at the security key (\(means.rawValue))…"
        case .verificationFailed(_, let left):
            "Not recognised\(left.map { ", \($0) tries left" } ?? ""); try again."
        case .verificationUnavailable:
            "The key's own verification is blocked; its PIN takes its place."
        case .pinNeeded: "The authenticator needs its PIN."
        case .pinRejected(let left): "Wrong PIN\(left.map { ", \($0) tries left" } ?? "")."
        }
    }
}
