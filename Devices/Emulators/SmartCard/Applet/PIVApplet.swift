import Cryptography
import ISO7816
import PIV

/// The PIV card application (NIST SP 800-73-4) with the vendor's commands, on a ``CardState`` and without I/O.
///
/// Whole commands go in, whole responses come out. Each group of commands is in a file of its own.
struct PIVApplet: Sendable {
    /// What it remembers without power.
    var state: CardState { didSet { isStateChanged = true } }
    /// Whether `state` has to be saved before the next response.
    var isStateChanged = false
    let configuration: SoftwareCard.Configuration
    let random: RandomSource
    /// The person who may touch it.
    var person: PersonScript
    /// The time, set before each call.
    var now: Duration
    /// What it remembers until it is reset.
    var session = Session()
    /// What the next certificate or signature is to be spoilt by.
    var sabotage: Sabotage?
    /// What the person did during the call.
    var gesture = Gesture.none

    init(
        state: CardState, configuration: SoftwareCard.Configuration, person: PersonScript,
        random: RandomSource, at now: Duration
    ) {
        self.state = state
        self.configuration = configuration
        self.person = person
        self.random = random
        self.now = now
    }

    /// Carries out a command.
    mutating func respond(to command: CommandAPDU) -> ResponseAPDU {
        do throws(Refusal) {
            return ResponseAPDU(data: try carryOut(command), status: .success)
        } catch {
            return ResponseAPDU(status: error.status)
        }
    }

    private mutating func carryOut(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        // What holds for the very next command only.
        let justBefore = session.momentary
        session.momentary = Momentary()
        let instruction = PIVCommand.Instruction(rawValue: command.instruction)
        if instruction == .select { return try select(command) }
        guard session.isSelected else { throw Refusal(.instructionNotSupported) }
        switch instruction {
        case .getData: return try getData(command)
        case .putData: return try putData(command)
        case .verify: return try verify(command)
        case .changeReferenceData: return try changeReferenceData(command)
        case .resetRetryCounter: return try resetRetryCounter(command)
        case .generalAuthenticate: return try generalAuthenticate(command, justBefore)
        case .generateKeyPair: return try generateKeyPair(command)
        case .importKey: return try importKey(command)
        case .setManagementKey: return try setManagementKey(command)
        case .setRetries: return try setRetries(command)
        case .reset: return try reset(command)
        case .version: return try version(command)
        case .serialNumber: return try serialNumber(command)
        case .metadata: return try metadata(command)
        case .attest: return try attest(command)
        case .select, .getResponse, .moveKey, nil: throw Refusal(.instructionNotSupported)
        }
    }

    /// SELECT (part 2 §3.1.1), by the whole identifier or the beginning of it down to the registered provider's five
    /// bytes. Selecting PIV where it is selected, or failing to select another application, changes nothing.
    private mutating func select(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x04, command.parameter2 == 0x00 else {
            throw Refusal(.incorrectParameters)
        }
        guard command.data.count >= 5,
            PIVCommand.applicationIdentifier.starts(with: command.data)
        else { throw Refusal(.notFound) }
        session.isSelected = true
        return ApplicationProperties(label: SoftwareCard.Model.label).encoded()
    }
}

extension PIVApplet {
    /// What a card remembers until it is reset.
    struct Session: Sendable {
        var isSelected = false
        var isPINVerified = false
        var isManaged = false
        /// When it was last touched.
        var touchedAt: Duration?
        var momentary = Momentary()
    }

    /// What a card remembers until the next command.
    struct Momentary: Sendable {
        /// Whether the PIN was just verified.
        var isPINVerified = false
        /// How far the management key's authentication has come.
        var authentication: ManagementAuthentication?
    }

    /// How the next certificate or signature is spoilt.
    enum Sabotage: Sendable {
        case certificateNotDER
        case signatureByAnotherKey
        case signatureOverOtherData
    }

    /// What the person did when they were asked to touch.
    enum Gesture: Hashable, Sendable {
        /// They were not asked.
        case none
        /// It took so long until they touched, or until they were not waited for any more.
        case waited(Duration)
        /// They pulled the card out, so long after they were asked.
        case pulledOut(after: Duration)
    }

    /// The last use of the management key must have been a success.
    func requireManagement() throws(Refusal) {
        guard session.isManaged else { throw Refusal(.securityStatusNotSatisfied) }
    }

    /// Waits for a touch where `policy` wants one.
    mutating func requireTouch(_ policy: TouchPolicy) throws(Refusal) {
        switch policy {
        case .defaultPolicy, .never: return
        case .cached:
            if let touchedAt = session.touchedAt, now - touchedAt < CardLimits.touchMemory {
                return
            }
        case .always: break
        }
        let next = person.nextGesture(for: .touch)
        let timeout = configuration.touchTimeout
        guard next.delay < timeout else {
            gesture = .waited(timeout)
            throw Refusal(.securityStatusNotSatisfied)
        }
        switch next.act {
        case .touch:
            gesture = .waited(next.delay)
            session.touchedAt = now + next.delay
        case .decline, .wait:
            // Nobody can refuse at a card; they can only not touch it.
            gesture = .waited(timeout)
            throw Refusal(.securityStatusNotSatisfied)
        case .unplug:
            gesture = .pulledOut(after: next.delay)
            throw Refusal(.noPreciseDiagnosis)
        }
    }

    /// Decodes a command's data. What is malformed is wrong data.
    func decoding<Value>(
        _ decode: () throws(MalformedCardData) -> Value
    ) throws(Refusal) -> Value {
        do throws(MalformedCardData) {
            return try decode()
        } catch {
            throw Refusal(.wrongData)
        }
    }

    /// Carries out a cryptographic operation whose failure is the card's own.
    func internally<Value>(
        _ operation: () throws(CryptographyError) -> Value
    ) throws(Refusal) -> Value {
        do throws(CryptographyError) {
            return try operation()
        } catch {
            throw Refusal(.noPreciseDiagnosis)
        }
    }
}
