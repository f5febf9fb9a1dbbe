import Authenticators
import Emulators
import SmartCards

/// How the command reaches smart cards.
enum CardAccess {
    /// The card that a person names: by its reader, with or without `pcsc:` before it, or `emulator:FILE`.
    static func open(_ name: String) throws -> SmartCardDevice {
        let isPath = name.hasPrefix("pcsc:") || name.hasPrefix("emulator:")
        let path = try CardPath(isPath ? name : "pcsc:\(name)")
        guard case .emulator(let file) = path else { return try SmartCardDevice(path: path) }
        let card: SoftwareCard
        do throws(EmulatorError) {
            card = try SoftwareCard(storage: .file(path: file))
        } catch {
            throw CommandFailure(.unavailable, "\(error)")
        }
        return SmartCardDevice(path: path) { () throws(AuthenticatorFailure) in
            card.openTransport()
        }
    }
}
