import PushMessages

/// Decides what becomes of the prompts that show: who does what about which, in what order. A state machine without I/O.
///
/// A script does its acts at the same time, each when its prompt comes. At a terminal there is one prompt at a time: a
/// newer one for the same account takes the place of an older one, and those of other accounts wait for their turn.
struct PromptDesk: Sendable {
    /// What is to be done about a prompt that came.
    enum Step: Sendable, Hashable {
        /// Do this.
        case perform(ShownPrompt, PhoneAct)
        /// Put it on the screen and ask.
        case ask(ShownPrompt)
        /// Take away what is on the screen; the newer one comes when that is done.
        case interrupt
        /// Nothing now.
        case wait
    }

    private let person: PhonePerson
    private var nextOrdinal = 0
    private var actsUnderWay = 0
    private var onScreen: ShownPrompt?
    private var waiting: [ShownPrompt] = []

    init(_ person: PhonePerson) {
        self.person = person
    }

    /// Whether a script has no act left, and none is under way.
    var isFinished: Bool {
        guard case .scripted(let script) = person.role else { return false }
        return script.act(nextOrdinal) == nil && actsUnderWay == 0
    }

    /// Takes a prompt. Also gives those that will never show because this one replaces them.
    mutating func receive(_ prompt: Prompt) -> (step: Step, superseded: [ShownPrompt]) {
        let shown = ShownPrompt(prompt: prompt, ordinal: nextOrdinal)
        nextOrdinal += 1
        switch person.role {
        case .scripted(let script):
            guard let act = script.act(shown.ordinal) else { return (.wait, []) }
            actsUnderWay += 1
            return (.perform(shown, act), [])
        case .atTerminal:
            let superseded = waiting.filter { $0.prompt.phone == prompt.phone }
            waiting.removeAll { $0.prompt.phone == prompt.phone }
            guard let current = onScreen else {
                onScreen = shown
                return (.ask(shown), superseded)
            }
            waiting.append(shown)
            return (current.prompt.phone == prompt.phone ? .interrupt : .wait, superseded)
        }
    }

    /// Notes that an act is done.
    mutating func finishAct() { actsUnderWay -= 1 }

    /// Notes that the screen is free; gives what to ask next, and those whose time ran out in the queue.
    ///
    /// - Parameter now: the time by the server of each, in ms since 1970.
    mutating func freeScreen(
        now: (PhoneID) -> Int64
    ) -> (next: ShownPrompt?, expired: [ShownPrompt]) {
        let expired = waiting.filter { $0.prompt.expiresAt <= now($0.prompt.phone) }
        waiting.removeAll { expired.contains($0) }
        onScreen = waiting.isEmpty ? nil : waiting.removeFirst()
        return (onScreen, expired)
    }
}
