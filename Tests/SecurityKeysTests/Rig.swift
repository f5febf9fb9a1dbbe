import Authenticators
import CTAP
import Cryptography
import Emulators
import SecurityKeys
import Synchronization
import Testing
import WebAuthn

/// A way to reach a software key: all of them must pass the same suite.
enum Reach: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case inProcess = "in process"
    case udp = "over UDP"

    var testDescription: String { rawValue }
}

/// A software key, the driver that reaches it, and a person who notes what they are told.
struct Rig {
    let key: SoftwareSecurityKey
    let device: SecurityKeyDevice
    private let serving: Task<Void, Never>?

    static let pin = "4711"

    /// Runs `body` with a key that has the owner's finger enrolled and, where `pin` is given, a PIN.
    static func with(
        _ reach: Reach, _ person: PersonScript = .willing,
        fingers: [Finger] = [.rightIndex], pin: String? = nil,
        _ body: (Rig) async throws -> Void
    ) async throws {
        var configuration = SoftwareSecurityKey.Configuration()
        configuration.initialFingers = fingers
        let key = try SoftwareSecurityKey(configuration: configuration, person: person)
        let rig = try await Rig(key, reach)
        defer { rig.serving?.cancel() }
        if let pin { try await rig.setPIN(pin) }
        try await body(rig)
    }

    private init(_ key: SoftwareSecurityKey, _ reach: Reach) async throws {
        self.key = key
        switch reach {
        case .inProcess:
            serving = nil
            device = SecurityKeyDevice(path: .emulator(file: "test.key")) { key.openTransport() }
        case .udp:
            let server = try await SecurityKeyUDPServer.start(key, port: 0)
            serving = Task { await server.run() }
            let port = try #require(UInt16(exactly: server.port))
            device = try SecurityKeyDevice(path: .udp(host: "127.0.0.1", port: port))
        }
    }

    func setPIN(_ new: String, replacing current: String? = nil) async throws {
        guard let pin = PIN(new) else { throw AuthenticatorFailure.pinPolicy }
        if let current {
            try await device.setPIN(pin, replacing: PIN(current))
        } else {
            try await device.setPIN(pin, replacing: nil)
        }
    }

    /// Registers a credential with the willing owner's help.
    func enrol(
        residentKey: ResidentKeyRequirement = .discouraged, pin: String? = nil
    ) async throws -> CreatedCredential {
        let request = try Sample.creation(residentKey: residentKey)
        return try await device.register(request, interaction: Witness(pins: [pin]).interaction)
    }
}

/// Somebody who gives PINs from a list and remembers what happened.
final class Witness: Sendable {
    private let state: Mutex<(pins: [String], events: [AuthenticatorEvent])>
    private let onEvent: @Sendable (AuthenticatorEvent) -> Void

    init(
        pins: [String?] = [], onEvent: @escaping @Sendable (AuthenticatorEvent) -> Void = { _ in }
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
    static let clientDataHash = SHA256.hash(Array("client data".utf8))

    static var relyingPartyID: RelyingPartyID {
        get throws { try RelyingPartyID("example.org") }
    }

    static func creation(
        excluded: [CredentialID] = [], residentKey: ResidentKeyRequirement = .discouraged,
        verification: UserVerificationRequirement = .required, timeout: Duration = .seconds(20)
    ) throws -> CredentialCreationRequest {
        CredentialCreationRequest(
            clientDataHash: clientDataHash, relyingPartyID: try relyingPartyID,
            relyingPartyName: "Example", userHandle: try UserHandle(bytes: [1, 2, 3]),
            userName: "alice", userDisplayName: "Alice", algorithms: [.eddsa, .es256],
            excludedCredentials: excluded, residentKey: residentKey,
            userVerification: verification, timeout: timeout)
    }

    static func assertion(
        _ allowed: [CredentialID], verification: UserVerificationRequirement = .required,
        timeout: Duration = .seconds(20)
    ) throws -> AssertionRequest {
        AssertionRequest(
            clientDataHash: clientDataHash, relyingPartyID: try relyingPartyID,
            allowedCredentials: allowed, userVerification: verification, timeout: timeout)
    }
}

extension CreatedCredential {
    /// The attestation object, decoded.
    var attestation: AttestationObject {
        get throws { try AttestationObject(decoding: attestationObject) }
    }

    /// Checks an assertion as a relying party would, flags aside.
    func verifies(_ assertion: Assertion) throws -> Bool {
        let attested = try #require(try attestation.authenticatorData.attestedCredential)
        guard case .es256(let x, let y) = attested.publicKey else { return false }
        let key = try PublicKey(p256Point: [4] + x + y)
        return key.isValidSignature(
            assertion.signature, for: assertion.authenticatorData + Sample.clientDataHash,
            scheme: .ecdsaSHA256)
    }
}
