public import CredentialStore
import Cryptography
public import DeviceModels
public import WebAuthn

/// A request to authenticate a user.
public struct ChallengeRequest: Sendable {
    /// Whom.
    public var user: UserName
    /// For which relying party; `nil` for the default.
    public var relyingPartyID: RelyingPartyID?
    /// Whether the person must be verified; `nil` for what policy says.
    public var userVerification: UserVerificationRequirement?
    /// The front end that asks.
    public var client: String

    /// A request from its parts.
    public init(
        user: UserName, relyingPartyID: RelyingPartyID?,
        userVerification: UserVerificationRequirement?, client: String
    ) {
        self.user = user
        self.relyingPartyID = relyingPartyID
        self.userVerification = userVerification
        self.client = client
    }
}

/// An authentication that has begun: what the front end passes to the client.
public struct AuthenticationTransaction: Sendable, Hashable {
    /// The transaction's identifier, needed to finish.
    public let identifier: String
    /// The challenge: 32 bytes.
    public let challenge: [UInt8]
    /// The credentials that may answer. A user who has none, or does not exist, gets a decoy.
    public let allowedCredentials: [CredentialID]
    /// The relying party.
    public let relyingPartyID: RelyingPartyID
    /// Whether the person must be verified.
    public let userVerification: UserVerificationRequirement
    /// How long it can be answered.
    public let lifetime: Duration
}

/// An answer to a challenge.
public struct AssertionRequest: Sendable {
    /// The transaction that it answers.
    public var transaction: String
    /// The client's response, untrusted, or why it cannot be read. What cannot be read is an answer too: a wrong one.
    public var response: Result<AuthenticationResponse, MalformedWebAuthn>
    /// The front end that passes it on.
    public var client: String

    /// An answer from its parts.
    public init(
        transaction: String, response: Result<AuthenticationResponse, MalformedWebAuthn>,
        client: String
    ) {
        self.transaction = transaction
        self.response = response
        self.client = client
    }

    /// An answer that can be read.
    public init(transaction: String, response: AuthenticationResponse, client: String) {
        self.init(transaction: transaction, response: .success(response), client: client)
    }

    /// The credential that the answer names, where it can be read.
    var credentialID: CredentialID? {
        if case .success(let response) = response { response.credentialID } else { nil }
    }
}

/// A sign-in that was accepted. It is on disk.
public struct AcceptedSignIn: Sendable, Hashable {
    /// Who signed in.
    public let user: UserName
    /// With which credential.
    public let credentialID: CredentialID
    /// The owner's name for it.
    public let label: String
    /// The signature counter.
    public let signatureCounter: UInt32
    /// Whether the person was verified.
    public let isUserVerified: Bool
    /// Whether the key is attested, by a chain to a known root, to live in hardware and never to leave it.
    public let isHardwareBound: Bool
    /// By what means a model of this kind verifies its person; empty where the model is not attested or not known.
    public let verificationMeans: Set<UserVerificationMeans>
}

/// An answer's verdict. A refusal names the user where the transaction was one of ours.
public enum AuthenticationVerdict: Sendable, Hashable {
    /// Yes.
    case accepted(AcceptedSignIn)
    /// No, for the reason of this code; the reason is on disk.
    case refused(user: UserName?, code: String)
    /// No verdict: the store could not take it down.
    case unavailable(StoreError)
}

/// Begins and finishes authentications (WebAuthn Level 3 §7.2), in batches.
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
        let judge = AssertionJudge(
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
                for judged in judge.judge(batch) { committing.submit(judged) }
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
        _ request: AssertionRequest,
        completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) {
        let hash = request.credentialID.hashValue
        verifying[Int(UInt(bitPattern: hash) % UInt(verifying.count))].submit(
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
