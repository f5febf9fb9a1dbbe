public import PushMessages

/// A prompt that shows: the server signed it, it is for this phone, and its time is not over.
public struct ShownPrompt: Sendable, Hashable {
    /// What the person is told and what the phone signs with the decision.
    public let prompt: Prompt
    /// How many prompts the phone has shown before it since it began to run.
    public let ordinal: Int

    package init(prompt: Prompt, ordinal: Int) {
        self.prompt = prompt
        self.ordinal = ordinal
    }
}
