import Authenticators
import Dispatch
import Emulators
import SmartCards
import Synchronization

/// A connection to a software card whose responses somebody changes on their way to the driver.
final class Saboteur: CardTransport {
    /// What the driver gets for a command, by its number since the saboteur came, with the means to ask the card.
    typealias Act =
        @Sendable (
            _ command: [UInt8], _ number: Int,
            _ card: ([UInt8]) throws(AuthenticatorFailure) -> [UInt8]
        ) throws(AuthenticatorFailure) -> [UInt8]

    private let card: any CardTransport
    private let counter: Counter
    private let act: Act

    /// Numbers commands across connections.
    final class Counter: Sendable {
        private let count = Mutex(0)

        var value: Int { count.withLock(\.self) }

        func next() -> Int {
            count.withLock { count in
                defer { count += 1 }
                return count
            }
        }
    }

    private init(_ card: any CardTransport, _ counter: Counter, _ act: @escaping Act) {
        self.card = card
        self.counter = counter
        self.act = act
    }

    var answerToReset: [UInt8] { card.answerToReset }

    func beginTransaction() throws(AuthenticatorFailure) { try card.beginTransaction() }

    func endTransaction(_ disposition: CardDisposition) { card.endTransaction(disposition) }

    func transmit(_ command: [UInt8]) throws(AuthenticatorFailure) -> [UInt8] {
        try act(command, counter.next()) { bytes throws(AuthenticatorFailure) in
            try card.transmit(bytes)
        }
    }

    func reconnect() throws(AuthenticatorFailure) { try card.reconnect() }

    func close() { card.close() }

    /// A driver for `card` behind a saboteur.
    static func device(
        _ card: SoftwareCard, patience: CardPatience = Rig.patience, counter: Counter = Counter(),
        _ act: @escaping Act
    ) throws -> SmartCardDevice {
        SmartCardDevice(path: try CardPath("emulator:test.card"), patience: patience) {
            Saboteur(card.openTransport(), counter, act)
        }
    }

    /// A driver for a card that knows no vendor's commands, nor keeps the certificate of a key that attests others.
    static func standardDevice(
        _ card: SoftwareCard, _ watch: @escaping @Sendable (_ command: [UInt8]) -> Void = { _ in }
    ) throws -> SmartCardDevice {
        try device(card) { command, _, card throws(AuthenticatorFailure) in
            watch(command)
            if command.count > 1, command[1] >= 0xF0 { return [0x6D, 0x00] }
            // GET DATA 5FFF01.
            if command.starts(with: [0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xFF, 0x01]) {
                return [0x6A, 0x80]
            }
            return try card(command)
        }
    }

    /// An act that changes responses by their number; commands pass.
    static func changing(
        _ change: @escaping @Sendable (_ response: [UInt8], _ number: Int) -> [UInt8]
    ) -> Act {
        { command, number, card throws(AuthenticatorFailure) in
            change(try card(command), number)
        }
    }
}

/// Somebody who holds up whoever waits until they are let go.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }

    /// Lets everybody go, now and later.
    func open() {
        for _ in 0..<1_000 { semaphore.signal() }
    }
}
