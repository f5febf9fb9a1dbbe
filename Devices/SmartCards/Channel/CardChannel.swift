import Authenticators
import ISO7816

/// A card during one operation: commands of any length, and the time that is left for them all.
///
/// Used on the device's own thread only; the card is talked to on another one. Once a call was abandoned, for want of
/// time or because the task was cancelled, the channel is of no further use.
final class CardChannel {
    /// Opens a connection to a card. It may block.
    typealias Connector = @Sendable () throws(AuthenticatorFailure) -> any CardTransport

    /// How long a command may take.
    enum Pace {
        /// As long as commands take that need nobody.
        case prompt
        /// As long as the whole operation may still take: for making keys, and for a touch.
        case leisurely
    }

    /// How often a card that others keep resetting is taken up again.
    private static let reconnections = 3
    /// The longest data that a response may have; certificates and biometric data stay far below.
    private static let maximumResponse = 16_384

    private let thread: CardThread
    private let cancellation: Cancellation
    private let patience: CardPatience
    private let transport: any CardTransport
    private let takesExtendedLength: Bool
    private var timeLeft: Duration
    /// Whether the card has been given a secret in this transaction, and may do more for whoever comes next.
    private var isUnlocked = false
    /// Whether a call may still be under way.
    private var isAbandoned = false

    /// Connects to a card.
    init(
        thread: CardThread, cancellation: Cancellation, patience: CardPatience, timeout: Duration,
        connect: @escaping Connector
    ) throws(AuthenticatorFailure) {
        self.thread = thread
        self.cancellation = cancellation
        self.patience = patience
        let start = ContinuousClock.now
        transport = try thread.run(
            within: min(timeout, patience.connecting), cancellation: cancellation,
            discard: { $0.close() }, connect)
        timeLeft = timeout - (ContinuousClock.now - start)
        takesExtendedLength = CardCapabilities(transport.answerToReset).takesExtendedLength
    }

    /// The card's answer to reset.
    var answerToReset: [UInt8] { transport.answerToReset }

    /// Ends the connection. Waits until the card is let go of, so that whoever takes it out then interrupts nothing;
    /// but where a call was abandoned, the connection ends some time after that has come to its end.
    func close() {
        thread.post { [transport] in transport.close() }
        guard !isAbandoned else { return }
        _ = Result { () throws(AuthenticatorFailure) in
            try thread.run(within: patience.promptly, cancellation: Cancellation()) {}
        }
    }

    /// Throws where the task was cancelled.
    func checkCancellation() throws(AuthenticatorFailure) {
        guard !cancellation.isRequested else { throw .cancelled }
    }

    /// Runs `body` while no other program can use the card. A card that was reset before is taken up again, and nothing
    /// is selected or verified in such a card.
    ///
    /// Where `body` presents a secret, the card is reset before another program can have it: what the secret opened
    /// would be open to all of them.
    func transaction<Value>(
        _ body: () throws(AuthenticatorFailure) -> Value
    ) throws(AuthenticatorFailure) -> Value {
        try begin()
        defer { end() }
        return try body()
    }

    /// Tells the card's next command that it presents a PIN, the PUK or the management key.
    func willPresentSecret() {
        isUnlocked = true
    }

    private func end() {
        let disposition: CardDisposition = isUnlocked ? .reset : .asItIs
        isUnlocked = false
        thread.post { [transport] in transport.endTransaction(disposition) }
    }

    private func begin() throws(AuthenticatorFailure) {
        for _ in 0..<Self.reconnections {
            do throws(AuthenticatorFailure) {
                return try call { transport throws(AuthenticatorFailure) in
                    try transport.beginTransaction()
                }
            } catch .timedOut where timeLeft > .zero {
                // Another program holds the card.
                throw .inUse
            } catch .wasReset {
                try call { transport throws(AuthenticatorFailure) in try transport.reconnect() }
            }
        }
        throw .wasReset
    }

    /// Sends a command and gives all of its response.
    ///
    /// - Throws: ``AuthenticatorFailure/requestTooLarge`` where `command` cannot be made,
    ///   ``AuthenticatorFailure/malformedReply`` for a response that is none, or that never ends.
    func exchange(
        pace: Pace = .prompt, _ command: @autoclosure () throws(MalformedCardData) -> CommandAPDU
    ) throws(AuthenticatorFailure) -> ResponseAPDU {
        let command = try making(command)
        // What fits into a short APDU travels in one: every reader can carry that, and 61xx fetches the rest.
        let form: CommandAPDU.Encoding =
            command.data.count > 255 && takesExtendedLength ? .extended : .short
        var exchange = CommandExchange(
            command, form: form, maximumResponse: Self.maximumResponse)
        var apdu = try decoding { () throws(MalformedCardData) in try exchange.start() }
        while true {
            let response = try call(pace) { [apdu] transport throws(AuthenticatorFailure) in
                try transport.transmit(apdu)
            }
            let step = try decoding { () throws(MalformedCardData) in
                try exchange.received(response)
            }
            switch step {
            case .send(let next): apdu = next
            case .done(let response): return response
            }
        }
    }

    /// Sends a command with a secret in it, once, and overwrites it. Such a command fits into one short APDU.
    func exchange(secret command: SecretBytes) throws(AuthenticatorFailure) -> StatusWord {
        willPresentSecret()
        let bytes = try call { transport throws(AuthenticatorFailure) in
            defer { command.wipe() }
            return try command.withBytes { bytes throws(AuthenticatorFailure) in
                try transport.transmit(bytes)
            }
        }
        let response = try decoding { () throws(MalformedCardData) in
            try ResponseAPDU(decoding: bytes)
        }
        guard response.data.isEmpty else { throw .malformedReply }
        return response.status
    }

    /// Calls the transport, on its thread, and takes the time.
    private func call<Value: Sendable>(
        _ pace: Pace = .prompt,
        _ body: @escaping @Sendable (any CardTransport) throws(AuthenticatorFailure) -> Value
    ) throws(AuthenticatorFailure) -> Value {
        guard timeLeft > .zero else { throw .timedOut }
        let limit =
            switch pace {
            case .prompt: min(timeLeft, patience.promptly)
            case .leisurely: timeLeft
            }
        let start = ContinuousClock.now
        defer { timeLeft -= ContinuousClock.now - start }
        do throws(AuthenticatorFailure) {
            return try thread.run(within: limit, cancellation: cancellation) {
                [transport] () throws(AuthenticatorFailure) in try body(transport)
            }
        } catch {
            isAbandoned = isAbandoned || error == .timedOut || error == .cancelled
            throw error
        }
    }
}

/// Makes a command.
func making<Value>(
    _ body: () throws(MalformedCardData) -> Value
) throws(AuthenticatorFailure) -> Value {
    do throws(MalformedCardData) {
        return try body()
    } catch {
        throw .requestTooLarge
    }
}

/// Decodes what a card sent.
func decoding<Value>(
    _ body: () throws(MalformedCardData) -> Value
) throws(AuthenticatorFailure) -> Value {
    do throws(MalformedCardData) {
        return try body()
    } catch {
        throw .malformedReply
    }
}
