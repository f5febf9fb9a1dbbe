import Accounts
public import CredentialStore
public import DeviceModels
public import Secrets

/// Begins and finishes authentications with security keys (WebAuthn Level 3 §7.2), cards and tokens that answer challenges, in
/// batches.
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
    private let writer: SignInWriter

    /// A service over a store and its writer; `secret` is the installation's, 32 bytes; `workers` threads verify.
    public init(
        store: SQLiteStore, writer: SignInWriter, secret: [UInt8], vault: SecretVault,
        budgets: CodeBudgets, policy: ServerPolicy, catalogue: Catalogue, workers: Int,
        clock: @escaping @Sendable () -> Timestamp
    ) throws(CeremonyError) {
        let sealer = ChallengeSealer(secret: secret)
        let issuer = ChallengeIssuer(store: store, sealer: sealer, policy: policy, clock: clock)
        let assertions = AssertionJudge(
            store: store, sealer: sealer, policy: policy, catalogue: catalogue, clock: clock)
        let cards = CardJudge(
            store: store, sealer: sealer, policy: policy, catalogue: catalogue, clock: clock)
        let tokens = TokenJudge(
            store: store, sealer: sealer, vault: TokenVault(vault: vault), budgets: budgets,
            nobody: try TokenOfNobody(vault), policy: policy.codes, clock: clock)
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
                var ofTokens: [AnsweredChallenge] = []
                for item in batch {
                    switch item.request.answer {
                    case .assertion: ofKeys.append(item)
                    case .card: ofCards.append(item)
                    case .token: ofTokens.append(item)
                    }
                }
                if !ofKeys.isEmpty {
                    writer.submit(assertions.judge(ofKeys))
                }
                if !ofCards.isEmpty {
                    writer.submit(cards.judge(ofCards))
                }
                if !ofTokens.isEmpty {
                    writer.submit(tokens.judge(ofTokens))
                }
            }
        }
        self.writer = writer
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
            AnsweredChallenge(request: request, receivedAt: .now, completion: completion))
    }

    /// Counts since the start.
    public var counts: Counts {
        let counts = verifying.map(\.counts)
        let (commits, committed) = writer.counts
        return Counts(
            verificationBatches: counts.reduce(0) { $0 + $1.batches },
            verified: counts.reduce(0) { $0 + $1.elements }, commits: commits,
            committed: committed)
    }
}
