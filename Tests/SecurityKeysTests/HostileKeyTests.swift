import Authenticators
import CTAP
import Emulators
import SecurityKeys
import Synchronization
import TestSupport
import Testing
import WebAuthn

/// Keys that lie, stutter and fall silent: a typed failure in time, and the next ceremony works.
@Suite struct HostileKeyTests {
    private static let path = DevicePath.emulator(file: "test.key")
    /// For tests in which the key falls silent many times.
    private static let brief = Patience(
        promptly: .milliseconds(300), farewell: .milliseconds(20))
    private static let limit = Duration.milliseconds(300)

    /// How a registration behind `act` fails; `nil` where it does not. It is one without user verification, for which
    /// the key sends few reports.
    private func failure(
        _ key: SoftwareSecurityKey, patience: Patience = .standard,
        timeout: Duration = .seconds(20), _ act: @escaping Saboteur.Act
    ) async throws -> AuthenticatorFailure? {
        let request = try Sample.creation(verification: .discouraged, timeout: timeout)
        do throws(AuthenticatorFailure) {
            _ = try await Saboteur.device(key, patience: patience, act)
                .register(request, interaction: .unattended)
            return nil
        } catch {
            return error
        }
    }

    private func expectUsable(_ key: SoftwareSecurityKey) async throws {
        let device = SecurityKeyDevice(path: Self.path) { key.openTransport() }
        _ = try await device.describe()
        let request = try Sample.creation(verification: .discouraged)
        _ = try await device.register(request, interaction: .unattended)
    }

    @Test func `falls silent after any report`() async throws {
        let total = Mutex(0)
        let honest = try await failure(SoftwareSecurityKey()) { report, number in
            total.withLock { $0 = number + 1 }
            return [report]
        }
        #expect(honest == nil)
        let count = total.withLock(\.self)
        #expect(count > 20)
        try await withThrowingTaskGroup { group in
            for silence in 0..<count {
                group.addTask {
                    let key = try SoftwareSecurityKey()
                    let failure = try await failure(
                        key, patience: Self.brief, timeout: Self.limit
                    ) { report, number in number < silence ? [report] : [] }
                    let expected: AuthenticatorFailure =
                        silence == 0 ? .notAnAuthenticator(path: Self.path.description) : .timedOut
                    #expect(failure == expected)
                    try await expectUsable(key)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `flips a bit anywhere`() async throws {
        let key = try SoftwareSecurityKey()
        var generator = SplitMix64(seed: 1)
        var failures: Set<AuthenticatorFailure?> = []
        for _ in 0..<300 {
            let target = Int.random(in: 0..<24, using: &generator)
            let bit = Int.random(in: 0..<512, using: &generator)
            let (start, work) = (ContinuousClock.now, processorTime())
            failures.insert(
                try await failure(key, patience: Saboteur.patience, timeout: .milliseconds(100)) {
                    report, number in
                    guard number == target else { return [report] }
                    var report = report
                    report[bit / 8] ^= 1 << (bit % 8)
                    return [report]
                })
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(processorTime() - work < .seconds(2))
        }
        // A flipped bit of a signature or a key is for the verifier to find.
        #expect(failures.isSuperset(of: [nil, .timedOut, .malformedReply]))
        try await expectUsable(key)
    }

    @Test func `sends reports of any length and content`() async throws {
        let key = try SoftwareSecurityKey()
        for target in 0..<12 {
            for length in [0, 1, 4, 7, 63, 65, 200] {
                let junk = [UInt8](repeating: 0xFF, count: length)
                let failure = try await failure(key) { report, number in
                    number == target ? [junk, report] : [report]
                }
                #expect(failure == nil)
            }
        }
    }

    @Test func `is kept alive for ever`() async throws {
        let key = try SoftwareSecurityKey()
        let flood: Saboteur.Act = { report, _ in
            // The reply to authenticatorMakeCredential is the one that begins with a format.
            guard report[7...].starts(with: [0, 0xA3, 1, 0x66]) else { return [report] }
            let keepalive = Array(report[..<4]) + [0xBB, 0, 1, 1]
            return Array(
                repeating: keepalive + [UInt8](repeating: 0, count: 56), count: 100_000)
        }
        #expect(try await failure(key, timeout: Self.limit, flood) == .timedOut)
        try await expectUsable(key)
    }

    @Test func `drops what is for other clients`() async throws {
        let key = try SoftwareSecurityKey()
        let other = Array<UInt8>([9, 9, 9, 9, 0x90, 0, 1, 0x27]) + [UInt8](repeating: 0, count: 56)
        let failure = try await failure(key) { report, number in
            guard number == 0 else { return [other, report] }
            // The channel that another client was given at the same time.
            var theirs = report
            theirs[7] ^= 1
            return [theirs, other, report]
        }
        #expect(failure == nil)
    }

    @Test func `serves another client`() async throws {
        let key = try SoftwareSecurityKey()
        for target in [0, 1] {
            let failure = try await failure(key) { report, number in
                guard number == target else { return [report] }
                let busy = Array(report[..<4]) + [0xBF, 0, 1, 6]
                return [busy + [UInt8](repeating: 0, count: 56)]
            }
            #expect(failure == .inUse)
        }
    }

    @Test(arguments: [
        FaultPlan.Fault.tornFrame, .missingFrame, .stall, .badCBOR,
    ])
    func `commits a fault in any reply`(fault: FaultPlan.Fault) async throws {
        for command in [CTAPCommand.getInfo, .makeCredential] {
            let key = try SoftwareSecurityKey(faults: FaultPlan([(command, fault)]))
            let failure = try await failure(
                key, patience: Self.brief, timeout: Self.limit
            ) { report, _ in [report] }
            #expect([.malformedReply, .timedOut].contains(failure))
            try await expectUsable(key)
        }
    }

    @Test func `says an unknown status`() async throws {
        let key = try SoftwareSecurityKey()
        let failure = try await failure(
            key,
            Saboteur.rewriting { message in
                // The reply to authenticatorMakeCredential is the one that begins with a format.
                guard message.command == .cbor, message.payload.starts(with: [0, 0xA3, 1, 0x66])
                else { return message }
                return try HIDMessage(
                    channel: message.channel, command: .cbor, payload: [0xF2])
            })
        #expect(failure == .unexpectedStatus("FIDO_ERR_242"))
    }

    @Test(arguments: [[0x9A, 0xFF, 0xFF, 0xFF, 0xFF], [0x81, 0x9A, 0x7F, 0, 0, 0]] as [[UInt8]])
    func `announces more than memory holds`(lie: [UInt8]) async throws {
        let key = try SoftwareSecurityKey()
        for target in 1...3 {
            let replies = Mutex(0)
            // The replies that are CBOR: authenticatorGetInfo twice, then authenticatorMakeCredential.
            let act = Saboteur.rewriting { message in
                guard message.command == .cbor else { return message }
                let number = replies.withLock { replies in
                    replies += 1
                    return replies
                }
                guard number == target else { return message }
                return try HIDMessage(
                    channel: message.channel, command: .cbor, payload: [0] + lie)
            }
            let (start, work) = (ContinuousClock.now, processorTime())
            #expect(try await failure(key, act) == .malformedReply)
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(processorTime() - work < .seconds(2))
        }
        try await expectUsable(key)
    }

    @Test func `sends more assertions than there can be`() async throws {
        let key = try SoftwareSecurityKey()
        let device = SecurityKeyDevice(path: Self.path) { key.openTransport() }
        _ = try await device.register(
            Sample.creation(residentKey: .required), interaction: .unattended)
        let hostile = Saboteur.device(
            key,
            Saboteur.rewriting { message in
                // Says in an assertion's first reply that there are 2^32 - 1 of them.
                guard message.command == .cbor, message.payload.starts(with: [0, 0xA4, 1, 0xA2])
                else { return message }
                var payload = message.payload
                payload[1] = 0xA5
                payload += [5, 0x1A, 0xFF, 0xFF, 0xFF, 0xFF]
                return try HIDMessage(
                    channel: message.channel, command: .cbor, payload: payload)
            })
        await #expect(throws: AuthenticatorFailure.self) {
            try await hostile.authenticate(
                Sample.assertion([], verification: .discouraged, timeout: Self.limit),
                interaction: .unattended)
        }
    }
}
