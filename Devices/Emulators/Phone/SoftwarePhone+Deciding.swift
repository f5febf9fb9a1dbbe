import PushMessages

extension SoftwarePhone {
    /// Does what a script says about a prompt.
    func perform(
        _ act: PhoneAct, _ shown: ShownPrompt, by script: PhonePerson.Script
    ) async -> PhoneOutcome {
        let (prompt, clock) = (shown.prompt, configuration.clock)
        await clock.sleep(act.delay)
        guard !Task.isCancelled else { return .unanswered(prompt.id, .stopped) }
        var number = ""
        if act.kind.needsNumber {
            switch await self.number(shown, by: script) {
            case .success(let text): number = text
            case .failure(let silence): return .unanswered(prompt.id, silence)
            }
        }
        if act.kind == .late {
            await clock.sleep(until: prompt.expiresAt &- offset(prompt.phone) &+ 1_000)
        }
        return await send(act.kind, about: prompt, number: number)
    }

    /// Signs and sends what an act has to send.
    func send(_ kind: PhoneAct.Kind, about prompt: Prompt, number: String) async -> PhoneOutcome {
        if kind == .ignore { return .unanswered(prompt.id, .ignored) }
        let decisions: [[UInt8]]
        let service: PhoneService
        do throws(PhoneFailure) {
            let account = try account(prompt.phone)
            service = account.service
            if kind == .replay {
                decisions = account.lastDecision.map { [$0] } ?? []
            } else {
                decisions = try kind.decisions(
                    about: prompt, number: number, at: configuration.clock.now(), with: account.key
                ).map { $0.encoded() }
                try await remember(kind, decisions, prompt.phone)
            }
        } catch {
            if case .unsendable = error { return .unanswered(prompt.id, .noNumber) }
            return .unanswered(prompt.id, .cannotSign)
        }
        guard !decisions.isEmpty else { return .unanswered(prompt.id, .nothingToReplay) }
        guard !Task.isCancelled else { return .unanswered(prompt.id, .stopped) }
        var replies: [PhoneReply] = []
        for decision in decisions { replies.append(await service.decide(decision)) }
        return .answered(prompt.id, kind, replies)
    }

    /// Keeps an honest decision, so that a script can send it again, also after the process has ended.
    private func remember(
        _ kind: PhoneAct.Kind, _ decisions: [[UInt8]], _ phone: PhoneID
    ) async throws(PhoneFailure) {
        switch kind {
        case .forAnother, .forgeKey, .forgePrompt, .replay, .ignore: return
        default: break
        }
        guard let decision = decisions.first else { return }
        try await memory.change { state in
            for index in state.accounts.indices where state.accounts[index].phone == phone {
                state.accounts[index].lastDecision = decision
            }
        }
    }

    /// The number that the person sees, until the prompt's time is over.
    private func number(
        _ shown: ShownPrompt, by script: PhonePerson.Script
    ) async -> Result<String, PhoneSilence> {
        let clock = configuration.clock
        let end = shown.prompt.expiresAt &- offset(shown.prompt.phone)
        return await withTaskGroup(of: Result<String, PhoneSilence>.self) { group in
            group.addTask {
                let number = await script.number(shown)
                if let number { return .success(number) }
                return .failure(Task.isCancelled ? .stopped : .noNumber)
            }
            group.addTask {
                await clock.sleep(until: end)
                return .failure(Task.isCancelled ? .stopped : .expired)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(.stopped)
        }
    }
}

extension PhoneSilence: Error {}
