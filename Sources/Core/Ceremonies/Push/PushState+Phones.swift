package import Accounts
package import CredentialStore
package import PushMessages

/// What phones say.
extension PushState {
    /// What becomes of a decision.
    package enum DecisionOutcome: Sendable, Hashable {
        /// It is to be written down.
        case settle(Settlement)
        /// It does not count.
        case refused(PushReason)
    }

    /// Takes a decision whose signature is right.
    package mutating func decide(
        _ message: DecisionMessage, at now: Timestamp
    ) -> (outcome: DecisionOutcome, effects: [PushEffect]) {
        let (id, phone) = (message.prompt.id, message.prompt.phone)
        guard let entry = entries[id] else { return (.refused(.unknownPrompt), []) }
        guard entry.asked.contains(phone) else { return (.refused(.phoneNotAsked), []) }
        switch entry.state {
        case .open:
            guard now < entry.deadline else {
                let effects = expire(id)
                let (outcome, more) = late(message, entry, entry.silence)
                return (outcome, effects + more)
            }
            guard entry.prompts[phone] == message.prompt else {
                return (.refused(.altered), [])
            }
            let outcome: PromptOutcome =
                switch message.decision {
                case .approve:
                    message.number == entry.number ? .approved : .refused(.wrongNumber)
                case .decline: .refused(.declined)
                case .notMe: .refused(.notMe)
                }
            guard case .settle(let settlement) = settle(id, outcome, by: phone).first else {
                return (.refused(.answered), [])
            }
            return (.settle(settlement), [])
        case .settling(let outcome, _), .ended(let outcome):
            return late(message, entry, outcome.lateReason)
        }
    }

    /// A decision about a prompt that is over. "Not me" counts all the same, once: whoever says so of a prompt that was
    /// withdrawn or timed out has seen somebody else's sign-in.
    private mutating func late(
        _ message: DecisionMessage, _ entry: PromptEntry, _ reason: PushReason
    ) -> (outcome: DecisionOutcome, effects: [PushEffect]) {
        let id = message.prompt.id
        let hasBeenSaid = entry.isReported || entry.state.outcome == .refused(.notMe)
        guard message.decision == .notMe, !hasBeenSaid else { return (.refused(reason), []) }
        entries[id]?.isReported = true
        var effects: [PushEffect] = []
        if let other = openByUser[entry.facts.user], other != id {
            effects += settle(other, .refused(.stopped))
        }
        let settlement = Settlement(
            id: id, facts: entry.facts, outcome: .refused(.notMe), spendsChallenge: false)
        return (.settle(settlement), effects)
    }

    /// Lets a late "not me" be said again, which could not be written down.
    package mutating func retractReport(_ id: PromptID) { entries[id]?.isReported = false }

    /// Looks for the prompt of a phone of `user`'s, or waits for one until `end`. An older poll of the phone's ends.
    ///
    /// - Returns: whether `wait` has its answer at once, and what it is.
    package mutating func poll(
        _ wait: WaitID, _ phone: PhoneID, of user: UserName, until end: Timestamp,
        at now: Timestamp
    ) -> (isAnswered: Bool, prompt: SignedPrompt?, effects: [PushEffect]) {
        var effects: [PushEffect] = []
        if let older = polls[phone] {
            drop(older)
            effects.append(.poll(older, nil))
        }
        if let entry = openByUser[user].flatMap({ entries[$0] }), now < entry.deadline,
            let prompt = entry.signed[phone]
        {
            return (true, prompt, effects)
        }
        guard now < end else { return (true, nil, effects) }
        polls[phone] = wait
        park(wait, at: .poll(phone), until: end)
        return (false, nil, effects)
    }
}

/// Enrolments of phones.
extension PushState {
    /// Waits for an enrolment until `timeout`, but not beyond its own `end`, or says what it came to.
    ///
    /// - Returns: what to tell at once; `nil` where `wait` has to wait.
    package mutating func wait(
        _ wait: WaitID, forEnrolment name: EnrolmentName, end: Timestamp, until timeout: Timestamp,
        at now: Timestamp
    ) -> (verdict: PhoneEnrolmentVerdict?, effects: [PushEffect]) {
        if let verdict = enrolments[name]?.verdict { return (verdict, []) }
        guard now < end else { return (.expired, []) }
        guard now < timeout else { return (.pending, []) }
        var effects: [PushEffect] = []
        if let enrolment = enrolments[name],
            enrolment.waits.count >= limits.waitsPerTransaction, let oldest = enrolment.waits.first
        {
            drop(oldest)
            effects.append(.enrolment(oldest, .pending))
        }
        enrolments[name, default: Enrolment(end: end)].waits.append(wait)
        park(wait, at: .enrolment(name), until: min(timeout, end))
        return (nil, effects)
    }

    /// Notes what an enrolment came to, for those who wait and those who ask until its `end`. The first word holds.
    package mutating func enrolled(
        _ name: EnrolmentName, _ verdict: PhoneEnrolmentVerdict, end: Timestamp,
        at now: Timestamp
    ) -> [PushEffect] {
        var enrolment = enrolments[name] ?? Enrolment(end: end)
        guard enrolment.verdict == nil else { return [] }
        let waiting = enrolment.waits
        enrolment.verdict = verdict
        enrolments[name] = enrolment
        for wait in waiting { drop(wait) }
        deadlines.set(.enrolment(name), at: max(now, end))
        return waiting.map { .enrolment($0, verdict) }
    }
}

extension PromptOutcome {
    /// What a phone is told whose decision comes after this end.
    fileprivate var lateReason: PushReason {
        switch self {
        case .approved: .answered
        case .refused(let reason):
            switch reason {
            case .declined, .notMe, .wrongNumber: .answered
            default: reason
            }
        }
    }
}

extension PromptEntry.State {
    /// What it came to, where it is over.
    fileprivate var outcome: PromptOutcome? {
        switch self {
        case .open: nil
        case .settling(let outcome, _), .ended(let outcome): outcome
        }
    }
}
