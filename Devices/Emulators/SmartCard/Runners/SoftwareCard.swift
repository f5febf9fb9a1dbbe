internal import Dispatch
internal import PIV
internal import Synchronization
public import Authenticators

/// A PIV card in software (NIST SP 800-73-4) with a vendor's commands, in a reader, with a person who can be scripted.
///
/// It is a card, not a mock: it makes its own keys, counts wrong PINs, attests, and refuses what a real one refuses.
/// Drivers reach it within the process (``openTransport()``) or through vpcd (``SoftwareCardVPCDClient``). It may be used
/// from any thread. Each command is carried out on the thread that hands it over, which also waits there for the
/// person.
public final class SoftwareCard: Sendable {
    /// Where the card keeps what it must not forget.
    public enum Storage: Sendable, Hashable {
        /// In memory: the card ends with the process.
        case memory
        /// In this file, which is made if there is none.
        case file(path: String)
    }

    private struct Core: Sendable {
        var machine: CardMachine
        var isInserted = true
        /// How often the card was put in.
        var insertions = 1
        /// What to call when the card is taken out.
        var listeners: [Int: @Sendable () -> Void] = [:]
        var nextListener = 0
    }

    private let core: Mutex<Core>
    private let clock: @Sendable () -> Duration
    private let wait: (@Sendable (Duration) -> Void)?
    /// Whose turn it is to use the card; a transaction keeps it.
    private let turn = DispatchSemaphore(value: 0)
    /// Wakes whoever waits for the person when the card is taken out.
    private let interruption = DispatchSemaphore(value: 0)

    /// The root certificate of the card's attestations, DER. A server that trusts it accepts them.
    public let attestationRoot: [UInt8]
    /// The serial number that the card gives.
    public let serialNumber: UInt32
    /// The answer to reset: ``Model/answerToReset`` or ``Model/extendedAnswerToReset``.
    public let answerToReset: [UInt8]

    /// Takes a card out of its drawer, or makes a new one, and puts it into the reader.
    ///
    /// - Parameters:
    ///   - storage: where its state is kept.
    ///   - configuration: how it behaves.
    ///   - person: who may touch it.
    ///   - faults: how it fails on purpose.
    ///   - random: where its randomness comes from, but for RSA keys and signatures.
    ///   - clock: the time since any fixed moment; `nil` for the system's monotonic clock.
    ///   - wait: lets time pass where the person takes their time, or a fault does; `nil` to wait in earnest. Whoever
    ///     brings a clock brings this too.
    public init(
        storage: Storage = .memory,
        configuration: Configuration = Configuration(),
        person: PersonScript = .willing,
        faults: CardFaultPlan = .none,
        random: RandomSource = .system,
        clock: (@Sendable () -> Duration)? = nil,
        wait: (@Sendable (Duration) -> Void)? = nil
    ) throws(EmulatorError) {
        let start = ContinuousClock.now
        self.clock = clock ?? { ContinuousClock.now - start }
        self.wait = wait
        let (state, save) = try CardDrawer.open(storage, configuration, random)
        attestationRoot = state.attestation.root
        serialNumber = state.serialNumber
        answerToReset = configuration.answerToReset
        core = Mutex(
            Core(
                machine: CardMachine(
                    state: state, configuration: configuration, person: person, faults: faults,
                    random: random, at: self.clock(), save: save)))
        turn.signal()
    }

    /// Whether the card is in the reader.
    public var isInserted: Bool { core.withLock(\.isInserted) }

    /// Puts the card into the reader. Transports that were open before it was taken out stay dead.
    public func insert() {
        core.withLock { core in
            guard !core.isInserted else { return }
            core.isInserted = true
            core.insertions += 1
            core.machine.reset()
        }
    }

    /// Takes the card out of the reader, in mid-command if need be.
    public func remove() {
        remove(insertion: nil)
    }

    /// Resets the card as another program would that uses the reader too: what is under way ends, nothing is selected
    /// or verified any more, and open transports fail with ``AuthenticatorFailure/wasReset`` until they reconnect.
    public func resetByAnotherProgram() {
        reset()
    }

    /// Puts somebody else in front of the card, from the next touch on.
    public func replacePerson(_ person: PersonScript) {
        core.withLock { $0.machine.replacePerson(person) }
    }

    /// Has the card fail as planned from now on.
    public func replaceFaults(_ faults: CardFaultPlan) {
        core.withLock { $0.machine.replaceFaults(faults) }
    }

    /// Connects a driver within this process. A card that is not in the reader gives a transport on which nothing
    /// works.
    public func openTransport() -> any CardTransport {
        InProcessCardTransport(to: self)
    }
}

extension SoftwareCard {
    /// A connection's view of the card: the insertion and the reset that it knows of.
    struct Standing: Hashable, Sendable {
        let insertion: Int
        let resets: Int
    }

    /// How the card stands now; `nil` where it is not in the reader.
    var standing: Standing? {
        core.withLock { Self.standing(of: $0) }
    }

    private static func standing(of core: Core) -> Standing? {
        guard core.isInserted else { return nil }
        return Standing(insertion: core.insertions, resets: core.machine.resets)
    }

    /// Waits for the card's other users, and keeps them from it until ``endTurn()``.
    func beginTurn() { turn.wait() }

    func endTurn() { turn.signal() }

    /// Carries out a command and waits as long as that takes. To be called in the caller's turn.
    func transmit(_ command: [UInt8]) -> CardMachine.Outcome {
        let begin = clock()
        let (exchange, standing) = core.withLock { core in
            guard core.isInserted else { return (nil, nil) as (CardMachine.Exchange?, Standing?) }
            let exchange = core.machine.transmit(command, at: begin)
            return (exchange, Self.standing(of: core))
        }
        guard let exchange, let standing else { return .pulledOut }
        pass(exchange.delay, since: begin, while: standing)
        if exchange.outcome == .pulledOut { remove(insertion: standing.insertion) }
        guard let now = self.standing, now.insertion == standing.insertion else {
            return .pulledOut
        }
        // Whoever reset the card meanwhile ended the command.
        return now == standing ? exchange.outcome : .reset
    }

    /// Resets the card, or takes its power away; if `insertion` is given, only as long as it was not taken out since.
    func reset(insertion: Int? = nil) {
        let isReset = core.withLock { core in
            guard core.insertions == insertion ?? core.insertions else { return false }
            core.machine.reset()
            return true
        }
        if isReset { interruption.signal() }
    }

    /// Calls `action` when the card is taken out, on the thread that does it.
    func addRemovalListener(_ action: @escaping @Sendable () -> Void) -> Int {
        core.withLock { core in
            core.nextListener += 1
            core.listeners[core.nextListener] = action
            return core.nextListener
        }
    }

    func dropRemovalListener(_ number: Int) {
        core.withLock { $0.listeners[number] = nil }
    }

    /// Takes the card out; if `insertion` is given, only as long as it was not put in anew since.
    private func remove(insertion: Int?) {
        let listeners = core.withLock { core in
            guard core.isInserted, core.insertions == insertion ?? core.insertions else {
                return [] as [@Sendable () -> Void]
            }
            core.isInserted = false
            core.machine.reset()
            return Array(core.listeners.values)
        }
        interruption.signal()
        for listener in listeners { listener() }
    }

    /// Waits until `delay` is over since `begin`, or the card is taken out or reset.
    private func pass(_ delay: Duration, since begin: Duration, while standing: Standing) {
        guard delay > .zero else { return }
        if let wait { return wait(delay) }
        while self.standing == standing {
            let remaining = begin + delay - clock()
            guard remaining > .zero else { return }
            let (seconds, attoseconds) = remaining.components
            let nanoseconds = min(seconds, 3_600) * 1_000_000_000 + attoseconds / 1_000_000_000
            // One more, so that the last fraction of a wait does not spin.
            _ = interruption.wait(timeout: .now() + .nanoseconds(Int(nanoseconds) + 1))
        }
    }
}
