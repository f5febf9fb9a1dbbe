import Accounts
import Catalog
import AuditLog
import Ceremonies
import CredentialStore
import DeviceModels
import FirmwareNotes
import Foundation
import Glibc
import LineService
import Logging
import NIOPosix
import Secrets

/// A server with all that belongs to it: store, services, catalogue, listeners.
struct RunningServer {
    private let store: SQLiteStore
    private let line: LineServer
    private let phones: PhoneDesk?
    private let heads: AuditHeads
    private let logger: Logger
    private let sweeper: Task<Void, Never>

    /// The TCP port, where there is one.
    var port: Int? { line.port }

    /// Where phones are served, if they are.
    var phoneURL: String? { phones?.url }

    /// Opens the store and starts to listen.
    static func start(
        _ configuration: ServerConfiguration, logger: Logger
    ) async throws -> RunningServer {
        let folder = try DataFolder(path: configuration.dataFolder)
        let secret = try folder.secret()
        var policy = try policy(of: configuration)
        policy.cards = try cardPolicy(of: configuration)
        let revocation = try revocationFiles(of: configuration)
        if let revocation { policy.cards.revocation = { revocation.policy } }
        let catalogue = try loadCatalogue()
        let store: SQLiteStore
        do throws(StoreError) {
            store = try SQLiteStore(path: folder.database)
        } catch {
            throw CommandFailure(.configuration, error.advice)
        }
        let keyFile = KeyFile(configured: configuration.keys, folder: folder)
        let ring = try keyFile.load(mayMake: try hasNoSecrets(store))
        let vault = SecretVault(ring)
        let offered = methods(isPushServed: configuration.phones != nil)
        let policies = try PolicyFolder.desk(
            of: configuration, store: store, catalogue: catalogue, offered: offered, clock: now,
            logger: logger)
        policy.mayRegister = { user, method in policies.desk.mayRegister(user, method) }
        let writer = SignInWriter(
            store: store, secret: secret, book: policies.desk.book, policy: policy,
            catalogue: catalogue, offered: offered, clock: now)
        let signIns = AccessService(writer: writer, offered: offered)
        let budgets = CodeBudgets(limits: policy.codes.failures)
        let registration = RegistrationService(
            store: store, secret: secret, policy: policy, catalogue: catalogue, clock: now)
        let cardRegistration = CardRegistrationService(
            store: store, secret: secret, policy: policy, catalogue: catalogue, clock: now)
        let tokens = TokenService(
            store: store, secret: secret, vault: vault, policy: policy, clock: now)
        let authentication: AuthenticationService
        let codes: CodeService
        let spares: SpareCodeService
        do throws(CeremonyError) {
            authentication = try AuthenticationService(
                store: store, writer: writer, secret: secret, vault: vault, budgets: budgets,
                policy: policy, catalogue: catalogue, workers: workers, clock: now)
            codes = try CodeService(
                store: store, writer: writer, vault: vault, budgets: budgets,
                policy: policy.codes, workers: workers, clock: now)
            spares = try SpareCodeService(
                store: store, vault: vault, policy: policy.codes, clock: now)
        } catch {
            throw CommandFailure(
                .configuration, "the server's secrets cannot be opened (\(error.code))",
                advice: "Check that \(keyFile.path) is the file that belongs to the database.")
        }
        let heads = try heads(of: store, vault)
        try record(.serverStarted, in: store)
        var phones: PhoneDesk?
        if let configured = configuration.phones {
            phones = try await PhoneDesk.start(
                configured, folder: folder,
                parts: PhoneDesk.Parts(
                    store: store, writer: writer, secret: secret, vault: vault,
                    mayEnrol: { policies.desk.mayRegister($0, .push) }, clock: now),
                logger: logger)
        }
        let rotation = KeyRotation(
            file: keyFile, ring: ring, vault: vault, store: store, logger: logger)
        let services = CoreServices(
            store: store, registration: registration, cardRegistration: cardRegistration,
            authentication: authentication, tokens: tokens, codes: codes, spares: spares,
            access: signIns, policies: policies.desk, auditHeads: heads, push: phones?.push,
            deletesAppPasswordsAtReset: policy.codes.deletesAppPasswordsAtReset,
            rotateKeys: {
                do {
                    return try rotation.rotate()
                } catch {
                    logger.error("the keys were not rotated: \(error)")
                    throw error
                }
            }, catalogue: catalogue, clock: now)
        var listening = LineServer.Configuration(
            access: access(of: configuration), serverName: program,
            methods: SignInMethod.allCases.filter(offered.contains).map(\.rawValue))
        listening.socketPath = configuration.socket
        listening.address = configuration.tcp.map { ($0.host, $0.port) }
        let line = LineServer(
            configuration: listening, verbs: services.verbs(program: program),
            group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        do throws(LineServiceError) {
            try await line.start()
        } catch {
            await phones?.stop()
            throw CommandFailure(.configuration, "the server cannot listen: \(error)")
        }
        return RunningServer(
            store: store, line: line, phones: phones,
            heads: heads, logger: logger,
            sweeper: Sweeper(
                store: store, revocation: revocation, policies: policies, heads: heads,
                logs: configuration.logs, clock: now, logger: logger
            ).start())
    }

    /// Answers what is under way, then closes everything.
    func stop() async throws(StoreError) {
        sweeper.cancel()
        await phones?.stop()
        await line.stop()
        // Neither keeps the server from closing what it has.
        do throws(CommandFailure) {
            try Self.record(.serverStopped, in: store)
        } catch {
            logger.error("that the server stopped is not on record: \(error.problem)")
        }
        do throws(AuditHeadError) {
            // What is signed here is the last that a witness can ask for.
            _ = try heads.signHead(at: Self.now())
        } catch {
            logger.critical("\(error.advice)")
        }
        try store.close()
    }

    /// Puts on record that the server starts or stops.
    private static func record(
        _ activity: AuditActivity, in store: SQLiteStore
    ) throws(CommandFailure) {
        do throws(StoreError) {
            try store.append(
                AuditEntry(activity, [AuditTarget(.server, program)]),
                by: AuditOrigin(who: .system("server"), client: "", from: ""), at: now())
        } catch {
            throw CommandFailure(.configuration, error.advice)
        }
    }

    private static func heads(
        of store: SQLiteStore, _ vault: SecretVault
    ) throws(CommandFailure) -> AuditHeads {
        do throws(AuditHeadError) {
            return try AuditHeads(store: store, vault: vault)
        } catch {
            throw CommandFailure(.configuration, error.advice)
        }
    }

    private static let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)

    /// The methods that the server offers.
    private static func methods(isPushServed: Bool) -> Set<SignInMethod> {
        var methods = Set(SignInMethod.allCases).subtracting([.code, .password])
        if !isPushServed { methods.remove(.push) }
        return methods
    }

    /// Whether the database has nothing yet that is sealed: the server's own secrets are made when it first starts.
    private static func hasNoSecrets(_ store: SQLiteStore) throws(CommandFailure) -> Bool {
        do throws(StoreError) {
            return try store.holdsNoSecrets()
        } catch {
            throw CommandFailure(.configuration, error.advice)
        }
    }

    static let program = "countersign/\(Countersign.version)"

    private static let now: @Sendable () -> Timestamp = {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The program that was built with the data, or installed with it, finds it; see `CatalogFolder`.
    static func loadCatalogue() throws(CommandFailure) -> Catalogue {
        do {
            return try Catalogue(
                models: CatalogFolder.load(), advisories: FirmwareNotesFolder.load())
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    /// Who may connect. With none configured: the user that the server runs as, and root, for everything but to be told
    /// why a sign-in was refused.
    private static func access(of configuration: ServerConfiguration) -> AccessList {
        guard !configuration.peers.isEmpty else {
            let client = Client(
                name: "local", capabilities: Set(Capability.all).subtracting([.reasons]))
            var peers: [UInt32: Client] = [0: client]
            peers[geteuid()] = client
            return AccessList(peers: peers, secrets: [])
        }
        var peers: [UInt32: Client] = [:]
        var secrets: [AccessList.Secret] = []
        for peer in configuration.peers {
            let client = Client(name: peer.name, capabilities: peer.capabilities)
            switch peer.identity {
            case .user(let user): peers[user] = client
            case .secret(let digest):
                secrets.append(AccessList.Secret(sha256: digest, client: client))
            }
        }
        return AccessList(peers: peers, secrets: secrets)
    }
}
