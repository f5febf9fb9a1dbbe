public import Accounts
public import CredentialStore
public import DeviceModels
import VerificationCore

/// The one way by which judged answers reach the store: past the gate, which asks policies, and then in batches. Those that
/// arrived while the last batch was written are the next, in one transaction.
public final class SignInWriter: Sendable {
    let gate: AccessGate
    private let batcher: NaturalBatcher<AssessedAnswer>

    /// A writer to a store, which has one, behind a gate that asks the policies of `book`.
    ///
    /// - Parameters:
    ///   - secret: the installation's, 32 bytes.
    ///   - offered: the methods that the server offers.
    public convenience init(
        store: SQLiteStore, secret: [UInt8], book: PolicyBook, policy: ServerPolicy,
        catalogue: Catalogue, offered: Set<SignInMethod>,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        let gate = AccessGate(
            store: store, book: book, sealer: SignInSealer(secret: secret),
            tickets: AdministratorTickets(
                sealer: ChallengeSealer(secret: secret),
                relyingPartyID: policy.relyingParties.first?.id, clock: clock),
            inventory: FactorInventory(store: store, catalogue: catalogue, offered: offered),
            lifetime: policy.challengeLifetime, clock: clock)
        self.init(store: store, gate: gate)
    }

    init(store: SQLiteStore, gate: AccessGate) {
        self.gate = gate
        batcher = NaturalBatcher(
            label: "countersign.commit", workers: 1, maximumBatch: 1024
        ) { batch in
            commit(batch, to: store)
        }
    }

    /// Hands judged answers over; the gate works on the caller's thread. A yes is on disk before its completion is called.
    func submit(_ answers: [JudgedAnswer]) {
        for answer in gate.assess(answers) { batcher.submit(answer) }
    }

    /// Transactions so far, and decisions that they held.
    var counts: (commits: Int, committed: Int) {
        let (commits, committed, _) = batcher.counts
        return (commits, committed)
    }
}

/// Writes a batch of answers down and tells those who wait.
private func commit(_ batch: [AssessedAnswer], to store: SQLiteStore) {
    do throws(StoreError) {
        let verdicts = try store.commit(batch.map(\.decision))
        for (item, verdict) in zip(batch, verdicts) {
            switch (verdict, item.accepted, item.unfinished) {
            case (.accepted, .some(let signIn), _): item.completion(.accepted(signIn))
            case (.unfinished, _, .some(let signIn)): item.completion(.unfinished(signIn))
            case (.accepted, .none, _), (.unfinished, _, .none):
                // The store accepts only what was verified and let in, and that comes with a sign-in.
                item.completion(.refused(user: item.decision.user, code: "internal"))
            case (.refused(let code), _, _):
                item.completion(.refused(user: item.decision.user, code: code))
            }
        }
    } catch {
        for item in batch { item.completion(.unavailable(error)) }
    }
}
