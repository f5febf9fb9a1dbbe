import Accounts
import CredentialStore
public import PushMessages
import Secrets
import WebAuthn

/// A poll, and how it ends.
struct Polling: Sendable {
    let poll: SignedPoll
    let id: WaitID
}

/// A decision, and how it ends.
struct Deciding: Sendable {
    let decision: SignedDecision
    let completion: @Sendable (Result<DecisionReply, PhoneRefusal>) -> Void
}

/// A new subscription, and how it ends.
struct Changing: Sendable {
    let update: SubscriptionUpdate
    let completion: @Sendable (Result<Void, PhoneRefusal>) -> Void
}

/// What phones send. Of each message is checked, in this order: whether the phone is known, the signature, the time and
/// whether it is a replay, and then what it says.
extension PushService {
    /// Answers a poll: with the prompt that is open for the phone, or the next one within the poll's time, or `nil`. A newer
    /// poll of the same phone ends an older one.
    public func poll(
        _ poll: SignedPoll,
        completion: @escaping @Sendable (Result<SignedPrompt?, PhoneRefusal>) -> Void
    ) -> PushWait {
        guard let id = desk.enter(.poll(completion)) else {
            completion(.failure(.busy))
            return PushWait {}
        }
        polling.submit(Polling(poll: poll, id: id))
        return PushWait { [weak desk] in desk?.leave(id) }
    }

    /// Takes a decision. An approval that is accepted is on disk before `completion` is called.
    public func decide(
        _ decision: SignedDecision,
        completion: @escaping @Sendable (Result<DecisionReply, PhoneRefusal>) -> Void
    ) {
        deciding.submit(Deciding(decision: decision, completion: completion))
    }

    /// Changes how a phone takes Web Push messages.
    public func updateSubscription(
        _ update: SubscriptionUpdate,
        completion: @escaping @Sendable (Result<Void, PhoneRefusal>) -> Void
    ) {
        changing.submit(Changing(update: update, completion: completion))
    }
}

/// What becomes of what phones send.
extension PushDesk {
    /// Answers a batch of polls with one read of the store and one transaction, which the replays fail.
    func answer(_ batch: [Polling], by judge: PhoneJudge) {
        let now = clock()
        var timely: [(item: Polling, phone: Phone)] = []
        do throws(StoreError) {
            let judged = try judge.judge(
                batch.map {
                    PhoneMessage(
                        phone: $0.poll.message.phone, bytes: $0.poll.message.encoded(),
                        signature: $0.poll.signature)
                })
            for (item, outcome) in zip(batch, judged) {
                switch outcome {
                case .failure(let refusal): refuse(item.id, refusal)
                case .success(let phone):
                    if PhoneJudge.isTimely(item.poll.message.time, at: now) {
                        timely.append((item, phone))
                    } else {
                        refuse(item.id, .wrongTime)
                    }
                }
            }
            guard !timely.isEmpty else { return }
            let areFresh = try store.noteMessages(
                timely.map {
                    ($0.phone.id, Timestamp(milliseconds: $0.item.poll.message.time))
                })
            for ((item, phone), isFresh) in zip(timely, areFresh) {
                guard isFresh else {
                    refuse(item.id, .replayed)
                    continue
                }
                seat(item.id) { state, now in
                    let (isAnswered, prompt, effects) = state.poll(
                        item.id, item.poll.message.phone, of: phone.owner.name,
                        until: now.advanced(by: .seconds(item.poll.wait)), at: now)
                    return (isAnswered ? .poll(item.id, prompt) : nil, effects)
                }
            }
        } catch {
            // Those that have been told are gone from the desk.
            for item in batch { refuse(item.id, .unavailable) }
        }
    }

    /// Judges a batch of decisions with one read of the store. What counts goes to the writer.
    func decide(_ batch: [Deciding], by judge: PhoneJudge) {
        let judged: [Result<Phone, PhoneRefusal>]
        do throws(StoreError) {
            judged = try judge.judge(
                batch.map {
                    PhoneMessage(
                        phone: $0.decision.message.prompt.phone,
                        bytes: $0.decision.message.encoded(), signature: $0.decision.signature)
                })
        } catch {
            for item in batch { item.completion(.failure(.unavailable)) }
            return
        }
        for (item, outcome) in zip(batch, judged) {
            let phone: Phone
            switch outcome {
            case .failure(let refusal):
                item.completion(.failure(refusal))
                continue
            case .success(let known): phone = known
            }
            let decided = change { state, now in
                state.decide(item.decision.message, at: now)
            }
            switch decided {
            case .refused(let reason):
                item.completion(.success(.refused(code: reason.rawValue)))
            case .settle(let settlement):
                write(settlement, by: phone) { verdict in
                    item.completion(reply(to: settlement.outcome, verdict))
                }
            }
        }
    }

    /// Changes a batch of subscriptions, one by one: they are rare.
    func change(
        _ batch: [Changing], by judge: PhoneJudge, _ vault: SecretVault,
        _ isEndpointAllowed: @Sendable (String) -> Bool
    ) {
        let now = clock()
        let judged: [Result<Phone, PhoneRefusal>]
        do throws(StoreError) {
            judged = try judge.judge(
                batch.map {
                    PhoneMessage(
                        phone: $0.update.message.phone, bytes: $0.update.message.encoded(),
                        signature: $0.update.signature)
                })
        } catch {
            for item in batch { item.completion(.failure(.unavailable)) }
            return
        }
        for (item, outcome) in zip(batch, judged) {
            do throws(PhoneRefusal) {
                let phone = try outcome.get()
                let message = item.update.message
                guard PhoneJudge.isTimely(message.time, at: now) else { throw .wrongTime }
                try vault.keeping { () throws(PhoneRefusal) in
                    let subscription = try message.subscription?.stored(
                        for: phone.id, phone.owner, vault, isEndpointAllowed)
                    let isFresh: Bool
                    do throws(StoreError) {
                        isFresh = try store.setSubscription(
                            subscription, of: phone.id,
                            at: Timestamp(milliseconds: message.time))
                    } catch {
                        throw .unavailable
                    }
                    guard isFresh else { throw .replayed }
                }
                item.completion(.success(()))
            } catch {
                item.completion(.failure(error))
            }
        }
    }

    /// Refuses a poll, unless it has been answered.
    func refuse(_ id: WaitID, _ refusal: PhoneRefusal) {
        if case .poll(let tell) = take(id) { tell(.failure(refusal)) }
    }
}

/// What a phone is told once its decision is on disk.
private func reply(
    to outcome: PromptOutcome, _ verdict: AuthenticationVerdict
) -> Result<DecisionReply, PhoneRefusal> {
    switch (verdict, outcome) {
    case (.unavailable, _): return .failure(.unavailable)
    case (.accepted, _), (.unfinished, _): return .success(.accepted)
    case (.limited, _): return .failure(.busy)
    case (.refused(_, let code), .refused(let reason)) where code == reason.rawValue:
        // The decision counts, but for a number that is none of the person's.
        return .success(reason == .wrongNumber ? .refused(code: code) : .accepted)
    case (.refused(_, SignInVerdict.Code.challengeSpent), _):
        return .success(.refused(code: PushReason.answered.rawValue))
    case (.refused(_, let code), _): return .success(.refused(code: code))
    }
}

extension PhoneSubscription {
    /// The subscription as it is stored, where the server may call its endpoint.
    func stored(
        for phone: CredentialID, _ owner: User, _ vault: SecretVault,
        _ isEndpointAllowed: @Sendable (String) -> Bool
    ) throws(PhoneRefusal) -> StoredSubscription {
        guard isEndpointAllowed(endpoint) else { throw .endpointRefused }
        do throws(SecretError) {
            return StoredSubscription(
                endpoint: endpoint, publicKey: publicKey,
                sealedSecret: try vault.seal(
                    authenticationSecret, at: .subscription(of: phone, owner)))
        } catch {
            throw .unavailable
        }
    }
}
