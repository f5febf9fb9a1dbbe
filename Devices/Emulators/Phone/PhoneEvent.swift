import PushMessages

/// Something that a running phone has to see to.
enum PhoneEvent: Sendable {
    /// There is an account that nobody attends to yet.
    case accountsChanged
    /// Messages wait at the push endpoint.
    case pushed
    /// A poll brought this.
    case polled(PhoneID, SignedPrompt)
    /// What was shown to somebody at a terminal is over.
    case screenFreed
    /// The script has been played to its end.
    case finished
}
