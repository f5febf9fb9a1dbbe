import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import Foundation
import PushMessages
import Secrets
import Synchronization
import TestSupport
import Testing
import WebAuthn

/// An alarm on a clock that stands still until a test moves it.
final class ManualTimer: Sendable {
    private struct Alarm {
        var moment: Timestamp?
        var wake: (@Sendable () -> Void)?
    }

    let clock: FakeClock
    private let alarm = Mutex(Alarm())

    init(_ clock: FakeClock) { self.clock = clock }

    var steady: SteadyTimer {
        SteadyTimer(
            now: { [clock] in clock.now },
            set: { moment in self.alarm.withLock { $0.moment = moment } },
            start: { wake in self.alarm.withLock { $0.wake = wake } })
    }

    /// Moves the clock, and rings where it is time.
    func advance(by duration: Duration) {
        clock.advance(by: duration)
        let now = clock.now
        let wake = alarm.withLock { alarm in
            guard let moment = alarm.moment, moment <= now else {
                return nil as (@Sendable () -> Void)?
            }
            alarm.moment = nil
            return alarm.wake
        }
        wake?()
    }
}

/// Random bytes that can be had again.
final class SeededBytes: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }

    func bytes(_ count: Int) -> [UInt8] { generator.withLock { $0.bytes(count) } }
}

/// A phone that does as it is told.
final class ScriptedPhone: Sendable {
    let key: P256PrivateKey
    let keyGuard: KeyGuard
    let subscription: PhoneSubscription?
    private let clock: FakeClock
    private let last = Mutex<Int64>(0)
    private let identifier = Mutex<PhoneID?>(nil)

    init(
        _ clock: FakeClock, keyGuard: KeyGuard = .biometric, endpoint: String? = nil,
        key: P256PrivateKey? = nil
    ) throws {
        self.key = try key ?? P256PrivateKey()
        self.clock = clock
        self.keyGuard = keyGuard
        subscription = try endpoint.map { endpoint in
            try PhoneSubscription(
                endpoint: endpoint,
                publicKey: #require(try P256PrivateKey().publicKey.p256Point),
                authenticationSecret: [UInt8](repeating: 0xA0, count: 16))
        }
    }

    var id: PhoneID? {
        get { identifier.withLock { $0 } }
        set { identifier.withLock { $0 = newValue } }
    }

    func registration(_ ticket: String) throws -> PhoneRegistration {
        let unsigned = try PhoneRegistration(
            ticket: ticket, publicKey: #require(key.publicKey.p256Point), keyGuard: keyGuard,
            name: "my phone", subscription: subscription)
        return try unsigned.signed(key.rawSignature(for: unsigned.message))
    }

    func poll(wait: Int = 50, time: Int64? = nil) throws -> SignedPoll {
        let time = time ?? nextTime()
        let message = try PollMessage(
            phone: #require(id), time: time, nonce: [UInt8](repeating: 1, count: 16))
        return try SignedPoll(
            message: message, signature: key.rawSignature(for: message.encoded()), wait: wait)
    }

    func update(_ subscription: PhoneSubscription?, time: Int64? = nil) throws -> SubscriptionUpdate
    {
        let message = try SubscriptionMessage(
            phone: #require(id), time: time ?? nextTime(), subscription: subscription)
        return try SubscriptionUpdate(
            message: message, signature: key.rawSignature(for: message.encoded()))
    }

    func decision(
        _ decision: Decision, _ number: String = "", on prompt: Prompt
    ) throws -> SignedDecision {
        let message = try DecisionMessage(
            prompt: prompt, decision: decision, number: number,
            decidedAt: clock.now.milliseconds)
        return try SignedDecision(
            message: message, signature: key.rawSignature(for: message.encoded()))
    }

    private func nextTime() -> Int64 {
        last.withLock { last in
            last = max(last + 1, clock.now.milliseconds)
            return last
        }
    }
}

/// A push service over a store in a folder of its own, on a fake clock, with alice and bob.
final class PushOffice: Sendable {
    static let secret = [UInt8](repeating: 0x5A, count: 32)

    let clock: FakeClock
    let timer: ManualTimer
    let store: SQLiteStore
    let vault: SecretVault
    let key: P256PrivateKey
    let policy: PushPolicy
    let service: PushService
    let dispatches: Dispatches
    private let folder: String

    /// What went to the courier.
    final class Dispatches: Sendable {
        private let list = Mutex<[PushDispatch]>([])
        var all: [PushDispatch] { list.withLock { $0 } }
        func add(_ dispatch: PushDispatch) { list.withLock { $0.append(dispatch) } }
    }

    init(seed: UInt64 = 1, adjust: (inout PushPolicy) -> Void = { _ in }) throws {
        clock = FakeClock()
        folder = NSTemporaryDirectory() + "/countersign-push-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        store = try SQLiteStore(path: folder + "/store.sqlite")
        vault = SecretVault(KeyRing())
        key = try ServerPushKey.load(from: store, vault: vault)
        var policy = try PushPolicy(
            serverName: "Example", url: PhoneServiceURL("https://auth.example.org"),
            pin: [UInt8](repeating: 9, count: 32))
        adjust(&policy)
        self.policy = policy
        timer = ManualTimer(clock)
        dispatches = Dispatches()
        for name in ["alice", "bob"] {
            try store.add(
                User(
                    name: try userName(name), displayName: name.capitalized,
                    handle: try UserHandle(bytes: Array("handle of \(name)".utf8)),
                    createdAt: clock.now))
        }
        service = Self.service(
            store, vault, key, policy, timer, dispatches, clock, SeededBytes(seed: seed))
    }

    /// Another office over the store of one, with another policy.
    init(sharing office: PushOffice, adjust: (inout PushPolicy) -> Void) throws {
        var policy = office.policy
        adjust(&policy)
        self.policy = policy
        clock = office.clock
        timer = ManualTimer(clock)
        store = office.store
        vault = office.vault
        key = office.key
        dispatches = Dispatches()
        // The folder is the other's to remove.
        folder = office.folder + "/shared"
        service = Self.service(
            store, vault, key, policy, timer, dispatches, clock, SeededBytes(seed: 99))
    }

    private static func service(
        _ store: SQLiteStore, _ vault: SecretVault, _ key: P256PrivateKey, _ policy: PushPolicy,
        _ timer: ManualTimer, _ dispatches: Dispatches, _ clock: FakeClock, _ random: SeededBytes
    ) -> PushService {
        PushService(
            store: store, writer: SignInWriter(store: store), secret: secret, vault: vault,
            key: key, policy: policy, isEndpointAllowed: { !$0.contains("internal") },
            courier: { dispatches.add($0) }, clock: { clock.now }, timer: timer.steady,
            random: random.bytes)
    }

    /// Another service over the same store, as a second node would be.
    func twin(seed: UInt64 = 1) -> PushService {
        PushService(
            store: store, writer: SignInWriter(store: store), secret: Self.secret, vault: vault,
            key: key, policy: policy, isEndpointAllowed: { _ in true }, courier: { _ in },
            clock: { [clock] in clock.now }, timer: ManualTimer(clock).steady,
            random: SeededBytes(seed: seed).bytes)
    }

    var databasePath: String { folder + "/store.sqlite" }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    // MARK: Enrolment

    func phone(
        keyGuard: KeyGuard = .biometric, endpoint: String? = nil, key: P256PrivateKey? = nil
    ) throws -> ScriptedPhone {
        try ScriptedPhone(clock, keyGuard: keyGuard, endpoint: endpoint, key: key)
    }

    func register(
        _ registration: PhoneRegistration
    ) async -> Result<RegistrationReply, PhoneRefusal> {
        await withCheckedContinuation { continuation in
            service.register(registration) { continuation.resume(returning: $0) }
        }
    }

    /// Enrols a phone of the user's.
    @discardableResult
    func enrol(_ phone: ScriptedPhone, for user: String = "alice") async throws -> ScriptedPhone {
        let enrolment = try service.beginEnrolment(user: userName(user), client: "front")
        let reply = try await register(phone.registration(enrolment.ticket.ticket)).get()
        phone.id = reply.phone
        return phone
    }

    func enrolledPhone(
        for user: String = "alice", keyGuard: KeyGuard = .biometric, endpoint: String? = nil
    ) async throws -> ScriptedPhone {
        try await enrol(phone(keyGuard: keyGuard, endpoint: endpoint), for: user)
    }

    // MARK: Pushes

    func begin(
        _ user: String = "alice", application: String = "ssh", client: String = "front",
        on service: PushService? = nil
    ) async throws -> PushTransaction {
        let request = PushRequest(
            user: try userName(user), application: application, detail: "to db1",
            client: client)
        return try await withCheckedContinuation { continuation in
            (service ?? self.service).begin(request) { continuation.resume(returning: $0) }
        }.get()
    }

    func verdict(
        of transaction: PushTransaction, client: String = "front",
        timeout: Duration = .seconds(60)
    ) async -> PushVerdict {
        await withCheckedContinuation { continuation in
            _ = service.wait(
                for: transaction.identifier, client: client, timeout: timeout
            ) { continuation.resume(returning: $0) }
        }
    }

    func answer(_ poll: SignedPoll) async -> Result<SignedPrompt?, PhoneRefusal> {
        await withCheckedContinuation { continuation in
            _ = service.poll(poll) { continuation.resume(returning: $0) }
        }
    }

    /// The prompt that is open for a phone, once it is signed.
    func prompt(for phone: ScriptedPhone) async throws -> Prompt {
        let signed = try #require(try await answer(phone.poll()).get())
        #expect(key.publicKey.isValidRawSignature(signed.signature, for: signed.message))
        return signed.prompt
    }

    func decide(
        _ decision: SignedDecision, on service: PushService? = nil
    ) async -> Result<DecisionReply, PhoneRefusal> {
        await withCheckedContinuation { continuation in
            (service ?? self.service).decide(decision) { continuation.resume(returning: $0) }
        }
    }

    /// The reasons of the latest rows of the sign-in record, the latest first.
    func reasons(_ count: Int = 1) throws -> [String] {
        try store.signIns(limit: count).map(\.reason)
    }
}

extension PushVerdict {
    var isAccepted: Bool {
        if case .accepted = self { true } else { false }
    }

    static func refused(_ user: String, _ reason: PushReason) -> PushVerdict {
        .refused(user: UserName(user), code: reason.rawValue)
    }
}
