import ISO7816
import PIV

/// A whole software card as a state machine without I/O: the transmission, the application, the person and the faults.
///
/// Command APDUs and the time go in; what becomes of them comes out, and how long that takes. What is to be saved is
/// saved through the closure that it was made with, before the response that depends on it comes out.
struct CardMachine: Sendable {
    /// Saves the state; `false` where that failed.
    typealias Save = @Sendable (CardState) -> Bool

    /// What becomes of a command.
    enum Outcome: Hashable, Sendable {
        /// This response APDU, or what a fault made of one.
        case response([UInt8])
        /// Nothing.
        case silence
        /// Another program reset the card instead.
        case reset
        /// The card is gone. Whoever holds it is to take it out of the reader.
        case pulledOut
    }

    /// What becomes of a command, and when.
    struct Exchange: Hashable, Sendable {
        let outcome: Outcome
        let delay: Duration
    }

    /// An answer that repeats itself.
    private enum Loop: Sendable {
        /// 61xx at every GET RESPONSE.
        case remaining(bytesEach: Int)
        /// 6Cxx at every command with the instruction.
        case wrongLength(UInt8, next: UInt8)
    }

    private(set) var applet: PIVApplet
    private var interface: CardInterface
    private var faults: CardFaultPlan
    private var loop: Loop?
    private let save: Save
    /// How often the card was reset.
    private(set) var resets = 0

    init(
        state: CardState, configuration: SoftwareCard.Configuration, person: PersonScript,
        faults: CardFaultPlan, random: RandomSource, at now: Duration, save: @escaping Save
    ) {
        applet = PIVApplet(
            state: state, configuration: configuration, person: person, random: random, at: now)
        interface = CardInterface(lengths: configuration.lengths)
        self.faults = faults
        self.save = save
    }

    /// Takes a command APDU of any bytes.
    mutating func transmit(_ command: [UInt8], at now: Duration) -> Exchange {
        let fault = command.dropFirst().first.flatMap(PIVCommand.Instruction.init(rawValue:))
            .flatMap { faults.nextFault(for: $0) }
        if case .endlessResponse(let count) = fault { loop = .remaining(bytesEach: count) }
        if case .wrongLengthLoop = fault, let instruction = command.dropFirst().first {
            loop = .wrongLength(instruction, next: 1)
        }
        if let answer = loopAnswer(to: command, begins: fault != nil) {
            return Exchange(outcome: .response(answer), delay: .zero)
        }
        switch fault {
        case .status(let status):
            return Exchange(
                outcome: .response(ResponseAPDU(status: status).encoded()), delay: .zero)
        case .resetByAnotherProgram:
            reset()
            return Exchange(outcome: .reset, delay: .zero)
        case .pinBlocked: applet.state.pin.triesLeft = 0
        case .certificateNotDER: applet.sabotage = .certificateNotDER
        case .signatureByAnotherKey: applet.sabotage = .signatureByAnotherKey
        case .signatureOverOtherData: applet.sabotage = .signatureOverOtherData
        default: break
        }
        return exchange(command, fault, at: now)
    }

    /// Forgets what a card forgets that is reset, or loses its power.
    mutating func reset() {
        resets += 1
        applet.session = PIVApplet.Session()
        interface.reset()
        loop = nil
    }

    /// Puts somebody else in front of the card, from the next touch on.
    mutating func replacePerson(_ person: PersonScript) {
        applet.person = person
    }

    /// Has the card fail as planned from now on.
    mutating func replaceFaults(_ faults: CardFaultPlan) {
        self.faults = faults
        loop = nil
        applet.sabotage = nil
    }

    private mutating func exchange(
        _ command: [UInt8], _ fault: CardFaultPlan.Fault?, at now: Duration
    ) -> Exchange {
        applet.now = now
        applet.gesture = .none
        var response = process(command)
        if applet.isStateChanged {
            if save(applet.state) {
                applet.isStateChanged = false
            } else {
                // What is not remembered has not happened, as far as anybody can tell.
                response = ResponseAPDU(status: .memoryFailure)
                applet.session = PIVApplet.Session()
                interface.reset()
            }
        }
        var delay: Duration
        switch applet.gesture {
        case .none: delay = .zero
        case .waited(let duration): delay = duration
        case .pulledOut(let duration): return Exchange(outcome: .pulledOut, delay: duration)
        }
        switch fault {
        case .pulledOut: return Exchange(outcome: .pulledOut, delay: delay)
        case .noAnswer: return Exchange(outcome: .silence, delay: delay)
        case .slow(let duration): delay += duration
        default: break
        }
        let encoded = response.encoded()
        return Exchange(outcome: .response(fault?.damaged(encoded) ?? encoded), delay: delay)
    }

    private mutating func process(_ bytes: [UInt8]) -> ResponseAPDU {
        switch interface.receive(bytes) {
        case .respond(let response): return response
        case .carryOut(let command):
            return interface.deliver(applet.respond(to: command), to: command)
        }
    }

    /// What the loop that the card is in answers. Any other command ends it.
    private mutating func loopAnswer(to command: [UInt8], begins: Bool) -> [UInt8]? {
        let instruction = command.dropFirst().first
        switch loop {
        case .remaining(let count)
        where begins || instruction == PIVCommand.Instruction.getResponse.rawValue:
            let data = [UInt8](repeating: 0, count: min(max(count, 0), 256))
            return ResponseAPDU(data: data, status: .remaining(256)).encoded()
        case .wrongLength(let looped, let next) where looped == instruction:
            loop = .wrongLength(looped, next: next &+ 1)
            return ResponseAPDU(status: StatusWord(rawValue: 0x6C00 | UInt16(next))).encoded()
        case .remaining, .wrongLength, nil:
            loop = nil
            return nil
        }
    }
}
