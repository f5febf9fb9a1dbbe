import PhonePush
import PushMessages

/// The server's side for phones, seen from the phone.
struct PhoneService: Sendable {
    /// Why a request came to nothing.
    enum Failure: Error, Sendable {
        /// The server said no.
        case refusal(ErrorReply)
        /// Anything else.
        case failure(PhoneFailure)

        /// The same for whoever does not look into the refusal.
        var phoneFailure: PhoneFailure {
            switch self {
            case .refusal(let reply): .refused(code: reply.code)
            case .failure(let failure): failure
            }
        }
    }

    /// A reply.
    struct Reply: Sendable {
        let status: Int
        let body: [UInt8]
    }

    /// How long the server may take, besides what it was asked to wait.
    static let patience = Duration.seconds(10)

    let url: PhoneServiceURL
    /// The SHA-256 of the SubjectPublicKeyInfo of the server's TLS key; `nil` where ``url`` is `http`.
    let pin: [UInt8]?

    /// What the server says of itself.
    func introduction() async throws(Failure) -> ServerIntroduction {
        let reply = try await send("/v1/server")
        guard reply.status == 200 else { throw Self.failure(reply) }
        return try Self.decode { () throws(MalformedPush) in
            try ServerIntroduction(decoding: reply.body)
        }
    }

    /// Registers a phone.
    func register(_ registration: PhoneRegistration) async throws(Failure) -> RegistrationReply {
        let reply = try await send("/v1/phones", body: registration.encoded())
        guard reply.status == 200 || reply.status == 201 else { throw Self.failure(reply) }
        return try Self.decode { () throws(MalformedPush) in
            try RegistrationReply(decoding: reply.body)
        }
    }

    /// Asks for a prompt; `nil` where there is none.
    func poll(_ poll: SignedPoll) async throws(Failure) -> SignedPrompt? {
        let reply = try await send(
            "/v1/prompts", body: poll.encoded(), wait: .seconds(poll.wait))
        if reply.status == 204 { return nil }
        guard reply.status == 200 else { throw Self.failure(reply) }
        return try Self.decode { () throws(MalformedPush) in
            try PolledPrompt(decoding: reply.body).prompt
        }
    }

    /// Sends the JSON of a decision.
    func decide(_ decision: [UInt8]) async -> PhoneReply {
        do throws(Failure) {
            let reply = try await send("/v1/decisions", body: decision)
            guard reply.status == 200 else { throw Self.failure(reply) }
            let decided = try Self.decode { () throws(MalformedPush) in
                try DecisionReply(decoding: reply.body)
            }
            return switch decided {
            case .accepted: .accepted
            case .refused(let code): .refused(code: code)
            }
        } catch {
            return switch error {
            case .refusal(let reply): .refused(code: reply.code)
            case .failure(let failure): .failed(failure)
            }
        }
    }

    /// Tells the server how to reach the phone.
    func update(_ update: SubscriptionUpdate) async throws(Failure) {
        let reply = try await send("/v1/subscription", body: update.encoded())
        guard reply.status == 200 || reply.status == 204 else { throw Self.failure(reply) }
    }

    private static func failure(_ reply: Reply) -> Failure {
        guard reply.status >= 400, let error = try? ErrorReply(decoding: reply.body) else {
            return .failure(.unexpectedStatus(reply.status))
        }
        return .refusal(error)
    }

    private static func decode<Value>(
        _ body: () throws(MalformedPush) -> Value
    ) throws(Failure) -> Value {
        do throws(MalformedPush) {
            return try body()
        } catch {
            throw .failure(.malformedReply(error))
        }
    }
}
