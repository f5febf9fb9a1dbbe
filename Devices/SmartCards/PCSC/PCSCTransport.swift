import Authenticators
import CPCSC
import Synchronization

/// A card in a reader of the PC/SC service, shared with other programs.
final class PCSCTransport: CardTransport {
    let answerToReset: [UInt8]

    private let reader: String
    private let path: String
    private let context: PCSCContext
    private let card: Mutex<PCSCCard?>

    /// Connects to the card in the reader of this name.
    init(reader: String) throws(AuthenticatorFailure) {
        self.reader = reader
        path = CardPath.reader(name: reader).description
        do throws(PCSCStatus) {
            let context = try PCSCContext()
            let card = try context.connect(reader: reader)
            answerToReset = try card.answerToReset
            self.card = Mutex(card)
            self.context = context
        } catch {
            throw error.failure(path: path)
        }
    }

    func beginTransaction() throws(AuthenticatorFailure) {
        try withCard { card throws(PCSCStatus) in try card?.beginTransaction() }
    }

    func endTransaction() {
        card.withLock { $0?.endTransaction() }
    }

    func transmit(_ command: [UInt8]) throws(AuthenticatorFailure) -> [UInt8] {
        try withCard { card throws(PCSCStatus) in
            do throws(PCSCStatus) {
                return try card?.transmit(command)
            } catch .notTransacted {
                // A card that is pulled out in mid-command fails to answer first, and is missed a moment later.
                throw isCardGone() ? .removedCard : .notTransacted
            }
        }
    }

    func reconnect() throws(AuthenticatorFailure) {
        try withCard { card throws(PCSCStatus) in try card?.reconnect() }
    }

    func close() {
        card.withLock { $0 = nil }
    }

    /// Runs `body`, which gives nothing where there is no connection any more.
    private func withCard<Value: Sendable>(
        _ body: (inout PCSCCard?) throws(PCSCStatus) -> Value?
    ) throws(AuthenticatorFailure) -> Value {
        let result = card.withLock { card in
            Result { () throws(PCSCStatus) -> Value in
                guard let value = try body(&card) else { throw .invalidHandle }
                return value
            }
        }
        do throws(PCSCStatus) {
            return try result.get()
        } catch {
            throw error.failure(path: path)
        }
    }

    /// Whether the reader is empty, or becomes so within a second, which is how often the service looks at the least.
    private func isCardGone() -> Bool {
        var state = ReaderState(name: reader)
        do throws(PCSCStatus) {
            for timeout in [0, 1_000] as [UInt32] {
                var states = [state]
                try context.waitForChange(of: &states, timeout: timeout)
                state = states.first ?? state
                guard state.slot.isOccupied else { return true }
            }
            return false
        } catch {
            return error == .unknownReader || error == .readerUnavailable
        }
    }
}
