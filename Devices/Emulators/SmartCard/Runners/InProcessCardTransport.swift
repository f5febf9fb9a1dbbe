import Authenticators
import Synchronization

/// A driver's end of a software card in the same process.
///
/// It behaves as a connection through PC/SC does that shares the card: a reset is told until the transport reconnects,
/// also to the one that asked for it, and a card that was taken out stays gone for it.
final class InProcessCardTransport: CardTransport {
    private struct Connection: Sendable {
        /// `nil` once the card is gone.
        var standing: SoftwareCard.Standing?
        /// How many transactions are open within each other.
        var transactions = 0
    }

    private let card: SoftwareCard
    private let connection: Mutex<Connection>

    init(to card: SoftwareCard) {
        self.card = card
        connection = Mutex(Connection(standing: card.standing))
    }

    deinit {
        close()
    }

    var answerToReset: [UInt8] { card.answerToReset }

    func beginTransaction() throws(AuthenticatorFailure) {
        if connection.withLock({ $0.transactions > 0 }) {
            try check()
            connection.withLock { $0.transactions += 1 }
            return
        }
        card.beginTurn()
        do throws(AuthenticatorFailure) {
            try check()
        } catch {
            card.endTurn()
            throw error
        }
        connection.withLock { $0.transactions = 1 }
    }

    func endTransaction(_ disposition: CardDisposition) {
        let isOver = connection.withLock { connection in
            guard connection.transactions > 0 else { return false }
            connection.transactions -= 1
            return connection.transactions == 0
        }
        guard isOver else { return }
        // Before anybody else has their turn, and no card but the one that was connected to.
        if disposition == .reset, let insertion = connection.withLock(\.standing)?.insertion {
            card.reset(insertion: insertion)
        }
        card.endTurn()
    }

    func transmit(_ command: [UInt8]) throws(AuthenticatorFailure) -> [UInt8] {
        let isInTransaction = connection.withLock { $0.transactions > 0 }
        if !isInTransaction { card.beginTurn() }
        defer { if !isInTransaction { card.endTurn() } }
        try check()
        switch card.transmit(command) {
        case .response(let response): return response
        case .silence: throw .timedOut
        case .reset: throw .wasReset
        case .pulledOut: throw .unplugged
        }
    }

    func reconnect() throws(AuthenticatorFailure) {
        let standing = card.standing
        try connection.withLock { (connection) throws(AuthenticatorFailure) in
            guard let standing, standing.insertion == connection.standing?.insertion else {
                connection.standing = nil
                throw .unplugged
            }
            connection.standing = standing
        }
    }

    func close() {
        let isOpen = connection.withLock { connection in
            defer { connection = Connection(standing: nil) }
            return connection.transactions > 0
        }
        if isOpen { card.endTurn() }
    }

    /// The card must be the one that was connected to, and not have been reset since.
    private func check() throws(AuthenticatorFailure) {
        let known = connection.withLock(\.standing)
        guard let known, let current = card.standing, current.insertion == known.insertion else {
            throw .unplugged
        }
        guard current == known else { throw .wasReset }
    }
}
