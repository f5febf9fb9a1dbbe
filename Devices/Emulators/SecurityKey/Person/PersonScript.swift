/// The person at a software security key: what they do each time that the key asks for something.
///
/// The key never acts for the person. What the script does not do does not happen, and the key waits until its time
/// limit, like a real one.
public struct PersonScript: Sendable {
    /// What the key asks the person for.
    public enum Prompt: Hashable, Sendable {
        /// Any touch: user presence.
        case touch
        /// An enrolled finger: user verification.
        case fingerprint
        /// A finger to be enrolled.
        case fingerprintSample
    }

    /// What the person does in answer to a prompt, and how long after it.
    public struct Gesture: Hashable, Sendable {
        enum Act: Hashable, Sendable {
            case touch(Finger?)
            case decline
            case wait
            case unplug
        }

        let act: Act
        let delay: Duration

        private init(_ act: Act, delay: Duration = .zero) {
            self.act = act
            self.delay = delay
        }

        /// Touches with something that has no print, such as a knuckle: user presence and nothing more. Where a
        /// fingerprint is asked for it matches none.
        public static let touch = Gesture(.touch(nil))
        /// Presents the finger that a new key has enrolled.
        public static let enrolledFinger = Gesture(.touch(.rightIndex))
        /// Presents a finger that is not enrolled. As a mere touch it is as good as any.
        public static let wrongFinger = Gesture(.touch(.stranger))
        /// Refuses.
        public static let decline = Gesture(.decline)
        /// Never acts.
        public static let wait = Gesture(.wait)
        /// Pulls the key out.
        public static let unplug = Gesture(.unplug)

        /// Presents this finger.
        public static func finger(_ finger: Finger) -> Gesture { Gesture(.touch(finger)) }

        /// The same gesture, `delay` after the prompt.
        public func after(_ delay: Duration) -> Gesture { Gesture(act, delay: delay) }
    }

    private var gestures: [Gesture]
    private let answer: @Sendable (Prompt) -> Gesture

    /// Somebody who makes `gestures`, one a prompt, and from then on always `last`.
    public init(_ gestures: [Gesture], then last: Gesture = .enrolledFinger) {
        self.gestures = gestures.reversed()
        answer = { _ in last }
    }

    /// Somebody who chooses by the prompt.
    public init(_ answer: @escaping @Sendable (Prompt) -> Gesture) {
        gestures = []
        self.answer = answer
    }

    /// Somebody who answers every prompt at once with the enrolled finger.
    public static let willing = PersonScript([])

    mutating func nextGesture(for prompt: Prompt) -> Gesture {
        gestures.popLast() ?? answer(prompt)
    }
}
