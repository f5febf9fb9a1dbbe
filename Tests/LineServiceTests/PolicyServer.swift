import Accounts
import AuditLog
import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
import Foundation
import LineClient
import LineProtocol
import LineService
import NIOPosix
import Secrets
import Testing
import VerificationCore
import WebAuthn

/// A whole service on a Unix socket, over a store of its own with alice, a global administrator, and bob of the group
/// `staff`; without policies.
final class PolicyServer: Sendable {
    let store: SQLiteStore
    let desk: PolicyDesk
    private let server: LineServer
    private let folder: String
    private let group = MultiThreadedEventLoopGroup.singleton

    static let start = Timestamp(milliseconds: 1_790_000_000_000)

    private init(capabilities: [Capability], isReadFromFiles: Bool) throws {
        folder = "/tmp/cs-policy-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        store = try SQLiteStore(path: folder + "/store.sqlite")
        let clock: @Sendable () -> Timestamp = { Self.start }
        let policy = ServerPolicy(relyingParties: [
            RelyingParty(
                id: try RelyingPartyID("example.org"), name: "Example",
                origins: ["https://example.org"])
        ])
        let secret = Array(repeating: UInt8(7), count: 32)
        let vault = SecretVault(KeyRing())
        let offered = Set(SignInMethod.allCases).subtracting([.code, .password, .push])
        desk = try PolicyDesk(
            store: store, catalogue: .empty, offered: offered, isReadFromFiles: isReadFromFiles,
            clock: clock)
        let writer = SignInWriter(
            store: store, secret: secret, book: desk.book, policy: policy, catalogue: .empty,
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
                policy: policy, catalogue: .empty, workers: 1, clock: clock),
            tokens: TokenService(
                store: store, secret: secret, vault: vault, policy: policy, clock: clock),
            codes: try CodeService(
                store: store, writer: writer, vault: vault, budgets: budgets,
                policy: policy.codes, workers: 1, clock: clock),
            spares: try SpareCodeService(
                store: store, vault: vault, policy: policy.codes, clock: clock),
            access: AccessService(writer: writer, offered: offered), policies: desk,
            auditHeads: try AuditHeads(store: store, vault: vault), push: nil,
            deletesAppPasswordsAtReset: true,
            rotateKeys: { KeyRotationReport(key: 1, resealed: 0, unreadable: 0) },
            catalogue: .empty, clock: clock)
        let client = Client(name: "console", capabilities: Set(capabilities))
        var configuration = LineServer.Configuration(
            access: AccessList(peers: [getuid(): client]), serverName: "countersign/1.0",
            methods: [])
        configuration.socketPath = folder + "/s.sock"
        server = LineServer(
            configuration: configuration, verbs: services.verbs(program: "countersign/1.0"),
            group: group, logger: quiet)
        for name in ["alice", "bob"] {
            try store.add(
                User(
                    name: userName(name), displayName: name,
                    handle: try UserHandle(bytes: Array("handle of \(name)".utf8)),
                    createdAt: Self.start), by: .system("test"))
        }
        let staff = try #require(DirectoryName("staff"))
        try store.addGroup(staff, description: "", by: .system("test"), at: Self.start)
        try store.add(
            userName("bob"), toGroup: staff, by: .system("test"), at: Self.start)
        try store.assign(
            .globalAdministrator, to: userName("alice"), by: .system("test"), at: Self.start)
    }

    private func userName(_ text: String) throws -> UserName { try #require(UserName(text)) }

    /// Runs a body against a started service, and clears it away.
    static func run(
        capabilities: [Capability] = [.administer, .verify], isReadFromFiles: Bool = false,
        _ body: (PolicyServer) async throws -> Void
    ) async throws {
        let live = try PolicyServer(
            capabilities: capabilities, isReadFromFiles: isReadFromFiles)
        try await live.server.start()
        let result: Result<Void, any Error>
        do {
            try await body(live)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await live.server.stop()
        try live.store.close()
        try? FileManager.default.removeItem(atPath: live.folder)
        try result.get()
    }

    func connect() async throws -> PolicyConnection {
        PolicyConnection(
            connection: try await LineConnection.connect(
                to: .socket(path: folder + "/s.sock"), mode: .oneAtATime, agent: "tests",
                on: group))
    }
}

/// A connection that speaks of policies.
struct PolicyConnection {
    let connection: LineConnection

    func ask(
        _ verb: String, _ positionals: [String] = [], _ options: KeyValuePairs<String, String> = [:]
    ) async throws -> Reply {
        try await connection.request(RequestLine(verb, positionals, options))
    }

    /// Sends a file in parts of so many bytes.
    @discardableResult
    func send(
        _ yaml: String, as file: String = "p.yaml", partLength: Int = 20_000
    ) async throws -> Reply {
        var rest = Array(yaml.utf8)[...]
        var reply: Reply
        repeat {
            reply = try await ask(
                "POLICY DRAFT", [],
                ["file": file, "yaml": Base64URL.encode(Array(rest.prefix(partLength)))])
            rest = rest.dropFirst(partLength)
        } while !rest.isEmpty
        return reply
    }

    /// The items of a list, as `key=value` with blanks between.
    func items(
        _ verb: String, _ positionals: [String] = [], _ options: KeyValuePairs<String, String> = [:]
    ) async throws -> [[String: String]] {
        let reply = try await ask(verb, positionals, options)
        guard case .list(let items) = reply.body else {
            Issue.record("no list: \(reply)")
            return []
        }
        return items.map { item in
            Dictionary(
                (item.options ?? []).map { ($0.key, $0.value) },
                uniquingKeysWith: { first, _ in first })
        }
    }
}
