import Logging
import PhoneService
import PushMessages
import Synchronization
import Testing

/// Messages that decode. Their signatures are no signatures: to verify is the backend's, and the tests' believes all.
enum Messages {
    static let signature = [UInt8](repeating: 7, count: 64)
    static let point = [4] + [UInt8](repeating: 9, count: 64)

    static func phone() throws -> PhoneID {
        try PhoneID("AAAAAAAAAAAAAAAAAAAAAA")
    }

    static func prompt() throws -> SignedPrompt {
        let id = try #require(PromptID(bytes: [UInt8](repeating: 1, count: 16)))
        let prompt = try Prompt(
            id: id, challenge: [UInt8](repeating: 2, count: 32), phone: phone(), issuedAt: 1_000,
            expiresAt: 61_000, digits: 2, choices: [],
            shown: Prompt.Shown(server: "Countersign", user: "ada", application: "mail"))
        return try SignedPrompt(prompt: prompt, signature: signature)
    }

    static func registration() throws -> [UInt8] {
        try PhoneRegistration(
            ticket: "dGlja2V0", publicKey: point, keyGuard: .biometric, name: "Ada's phone",
            subscription: nil
        ).signed(signature).encoded()
    }

    static func poll(wait: Int = 50) throws -> [UInt8] {
        try SignedPoll(
            message: PollMessage(
                phone: phone(), time: 5, nonce: [UInt8](repeating: 3, count: 16)),
            signature: signature, wait: wait
        ).encoded()
    }

    static func decision() throws -> [UInt8] {
        try SignedDecision(
            message: DecisionMessage(
                prompt: prompt().prompt, decision: .approve, number: "42", decidedAt: 2_000),
            signature: signature
        ).encoded()
    }

    static func subscription() throws -> [UInt8] {
        try SubscriptionUpdate(
            message: SubscriptionMessage(phone: phone(), time: 5, subscription: nil),
            signature: signature
        ).encoded()
    }
}

/// A backend that tells the test what it is asked, and answers what the test says.
final class ScriptedBackend: Sendable {
    enum Event: Sendable, Hashable {
        case registered(name: String)
        case polled(wait: Int)
        case cancelled
        case decided(Decision)
        case updated
    }

    typealias Poll = @Sendable (Result<SignedPrompt?, PhoneRefusal>) -> Void

    struct Script: Sendable {
        var registration: Result<RegistrationReply, PhoneRefusal>?
        var decision: Result<DecisionReply, PhoneRefusal>?
        var subscription: Result<Void, PhoneRefusal>? = .success(())
        /// What a poll gets at once; `nil` where it waits.
        var poll: Result<SignedPrompt?, PhoneRefusal>?
    }

    private struct State {
        var script: Script
        var polls: [Int: Poll] = [:]
        var kept: [@Sendable (Result<DecisionReply, PhoneRefusal>) -> Void] = []
        var number = 0
        var calls = 0
    }

    private let state: Mutex<State>
    private let introduction: ServerIntroduction
    private let announce: AsyncStream<Event>.Continuation
    let events: AsyncStream<Event>

    init() throws {
        introduction = try ServerIntroduction(name: "Countersign", pushKey: Messages.point)
        var script = Script()
        script.registration = .success(
            try RegistrationReply(phone: Messages.phone(), user: "ada", server: "Countersign"))
        script.decision = .success(.accepted)
        state = Mutex(State(script: script))
        (events, announce) = AsyncStream.makeStream()
    }

    func change(_ change: @Sendable (inout Script) -> Void) {
        state.withLock { change(&$0.script) }
    }

    /// How often it was asked anything.
    var calls: Int { state.withLock { $0.calls } }

    /// Polls that it holds.
    var waiting: Int { state.withLock { $0.polls.count } }

    /// Answers every poll that it holds.
    func answer(_ result: Result<SignedPrompt?, PhoneRefusal>) {
        let polls = state.withLock { state in
            defer { state.polls = [:] }
            return Array(state.polls.values)
        }
        for poll in polls { poll(result) }
    }

    /// Answers every decision that it holds.
    func decide(_ result: Result<DecisionReply, PhoneRefusal>) {
        let kept = state.withLock { state in
            defer { state.kept = [] }
            return state.kept
        }
        for completion in kept { completion(result) }
    }

    var backend: PhoneServiceBackend {
        PhoneServiceBackend(
            introduction: { [introduction] in introduction },
            register: { [self] registration, completion in
                let reply = state.withLock { state in
                    state.calls += 1
                    return state.script.registration
                }
                announce.yield(.registered(name: registration.name))
                if let reply { completion(reply) }
            },
            poll: { [self] poll, completion in
                let (number, reply) = state.withLock { state in
                    state.calls += 1
                    state.number += 1
                    if state.script.poll == nil { state.polls[state.number] = completion }
                    return (state.number, state.script.poll)
                }
                announce.yield(.polled(wait: poll.wait))
                if let reply { completion(reply) }
                return { [self] in
                    let wasWaiting = state.withLock {
                        $0.polls.removeValue(forKey: number) != nil
                    }
                    if wasWaiting { announce.yield(.cancelled) }
                }
            },
            decide: { [self] decision, completion in
                let reply = state.withLock { state in
                    state.calls += 1
                    if state.script.decision == nil { state.kept.append(completion) }
                    return state.script.decision
                }
                announce.yield(.decided(decision.message.decision))
                if let reply { completion(reply) }
            },
            updateSubscription: { [self] _, completion in
                let reply = state.withLock { state in
                    state.calls += 1
                    return state.script.subscription
                }
                announce.yield(.updated)
                if let reply { completion(reply) }
            })
    }
}

/// A log that nobody reads.
let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

/// A log that keeps its lines.
final class KeptLog: LogHandler, Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    func log(event: LogEvent) {
        lines.withLock { $0 += "\(event.message) \(event.metadata ?? [:])\n" }
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
}
