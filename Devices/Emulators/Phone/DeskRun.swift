import PushMessages
import Synchronization

/// The prompts of one run of the phone: carries out what the desk says. Used by the run's own task; acts report back
/// from theirs.
final class DeskRun: Sendable {
    private let phone: SoftwarePhone
    private let person: PhonePerson
    private let sink: AsyncStream<PhoneEvent>.Continuation
    private let desk: Mutex<PromptDesk>

    init(
        phone: SoftwarePhone, person: PhonePerson, sink: AsyncStream<PhoneEvent>.Continuation
    ) {
        self.phone = phone
        self.person = person
        self.sink = sink
        desk = Mutex(PromptDesk(person))
        if !isOpen { sink.yield(.finished) }
    }

    /// Whether there is something left to be done for a script's sake.
    var isOpen: Bool { desk.withLock { !$0.isFinished } }

    /// Sees to what came.
    func see(
        _ examined: Result<Prompt, PromptFlaw>, by arrival: PhoneArrival,
        in group: inout DiscardingTaskGroup
    ) {
        switch examined {
        case .success(let prompt): receive(prompt, &group)
        case .failure(.shownBefore) where arrival == .poll: break
        case .failure(let flaw): phone.report.yield(.discarded(flaw, via: arrival))
        }
    }

    /// Shows what waits for the screen.
    func showNext(in group: inout DiscardingTaskGroup) {
        let (next, expired) = desk.withLock { $0.freeScreen(now: phone.serverTime) }
        for shown in expired { phone.report.yield(.unanswered(shown.prompt.id, .expired)) }
        if let next { ask(next, &group) }
    }

    private func receive(_ prompt: Prompt, _ group: inout DiscardingTaskGroup) {
        let (step, superseded) = desk.withLock { $0.receive(prompt) }
        for shown in superseded { phone.report.yield(.unanswered(shown.prompt.id, .superseded)) }
        switch (step, person.role) {
        case (.perform(let shown, let act), .scripted(let script)):
            phone.report.yield(.shown(shown))
            group.addTask {
                let outcome = await self.phone.perform(act, shown, by: script)
                self.phone.report.yield(outcome)
                self.desk.withLock { $0.finishAct() }
                if !self.isOpen { self.sink.yield(.finished) }
            }
        case (.ask(let shown), _): ask(shown, &group)
        case (.interrupt, .atTerminal(let terminal)): terminal.lines.interrupt()
        default: break
        }
    }

    private func ask(_ shown: ShownPrompt, _ group: inout DiscardingTaskGroup) {
        guard case .atTerminal(let terminal) = person.role else { return }
        phone.report.yield(.shown(shown))
        let (prompt, clock) = (shown.prompt, phone.configuration.clock)
        group.addTask {
            let offset = self.phone.offset(prompt.phone)
            let outcome: PhoneOutcome =
                switch await terminal.ask(prompt, clock: clock, offset: offset) {
                case .act(let kind, let number):
                    await self.phone.send(kind, about: prompt, number: number ?? "")
                case .silence(let silence): .unanswered(prompt.id, silence)
                }
            terminal.tell(outcome)
            self.phone.report.yield(outcome)
            self.sink.yield(.screenFreed)
        }
    }
}
