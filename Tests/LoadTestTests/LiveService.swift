import Accounts
import Ceremonies
import CredentialStore
import DeviceModels
import Foundation
import LineClient
import LineService
import LoadTest
import Logging
import NIOCore
import NIOPosix
import Secrets
import VerificationCore
import WebAuthn

/// A whole service on a Unix socket, over a store in a folder of its own.
final class LiveService: Sendable {
    let server: LineServer
    let store: SQLiteStore
    private let folder: String
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private init(
        capabilities: [Capability], limits: Limits, lifetime: Duration, origin: String,
        allowsAppPasswords: Bool
    ) throws {
        folder = "/tmp/countersign-load-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        store = try SQLiteStore(path: folder + "/store.sqlite")
        var policy = ServerPolicy(relyingParties: [
            RelyingParty(
                id: try RelyingPartyID("example.org"), name: "Example", origins: [origin])
        ])
        policy.challengeLifetime = lifetime
        policy.codes.allowsAppPasswords = allowsAppPasswords
        let secret = Array(repeating: UInt8(7), count: 32)
        let clock: @Sendable () -> Timestamp = {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        }
        let vault = SecretVault(KeyRing())
        let offered = Set(SignInMethod.allCases).subtracting([.code, .password, .push])
        let policies = try PolicyDesk(
            store: store, catalogue: .empty, offered: offered, isReadFromFiles: false,
            clock: clock)
        let writer = SignInWriter(
            store: store, secret: secret, book: policies.book, policy: policy, catalogue: .empty,
            offered: offered, clock: clock)
        let budgets = CodeBudgets(limits: policy.codes.failures)
        let services = CoreServices(
            store: store,
            registration: RegistrationService(
                store: store, secret: secret, policy: policy, catalogue: .empty, clock: clock),
            cardRegistration: CardRegistrationService(
                store: store, secret: secret, policy: policy, catalogue: .empty, clock: clock),
            authentication: try AuthenticationService(
                store: store, writer: writer, secret: secret, vault: vault, budgets: budgets,
                policy: policy, catalogue: .empty, workers: 2, clock: clock),
            tokens: TokenService(
                store: store, secret: secret, vault: vault, policy: policy, clock: clock),
            codes: try CodeService(
                store: store, writer: writer, vault: vault, budgets: budgets,
                policy: policy.codes, workers: 2, clock: clock),
            spares: try SpareCodeService(
                store: store, vault: vault, policy: policy.codes, clock: clock),
            access: AccessService(writer: writer, offered: offered), policies: policies,
            auditHeads: try AuditHeads(store: store, vault: vault), push: nil,
            deletesAppPasswordsAtReset: true,
            rotateKeys: { KeyRotationReport(key: 1, resealed: 0, unreadable: 0) },
            catalogue: .empty, clock: clock)
        let client = Client(name: "load", capabilities: Set(capabilities))
        var configuration = LineServer.Configuration(
            access: AccessList(peers: [getuid(): client]), serverName: "countersign/1.0")
        configuration.socketPath = folder + "/s.sock"
        configuration.limits = limits
        server = LineServer(
            configuration: configuration, verbs: services.verbs(program: "countersign/1.0"),
            group: group, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs a body against a started service, and clears it away.
    static func run(
        capabilities: [Capability] = Capability.all, limits: Limits = Limits(),
        lifetime: Duration = .seconds(120), origin: String = "https://login.example.org",
        allowsAppPasswords: Bool = true,
        _ body: (LiveService) async throws -> Void
    ) async throws {
        let live = try LiveService(
            capabilities: capabilities, limits: limits, lifetime: lifetime, origin: origin,
            allowsAppPasswords: allowsAppPasswords)
        try await live.server.start()
        do { try await body(live) } catch {
            await live.stop()
            throw error
        }
        await live.stop()
    }

    func plan(
        method: LoadPlan.Method = .webauthn, credentials: Int = 24, connections: Int = 3,
        depth: Int = 8,
        goal: LoadPlan.Goal = .requests(300), rate: Double? = nil, prefix: String = "load-",
        largestRound: Int = 20_000
    ) throws -> LoadPlan {
        var plan = try LoadPlan(
            endpoint: .socket(path: folder + "/s.sock"), method: method,
            relyingPartyID: RelyingPartyID("example.org"), origin: "https://login.example.org",
            credentials: credentials, connections: connections, depth: depth, goal: goal,
            rate: rate, userPrefix: prefix)
        plan.largestRound = largestRound
        return plan
    }

    private func stop() async {
        await server.stop()
        // What is left in the temporary folder harms nobody.
        try? store.close()
        try? FileManager.default.removeItem(atPath: folder)
        try? await group.shutdownGracefully()
    }
}
