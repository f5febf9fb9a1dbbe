public import PushMessages

/// What answers the phones: whoever starts the service supplies it.
///
/// Each function is called on an event loop, so it must not block. It calls its completion once, from any thread; what
/// comes after the first call, or after the service gave up, is dropped.
public struct PhoneServiceBackend: Sendable {
    /// Takes what came of a request.
    public typealias Completion<Value> = @Sendable (Result<Value, PhoneRefusal>) -> Void

    /// What the server says of itself.
    public var introduction: @Sendable () -> ServerIntroduction
    /// Enrols a phone.
    public var register:
        @Sendable (PhoneRegistration, @escaping Completion<RegistrationReply>) -> Void
    /// Waits for the phone's prompt, `nil` where none comes in the time that the poll gives. Returns what ends the wait
    /// and lets go of the completion; it may be called late and more than once.
    public var poll:
        @Sendable (SignedPoll, @escaping Completion<SignedPrompt?>) -> @Sendable () -> Void
    /// Takes what a person decided.
    public var decide: @Sendable (SignedDecision, @escaping Completion<DecisionReply>) -> Void
    /// Changes how a phone takes messages.
    public var updateSubscription:
        @Sendable (SubscriptionUpdate, @escaping Completion<Void>) -> Void

    /// A backend of these functions.
    public init(
        introduction: @escaping @Sendable () -> ServerIntroduction,
        register:
            @escaping @Sendable (
                PhoneRegistration, @escaping Completion<RegistrationReply>
            ) -> Void,
        poll:
            @escaping @Sendable (
                SignedPoll, @escaping Completion<SignedPrompt?>
            ) -> @Sendable () -> Void,
        decide: @escaping @Sendable (SignedDecision, @escaping Completion<DecisionReply>) -> Void,
        updateSubscription:
            @escaping @Sendable (
                SubscriptionUpdate, @escaping Completion<Void>
            ) -> Void
    ) {
        self.introduction = introduction
        self.register = register
        self.poll = poll
        self.decide = decide
        self.updateSubscription = updateSubscription
    }
}
