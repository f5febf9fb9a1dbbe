import Authenticators
import CTAP
import Cryptography
import Emulators
import Encoding
import ISO7816
import Synchronization
import TestSupport
import Testing

/// A clock that only a test moves.
final class FakeClock: Sendable {
    private let time = Mutex<Duration>(.seconds(1_000))

    var now: Duration { time.withLock(\.self) }

    func advance(by duration: Duration) {
        time.withLock { $0 += duration }
    }
}

/// A software security key on a fake clock with seeded randomness, and a client that talks CTAPHID with it.
final class Lab {
    let clock: FakeClock
    let key: SoftwareSecurityKey
    var client: Client

    init(
        _ person: PersonScript = .willing,
        configuration: SoftwareSecurityKey.Configuration = .init(),
        storage: SoftwareSecurityKey.Storage = .memory,
        faults: FaultPlan = .none,
        seed: UInt64 = 1
    ) throws {
        let clock = FakeClock()
        let generator = Mutex(SplitMix64(seed: seed))
        self.clock = clock
        key = try SoftwareSecurityKey(
            storage: storage, configuration: configuration, person: person, faults: faults,
            random: RandomSource { count in generator.withLock { $0.bytes(count) } },
            clock: { clock.now })
        client = try Client(key.openTransport(), clock)
    }

    /// Pulls the key out, puts it back, and opens it again.
    func cyclePower() throws {
        try key.plugIn()
        client = try Client(key.openTransport(), clock)
    }

    /// Carries out a command and gives its status and payload.
    func call(_ request: CTAPRequest) throws -> CTAPResponse {
        let reply = try client.call(.cbor, request.encoded())
        return try CTAPResponse(decoding: #require(reply).payload)
    }

    /// The payload of a command that succeeds.
    func succeed(
        _ request: CTAPRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [UInt8] {
        let response = try call(request)
        try #require(response.status == .success, sourceLocation: sourceLocation)
        return response.payload
    }

    func u2f(_ request: U2FRequest) throws -> ResponseAPDU {
        let reply = try client.call(.message, request.encoded())
        return try ResponseAPDU(decoding: #require(reply).payload)
    }

    var information: GetInfoResponse {
        get throws { try GetInfoResponse(decoding: succeed(.getInfo)) }
    }

    var root: Certificate {
        get throws { try Certificate(derRepresentation: key.attestationRoot) }
    }
}

/// A CTAPHID client with a channel of its own. While it waits it moves the fake clock.
struct Client {
    let transport: any ReportTransport
    let clock: FakeClock
    private(set) var channel = ChannelID.broadcast
    /// The keepalives of the last call.
    private(set) var keepalives: [KeepaliveStatus] = []

    init(_ transport: any ReportTransport, _ clock: FakeClock) throws {
        self.transport = transport
        self.clock = clock
        let nonce: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        let reply = try #require(try call(.initialize, nonce))
        let initialization = try HIDInitialization(decoding: reply.payload)
        #expect(initialization.nonce == nonce)
        channel = initialization.channel
    }

    func send(_ command: HIDCommand, _ payload: [UInt8] = []) throws -> Bool {
        try HIDMessage(channel: channel, command: command, payload: payload).reports
            .allSatisfy(transport.write)
    }

    /// The next message; `nil` once a minute has gone by without one, or the key is gone.
    mutating func receive() throws -> HIDMessage? {
        keepalives = []
        var reassembler: HIDReassembler?
        for _ in 0..<1_200 {
            guard let report = transport.read(timeout: .zero) else {
                clock.advance(by: .milliseconds(50))
                continue
            }
            let packet = try HIDPacket(decoding: report)
            if case .initialization(channel, .keepalive, _, let data) = packet {
                keepalives.append(KeepaliveStatus(rawValue: data[0]))
                continue
            }
            let progress: HIDReassembler.Progress
            if reassembler == nil {
                let started = try #require(try HIDReassembler(first: packet))
                progress = try started.progress
                reassembler = started
            } else {
                progress = try #require(try reassembler?.append(packet))
            }
            if case .complete(let message) = progress { return message }
        }
        return nil
    }

    mutating func call(_ command: HIDCommand, _ payload: [UInt8] = []) throws -> HIDMessage? {
        guard try send(command, payload) else { return nil }
        return try receive()
    }
}
