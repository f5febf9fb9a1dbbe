import CTAP
import Cryptography
import ISO7816

/// A whole software security key as a state machine without I/O: the transport, the authenticator, the person and
/// the faults.
///
/// Reports and time go in, reports come out. What is to be saved is saved through the closure that it was made with,
/// before the reply that depends on it comes out.
struct SecurityKeyMachine: Sendable {
    /// Saves the state; `false` where that failed.
    typealias Save = @Sendable (KeyState) -> Bool

    private struct Waiting: Sendable {
        let command: CTAPCommand
        let then: SoftwareAuthenticator.Continuation
        let dueAt: Duration
        let event: Event
    }

    private enum Event: Sendable {
        case answer(SoftwareAuthenticator.Answer)
        case unplug
    }

    private(set) var endpoint: HIDEndpoint
    private(set) var authenticator: SoftwareAuthenticator
    private(set) var isPluggedIn = true
    /// How often a client has asked the key to show itself.
    private(set) var winks = 0
    private var person: PersonScript
    private var faults: FaultPlan
    private var waiting: Waiting?
    /// When a touch for U2F turns out to be the hand that pulls the key out.
    private var unplugAt: Duration?
    private let save: Save

    init(
        state: KeyState, configuration: SoftwareSecurityKey.Configuration, person: PersonScript,
        faults: FaultPlan, random: RandomSource, at now: Duration, save: @escaping Save
    ) throws(CryptographyError) {
        authenticator = try SoftwareAuthenticator(
            state: state, configuration: configuration, random: random, poweredUpAt: now)
        endpoint = Self.endpoint(random)
        self.person = person
        self.faults = faults
        self.save = save
    }

    private static func endpoint(_ random: RandomSource) -> HIDEndpoint {
        HIDEndpoint(
            deviceVersion: SoftwareSecurityKey.Model.deviceVersion,
            firstChannel: random.bytes(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// When ``advance(to:)`` next has something to do.
    var nextWakeUp: Duration? {
        guard isPluggedIn else { return nil }
        return [endpoint.nextDeadline, waiting?.dueAt, unplugAt].compactMap(\.self).min()
    }

    /// Takes a report from a client. An unplugged key takes none.
    mutating func receive(_ report: [UInt8], at now: Duration) -> [[UInt8]] {
        let overdue = advance(to: now)
        guard isPluggedIn else { return overdue }
        return overdue + perform(endpoint.receive(report, at: now), at: now)
    }

    /// Lets time pass: the person acts, keepalives go out, requests time out.
    mutating func advance(to now: Duration) -> [[UInt8]] {
        guard isPluggedIn else { return [] }
        authenticator.now = now
        if let unplugAt, now >= unplugAt {
            unplug()
            return []
        }
        var reports: [[UInt8]] = []
        while let waiting, now >= waiting.dueAt {
            guard case .answer(let answer) = waiting.event else {
                unplug()
                return []
            }
            self.waiting = nil
            let step = authenticator.resume(waiting.then, answer)
            reports += proceed(step, of: waiting.command, at: now)
        }
        return reports + perform(endpoint.advance(to: now), at: now)
    }

    /// Pulls the key out. What was under way is lost.
    mutating func unplug() {
        isPluggedIn = false
        waiting = nil
        unplugAt = nil
    }

    /// Plugs the key in, after unplugging it where it was plugged in.
    mutating func plugIn(at now: Duration) throws(CryptographyError) {
        unplug()
        try authenticator.cyclePower(at: now)
        endpoint = Self.endpoint(authenticator.random)
        isPluggedIn = true
    }

    /// Puts somebody else in front of the key, from the next prompt on.
    mutating func replacePerson(_ person: PersonScript) {
        self.person = person
    }

    /// Has the key fail as planned from now on.
    mutating func replaceFaults(_ faults: FaultPlan) {
        self.faults = faults
    }

    private mutating func perform(
        _ actions: [HIDEndpoint.Action], at now: Duration
    ) -> [[UInt8]] {
        var reports: [[UInt8]] = []
        for action in actions {
            switch action {
            case .send(let report): reports.append(report)
            case .wink: winks += 1
            case .abandon: waiting = nil
            case .cancel:
                guard let command = waiting?.command else { continue }
                waiting = nil
                reports += reply(.failure(.keepaliveCancel), to: command, at: now)
            case .handle(let message) where message.command == .message:
                reports += carryOutU2F(message.payload, at: now)
            case .handle(let message):
                let command = CTAPCommand(rawValue: message.payload.first ?? 0)
                reports += proceed(
                    authenticator.begin(message.payload), of: command, at: now)
            }
        }
        return reports
    }

    private mutating func proceed(
        _ step: SoftwareAuthenticator.Step, of command: CTAPCommand, at now: Duration
    ) -> [[UInt8]] {
        switch step {
        case .reply(let response):
            return reply(response, to: command, at: now)
        case .ask(let prompt, let timeout, let then):
            // A wrong finger has used up a try; that must not be forgotten by pulling the key out.
            guard saveIfChanged() else { return reply(.failure(.other), to: command, at: now) }
            let gesture = person.nextGesture(for: prompt)
            let (event, delay) = Self.event(of: gesture, within: timeout)
            waiting = Waiting(command: command, then: then, dueAt: now + delay, event: event)
            var reports: [[UInt8]] = []
            for case .send(let report) in endpoint.setStatus(.userPresenceNeeded, at: now) {
                reports.append(report)
            }
            // Somebody who acts at once does so before anything else happens.
            return delay > .zero ? reports : reports + advance(to: now)
        }
    }

    private static func event(
        of gesture: PersonScript.Gesture, within timeout: Duration
    ) -> (Event, Duration) {
        guard gesture.delay < timeout else { return (.answer(.timedOut), timeout) }
        switch gesture.act {
        case .touch(let finger): return (.answer(.touched(finger)), gesture.delay)
        case .decline: return (.answer(.declined), gesture.delay)
        case .wait: return (.answer(.timedOut), timeout)
        case .unplug: return (.unplug, gesture.delay)
        }
    }

    private mutating func carryOutU2F(_ payload: [UInt8], at now: Duration) -> [[UInt8]] {
        var person = person
        var unplugAt: Duration?
        let response = authenticator.u2f(payload) {
            let gesture = person.nextGesture(for: .touch)
            switch gesture.act {
            case .touch: return now + gesture.delay
            case .decline, .wait: return nil
            case .unplug:
                unplugAt = now + gesture.delay
                return nil
            }
        }
        self.person = person
        self.unplugAt = unplugAt ?? self.unplugAt
        if let unplugAt = self.unplugAt, now >= unplugAt {
            unplug()
            return []
        }
        let isSaved = saveIfChanged()
        let reply = isSaved ? response : ResponseAPDU(status: .memoryFailure)
        return Self.reports(endpoint.reply(reply.encoded()))
    }

    private mutating func reply(
        _ response: CTAPResponse, to command: CTAPCommand, at now: Duration
    ) -> [[UInt8]] {
        let isSaved = saveIfChanged()
        var payload = (isSaved ? response : .failure(.other)).encoded()
        let fault = faults.nextFault(for: command)
        switch fault {
        case .stall:
            endpoint.fallSilent()
            return []
        case .badCBOR:
            payload = [CTAPStatus.success.rawValue, 0xBF, 0x01, 0xFF]
        case .tornFrame, .missingFrame, nil: break
        }
        var reports = Self.reports(endpoint.reply(payload))
        switch fault {
        case .tornFrame: reports = reports.prefix(1).map { Array($0.prefix(32)) }
        case .missingFrame where reports.count > 1: reports.remove(at: 1)
        case .missingFrame, .stall, .badCBOR, nil: break
        }
        return reports
    }

    private static func reports(_ actions: [HIDEndpoint.Action]) -> [[UInt8]] {
        actions.compactMap { if case .send(let report) = $0 { report } else { nil } }
    }

    private mutating func saveIfChanged() -> Bool {
        guard authenticator.isStateChanged else { return true }
        guard save(authenticator.state) else { return false }
        authenticator.isStateChanged = false
        return true
    }
}
