import Accounts
import AuditLog
import Ceremonies
import CredentialStore
import DeviceModels
import Foundation
import LineClient
import LineProtocol
import LineService
import NIOCore
import NIOPosix
import Secrets
import Synchronization
import Testing
import VerificationCore
import WebAuthn

/// A clock that stands still until a test moves it.
final class StandingClock: Sendable {
    private let moment = Mutex(Timestamp(milliseconds: 1_790_000_000_000))

    var now: Timestamp { moment.withLock { $0 } }

    func advance(by duration: Duration) {
        moment.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// A store that is served. Of its users root is a global administrator, aa an authentication administrator, hd the help
/// desk and sr a security reader; alice and bob have no role.
final class DirectoryOffice: Sendable {
    private static let secret = Array(repeating: UInt8(7), count: 32)
    private static let console = AuditOrigin(who: .client, client: "test", from: "")

    let store: SQLiteStore
    let clock = StandingClock()
    private let server: LineServer
    private let folder: String

    /// Where the tests' own user is a client of these capabilities.
    private init(_ capabilities: Set<Capability>) throws {
        folder = try LiveServer.directory()
        store = try SQLiteStore(path: folder + "/store.sqlite")
        let clock = clock
        let users: [(String, AdministratorRole?)] = [
            ("alice", nil), ("bob", nil), ("root", .globalAdministrator),
            ("aa", .authenticationAdministrator), ("hd", .helpDesk), ("sr", .securityReader),
        ]
        for (text, role) in users {
            let name = try userName(text)
            try store.add(
                User(
                    name: name, displayName: text, handle: UserHandle(bytes: Array(text.utf8)),
                    createdAt: clock.now), by: Self.console)
            if let role { try store.assign(role, to: name, by: Self.console, at: clock.now) }
        }
        var configuration = LineServer.Configuration(
            access: AccessList(
                peers: [getuid(): Client(name: "desk", capabilities: capabilities)],
                secrets: testSecrets), serverName: "countersign/1.0")
        configuration.socketPath = folder + "/s.sock"
        // A machine that is busy with other tests is not a slow client.
        configuration.limits.firstRequest = .seconds(60)
        configuration.limits.request = .seconds(60)
        server = LineServer(
            configuration: configuration,
            verbs: try Self.services(store) { clock.now }.verbs(program: "countersign/1.0"),
            group: MultiThreadedEventLoopGroup.singleton, logger: quiet)
    }

    private static func services(
        _ store: SQLiteStore, clock: @escaping @Sendable () -> Timestamp
    ) throws -> CoreServices {
        var policy = ServerPolicy(relyingParties: [
            RelyingParty(
                id: try RelyingPartyID("example.org"), name: "Example",
                origins: ["https://login.example.org"])
        ])
        policy.codes.allowsAppPasswords = true
        let vault = SecretVault(KeyRing())
        let offered = Set(SignInMethod.allCases).subtracting([.code, .password, .push])
        let policies = try PolicyDesk(
            store: store, catalogue: .empty, offered: offered, isReadFromFiles: false,
            clock: clock)
        let writer = SignInWriter(
            store: store, secret: secret, book: policies.book, policy: policy, catalogue: .empty,
            offered: offered, clock: clock)
        let budgets = CodeBudgets(limits: policy.codes.failures)
        return CoreServices(
            store: store,
            registration: RegistrationService(
                store: store, secret: secret, policy: policy, catalogue: .empty, clock: clock),
            cardRegistration: CardRegistrationService(
                store: store, secret: secret, policy: policy, catalogue: .empty, clock: clock),
            authentication: try AuthenticationService(
                store: store, writer: writer, secret: secret, vault: vault, budgets: budgets,
                policy: policy, catalogue: .empty, workers: 1, clock: clock),
            tokens: TokenService(
                store: store, secret: secret, vault: vault, policy: policy, clock: clock),
            codes: try CodeService(
                store: store, writer: writer, vault: vault, budgets: budgets,
                policy: policy.codes, workers: 1, clock: clock),
            spares: try SpareCodeService(
                store: store, vault: vault, policy: policy.codes, clock: clock),
            access: AccessService(writer: writer, offered: offered), policies: policies,
            auditHeads: try AuditHeads(store: store, vault: vault), push: nil,
            deletesAppPasswordsAtReset: true,
            rotateKeys: { KeyRotationReport(key: 2, resealed: 3, unreadable: 0) },
            catalogue: .empty, clock: clock)
    }

    /// Runs a body against a started server, and clears it away.
    static func run(
        _ capabilities: Set<Capability> = [.act, .administer, .enroll, .reasons],
        _ body: (DirectoryOffice) async throws -> Void
    ) async throws {
        let office = try DirectoryOffice(capabilities)
        try await office.server.start()
        do { try await body(office) } catch {
            await office.stop()
            throw error
        }
        await office.stop()
    }

    private func stop() async {
        await server.stop()
        // What is left in the temporary folder harms nobody.
        try? store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A ticket, as a sign-in to administer gives it.
    func ticket(of user: String, through client: String = "desk") throws -> String {
        try ChallengeSealer(secret: Self.secret).seal(
            IssuedChallenge(
                purpose: .administration, bytes: Array(repeating: 1, count: 32),
                user: userName(user), relyingPartyID: RelyingPartyID("example.org"),
                client: client, userVerification: .discouraged, issuedAt: clock.now,
                expiresAt: clock.now.advanced(by: .seconds(3600))))
    }

    /// A connection, of an administrator where one is named.
    func connect(as user: String? = nil) async throws -> Desk {
        let connection = try await LineConnection.connect(
            to: .socket(path: folder + "/s.sock"), agent: "tests",
            on: MultiThreadedEventLoopGroup.singleton)
        let desk = Desk(connection)
        if let user {
            let reply = try await desk.ask("ACT", ticket(of: user))
            #expect(reply.isSuccess)
        }
        return desk
    }

    /// The records after the first `count`, the oldest first.
    func records(after count: Int) throws -> [AuditRecord] {
        try store.auditRows(after: count, limit: 100).map { row in try #require(row.record) }
    }
}

/// A connection that requests are typed on.
struct Desk {
    private let connection: LineConnection

    init(_ connection: LineConnection) { self.connection = connection }

    /// Sends a request of a verb, its arguments, and options as `key=value`.
    func ask(_ verb: String, _ arguments: String...) async throws -> Reply {
        try await ask(verb, arguments)
    }

    func ask(_ verb: String, _ arguments: [String]) async throws -> Reply {
        var (positionals, options) = ([String](), [LineProtocol.Option]())
        for argument in arguments {
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, argument.first?.isLowercase == true {
                options.append(.init(String(parts[0]), String(parts[1])))
            } else {
                positionals.append(argument)
            }
        }
        return try await connection.request(RequestLine(verb, positionals, options: options))
    }

    func close() async { await connection.close() }
}

func userName(_ text: String) throws -> UserName { try #require(UserName(text)) }

extension Reply {
    /// The word and the options as they stand on the wire, without the text.
    var short: String {
        (["\(isSuccess ? "+" : "-")\(word.rawValue)"] + options.map { "\($0.key)=\($0.value)" })
            .joined(separator: " ")
    }

    /// The lines of a list.
    var lines: [String] {
        if case .list(let items) = body { items.map(\.line) } else { [] }
    }
}
