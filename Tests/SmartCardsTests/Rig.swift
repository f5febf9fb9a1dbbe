import Authenticators
import Cryptography
import Emulators
import ISO7816
import PIV
import SmartCards
import Synchronization
import TestSupport
import Testing
import WebAuthn

/// A software card, the driver that reaches it, and a person who notes what they are told.
final class Rig: Sendable {
    let reach: Reach
    let card: SoftwareCard
    let device: SmartCardDevice
    /// The same without much patience.
    let hasty: SmartCardDevice
    let reader: VirtualReader?
    private let connection: Mutex<SoftwareCardVPCDClient?>

    static let pin = "123456"
    static let puk = "12345678"
    /// What a test allows for what takes no time by itself: other tests run at the same time.
    static let patience = CardPatience(
        connecting: .seconds(60), promptly: .seconds(60), altogether: .seconds(120))

    /// Runs `body` with a new card.
    static func with(
        _ reach: Reach, _ configuration: SoftwareCard.Configuration = .init(),
        person: PersonScript = .willing, faults: CardFaultPlan = .none,
        patience: CardPatience = patience, _ body: @Sendable (Rig) async throws -> Void
    ) async throws {
        let card = try SoftwareCard(
            configuration: configuration, person: person, faults: faults)
        switch reach {
        case .inProcess:
            let path = try CardPath("emulator:test.card")
            let device = SmartCardDevice(path: path, patience: patience) { card.openTransport() }
            try await body(Rig(card, device))
        case .service:
            try await ServiceTurn.shared.with { service in
                let reader = VirtualReader(service)
                try await reader.waitUntilEmpty()
                let rig = try await Rig(card, reader)
                do {
                    try await body(rig)
                } catch {
                    await rig.takeOut()
                    throw error
                }
                await rig.takeOut()
            }
        }
    }

    private init(_ card: SoftwareCard, _ device: SmartCardDevice) {
        reach = .inProcess
        self.card = card
        self.device = device
        hasty = device
        reader = nil
        connection = Mutex(nil)
    }

    private init(_ card: SoftwareCard, _ reader: VirtualReader) async throws {
        reach = .service
        self.card = card
        self.reader = reader
        device = try SmartCardDevice(path: .reader(name: reader.name), patience: Self.patience)
        hasty = try SmartCardDevice(
            path: .reader(name: reader.name),
            patience: CardPatience(
                connecting: .seconds(20), promptly: .seconds(3), altogether: .seconds(20)))
        connection = Mutex(try await reader.insert(card))
    }

    /// Takes the card out, if it is in.
    func takeOut() async {
        card.remove()
        await connection.withLock { $0.take() }?.stop()
    }

    /// Puts the card in again after it was taken out.
    func insertAgain() async throws {
        await connection.withLock { $0.take() }?.stop()
        try await reader?.waitUntilEmpty()
        card.insert()
        guard let reader else { return }
        let connected = try await reader.insert(card)
        connection.withLock { $0 = connected }
    }

    func changePIN(from old: String, to new: String) async throws {
        try await device.changePIN(from: Self.secret(old), to: Self.secret(new))
    }

    func changePUK(from old: String, to new: String) async throws {
        try await device.changePUK(from: Self.secret(old), to: Self.secret(new))
    }

    func unblockPIN(puk: String, new: String) async throws {
        try await device.unblockPIN(puk: Self.secret(puk), newPIN: Self.secret(new))
    }

    private static func secret(_ text: String) throws -> PIN {
        guard let pin = PIN(text) else { throw AuthenticatorFailure.pinPolicy }
        return pin
    }

    /// A connection to the card of a program of somebody else's.
    func openAnother() throws -> any CardTransport {
        guard let reader else { return card.openTransport() }
        return try PCSCTransport(reader: reader.name)
    }

    /// Registers a key that the card makes now, with the willing owner's help, who gives the PIN as often as it is
    /// asked for.
    @discardableResult
    func enrol(
        _ way: CardRegistrationRequest.Way = .generate(), pin: String? = Rig.pin
    ) async throws -> CardRegistrationAnswer {
        try await device.register(
            Sample.registration(way), interaction: Witness(pins: [pin, pin]).interaction)
    }

    /// Signs in with a key, with the willing owner's help.
    @discardableResult
    func signIn(
        _ key: CardRegistrationAnswer, pin: String? = Rig.pin
    ) async throws -> CardAuthenticationAnswer {
        let answer = try await device.authenticate(
            Sample.authentication([key.keyIdentifier]),
            interaction: Witness(pins: [pin]).interaction)
        #expect(try key.verifies(answer))
        return answer
    }
}

/// Somebody who gives PINs from a list and remembers what happened.
final class Witness: Sendable {
    private let state: Mutex<(pins: [String], events: [AuthenticatorEvent])>
    private let onEvent: @Sendable (AuthenticatorEvent) -> Void

    init(
        pins: [String?] = [Rig.pin],
        onEvent: @escaping @Sendable (AuthenticatorEvent) -> Void = { _ in }
    ) {
        state = Mutex((pins: pins.compactMap(\.self).reversed(), events: []))
        self.onEvent = onEvent
    }

    var events: [AuthenticatorEvent] { state.withLock { $0.events } }

    var interaction: Interaction {
        Interaction(
            report: { event in
                self.state.withLock { $0.events.append(event) }
                self.onEvent(event)
            },
            pin: { _ in
                guard let text = self.state.withLock({ $0.pins.popLast() }) else { return nil }
                return PIN(text)
            })
    }
}

/// Requests that are well formed and otherwise of no interest.
enum Sample {
    static let challenge = SHA256.hash(Array("challenge".utf8))
    static let relyingParty = "example.org"
    static let user = "alice"

    static func registration(
        _ way: CardRegistrationRequest.Way = .generate(),
        algorithms: [COSEAlgorithm] = [.es256, .es384, .ps256, .rs256],
        timeout: Duration = .seconds(120)
    ) -> CardRegistrationRequest {
        CardRegistrationRequest(
            challenge: challenge, relyingPartyID: relyingParty, userName: user, way: way,
            algorithms: algorithms, timeout: timeout)
    }

    static func authentication(
        _ keys: [[UInt8]], algorithms: [COSEAlgorithm] = [.es256, .es384, .ps256, .rs256],
        timeout: Duration = .seconds(120)
    ) -> CardAuthenticationRequest {
        CardAuthenticationRequest(
            challenge: challenge, relyingPartyID: relyingParty, userName: user, allowedKeys: keys,
            algorithms: algorithms, timeout: timeout)
    }

    /// What a card signs, byte by byte.
    static func message(purpose: UInt8, key: [UInt8]) -> [UInt8] {
        Array(repeating: 0x20, count: 64) + Array("countersign card signature, version 1".utf8)
            + [0, purpose] + challenge + key + [11] + Array("example.org".utf8) + [5]
            + Array("alice".utf8)
    }
}

extension CardRegistrationAnswer {
    /// Checks the answer's own signature as a relying party would.
    func verifies() throws -> Bool {
        let key = try PublicKey(subjectPublicKeyInfo: publicKey)
        #expect(SHA256.hash(publicKey) == keyIdentifier)
        return key.isValidSignature(
            signature, for: Sample.message(purpose: 1, key: keyIdentifier),
            scheme: try #require(algorithm.scheme))
    }

    /// Checks a later answer by this key likewise.
    func verifies(_ answer: CardAuthenticationAnswer) throws -> Bool {
        let key = try PublicKey(subjectPublicKeyInfo: publicKey)
        guard answer.keyIdentifier == keyIdentifier else { return false }
        return key.isValidSignature(
            answer.signature, for: Sample.message(purpose: 2, key: keyIdentifier),
            scheme: try #require(answer.algorithm.scheme))
    }
}

extension COSEAlgorithm {
    fileprivate var scheme: SignatureScheme? {
        switch self {
        case .es256: .ecdsaSHA256
        case .es384: .ecdsaSHA384
        case .ps256: .rsaPSSSHA256
        case .rs256: .rsaPKCS1SHA256
        default: nil
        }
    }
}
