internal import CTAP
internal import Cryptography
internal import Synchronization
public import Authenticators

/// A security key in software: FIDO2 (CTAP 2.1) and U2F behind CTAPHID, with a person who can be scripted.
///
/// It is an authenticator, not a mock: it makes its own keys, checks PINs and fingers, counts, and refuses what a real
/// one refuses. Clients reach it within the process (``openTransport()``) or over UDP (``SecurityKeyUDPServer``); both
/// at once is fine. It may be used from any thread. What it does for a report it does while the report is handed over,
/// a signature at most.
public final class SoftwareSecurityKey: Sendable {
    /// Where the key keeps what it must not forget.
    public enum Storage: Sendable, Hashable {
        /// In memory: the key ends with the process.
        case memory
        /// In this file, which is made if there is none.
        case file(path: String)
    }

    private struct Port: Sendable {
        let number: Int
        let sink: @Sendable ([UInt8]) -> Void
    }

    private struct Core: Sendable {
        var machine: SecurityKeyMachine
        /// Who listens, and on which channels.
        var ports: [Int: Port] = [:]
        var nextPort = 0
        var owners: [ChannelID: Int] = [:]
    }

    private let core: Mutex<Core>
    private let clock: @Sendable () -> Duration

    /// Takes a key out of its drawer, or makes a new one, and plugs it in.
    ///
    /// - Parameters:
    ///   - storage: where its state is kept.
    ///   - configuration: how it behaves.
    ///   - person: who sits in front of it.
    ///   - faults: how it fails on purpose.
    ///   - random: where its randomness comes from.
    ///   - clock: the time since any fixed moment; `nil` for the system's monotonic clock.
    public init(
        storage: Storage = .memory,
        configuration: SoftwareSecurityKey.Configuration = SoftwareSecurityKey.Configuration(),
        person: PersonScript = .willing,
        faults: FaultPlan = .none,
        random: RandomSource = .system,
        clock: (@Sendable () -> Duration)? = nil
    ) throws(EmulatorError) {
        self.clock = clock ?? Self.systemClock()
        let (state, save) = try Self.open(storage, configuration, random)
        do throws(CryptographyError) {
            let machine = try SecurityKeyMachine(
                state: state, configuration: configuration, person: person, faults: faults,
                random: random, at: self.clock(), save: save)
            core = Mutex(Core(machine: machine))
        } catch {
            throw .cryptography(code: error.code)
        }
    }

    private static func systemClock() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    private static func open(
        _ storage: Storage, _ configuration: SoftwareSecurityKey.Configuration,
        _ random: RandomSource
    ) throws(EmulatorError) -> (KeyState, SecurityKeyMachine.Save) {
        switch storage {
        case .memory: return (try newState(configuration, random), { _ in true })
        case .file(let path):
            let file = KeyStateFile(
                try StateFile(path: path, header: "countersign security key, state 1"))
            if let state = try file.load() { return (state, file.save) }
            let state = try newState(configuration, random)
            try file.create(state)
            return (state, file.save)
        }
    }

    private static func newState(
        _ configuration: SoftwareSecurityKey.Configuration, _ random: RandomSource
    ) throws(EmulatorError) -> KeyState {
        do throws(CryptographyError) {
            var state = KeyState(
                deviceSecret: random.bytes(32),
                attestation: try AttestationIdentity.make(random: random))
            state.fingerprints = configuration.initialFingers.prefix(Limits.fingerprints).map {
                FingerprintTemplate(
                    id: random.bytes(4), finger: $0, friendlyName: $0.rawValue)
            }
            return state
        } catch {
            throw .cryptography(code: error.code)
        }
    }

    /// The root certificate of the key's attestations, DER. A relying party that trusts it accepts them.
    public var attestationRoot: [UInt8] {
        core.withLock { $0.machine.authenticator.state.attestation.rootCertificate }
    }

    /// Whether the key is plugged in.
    public var isPluggedIn: Bool { core.withLock { $0.machine.isPluggedIn } }

    /// How often clients have asked the key to show itself (CTAPHID_WINK).
    public var winkCount: Int { core.withLock { $0.machine.winks } }

    /// Pulls the key out. Transports that are open find it gone, and stay so.
    public func unplug() {
        core.withLock { core in
            core.machine.unplug()
            Self.dropListeners(&core)
        }
    }

    /// Plugs the key in, or out and in where it was plugged in: the power-up that resets and PIN retries wait for.
    public func plugIn() throws(EmulatorError) {
        let now = clock()
        try core.withLock { (core) throws(EmulatorError) in
            do throws(CryptographyError) {
                try core.machine.plugIn(at: now)
            } catch {
                throw .cryptography(code: error.code)
            }
            Self.dropListeners(&core)
        }
    }

    /// Puts somebody else in front of the key, from the next prompt on.
    public func replacePerson(_ person: PersonScript) {
        core.withLock { $0.machine.replacePerson(person) }
    }

    /// Has the key fail as planned from now on.
    public func replaceFaults(_ faults: FaultPlan) {
        core.withLock { $0.machine.replaceFaults(faults) }
    }

    /// Opens the key for a driver within this process. An unplugged key gives a transport on which nothing works.
    public func openTransport() -> any ReportTransport {
        InProcessTransport(to: self)
    }

    private static func dropListeners(_ core: inout Core) {
        let ports = core.ports.values
        core.ports = [:]
        core.owners = [:]
        // An empty report wakes a listener that waits, so that it finds the key gone.
        for port in ports { port.sink([]) }
    }
}

extension SoftwareSecurityKey {
    /// Adds a listener for replies. `sink` is called under the key's lock and must not call the key.
    func attach(_ sink: @escaping @Sendable ([UInt8]) -> Void) -> Int {
        core.withLock { core in
            core.nextPort += 1
            core.ports[core.nextPort] = Port(number: core.nextPort, sink: sink)
            return core.nextPort
        }
    }

    func detach(_ port: Int) {
        core.withLock { core in
            core.ports[port] = nil
            core.owners = core.owners.filter { $0.value != port }
        }
    }

    /// Takes a report from a listener; `false` where the key is unplugged, or was since the listener came.
    func receive(_ report: [UInt8], from port: Int) -> Bool {
        let now = clock()
        return core.withLock { core in
            guard core.machine.isPluggedIn, core.ports[port] != nil else { return false }
            let reports = core.machine.receive(report, at: now)
            if let channel = Self.channel(of: report),
                core.machine.endpoint.channels.contains(channel)
            {
                core.owners[channel] = port
            }
            Self.deliver(reports, in: &core, sender: port)
            return core.machine.isPluggedIn
        }
    }

    /// Lets time pass. Says whether the listener is still connected and when to call again.
    func advance(for port: Int) -> (isConnected: Bool, nextCall: Duration?) {
        let now = clock()
        return core.withLock { core in
            let reports = core.machine.advance(to: now)
            Self.deliver(reports, in: &core, sender: nil)
            let isConnected = core.machine.isPluggedIn && core.ports[port] != nil
            return (isConnected, core.machine.nextWakeUp.map { max(.zero, $0 - now) })
        }
    }

    /// A reply goes to whoever used its channel last; one on the broadcast channel, to the sender.
    private static func deliver(_ reports: [[UInt8]], in core: inout Core, sender: Int?) {
        let channels = core.machine.endpoint.channels
        if core.owners.count > channels.count {
            core.owners = core.owners.filter { channels.contains($0.key) }
        }
        for report in reports {
            guard let owner = channel(of: report).flatMap({ core.owners[$0] }) ?? sender else {
                continue
            }
            core.ports[owner]?.sink(report)
        }
        if !core.machine.isPluggedIn { dropListeners(&core) }
    }

    private static func channel(of report: [UInt8]) -> ChannelID? {
        guard report.count >= 4 else { return nil }
        return ChannelID(rawValue: report.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
}

/// The state file for the closure that saves: it lives as long as the key does.
private final class KeyStateFile: Sendable {
    private let file: StateFile

    init(_ file: consuming StateFile) {
        self.file = file
    }

    func load() throws(EmulatorError) -> KeyState? {
        guard let saved = try file.load() else { return nil }
        guard let state = KeyState(saved) else {
            throw .damagedStateFile(
                path: file.path, reason: "its content is not a key's state")
        }
        return state
    }

    func create(_ state: KeyState) throws(EmulatorError) { try file.save(state.cbor) }

    func save(_ state: KeyState) -> Bool {
        do throws(EmulatorError) {
            try file.save(state.cbor)
            return true
        } catch {
            return false
        }
    }
}
