import Accounts
import CredentialStore
import PushMessages
import Secrets
import Synchronization
import WebAuthn

/// The state of all pushes, those who wait, and the timer: whatever changes goes through ``change(_:)``.
final class PushDesk: Sendable {
    /// One who waits, and how to tell.
    enum Listener: Sendable {
        case verdict(@Sendable (PushVerdict) -> Void)
        case poll(@Sendable (Result<SignedPrompt?, PhoneRefusal>) -> Void)
        case enrolment(@Sendable (PhoneEnrolmentVerdict) -> Void)
    }

    private struct Guarded {
        var state: PushState
        var listeners: [WaitID: Listener] = [:]
        var lastID: UInt64 = 0
        /// What the timer is set to.
        var alarm: Timestamp?
    }

    /// How many may wait at a time, for whatever.
    private static let maximumListeners = 100_000

    let store: SQLiteStore
    let writer: SignInWriter
    let maker: PromptMaker
    /// The server's clock.
    let clock: @Sendable () -> Timestamp
    private let timer: SteadyTimer
    private let guarded: Mutex<Guarded>

    init(
        store: SQLiteStore, writer: SignInWriter, maker: PromptMaker, state: PushState,
        timer: SteadyTimer, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.writer = writer
        self.maker = maker
        self.timer = timer
        self.clock = clock
        guarded = Mutex(Guarded(state: state))
        timer.start { [weak self] in self?.wake() }
    }

    var holdings: PushHoldings { guarded.withLock { $0.state.holdings } }
    var listenerCount: Int { guarded.withLock { $0.listeners.count } }

    /// A moment of the timer's clock that is `moment` of the server's.
    func steady(_ moment: Timestamp) -> Timestamp {
        timer.now().advanced(
            by: .milliseconds(moment.milliseconds - clock().milliseconds))
    }

    /// Changes the state, and does what follows from it.
    @discardableResult
    func change<Value: Sendable>(
        _ body: (inout PushState, Timestamp) -> (Value, [PushEffect])
    ) -> Value {
        let now = timer.now()
        let (value, effects) = guarded.withLock { guarded in
            let result = body(&guarded.state, now)
            resetAlarm(&guarded)
            return result
        }
        perform(effects)
        return value
    }

    /// Reads the state.
    func look<Value: Sendable>(_ body: (PushState) -> Value) -> Value {
        guarded.withLock { body($0.state) }
    }

    // MARK: Waiting

    /// Enters one who is going to wait; `nil` where too many do.
    func enter(_ listener: Listener) -> WaitID? {
        guarded.withLock { guarded in
            guard guarded.listeners.count < Self.maximumListeners else { return nil }
            guarded.lastID += 1
            let id = WaitID(number: guarded.lastID)
            guarded.listeners[id] = listener
            return id
        }
    }

    /// Has one who entered wait or be told at once. Nothing happens where they have left meanwhile.
    func seat(
        _ id: WaitID, _ body: (inout PushState, Timestamp) -> (PushEffect?, [PushEffect])
    ) {
        let now = timer.now()
        let effects: [PushEffect] = guarded.withLock { guarded in
            guard guarded.listeners[id] != nil else { return [] }
            let (own, others) = body(&guarded.state, now)
            resetAlarm(&guarded)
            return others + [own].compactMap(\.self)
        }
        perform(effects)
    }

    /// Lets one who waits go, untold.
    func leave(_ id: WaitID) {
        guarded.withLock { guarded in
            guard guarded.listeners.removeValue(forKey: id) != nil else { return }
            guarded.state.drop(id)
            resetAlarm(&guarded)
        }
    }

    /// The listener, who is told once.
    func take(_ id: WaitID) -> Listener? {
        guarded.withLock { $0.listeners.removeValue(forKey: id) }
    }

    private func wake() {
        // It rings once: whatever is next has to be set again, even if it rang too early.
        guarded.withLock { $0.alarm = nil }
        change { state, now in ((), state.wake(at: now)) }
    }

    private func resetAlarm(_ guarded: inout Guarded) {
        let next = guarded.state.nextDeadline()
        guard next != guarded.alarm else { return }
        guarded.alarm = next
        // Under the lock, so that of two changes the later one's alarm holds.
        timer.set(next)
    }

    private func perform(_ effects: [PushEffect]) {
        for effect in effects {
            switch effect {
            case .settle(let settlement): write(settlement, by: nil) { _ in }
            case .verdict(let id, let verdict):
                if case .verdict(let tell) = take(id) { tell(verdict) }
            case .poll(let id, let prompt):
                if case .poll(let tell) = take(id) { tell(.success(prompt)) }
            case .enrolment(let id, let verdict):
                if case .enrolment(let tell) = take(id) { tell(verdict) }
            }
        }
    }

    // MARK: Writing

    /// Has a prompt's end written down, by `phone` where one decided; `completion` is called once it is.
    func write(
        _ settlement: Settlement, by phone: Phone?,
        completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) {
        let facts = settlement.facts
        let judgement: SignInDecision.Judgement
        var accepted: AcceptedSignIn?
        var consequences: [SignInConsequence] = []
        switch settlement.outcome {
        case .approved:
            // Only a phone approves; the store asks for it too.
            let isVerified = phone?.keyGuard.verifiesUser == true
            judgement = .phoneApproved(isUserVerified: isVerified)
            accepted = phone.map { phone in
                AcceptedSignIn(
                    user: facts.user, credentialID: phone.id, label: phone.label,
                    means: .phone(guardedBy: phone.keyGuard), isUserVerified: isVerified,
                    isHardwareBound: false)
            }
        case .refused(let reason):
            judgement = .refused(code: reason.rawValue)
            if reason == .notMe {
                consequences = [
                    .stopPushes,
                    .event(
                        .suspiciousActivityReported, detail: "push for \(facts.application)"),
                ]
            }
        }
        writer.submit([
            JudgedAnswer(
                decision: SignInDecision(
                    challenge: settlement.spendsChallenge ? facts.challenge : nil, method: .push,
                    user: facts.user, relyingPartyID: nil, credentialID: phone?.id,
                    client: facts.client, service: facts.application, address: facts.address,
                    at: clock(), judgement: judgement, consequences: consequences,
                    access: .granted, log: SignInLogEntry(correlation: [])),
                accepted: accepted, attempt: facts.attempt, receivedAt: .now,
                completion: { [self] verdict in
                    written(settlement, verdict)
                    completion(verdict)
                })
        ])
    }

    private func written(_ settlement: Settlement, _ verdict: AuthenticationVerdict) {
        change { state, now in
            if settlement.spendsChallenge {
                return ((), state.settled(settlement.id, verdict, at: now))
            }
            if case .unavailable = verdict { state.retractReport(settlement.id) }
            return ((), [])
        }
    }
}

extension SecretPlace {
    /// Where the secret of a phone's subscription lies.
    static func subscription(of phone: CredentialID, _ owner: User) -> SecretPlace {
        SecretPlace(use: .phoneSubscription, row: phone.bytes, user: owner.handle.bytes)
    }
}
