import Accounts
import CredentialStore
import PushMessages
import Secrets

/// A request for a prompt, and who waits for the transaction.
struct Asking: Sendable {
    let request: PushRequest
    let completion: @Sendable (Result<PushTransaction, CeremonyError>) -> Void
}

extension PushDesk {
    /// Opens a batch of prompts with one read of the store; those who asked are told before anything is signed or sent, so
    /// that they cannot tell by the time for whom there is something to send.
    func ask(
        _ batch: [Asking], _ courier: @Sendable (PushDispatch) -> Void, _ counter: CountsBox
    ) {
        let audiences: [PushAudience]
        do throws(StoreError) {
            audiences = try store.audiences(of: batch.map(\.request.user))
        } catch {
            for item in batch { item.completion(.failure(.store(error))) }
            return
        }
        var opened: [(PromptDraft, PushAudience)] = []
        for (item, audience) in zip(batch, audiences) {
            do throws(MalformedPush) {
                let draft = try maker.draft(item.request, audience, at: clock())
                let outcome: Result<Void, CeremonyError> = change { state, now in
                    switch state.open(draft, at: now) {
                    case .success(let effects): (.success(()), effects)
                    case .failure(let error): (.failure(error), [])
                    }
                }
                item.completion(
                    outcome.map {
                        PushTransaction(
                            identifier: draft.facts.transaction, number: draft.number,
                            lifetime: draft.lifetime)
                    })
                if case .success = outcome { opened.append((draft, audience)) }
            } catch {
                item.completion(.failure(.prompt(error)))
            }
        }
        for (draft, audience) in opened { deliver(draft, audience, courier, counter) }
    }

    /// Signs a prompt for each phone, and hands it to those that poll and to the courier.
    private func deliver(
        _ draft: PromptDraft, _ audience: PushAudience,
        _ courier: @Sendable (PushDispatch) -> Void, _ counter: CountsBox
    ) {
        let signed = maker.signed(draft.prompts)
        let isOpen = change { state, _ in
            let effects = state.add(signed, to: draft.id)
            return (effects != nil, effects ?? [])
        }
        guard isOpen else { return }
        for phone in maker.asked(of: audience) {
            guard let id = phone.phoneID, let prompt = signed[id] else { continue }
            do {
                guard let dispatch = try maker.dispatch(prompt, to: phone) else { continue }
                courier(dispatch)
                counter.add(dispatched: 1, undeliverable: 0)
            } catch {
                counter.add(dispatched: 0, undeliverable: 1)
            }
        }
    }
}
