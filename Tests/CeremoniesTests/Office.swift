import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import Foundation
import Secrets
import Synchronization
import Testing
import VerificationCore
import WebAuthn

/// A clock that stands still until a test moves it.
final class FakeClock: Sendable {
    private let moment = Mutex(Timestamp(milliseconds: 1_790_000_000_000))

    var now: Timestamp { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// All services but that of phones, over a store in a folder of its own, on a fake clock.
final class Office: Sendable {
    static let secret = Array(repeating: UInt8(0x5A), count: 32)

    let store: SQLiteStore
    let clock = FakeClock()
    let vault = SecretVault(KeyRing())
    let policy: ServerPolicy
    let book = PolicyBook(.empty)
    let writer: SignInWriter
    let access: AccessService
    let budgets: CodeBudgets
    let registration: RegistrationService
    let cardRegistration: CardRegistrationService
    let authentication: AuthenticationService
    let tokens: TokenService
    let codes: CodeService
    let spares: SpareCodeService
    private let folder: String

    /// Serves example.org and example.com for alice and bob; `adjust` changes the policy.
    init(
        catalogue: Catalogue = .empty, adjust: (inout ServerPolicy) -> Void = { _ in }
    ) throws {
        folder = NSTemporaryDirectory() + "/countersign-ceremonies-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        store = try SQLiteStore(path: folder + "/store.sqlite")
        var policy = ServerPolicy(relyingParties: [
            RelyingParty(
                id: try RelyingPartyID("example.org"), name: "Example",
                origins: ["https://login.example.org"]),
            RelyingParty(
                id: try RelyingPartyID("example.com"), name: "Framed",
                origins: ["https://example.com"], topOrigins: ["https://portal.example.net"]),
        ])
        policy.allowsWeakerUserVerification = true
        policy.codes.allowsAppPasswords = true
        adjust(&policy)
        self.policy = policy
        let offered = Set(SignInMethod.allCases).subtracting([.code, .password])
        writer = SignInWriter(
            store: store, secret: Self.secret, book: book, policy: policy, catalogue: catalogue,
            offered: offered, clock: { [clock] in clock.now })
        access = AccessService(writer: writer, offered: offered)
        budgets = CodeBudgets(limits: policy.codes.failures)
        registration = RegistrationService(
            store: store, secret: Self.secret, policy: policy, catalogue: catalogue,
            clock: { [clock] in clock.now })
        cardRegistration = CardRegistrationService(
            store: store, secret: Self.secret, policy: policy, catalogue: catalogue,
            clock: { [clock] in clock.now })
        authentication = try AuthenticationService(
            store: store, writer: writer, secret: Self.secret, vault: vault, budgets: budgets,
            policy: policy, catalogue: catalogue, workers: 2, clock: { [clock] in clock.now })
        tokens = TokenService(
            store: store, secret: Self.secret, vault: vault, policy: policy,
            clock: { [clock] in clock.now })
        codes = try CodeService(
            store: store, writer: writer, vault: vault, budgets: budgets, policy: policy.codes,
            workers: 2, clock: { [clock] in clock.now })
        spares = try SpareCodeService(
            store: store, vault: vault, policy: policy.codes, clock: { [clock] in clock.now })
        for name in ["alice", "bob"] {
            try store.add(
                User(
                    name: try userName(name), displayName: name.capitalized,
                    handle: try UserHandle(bytes: Array("handle of \(name)".utf8)),
                    createdAt: clock.now))
        }
    }

    var databasePath: String { folder + "/store.sqlite" }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Registration

    func beginRegistration(
        _ user: String = "alice", at relyingParty: String? = nil,
        userVerification: UserVerificationRequirement? = nil
    ) throws(CeremonyError) -> RegistrationTransaction {
        guard let name = UserName(user) else { throw .unknownTransaction }
        return try registration.begin(
            user: name, relyingPartyID: relyingParty.flatMap { try? RelyingPartyID($0) },
            userVerification: userVerification, residentKey: .discouraged, client: "front")
    }

    @discardableResult
    func finish(
        _ transaction: RegistrationTransaction, with response: RegistrationResponse
    ) throws(CeremonyError) -> CompletedRegistration {
        try registration.finish(
            transaction: transaction.identifier, response: response, label: "blue key",
            client: "front")
    }

    /// Enrols a key that attests nothing.
    func enrol(_ key: ScriptedKey, for user: String = "alice") throws {
        let transaction = try beginRegistration(
            user, at: key.relyingPartyID, userVerification: .preferred)
        try finish(transaction, with: key.register(transaction.options.challenge))
    }

    // MARK: Authentication

    func begin(
        _ user: String = "alice", at relyingParty: String? = nil,
        userVerification: UserVerificationRequirement? = nil, method: SignInMethod = .webauthn
    ) async throws -> AuthenticationTransaction {
        let request = ChallengeRequest(
            method: method, user: try userName(user),
            relyingPartyID: try relyingParty.map(RelyingPartyID.init),
            userVerification: userVerification, client: "front")
        return try await withCheckedContinuation { continuation in
            authentication.begin(request) { continuation.resume(returning: $0) }
        }.get()
    }

    func finish(
        _ transaction: AuthenticationTransaction, with response: AuthenticationResponse
    ) async -> AuthenticationVerdict {
        await finish(
            AnswerRequest(
                transaction: transaction.identifier, answer: .assertion(.success(response)),
                client: "front"))
    }

    func finish(_ request: AnswerRequest) async -> AuthenticationVerdict {
        await withCheckedContinuation { continuation in
            authentication.finish(request) { continuation.resume(returning: $0) }
        }
    }

    // MARK: Cards

    func beginCard(
        _ user: String = "alice", userVerification: UserVerificationRequirement? = nil
    ) throws(CeremonyError) -> CardRegistrationTransaction {
        guard let name = UserName(user) else { throw .unknownTransaction }
        return try cardRegistration.begin(
            user: name, relyingPartyID: nil, userVerification: userVerification, client: "front")
    }

    @discardableResult
    func finish(
        _ transaction: CardRegistrationTransaction, with response: CardRegistrationResponse,
        isManagementKeyDefault: Bool? = false
    ) throws(CeremonyError) -> CompletedCardRegistration {
        try cardRegistration.finish(
            transaction: transaction.identifier, response: .success(response),
            claims: CardClaims(isManagementKeyDefault: isManagementKeyDefault), label: "my card",
            client: "front")
    }

    @discardableResult
    func enrol(
        _ card: ScriptedCard, for user: String = "alice",
        userVerification: UserVerificationRequirement? = nil
    ) throws -> CompletedCardRegistration {
        let transaction = try beginCard(user, userVerification: userVerification)
        return try finish(transaction, with: card.register(transaction.challenge, user: user))
    }

    func finish(
        _ transaction: AuthenticationTransaction, with answer: CardAnswer
    ) async -> AuthenticationVerdict {
        await finish(
            AnswerRequest(
                transaction: transaction.identifier, answer: .card(.success(answer)),
                client: "front"))
    }

    /// The latest row of the sign-in record.
    func lastSignIn() throws -> SignIn { try #require(try store.signIns(limit: 1).first) }
}

func userName(_ text: String) throws -> UserName { try #require(UserName(text)) }

extension AuthenticationVerdict {
    var isAccepted: Bool {
        if case .accepted = self { true } else { false }
    }

    static func refused(_ user: String?, _ code: String) -> AuthenticationVerdict {
        .refused(user: user.flatMap(UserName.init), code: code)
    }
}
