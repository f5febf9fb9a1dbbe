public import Accounts
public import CredentialStore
public import Cryptography
import Dispatch
public import PushMessages
public import Secrets
import Synchronization

/// Asks users on their phones whether it is they who sign in, and enrols those phones.
///
/// Its methods return at once, but for ``beginEnrolment(user:by:)``. What they call back is called once, from a
/// thread of the service's or, where the answer is there already, before they return; it must not block.
///
/// A user who does not exist, has no phone or gets no pushes gets a transaction too: the same reads of the store, the same
/// steps, and in the end the same silence.
public final class PushService: Sendable {
    /// Counts since the start.
    public struct Counts: Sendable, Hashable {
        /// Prompts that were handed to the courier.
        public var dispatched = 0
        /// Prompts that could not be: the secret of the phone's subscription does not open.
        public var undeliverable = 0
    }

    let desk: PushDesk
    let judge: PhoneJudge
    let policy: PushPolicy
    let vault: SecretVault
    let sealer: ChallengeSealer
    let random: @Sendable (Int) -> [UInt8]
    let isEndpointAllowed: @Sendable (String) -> Bool
    private let introductionKey: [UInt8]
    private let counter: CountsBox
    private let asking: NaturalBatcher<Asking>
    let polling: NaturalBatcher<Polling>
    let deciding: NaturalBatcher<Deciding>
    let changing: NaturalBatcher<Changing>
    let registering: NaturalBatcher<Registering>

    /// A service over a store and its writer.
    ///
    /// - Parameters:
    ///   - secret: the installation's, 32 bytes.
    ///   - key: the one of ``ServerPushKey``.
    ///   - isEndpointAllowed: whether the server may call a Web Push endpoint.
    ///   - courier: sends a message to a phone's endpoint. It returns at once; what becomes of the message is not heard of,
    ///     for the phone can poll.
    public convenience init(
        store: SQLiteStore, writer: SignInWriter, secret: [UInt8], vault: SecretVault,
        key: P256PrivateKey, policy: PushPolicy,
        isEndpointAllowed: @escaping @Sendable (String) -> Bool,
        courier: @escaping @Sendable (PushDispatch) -> Void,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.init(
            store: store, writer: writer, secret: secret, vault: vault, key: key, policy: policy,
            isEndpointAllowed: isEndpointAllowed, courier: courier, clock: clock,
            timer: .dispatch(on: DispatchQueue(label: "countersign.push.timer")),
            random: SecureRandom.bytes)
    }

    /// The same with a timer and a source of randomness of the caller's, for tests.
    package init(
        store: SQLiteStore, writer: SignInWriter, secret: [UInt8], vault: SecretVault,
        key: P256PrivateKey, policy: PushPolicy,
        isEndpointAllowed: @escaping @Sendable (String) -> Bool,
        courier: @escaping @Sendable (PushDispatch) -> Void,
        clock: @escaping @Sendable () -> Timestamp, timer: SteadyTimer,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        let maker = PromptMaker(policy: policy, key: key, vault: vault, random: random)
        let desk = PushDesk(
            store: store, writer: writer, maker: maker,
            state: PushState(promptsPerHour: policy.promptsPerHour), timer: timer, clock: clock)
        let judge = PhoneJudge(store: store, stranger: key.publicKey)
        let counter = CountsBox()
        let sealer = ChallengeSealer(secret: secret)
        self.desk = desk
        self.judge = judge
        self.policy = policy
        self.vault = vault
        self.counter = counter
        self.sealer = sealer
        self.random = random
        self.isEndpointAllowed = isEndpointAllowed
        introductionKey = key.publicKey.p256Point ?? []
        asking = NaturalBatcher(label: "countersign.push.ask", workers: 1, maximumBatch: 64) {
            batch in
            desk.ask(batch, courier, counter)
        }
        polling = NaturalBatcher(label: "countersign.push.poll", workers: 1, maximumBatch: 256) {
            batch in
            desk.answer(batch, by: judge)
        }
        deciding = NaturalBatcher(
            label: "countersign.push.decide", workers: 1, maximumBatch: 64
        ) { batch in
            desk.decide(batch, by: judge)
        }
        changing = NaturalBatcher(
            label: "countersign.push.change", workers: 1, maximumBatch: 64
        ) { batch in
            desk.change(batch, by: judge, vault, isEndpointAllowed)
        }
        let admission = PhoneAdmission(
            store: store, sealer: sealer, policy: policy, vault: vault, judge: judge,
            random: random, isEndpointAllowed: isEndpointAllowed)
        registering = NaturalBatcher(
            label: "countersign.push.register", workers: 1, maximumBatch: 16
        ) { batch in
            for item in batch { desk.register(item, by: admission) }
        }
    }

    /// What the server says of itself to phones.
    public func introduction() throws(MalformedPush) -> ServerIntroduction {
        try ServerIntroduction(name: policy.serverName, pushKey: introductionKey)
    }

    /// Sends a prompt to a user's phones.
    ///
    /// - Throws: by `completion`, ``CeremonyError/limited(retryAfter:)`` where the user had too many prompts,
    ///   ``CeremonyError/prompt(_:)`` for a text that a prompt cannot show, and ``CeremonyError/busy``.
    public func begin(
        _ request: PushRequest,
        completion: @escaping @Sendable (Result<PushTransaction, CeremonyError>) -> Void
    ) {
        asking.submit(Asking(request: request, completion: completion))
    }

    /// Waits for what a push comes to, up to a minute. A no is told to all who wait when it comes, a yes to the one who came
    /// last; where nobody waits, to the first who asks. After that the transaction is unknown, also to others who waited. Of more than four who wait for one, the first gets
    /// ``PushVerdict/pending``.
    public func wait(
        for transaction: String, client: String, timeout: Duration,
        completion: @escaping @Sendable (PushVerdict) -> Void
    ) -> PushWait {
        guard let id = desk.enter(.verdict(completion)) else {
            completion(.pending)
            return PushWait {}
        }
        desk.seat(id) { state, now in
            let (verdict, effects) = state.wait(
                id, for: transaction, client: client,
                until: now.advanced(by: Self.bounded(timeout)), at: now)
            return (verdict.map { .verdict(id, $0) }, effects)
        }
        return PushWait { [weak desk] in desk?.leave(id) }
    }

    /// Withdraws a push.
    ///
    /// - Returns: whether it was `client`'s and nobody had decided.
    public func cancel(_ transaction: String, client: String) -> Bool {
        desk.change { state, _ in
            let effects = state.cancel(transaction, client: client)
            return (effects != nil, effects ?? [])
        }
    }

    /// The user that a transaction of ours is about, a push or an enrolment.
    public func subject(of transaction: String) -> UserName? {
        desk.look { $0.subject(of: transaction) } ?? sealer.open(transaction)?.user
    }

    /// Ends all waits as if their time were over. For a server that stops.
    public func endWaits() {
        desk.change { state, now in ((), state.releaseAll(at: now)) }
    }

    /// Counts since the start.
    public var counts: Counts { counter.counts }

    /// How much is in flight.
    package var holdings: PushHoldings { desk.holdings }

    /// How many closures are held for those who wait.
    package var listenerCount: Int { desk.listenerCount }

    /// A time to wait, from nothing to a minute.
    static func bounded(_ timeout: Duration) -> Duration {
        min(max(timeout, .zero), .seconds(60))
    }
}

/// Counts behind a lock.
final class CountsBox: Sendable {
    private let guarded = Mutex(PushService.Counts())

    var counts: PushService.Counts { guarded.withLock { $0 } }

    func add(dispatched: Int, undeliverable: Int) {
        guarded.withLock { counts in
            counts.dispatched += dispatched
            counts.undeliverable += undeliverable
        }
    }
}
