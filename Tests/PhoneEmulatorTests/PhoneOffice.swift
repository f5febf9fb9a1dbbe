import Cryptography
import Encoding
import NIOSSL
import PhoneEmulator
import PhonePush
import PushMessages
import Synchronization
import Testing

/// The server's side for phones: honest, unless a test has it answer something else.
final class PhoneOffice: Sendable {
    private struct State {
        var registrations: [PhoneRegistration] = []
        var polls: [SignedPoll] = []
        var decisions: [[UInt8]] = []
        var updates: [SubscriptionUpdate] = []
        var answers: [String: [ScriptedService.Answer]] = [:]
        var offersTaken = 0
        var contentTypes: Set<String?> = []
    }

    let press: PromptPress
    /// The prompts for polls, in base64url.
    private let offers = ShownNumbers()
    private let state = Mutex(State())
    private let service = Mutex<ScriptedService?>(nil)

    private init() throws { press = try PromptPress() }

    static func start(tls: NIOSSLContext? = nil) async throws -> PhoneOffice {
        let office = try PhoneOffice()
        let service = try await ScriptedService.start(tls: tls) { [weak office] request in
            await office?.answer(request) ?? .silence
        }
        office.service.withLock { $0 = service }
        return office
    }

    deinit { service.withLock { $0 }?.stop() }

    var port: Int { service.withLock { $0?.port ?? 0 } }
    var connectionCount: Int { service.withLock { $0?.connectionCount ?? 0 } }
    func stop() { service.withLock { $0 }?.stop() }

    var registrations: [PhoneRegistration] { state.withLock { $0.registrations } }
    var polls: [SignedPoll] { state.withLock { $0.polls } }
    /// The bodies of decisions.
    var decisions: [[UInt8]] { state.withLock { $0.decisions } }
    var updates: [SubscriptionUpdate] { state.withLock { $0.updates } }
    var contentTypes: Set<String?> { state.withLock { $0.contentTypes } }

    /// Has the next requests for `path` answered so; after that, honestly again.
    func answer(_ path: String, with answers: [ScriptedService.Answer]) {
        state.withLock { $0.answers[path, default: []] += answers }
    }

    /// Has a poll brought this.
    func offer(_ prompt: SignedPrompt) { offers.show(Base64URL.encode(prompt.encoded())) }

    func ticket(
        expiresAt: Int64 = 4_102_444_800, pin: [UInt8]? = nil, user: String = "alice"
    ) throws -> EnrolmentTicket {
        try EnrolmentTicket(
            url: PhoneServiceURL("\(pin == nil ? "http" : "https")://127.0.0.1:\(port)"),
            pin: pin, ticket: "one-time_secret", expiresAt: expiresAt, server: "Example",
            user: user)
    }

    /// What the office calls the phone with this key.
    static func phoneID(_ registration: PhoneRegistration) throws -> PhoneID {
        try #require(
            PhoneID(bytes: Array(SHA256.hash(registration.publicKey).prefix(PhoneID.byteCount))))
    }

    private func answer(_ request: ScriptedService.Request) async -> ScriptedService.Answer {
        let planned: ScriptedService.Answer? = state.withLock { state in
            if request.method == "POST" { state.contentTypes.insert(request.contentType) }
            if request.path == "/v1/decisions" { state.decisions.append(request.body) }
            guard let answers = state.answers[request.path], !answers.isEmpty else { return nil }
            state.answers[request.path] = Array(answers.dropFirst())
            return answers.first
        }
        if let planned { return planned }
        do {
            return try await honestAnswer(request)
        } catch {
            return .json(400, ErrorReply(code: "malformed-request").encoded())
        }
    }

    private func honestAnswer(
        _ request: ScriptedService.Request
    ) async throws -> ScriptedService.Answer {
        switch (request.method, request.path) {
        case ("GET", "/v1/server"):
            return .json(
                200, try ServerIntroduction(name: "Example", pushKey: press.point).encoded())
        case ("POST", "/v1/phones"):
            let registration = try PhoneRegistration(decoding: request.body)
            state.withLock { $0.registrations.append(registration) }
            let reply = try RegistrationReply(
                phone: Self.phoneID(registration), user: "alice", server: "Example")
            return .json(200, reply.encoded())
        case ("POST", "/v1/prompts"):
            let poll = try SignedPoll(decoding: request.body)
            let ordinal = state.withLock { state in
                state.polls.append(poll)
                return state.offersTaken
            }
            guard let text = await offers.number(ordinal) else { return .silence }
            state.withLock { $0.offersTaken += 1 }
            return .json(
                200, PolledPrompt(try SignedPrompt(decoding: Base64URL.decode(text))).encoded())
        case ("POST", "/v1/decisions"): return .json(200, DecisionReply.accepted.encoded())
        case ("POST", "/v1/subscription"):
            let update = try SubscriptionUpdate(decoding: request.body)
            state.withLock { $0.updates.append(update) }
            return .empty(204)
        default: return .json(404, ErrorReply(code: "not-found").encoded())
        }
    }
}

extension PhoneOffice {
    /// A phone that is enrolled here, and what it registered with.
    func enrolled(
        _ delivery: SoftwarePhone.Delivery = .push(port: 0),
        storage: SoftwarePhone.Storage = .memory, clock: PhoneClock = .system
    ) async throws -> (phone: SoftwarePhone, registration: PhoneRegistration) {
        var configuration = SoftwarePhone.Configuration()
        configuration.name = "Alice's phone"
        configuration.delivery = delivery
        configuration.clock = clock
        let phone = try SoftwarePhone(storage: storage, configuration: configuration)
        try await phone.enrol(ticket())
        return (phone, try #require(registrations.last))
    }

    /// A prompt for the phone that registered so, of now.
    func prompt(
        _ registration: PhoneRegistration, choices: [String] = [],
        at time: Int64 = PhoneClock.system.now(), lifetime: Int64 = 60_000
    ) throws -> Prompt {
        try press.prompt(
            phone: Self.phoneID(registration), issuedAt: time, lifetime: lifetime,
            choices: choices)
    }

    /// Sends bytes to the phone's endpoint as a Web Push message.
    @discardableResult
    func push(
        _ bytes: [UInt8], to subscription: PhoneSubscription?, at time: Int64? = nil
    ) async throws -> PushOutcome {
        let subscription = try #require(subscription)
        let sender = try PushSender(
            vapid: VAPID(key: press.key, subject: "mailto:push@example.com"), rule: .anywhere,
            trust: .roots([]), now: { (time ?? PhoneClock.system.now()) / 1_000 })
        return await sender.send(
            bytes,
            to: try PushSubscription(
                endpoint: PushEndpoint(subscription.endpoint), publicKey: subscription.publicKey,
                authenticationSecret: subscription.authenticationSecret),
            ttl: .seconds(60), topic: nil)
    }

    /// Signs a prompt and pushes it.
    func push(_ prompt: Prompt, to registration: PhoneRegistration) async throws {
        let outcome = try await push(
            press.sign(prompt).encoded(), to: registration.subscription)
        #expect(outcome == .accepted)
    }
}

extension PhoneRegistration {
    /// The phone's key.
    var key: PublicKey { get throws { try PublicKey(p256Point: publicKey) } }
}
