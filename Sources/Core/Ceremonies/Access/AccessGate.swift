import Accounts
import ConditionalAccess
import CredentialStore
import Cryptography

/// An answer of which policies have been asked what it is good for, on its way to the disk. Only the gate makes one, so
/// that nothing reaches the store past it.
struct AssessedAnswer: Sendable {
    let decision: SignInDecision
    /// What to tell where the user is in.
    let accepted: AcceptedSignIn?
    /// What to tell where more has to be shown.
    let unfinished: UnfinishedSignIn?
    let completion: @Sendable (AuthenticationVerdict) -> Void

    fileprivate init(
        _ decision: SignInDecision, accepted: AcceptedSignIn? = nil,
        unfinished: UnfinishedSignIn? = nil,
        completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) {
        self.decision = decision
        self.accepted = accepted
        self.unfinished = unfinished
        self.completion = completion
    }
}

/// Asks policies what a right answer is good for: to be in, to go on, or for nothing.
///
/// It reads the account and evaluates; what could change meanwhile (a lock, a deleted account) the writer looks at again.
struct AccessGate: Sendable {
    let store: SQLiteStore
    let book: PolicyBook
    let sealer: SignInSealer
    let tickets: AdministratorTickets
    let inventory: FactorInventory
    /// How long a sign-in can go on.
    let lifetime: Duration
    let clock: @Sendable () -> Timestamp

    /// Assesses a batch with one read of the store.
    func assess(_ batch: [JudgedAnswer]) -> [AssessedAnswer] {
        let users = batch.compactMap { $0.accepted?.user }
        let found: [Result<AccountFacts?, StoreError>]
        do throws(StoreError) {
            found = users.isEmpty ? [] : try store.accountFacts(of: users)
        } catch {
            for item in batch { item.completion(.unavailable(error)) }
            return []
        }
        var accounts = found.makeIterator()
        let now = clock()
        return batch.compactMap { item in
            let state = state(of: item, at: now)
            var decision = item.decision
            decision.transactionStep = state?.spent
            decision.log.correlation = state?.correlation ?? SecureRandom.bytes(16)
            decision.log.circumstances = item.circumstances
            decision.log.earlierSteps = state?.shown.map(\.logged) ?? []
            decision.log.processingTime = item.age
            guard let signIn = item.accepted, let state, let account = accounts.next() else {
                return AssessedAnswer(decision, completion: item.completion)
            }
            do throws(StoreError) {
                return try assess(item, decision, signIn, state, account.get(), at: now)
            } catch {
                item.completion(.unavailable(error))
                return nil
            }
        }
    }

    /// The sign-in that an answer belongs to: the one that was begun, or a new one. `nil` where it is not known whose.
    private func state(of item: JudgedAnswer, at now: Timestamp) -> SignInState? {
        switch item.attempt {
        case .step(let state): return state
        case .single(let circumstances):
            guard let user = item.decision.user else { return nil }
            return SignInState(
                // A challenge is as good a name, and drawn already.
                correlation: item.decision.challenge?.identifier ?? SecureRandom.bytes(16),
                isTransaction: false, user: user, client: item.decision.client,
                service: item.decision.service, address: item.decision.address,
                circumstances: circumstances, startedAt: now,
                expiresAt: now.advanced(by: lifetime))
        }
    }

    private func assess(
        _ item: JudgedAnswer, _ decided: SignInDecision, _ signIn: AcceptedSignIn,
        _ state: SignInState, _ account: AccountFacts?, at now: Timestamp
    ) throws(StoreError) -> AssessedAnswer {
        var decision = decided
        let factor = ShownFactor(signIn, decision)
        // Whoever was deleted meanwhile is refused by the writer. An account that was made after a front end began the
        // sign-in is another one.
        let account = account ?? AccountFacts()
        guard !state.isTransaction || account.createdAt <= state.startedAt else {
            decision.access = .denied(code: SignInVerdict.Code.unknownUser)
            return AssessedAnswer(decision, completion: item.completion)
        }
        var request = AccessRequest(state, account, book)
        request.presented += [PresentedFactor(factor)].compactMap(\.self)
        if signIn.isOfProgram { request.client = .legacy }
        let answer = book.current.evaluate(request)
        decision.log.label = signIn.label
        decision.log.device = signIn.device?.name
        decision.log.isHardwareBound = signIn.isHardwareBound
        decision.log.circumstances.clientKind = request.client
        decision.log.assessment = SignInAssessment(answer, request)
        decision.grantedConsequences = consequences(of: answer, request, account)
        switch answer.outcome {
        case .granted:
            var accepted = signIn
            accepted.grant = grant(answer, request, state, account, at: now)
            return AssessedAnswer(decision, accepted: accepted, completion: item.completion)
        case .blocked:
            decision.access = .denied(code: AccessRefusal.blocked.rawValue)
        case .unsatisfied(let missing):
            let next = state.showing(factor)
            let methods = try inventory.methods(of: state.user) { candidate in
                var request = request
                request.presented.append(candidate)
                return book.current.evaluate(request).outcome == .granted
            }
            if !signIn.isOfProgram, !methods.isEmpty, next.step < SignInState.maximumSteps {
                decision.access = .unfinished(until: state.expiresAt)
                let lifetime = state.expiresAt.milliseconds - now.milliseconds
                return AssessedAnswer(
                    decision,
                    unfinished: UnfinishedSignIn(
                        user: state.user, transaction: sealer.seal(next), methods: methods,
                        lifetime: .milliseconds(max(0, lifetime))),
                    completion: item.completion)
            }
            decision.access = .denied(code: AccessRefusal(missing).rawValue)
        }
        return AssessedAnswer(decision, completion: item.completion)
    }

    /// What happens beside where the user is in.
    private func consequences(
        of answer: AccessDecision, _ request: AccessRequest, _ account: AccountFacts
    ) -> [SignInConsequence] {
        var consequences: [SignInConsequence] = []
        if account.mfaState == .enabled, account.hasSecondFactor, request.isMultiFactor {
            consequences.append(.enforceMFA)
        }
        if answer.usedBreakGlass {
            consequences.append(
                .event(.breakGlassUsed, detail: "application \(request.application ?? "-")"))
        }
        return consequences
    }

    private func grant(
        _ answer: AccessDecision, _ request: AccessRequest, _ state: SignInState,
        _ account: AccountFacts, at now: Timestamp
    ) -> AccessGrant {
        AccessGrant(
            policies: answer.applied.filter { !$0.result.isReportOnly }.map(\.id.text),
            signInFrequency: answer.signInFrequency?.duration,
            asksToRegister: account.mfaState == .enabled && !account.hasSecondFactor,
            hasPassword: request.hasPassword,
            earlierFactors: state.shown.map {
                AccessGrant.EarlierFactor(
                    method: $0.method, isUserVerified: $0.isUserVerified,
                    isHardwareBound: $0.isHardwareBound)
            },
            ticket: account.roles.isEmpty
                ? nil : tickets.ticket(for: state, answer.signInFrequency?.duration, at: now))
    }
}

extension JudgedAnswer {
    /// Where and with what, as the front end says.
    fileprivate var circumstances: SignInCircumstances {
        switch attempt {
        case .single(let circumstances): circumstances
        case .step(let state): state.circumstances
        }
    }

    /// How long ago the answer came, in microseconds.
    fileprivate var age: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - receivedAt).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}

extension AcceptedSignIn {
    /// Whether it is a program that signed in, with a password that it keeps.
    fileprivate var isOfProgram: Bool {
        if case .appPassword = means { true } else { false }
    }
}
