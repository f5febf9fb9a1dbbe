package import Authenticators
import CPCSC
import Synchronization

/// A card in a reader of the PC/SC service, shared with other programs.
package final class PCSCTransport: CardTransport {
    package let answerToReset: [UInt8]

    private let reader: String
    private let path: String
    private let context: PCSCContext
    private let card: Mutex<PCSCCard?>

    /// Connects to the card in the reader of this name.
    package init(reader: String) throws(AuthenticatorFailure) {
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

    package func beginTransaction() throws(AuthenticatorFailure) {
        try withCard { card throws(PCSCStatus) in try card?.beginTransaction() }
    }

    package func endTransaction(_ disposition: CardDisposition) {
        card.withLock { $0?.endTransaction(disposition) }
    }

    package func transmit(_ command: [UInt8]) throws(AuthenticatorFailure) -> [UInt8] {
        try withCard { card throws(PCSCStatus) in
            // A card that is pulled out in mid-command fails to answer first, and is missed a moment later.
            do throws(PCSCStatus) {
                let response = try card?.transmit(command)
                if let response, response.count < 2, isCardGone() { throw .removedCard }
                return response
            } catch .notTransacted {
                throw isCardGone() ? .removedCard : .notTransacted
            }
        }
    }

    package func reconnect() throws(AuthenticatorFailure) {
        try withCard { card throws(PCSCStatus) in try card?.reconnect() }
    }

    package func close() {
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

    /// Whether the reader is empty, or becomes so within two seconds. The service looks every 0.4.
    private func isCardGone() -> Bool {
        var states = [ReaderState(name: reader)]
        for timeout in [0, 500, 500, 500, 500] as [UInt32] {
            do throws(PCSCStatus) {
                try context.waitForChange(of: &states, timeout: timeout)
                guard states.allSatisfy(\.slot.isOccupied) else { return true }
            } catch .timeout {
                continue
            } catch {
                return error == .unknownReader || error == .readerUnavailable
            }
        }
        return false
    }
}
