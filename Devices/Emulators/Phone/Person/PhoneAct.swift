/// What the person at a scripted phone does, or what the phone is made to do, when a prompt shows.
public struct PhoneAct: Sendable, Hashable {
    /// What there is to do. The raw values are the words of a script.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Approves with the number that is shown.
        case approve
        /// Approves with another number: of those to choose from another one, or one that is off by one.
        case wrongNumber = "wrong-number"
        /// Declines.
        case decline
        /// Declines, and says that somebody else must have asked.
        case notMe = "not-me"
        /// Does nothing.
        case ignore
        /// Approves with the right number, a second after the prompt has expired.
        case late
        /// Approves twice: both messages are freshly signed.
        case twice
        /// Approves another prompt: one with an identifier that the server never gave, and else the same.
        case forAnother = "for-another"
        /// Sends the last decision that the phone made before, byte for byte, in place of one about this prompt.
        case replay
        /// Approves with a signature by a key that is not the phone's.
        case forgeKey = "forge-key"
        /// Approves a prompt that differs from the server's in one bit of the challenge; the phone's key signs it.
        case forgePrompt = "forge-prompt"
        /// Approves by a clock that is an hour fast.
        case badClock = "bad-clock"
    }

    /// What there is to do.
    public let kind: Kind
    /// How long after the prompt has shown.
    public let delay: Duration

    private init(_ kind: Kind, delay: Duration = .zero) {
        self.kind = kind
        self.delay = delay
    }

    /// This kind of act, at once.
    public static func act(_ kind: Kind) -> PhoneAct { PhoneAct(kind) }
    /// Approves with the number that is shown.
    public static let approve = PhoneAct(.approve)
    /// Approves with another number.
    public static let wrongNumber = PhoneAct(.wrongNumber)
    /// Declines.
    public static let decline = PhoneAct(.decline)
    /// Declines, and says that somebody else must have asked.
    public static let notMe = PhoneAct(.notMe)
    /// Does nothing.
    public static let ignore = PhoneAct(.ignore)
    /// Approves a second after the prompt has expired.
    public static let late = PhoneAct(.late)
    /// Approves twice.
    public static let twice = PhoneAct(.twice)
    /// Approves another prompt.
    public static let forAnother = PhoneAct(.forAnother)
    /// Sends an old decision again.
    public static let replay = PhoneAct(.replay)
    /// Approves with another key's signature.
    public static let forgeKey = PhoneAct(.forgeKey)
    /// Approves a prompt of which one bit is flipped.
    public static let forgePrompt = PhoneAct(.forgePrompt)
    /// Approves by a clock that is an hour fast.
    public static let badClock = PhoneAct(.badClock)

    /// The same act, `delay` after the prompt has shown.
    public func after(_ delay: Duration) -> PhoneAct { PhoneAct(kind, delay: delay) }

    /// The act that a word of a script means: one of the kinds, and after an `@` possibly its delay in milliseconds, up
    /// to ten minutes.
    public init?(_ word: some StringProtocol) {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false)
        guard let name = parts.first, let kind = Kind(rawValue: String(name)) else { return nil }
        switch parts.count {
        case 1: self.init(kind)
        case 2:
            guard let delay = Int(parts[1]), (0...600_000).contains(delay) else { return nil }
            self.init(kind, delay: .milliseconds(delay))
        default: return nil
        }
    }
}

extension PhoneAct.Kind {
    /// Whether it takes the number that the person at the front end sees.
    var needsNumber: Bool {
        switch self {
        case .approve, .wrongNumber, .late, .twice, .forAnother, .forgeKey, .forgePrompt, .badClock:
            true
        case .decline, .notMe, .ignore, .replay: false
        }
    }
}
