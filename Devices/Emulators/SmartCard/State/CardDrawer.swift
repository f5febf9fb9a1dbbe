import Cryptography
import Encoding
import PIV

/// Where software cards lie: makes their states, finds them again and keeps them.
enum CardDrawer {
    private static let header = "countersign smart card, state 1"

    /// The last day of a new card's identifier.
    private static let expirationDate = "20491231"
    /// The number that stands for cards which no federal agency issued.
    private static let fascn: [UInt8] = [
        0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE, 0x73, 0x9D, 0x83, 0x68, 0x58, 0x21,
        0x08, 0x42, 0x10, 0x84, 0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB,
    ]

    /// The state in the drawer, or a new one put there, and how to keep it.
    static func open(
        _ storage: SoftwareCard.Storage, _ configuration: SoftwareCard.Configuration,
        _ random: RandomSource
    ) throws(EmulatorError) -> (CardState, CardMachine.Save) {
        switch storage {
        case .memory: return (try newState(configuration, random), { _ in true })
        case .file(let path):
            let file = SharedFile(try StateFile(path: path, header: header))
            if let saved = try file.load() {
                guard let state = CardState(saved) else {
                    throw .damagedStateFile(path: path, reason: "its content is not a card's state")
                }
                return (state, file.save)
            }
            let state = try newState(configuration, random)
            try file.create(state)
            return (state, file.save)
        }
    }

    private static func newState(
        _ configuration: SoftwareCard.Configuration, _ random: RandomSource
    ) throws(EmulatorError) -> CardState {
        // Eight digits, as people read them; there are clients that take more for a negative number.
        let serialNumber =
            configuration.serialNumber
            ?? random.bytes(4).reduce(0) { $0 << 8 | UInt32($1) } % 100_000_000
        do throws(CryptographyError) {
            var state = CardState(
                serialNumber: serialNumber,
                attestation: try CardAttestation.make(serialNumber: serialNumber, random: random),
                managementKey: .factory(configuration.managementKeyAlgorithm))
            // The one object besides the card's own that clients want in every card.
            state.objects[.cardholderUniqueIdentifier] = try? CHUID(
                fascn: fascn, guid: random.bytes(16), expirationDate: expirationDate
            ).encoded()
            return state
        } catch {
            throw .cryptography(code: error.code)
        }
    }

    /// The state file for the closure that saves: it lives as long as the card does.
    private final class SharedFile: Sendable {
        private let file: StateFile

        init(_ file: consuming StateFile) {
            self.file = file
        }

        func load() throws(EmulatorError) -> CBOR? { try file.load() }

        func create(_ state: CardState) throws(EmulatorError) { try file.save(state.cbor) }

        func save(_ state: CardState) -> Bool {
            do throws(EmulatorError) {
                try file.save(state.cbor)
                return true
            } catch {
                return false
            }
        }
    }
}
