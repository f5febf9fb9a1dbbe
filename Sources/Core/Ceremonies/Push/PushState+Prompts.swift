import Accounts
package import CredentialStore
package import PushMessages

/// The life of a prompt.
extension PushState {
    /// Opens a prompt. The user's older one, where it is open, is superseded.
    package mutating func open(
        _ draft: PromptDraft, at now: Timestamp
    ) -> Result<[PushEffect], CeremonyError> {
        let user = draft.facts.user
        guard entries.count < limits.prompts else { return .failure(.busy) }
        if let delay = budget.take(user, at: now) {
            return .failure(.limited(retryAfter: delay))
        }
        deadlines.setIfAbsent(.budgets, at: now.advanced(by: limits.sweep))
        var effects: [PushEffect] = []
        if draft.prompts.isEmpty {
            effects += makeRoomForDecoy(at: now)
            decoys.append(draft.id)
        }
        if let older = openByUser[user] { effects += settle(older, .refused(.superseded)) }
        let entry = PromptEntry(draft, at: now)
        entries[draft.id] = entry
        transactions[entry.facts.transaction] = draft.id
        openByUser[user] = draft.id
        deadlines.set(.expiry(draft.id), at: entry.deadline)
        deadlines.set(.memory(draft.id), at: entry.deadline.advanced(by: limits.memory))
        return .success(effects)
    }

    /// Ends the oldest decoy where there are too many.
    private mutating func makeRoomForDecoy(at now: Timestamp) -> [PushEffect] {
        while firstDecoy < decoys.count, entries[decoys[firstDecoy]] == nil { firstDecoy += 1 }
        if firstDecoy > limits.decoys {
            decoys.removeFirst(firstDecoy)
            firstDecoy = 0
        }
        guard decoys.count - firstDecoy >= limits.decoys else { return [] }
        let oldest = decoys[firstDecoy]
        firstDecoy += 1
        deadlines.set(.memory(oldest), at: now)
        return expire(oldest)
    }

    /// Adds the signatures of a prompt, and hands it to the phones that wait.
    ///
    /// - Returns: `nil` where the prompt is not open any more, so that it need not be sent.
    package mutating func add(_ signed: [PhoneID: SignedPrompt], to id: PromptID) -> [PushEffect]? {
        guard entries[id]?.state == .open else { return nil }
        entries[id]?.signed = signed
        var effects: [PushEffect] = []
        for (phone, prompt) in signed {
            guard let wait = polls[phone] else { continue }
            drop(wait)
            effects.append(.poll(wait, prompt))
        }
        return effects
    }

    /// Withdraws a prompt of `client`'s.
    ///
    /// - Returns: `nil` where the client has none of this identifier that is open.
    package mutating func cancel(_ transaction: String, client: String) -> [PushEffect]? {
        guard
            let id = transactions[transaction], let entry = entries[id],
            entry.facts.client == client, entry.state == .open
        else { return nil }
        return settle(id, .refused(.cancelled))
    }

    /// Waits for a verdict until `end`, or gives it.
    ///
    /// - Returns: what to tell at once; `nil` where `wait` has to wait.
    package mutating func wait(
        _ wait: WaitID, for transaction: String, client: String, until end: Timestamp,
        at now: Timestamp
    ) -> (verdict: PushVerdict?, effects: [PushEffect]) {
        guard
            let id = transactions[transaction], let entry = entries[id],
            entry.facts.client == client
        else { return (.unknownTransaction, []) }
        if let verdict = entry.verdict {
            entries[id]?.verdict = nil
            transactions[transaction] = nil
            return (verdict, [])
        }
        guard now < end else { return (.pending, []) }
        var effects: [PushEffect] = []
        // The newest is whom the front end listens to: the others may hang on connections that are gone.
        if entry.waits.count >= limits.waitsPerTransaction, let oldest = entry.waits.first {
            drop(oldest)
            effects.append(.verdict(oldest, .pending))
        }
        entries[id]?.waits.append(wait)
        park(wait, at: .verdict(id), until: end)
        return (nil, effects)
    }

    /// The user whom a transaction is about.
    func subject(of transaction: String) -> UserName? {
        transactions[transaction].flatMap { entries[$0]?.facts.user }
    }

    /// Takes an open prompt out of the game, on its way to the disk.
    mutating func settle(
        _ id: PromptID, _ outcome: PromptOutcome, by phone: PhoneID? = nil
    ) -> [PushEffect] {
        guard let entry = entries[id], entry.state == .open else { return [] }
        entries[id]?.state = .settling(outcome, phone: phone)
        deadlines.remove(.expiry(id))
        if openByUser[entry.facts.user] == id { openByUser[entry.facts.user] = nil }
        return [
            .settle(
                Settlement(
                    id: id, facts: entry.facts, outcome: outcome, spendsChallenge: true))
        ]
    }

    /// Notes what the writer made of a prompt's end.
    ///
    /// Where it could not write, a decision has not been made, and while there is time the phone can send it again.
    package mutating func settled(
        _ id: PromptID, _ verdict: AuthenticationVerdict, at now: Timestamp
    ) -> [PushEffect] {
        guard let entry = entries[id], case .settling(let outcome, let phone) = entry.state else {
            return []
        }
        switch verdict {
        case .accepted(let signIn):
            budget.giveBack(entry.facts.user, of: entry.openedAt)
            return end(id, outcome, .accepted(signIn))
        case .unfinished(let signIn):
            budget.giveBack(entry.facts.user, of: entry.openedAt)
            return end(id, outcome, .unfinished(signIn))
        case .refused(let user, let code):
            var effects = end(id, outcome, .refused(user: user, code: code))
            // One that was opened before the stop was on disk.
            if outcome == .refused(.notMe), let other = openByUser[entry.facts.user] {
                effects += settle(other, .refused(.stopped))
            }
            return effects
        case .limited(let user, _):
            // The writer limits nobody.
            return end(id, outcome, .refused(user: user, code: "internal"))
        case .unavailable(let error):
            guard phone != nil, now < entry.deadline else {
                return end(id, outcome, .unavailable(error))
            }
            entries[id]?.state = .open
            guard openByUser[entry.facts.user] == nil else {
                return settle(id, .refused(.superseded))
            }
            openByUser[entry.facts.user] = id
            deadlines.set(.expiry(id), at: entry.deadline)
            return []
        }
    }

    mutating func expire(_ id: PromptID) -> [PushEffect] {
        guard let entry = entries[id] else { return [] }
        return settle(id, .refused(entry.silence))
    }

    mutating func forget(_ id: PromptID, at now: Timestamp) {
        guard let entry = entries[id] else { return }
        guard case .ended = entry.state else {
            // The disk is slow; whoever waits is to be told.
            deadlines.set(.memory(id), at: now.advanced(by: limits.settling))
            return
        }
        entries[id] = nil
        transactions[entry.facts.transaction] = nil
    }

    private mutating func end(
        _ id: PromptID, _ outcome: PromptOutcome, _ verdict: PushVerdict
    ) -> [PushEffect] {
        guard var entry = entries[id] else { return [] }
        let waiting = entry.waits
        entry.state = .ended(outcome)
        entry.prompts = [:]
        entry.signed = [:]
        entry.verdict = waiting.isEmpty ? verdict : nil
        entries[id] = entry
        for wait in waiting { drop(wait) }
        if !waiting.isEmpty { transactions[entry.facts.transaction] = nil }
        let isApproval =
            switch verdict {
            case .accepted, .unfinished: true
            case .pending, .refused, .unknownTransaction, .unavailable: false
            }
        guard isApproval, let newest = waiting.last else {
            return waiting.map { .verdict($0, verdict) }
        }
        // One approval is one sign-in: whoever waits beside the newest is not told yes.
        return waiting.dropLast().map { .verdict($0, .unknownTransaction) }
            + [.verdict(newest, verdict)]
    }
}
