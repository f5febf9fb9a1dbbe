public import CredentialStore
public import DeviceModels

/// Begins and finishes authentications with security keys (WebAuthn Level 3 §7.2) and cards, in batches.
///
/// An answer passes two stages: verification on one of some threads, then the writer, which decides and makes durable.
/// The thread follows from the credential, so that answers of one credential, whose counters go up, are decided in the
/// order in which they came. Its methods return at once and call back from a thread of the service's.
public final class AuthenticationService: Sendable {
    /// A question and who waits for the answer.
    private struct Challenging: Sendable {
        let request: ChallengeRequest
        let completion: @Sendable (Result<AuthenticationTransaction, CeremonyError>) -> Void
    }

    /// Counts since the start.
    public struct Counts: Sendable, Hashable {
        /// Batches in which answers were verified.
        public var verificationBatches: Int
        /// Answers that were verified, whatever came of it.
        public var verified: Int
        /// Transactions of the writer.
        public var commits: Int
        /// Decisions that they held.
        public var committed: Int
    }

    private let challenging: NaturalBatcher<Challenging>
    private let verifying: [NaturalBatcher<AnsweredChallenge>]
    private let committing: NaturalBatcher<JudgedAnswer>

    /// A service over a store; `secret` is the installation's, 32 bytes; `workers` threads verify.
    public init(
        store: SQLiteStore, secret: [UInt8], policy: ServerPolicy, catalogue: Catalogue,
        workers: Int, clock: @escaping @Sendable () -> Timestamp
    ) {
        let sealer = ChallengeSealer(secret: secret)
        let issuer = ChallengeIssuer(store: store, sealer: sealer, policy: policy, clock: clock)
        let assertions = AssertionJudge(
            store: store, sealer: sealer, policy: policy, catalogue: catalogue, clock: clock)
        let cards = CardJudge(
            store: store, sealer: sealer, policy: policy, catalogue: catalogue, clock: clock)
        let committing = NaturalBatcher<JudgedAnswer>(
            label: "countersign.commit", workers: 1, maximumBatch: 1024
        ) { batch in
            commit(batch, to: store)
        }
        challenging = NaturalBatcher(
            label: "countersign.challenge", workers: 1, maximumBatch: 256
        ) { batch in
            let answers = issuer.issue(batch.map(\.request))
            for (item, answer) in zip(batch, answers) { item.completion(answer) }
        }
        verifying = (0..<max(1, workers)).map { number in
            NaturalBatcher(
                label: "countersign.verify.\(number)", workers: 1, maximumBatch: 64
            ) { batch in
                var ofCards: [AnsweredChallenge] = []
                var ofKeys: [AnsweredChallenge] = []
                for item in batch {
                    switch item.request.answer {
                    case .assertion: ofKeys.append(item)
                    case .card: ofCards.append(item)
                    }
                }
                if !ofKeys.isEmpty {
                    for judged in assertions.judge(ofKeys) { committing.submit(judged) }
                }
                if !ofCards.isEmpty {
                    for judged in cards.judge(ofCards) { committing.submit(judged) }
                }
            }
        }
        self.committing = committing
    }

    /// Issues a challenge. Nothing is written.
    public func begin(
        _ request: ChallengeRequest,
        completion: @escaping @Sendable (Result<AuthenticationTransaction, CeremonyError>) -> Void
    ) {
        challenging.submit(Challenging(request: request, completion: completion))
    }

    /// Judges an answer. A yes is on disk before `completion` is called.
    public func finish(
        _ request: AnswerRequest,
        completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) {
        verifying[Int(UInt(bitPattern: request.turn) % UInt(verifying.count))].submit(
            AnsweredChallenge(request: request, completion: completion))
    }

    /// Counts since the start.
    public var counts: Counts {
        let counts = verifying.map(\.counts)
        let (commits, committed, _) = committing.counts
        return Counts(
            verificationBatches: counts.reduce(0) { $0 + $1.batches },
            verified: counts.reduce(0) { $0 + $1.elements }, commits: commits,
            committed: committed)
    }
}

/// Writes a batch of judged answers down and tells those who wait.
private func commit(_ batch: [JudgedAnswer], to store: SQLiteStore) {
    do throws(StoreError) {
        let verdicts = try store.commit(batch.map(\.decision))
        for (item, verdict) in zip(batch, verdicts) {
            switch (verdict, item.accepted) {
            case (.accepted, .some(let signIn)): item.completion(.accepted(signIn))
            case (.accepted, .none):
                // The store accepts only what was verified, and that comes with a sign-in.
                item.completion(.refused(user: item.decision.user, code: "internal"))
            case (.refused(let code), _):
                item.completion(.refused(user: item.decision.user, code: code))
            }
        }
    } catch {
        for item in batch { item.completion(.unavailable(error)) }
    }
}
