package import Accounts
package import Addresses
package import CredentialStore
package import PushMessages

/// Names somebody who waits, while they do.
package struct WaitID: Sendable, Hashable {
    let number: UInt64

    /// The one of this number, which no other has had.
    package init(number: UInt64) { self.number = number }
}

/// What the sign-in record says of a prompt.
package struct PromptFacts: Sendable, Hashable {
    let transaction: String
    let user: UserName
    let client: String
    let application: String
    let address: IPAddress?
    let challenge: SpentChallenge
    let attempt: SignInAttempt

    /// Facts from their parts.
    package init(
        transaction: String, user: UserName, client: String, application: String,
        address: IPAddress?, challenge: SpentChallenge, attempt: SignInAttempt = .single()
    ) {
        self.transaction = transaction
        self.user = user
        self.client = client
        self.application = application
        self.address = address
        self.challenge = challenge
        self.attempt = attempt
    }
}

/// What a prompt came to.
package enum PromptOutcome: Sendable, Hashable {
    /// The person approved.
    case approved
    /// It was refused, or nobody approved, for this reason.
    case refused(PushReason)
}

/// A prompt that is about to be opened.
package struct PromptDraft: Sendable {
    /// The prompt.
    package let id: PromptID
    let facts: PromptFacts
    let number: String
    let lifetime: Duration
    /// What each phone is shown; empty for a decoy.
    let prompts: [PhoneID: Prompt]
    /// What becomes of it where nobody decides.
    let silence: PushReason

    /// A draft from its parts.
    package init(
        id: PromptID, facts: PromptFacts, number: String, lifetime: Duration,
        prompts: [PhoneID: Prompt], silence: PushReason
    ) {
        self.id = id
        self.facts = facts
        self.number = number
        self.lifetime = lifetime
        self.prompts = prompts
        self.silence = silence
    }
}

/// A prompt from its opening until it is forgotten, some time after its end.
struct PromptEntry: Sendable {
    enum State: Sendable, Hashable {
        /// It can be decided.
        case open
        /// It has been, and is on its way to the disk. `phone` is the one that decided, where one did.
        case settling(PromptOutcome, phone: PhoneID?)
        /// It is over.
        case ended(PromptOutcome)
    }

    let facts: PromptFacts
    let number: String
    let openedAt: Timestamp
    let deadline: Timestamp
    let silence: PushReason
    /// The phones that were asked, as long as the entry is kept.
    let asked: Set<PhoneID>
    /// What they were shown, until the end.
    var prompts: [PhoneID: Prompt]
    /// The same with signatures, once there are some.
    var signed: [PhoneID: SignedPrompt] = [:]
    var state = State.open
    /// Those who wait for the verdict, the first to come first.
    var waits: [WaitID] = []
    /// The verdict, from the end until somebody is told.
    var verdict: PushVerdict?
    /// Whether a late "not me" has been taken down.
    var isReported = false

    init(_ draft: PromptDraft, at now: Timestamp) {
        facts = draft.facts
        number = draft.number
        openedAt = now
        deadline = now.advanced(by: draft.lifetime)
        silence = draft.silence
        asked = Set(draft.prompts.keys)
        prompts = draft.prompts
    }
}

/// A prompt's end, to be written down.
package struct Settlement: Sendable, Hashable {
    /// The prompt.
    package let id: PromptID
    let facts: PromptFacts
    /// What it came to.
    package let outcome: PromptOutcome
    /// Whether the prompt's challenge is spent with it. A late "not me" finds it spent.
    package let spendsChallenge: Bool
}

/// What is to be done once the state has changed.
package enum PushEffect: Sendable, Hashable {
    /// Write an end down, and say so with ``PushState/settled(_:_:at:)``.
    case settle(Settlement)
    /// Tell one who waits what a push came to.
    case verdict(WaitID, PushVerdict)
    /// Answer a poll; `nil` where there is no prompt.
    case poll(WaitID, SignedPrompt?)
    /// Tell one who waits what an enrolment came to.
    case enrolment(WaitID, PhoneEnrolmentVerdict)
}
