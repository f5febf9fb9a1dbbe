public import Authenticators
import CPCSC
import Dispatch

/// A card reader as the PC/SC service lists it. Nothing was asked of the card in it.
public struct CardReader: Sendable, Hashable {
    /// What is in a reader.
    public enum Slot: Sendable, Hashable {
        /// Nothing.
        case empty
        /// A card, with its answer to reset.
        case card(answerToReset: [UInt8])
        /// A card that does not answer to a reset: one put in the wrong way round, broken, or of a kind that the
        /// reader cannot drive.
        case unresponsive
        /// The reader itself does not work.
        case unavailable
    }

    /// The reader's name, which is how the driver takes it.
    public let name: String
    /// What is in it.
    public let slot: Slot

    /// A reader by its parts.
    public init(name: String, slot: Slot) {
        self.name = name
        self.slot = slot
    }

    /// The readers that there are now, by name.
    ///
    /// - Throws: ``AuthenticatorFailure/serviceNotRunning(name:)`` where there is no PC/SC service.
    public static func attached() async throws(AuthenticatorFailure) -> [CardReader] {
        let found = await withCheckedContinuation { continuation in
            // The service may be busy with a reader.
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(PCSCStatus) in try listed() })
            }
        }
        do throws(PCSCStatus) {
            return try found.get().sorted { $0.name < $1.name }
        } catch {
            throw error.failure(path: "pcsc:")
        }
    }

    /// What happens at the readers from now on. It begins with what there is.
    public static var changes: CardReaderChanges { CardReaderChanges() }

    private static func listed() throws(PCSCStatus) -> [CardReader] {
        let context = try PCSCContext()
        var states = try context.readerNames().map(ReaderState.init(name:))
        guard !states.isEmpty else { return [] }
        try context.waitForChange(of: &states, timeout: 0)
        return states.map { CardReader(name: $0.name, slot: $0.slot) }
    }
}

extension CardReader.Slot {
    /// Whether a card is there, however it behaves.
    var isOccupied: Bool {
        switch self {
        case .empty, .unavailable: false
        case .card, .unresponsive: true
        }
    }
}

extension ReaderState {
    /// What is in the reader.
    var slot: CardReader.Slot {
        if has(SCARD_STATE_UNAVAILABLE) || has(SCARD_STATE_UNKNOWN) { return .unavailable }
        guard has(SCARD_STATE_PRESENT) else { return .empty }
        guard !has(SCARD_STATE_MUTE), !answerToReset.isEmpty else { return .unresponsive }
        return .card(answerToReset: answerToReset)
    }

    /// How often a card came or went, as far as the service counts.
    var changeCount: UInt16 { UInt16(truncatingIfNeeded: flags >> 16) }

    private func has(_ flag: Int32) -> Bool { flags & DWORD(flag) != 0 }
}
