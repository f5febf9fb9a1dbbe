/// Why a push did not end with a yes, or a phone's decision does not count. The raw value is the code in the sign-in
/// record, for clients that may know reasons, and in the reply to the phone.
public enum PushReason: String, Sendable, Hashable, CaseIterable {
    /// The person declined.
    case declined = "push-declined"
    /// The person says that it is not they who sign in.
    case notMe = "push-not-me"
    /// The person approved with another number than the front end shows.
    case wrongNumber = "wrong-number"
    /// Nobody decided in time.
    case expired = "push-expired"
    /// A newer prompt to the same user took its place.
    case superseded = "push-superseded"
    /// The front end withdrew it.
    case cancelled = "push-cancelled"
    /// It has been decided before.
    case answered = "push-answered"
    /// The server knows no such prompt, or has forgotten it.
    case unknownPrompt = "prompt-unknown"
    /// What the phone signed is not what the server sent it.
    case altered = "prompt-altered"
    /// The prompt was not for this phone.
    case phoneNotAsked = "phone-not-asked"
    /// The user's pushes are stopped, since the user said of one: that was not me.
    case stopped = "pushes-stopped"
    /// The user does not exist or has no phone that may be asked.
    case noPhone = "no-phone"
}
