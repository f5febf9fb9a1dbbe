import Accounts
public import CredentialStore

/// The one way by which judged answers reach the store: those that arrived while the last batch was written are the next,
/// in one transaction.
public final class SignInWriter: Sendable {
    private let batcher: NaturalBatcher<JudgedAnswer>

    /// A writer to a store. A store has one.
    public init(store: SQLiteStore) {
        batcher = NaturalBatcher(
            label: "countersign.commit", workers: 1, maximumBatch: 1024
        ) { batch in
            commit(batch, to: store)
        }
    }

    /// Hands a judged answer over. A yes is on disk before its completion is called.
    func submit(_ answer: JudgedAnswer) { batcher.submit(answer) }

    /// Transactions so far, and decisions that they held.
    var counts: (commits: Int, committed: Int) {
        let (commits, committed, _) = batcher.counts
        return (commits, committed)
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
