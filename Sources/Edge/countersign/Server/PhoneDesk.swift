import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import Dispatch
import Logging
import NIOPosix
import PhonePush
import PhoneService
import PushMessages
import Secrets
import Synchronization
import WebAuthn

/// The phones' side of a server: the service that they call, and what calls them.
final class PhoneDesk: Sendable {
    let push: PushService
    /// Where phones are served.
    let url: String
    private let server: PhoneServer

    /// What the push service needs of the rest of the server.
    struct Parts {
        var store: SQLiteStore
        var writer: SignInWriter
        var secret: [UInt8]
        var vault: SecretVault
        /// Whether a user may enrol a phone.
        var mayEnrol: @Sendable (UserName) -> Bool
        var clock: @Sendable () -> Timestamp
    }

    /// Starts to listen for phones. What they reach is made before, all but the port where that is the system's to choose;
    /// until it is known, phones are told to come again.
    static func start(
        _ configuration: ServerConfiguration.Phones, folder: DataFolder, parts: Parts,
        logger: Logger
    ) async throws -> PhoneDesk {
        let later = LatePushService()
        let (transport, pin) = try transport(of: configuration, folder: folder, at: parts.clock())
        let clock = parts.clock
        let key: P256PrivateKey
        let introduction: ServerIntroduction
        do {
            key = try ServerPushKey.load(from: parts.store, vault: parts.vault)
            introduction = try ServerIntroduction(
                name: configuration.name, pushKey: key.publicKey.p256Point ?? [])
        } catch {
            throw CommandFailure(.configuration, "the server's key for pushes: \(error)")
        }
        var listening = PhoneServer.Configuration(
            host: configuration.listen.host, port: configuration.listen.port,
            transport: transport)
        // Half of what may be open is for those who ask over the socket, and for the database.
        listening.limits.connections = min(
            listening.limits.connections, max(64, Descriptors.raiseLimit() / 2))
        listening.limits.connectionsPerSubscriber = configuration.connectionsPerAddress
        listening.limits.ratePerSubscriber = configuration.requestsPerSecond
        listening.limits.burstPerSubscriber = 4 * configuration.requestsPerSecond
        let server = PhoneServer(
            configuration: listening, backend: later.backend(introduction: introduction),
            group: MultiThreadedEventLoopGroup.singleton, logger: logger,
            clock: { clock().milliseconds })
        do throws(PhoneServiceError) {
            try await server.start()
        } catch {
            throw CommandFailure(.configuration, "phones cannot be served: \(error.description)")
        }
        do {
            var policy = try policy(of: configuration, port: server.port ?? 0, pin: pin)
            policy.mayEnrol = parts.mayEnrol
            let sender = try PushSender(
                vapid: VAPID(key: key, subject: configuration.contact),
                rule: configuration.endpoints, now: { clock().milliseconds / 1000 })
            let rule = configuration.endpoints
            let push = PushService(
                store: parts.store, writer: parts.writer, secret: parts.secret,
                vault: parts.vault, key: key, policy: policy,
                isEndpointAllowed: { text in
                    (try? PushEndpoint(text)).map(rule.allowsLookUp) ?? false
                },
                courier: { [store = parts.store] dispatch in
                    Self.send(dispatch, by: sender, store, logger: logger)
                },
                clock: clock)
            later.become(push)
            return PhoneDesk(push: push, url: policy.url.text, server: server)
        } catch {
            await server.stop()
            throw CommandFailure(.configuration, "phones cannot be served: \(error)")
        }
    }

    private init(push: PushService, url: String, server: PhoneServer) {
        self.push = push
        self.url = url
        self.server = server
    }

    /// Ends all waits and stops to listen.
    func stop() async {
        push.endWaits()
        await server.stop()
    }

    private static func transport(
        of configuration: ServerConfiguration.Phones, folder: DataFolder, at now: Timestamp
    ) throws(CommandFailure) -> (PhoneServer.Transport, pin: [UInt8]?) {
        guard !configuration.isPlaintext else { return (.plaintext, configuration.pin) }
        do throws(PhoneServiceError) {
            let identity: TLSIdentity
            if let certificate = configuration.certificate, let key = configuration.key {
                identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
            } else {
                identity = try .kept(
                    inFolder: folder.path,
                    names: [configuration.url?.host ?? configuration.listen.host],
                    now: now.milliseconds / 1000)
            }
            return (.tls(identity), identity.pin)
        } catch {
            throw CommandFailure(.configuration, "phones cannot be served: \(error.description)")
        }
    }

    private static func policy(
        of configuration: ServerConfiguration.Phones, port: Int, pin: [UInt8]?
    ) throws -> PushPolicy {
        let scheme = configuration.isPlaintext ? "http" : "https"
        let host = configuration.listen.host
        let place = host.contains(":") ? "[\(host)]" : host
        let url = try configuration.url ?? PhoneServiceURL("\(scheme)://\(place):\(port)")
        var policy = try PushPolicy(serverName: configuration.name, url: url, pin: pin)
        policy.lifetime = configuration.lifetime
        policy.digits = configuration.digits
        policy.numberEntry = configuration.numberEntry
        policy.promptsPerHour = configuration.promptsPerHour
        policy.maximumPhones = configuration.perUser
        policy.minimumGuard = configuration.minimumGuard
        return policy
    }

    /// Sends a prompt by Web Push. Where it does not arrive the phone still polls.
    private static func send(
        _ dispatch: PushDispatch, by sender: PushSender, _ store: SQLiteStore, logger: Logger
    ) {
        Task {
            do {
                let subscription = try PushSubscription(
                    endpoint: PushEndpoint(dispatch.subscription.endpoint),
                    publicKey: dispatch.subscription.publicKey,
                    authenticationSecret: dispatch.subscription.authenticationSecret)
                let outcome = await sender.send(
                    dispatch.message, to: subscription, ttl: dispatch.lifetime,
                    topic: try PushTopic(dispatch.topic))
                if outcome == .gone { forget(dispatch, in: store, logger: logger) }
                if outcome != .accepted {
                    logger.notice("a push to \(subscription.endpoint) came to \(outcome)")
                }
            } catch {
                logger.error("a push cannot be sent: \(error)")
            }
        }
    }

    /// Lets go of an endpoint that is gone; the phone polls, and can name another.
    private static func forget(_ dispatch: PushDispatch, in store: SQLiteStore, logger: Logger) {
        housekeeping.async {
            do {
                try store.forgetSubscription(
                    of: CredentialID(text: dispatch.topic),
                    endpoint: dispatch.subscription.endpoint)
            } catch {
                logger.error("a push endpoint that is gone stays: \(error)")
            }
        }
    }

    /// Where the store is waited for.
    private static let housekeeping = DispatchQueue(label: "countersign.push.housekeeping")
}

/// The push service for phones that come before it is there.
private final class LatePushService: Sendable {
    private let push = Mutex<PushService?>(nil)

    func become(_ service: PushService) { push.withLock { $0 = service } }

    func backend(introduction: ServerIntroduction) -> PhoneServiceBackend {
        PhoneServiceBackend(
            introduction: { introduction },
            register: { [self] registration, completion in
                guard let push = push.withLock({ $0 }) else {
                    return completion(.failure(.unavailable))
                }
                push.register(registration, completion: completion)
            },
            poll: { [self] poll, completion in
                guard let push = push.withLock({ $0 }) else {
                    completion(.failure(.unavailable))
                    return {}
                }
                let wait = push.poll(poll, completion: completion)
                return { wait.cancel() }
            },
            decide: { [self] decision, completion in
                guard let push = push.withLock({ $0 }) else {
                    return completion(.failure(.unavailable))
                }
                push.decide(decision, completion: completion)
            },
            updateSubscription: { [self] update, completion in
                guard let push = push.withLock({ $0 }) else {
                    return completion(.failure(.unavailable))
                }
                push.updateSubscription(update, completion: completion)
            })
    }
}
