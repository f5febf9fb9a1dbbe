public import PushMessages

/// Something that happened at the phone.
public enum PhoneOutcome: Sendable, Hashable {
    /// A prompt shows.
    case shown(ShownPrompt)
    /// Something was done about a prompt; what the server said to each message that was sent.
    case answered(PromptID, PhoneAct.Kind, [PhoneReply])
    /// Nothing was sent about a prompt.
    case unanswered(PromptID, PhoneSilence)
    /// What came does not show.
    case discarded(PromptFlaw, via: PhoneArrival)
    /// The push endpoint refused a request, with this status and for this reason.
    case pushRefused(status: Int, code: String)
    /// The server knows how to reach the phone from now on.
    case subscribed(PhoneID)
    /// The server could not be asked or told something; the phone tries again unless the server does not know it.
    case interrupted(PhoneID, PhoneFailure)
}

/// How a prompt came to the phone.
public enum PhoneArrival: String, Sendable, Hashable, CaseIterable {
    /// In a Web Push message.
    case push
    /// In the reply to a poll.
    case poll
}

/// What the server said to a decision.
public enum PhoneReply: Sendable, Hashable {
    /// It counts, whatever it was.
    case accepted
    /// It does not count, for the reason of this code.
    case refused(code: String)
    /// There was no reply that could be read.
    case failed(PhoneFailure)
}

/// Why nothing was sent about a prompt that showed.
public enum PhoneSilence: String, Sendable, Hashable, CaseIterable {
    /// Nobody did anything.
    case ignored
    /// Its time was over.
    case expired
    /// A newer one took its place on the screen.
    case superseded
    /// Nobody said which number to choose, or it was none of so many digits.
    case noNumber = "no-number"
    /// There is no old decision to be sent again.
    case nothingToReplay = "nothing-to-replay"
    /// The phone stopped.
    case stopped
    /// The state could not be saved, or the key not be used.
    case cannotSign = "cannot-sign"
}

extension PhoneReply: CustomStringConvertible {
    /// In a few words.
    public var description: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let code): "refused \(code)"
        case .failed(let failure): "failed \(failure.code)"
        }
    }
}

extension PhoneOutcome: CustomStringConvertible {
    /// A line for a log: a word for the kind and what belongs to it.
    public var description: String {
        switch self {
        case .shown(let shown): "shown \(shown.prompt.id.text)"
        case .answered(let prompt, let act, let replies):
            "answered \(prompt.text) \(act.rawValue): "
                + replies.map(\.description).joined(separator: ", ")
        case .unanswered(let prompt, let silence):
            "unanswered \(prompt.text) \(silence.rawValue)"
        case .discarded(let flaw, let arrival):
            "discarded \(flaw.rawValue) by \(arrival.rawValue)"
        case .pushRefused(let status, let code): "push-refused \(status) \(code)"
        case .subscribed(let phone): "subscribed \(phone.text)"
        case .interrupted(let phone, let failure):
            "interrupted \(phone.text) \(failure.code): \(failure)"
        }
    }
}
