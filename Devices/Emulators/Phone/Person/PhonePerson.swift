/// Whoever holds the phone: somebody at a terminal, or a script.
///
/// The phone never decides anything itself; what the person does not do does not happen.
public struct PhonePerson: Sendable {
    /// What a person does, one act a prompt.
    struct Script: Sendable {
        let acts: [PhoneAct]
        /// What they do from then on; `nil` where the phone ends then.
        let last: PhoneAct?
        /// The number to match, as the person sees it elsewhere; `nil` where they see none.
        let number: @Sendable (ShownPrompt) async -> String?

        /// What they do about the prompt that so many came before.
        func act(_ ordinal: Int) -> PhoneAct? {
            acts.indices.contains(ordinal) ? acts[ordinal] : last
        }
    }

    enum Role: Sendable {
        case scripted(Script)
        case atTerminal(PhoneTerminal)
    }

    let role: Role

    /// Somebody who reads the screen and types.
    public static func interactive(_ terminal: PhoneTerminal) -> PhonePerson {
        PhonePerson(role: .atTerminal(terminal))
    }

    /// Somebody who does `acts`, one a prompt, and from then on always `last`. Without `last` the phone stops running when
    /// all acts are done.
    ///
    /// - Parameter number: the number that the person sees at the front end, asked for once a prompt by acts that need
    ///   it. It may wait; the task is cancelled when the phone stops.
    public static func script(
        _ acts: [PhoneAct], then last: PhoneAct? = nil,
        number: @escaping @Sendable (ShownPrompt) async -> String?
    ) -> PhonePerson {
        PhonePerson(role: .scripted(Script(acts: acts, last: last, number: number)))
    }

    /// Somebody who does `acts` and takes the numbers from `numbers`, the first for the first prompt and so on.
    public static func script(
        _ acts: [PhoneAct], then last: PhoneAct? = nil, numbers: ShownNumbers
    ) -> PhonePerson {
        script(acts, then: last) { shown in await numbers.number(shown.ordinal) }
    }
}
