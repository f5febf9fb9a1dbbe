import Cryptography
import PushMessages
import Synchronization

extension SoftwarePhone {
    /// Tells the server how to reach the phone for this account, and remembers that it knows.
    func announce(_ account: PhoneAccount) async throws(PhoneFailure) {
        let (phone, token) = (account.phone, account.subscription.token)
        let endpoint = endpoint(of: account.subscription)
        let announced = try endpoint.map { (endpoint) throws(PhoneFailure) in
            try account.subscription.announcement(endpoint: endpoint)
        }
        let key = try account.key
        let service = account.service
        try await exchange(account) { (time) throws(PhoneService.Failure) in
            let update = try PhoneService.signing { () throws(any Error) in
                let message = try SubscriptionMessage(
                    phone: phone, time: time, subscription: announced)
                return try SubscriptionUpdate(
                    message: message, signature: key.rawSignature(for: message.encoded()))
            }
            try await service.update(update)
        }
        try await memory.change { state in
            for index in state.accounts.indices
            where state.accounts[index].subscription.token == token {
                state.accounts[index].subscription.endpoint = endpoint
            }
        }
        report.yield(.subscribed(phone))
    }

    /// Asks for a prompt, and waits for it as long as is configured.
    func poll(_ account: PhoneAccount) async throws(PhoneFailure) -> SignedPrompt? {
        let (phone, wait) = (account.phone, configuration.pollWait)
        let key = try account.key
        let service = account.service
        return try await exchange(account) { (time) throws(PhoneService.Failure) in
            let poll = try PhoneService.signing { () throws(any Error) in
                let message = try PollMessage(
                    phone: phone, time: time, nonce: SecureRandom.bytes(PollMessage.nonceLength))
                return try SignedPoll(
                    message: message, signature: key.rawSignature(for: message.encoded()),
                    wait: wait)
            }
            return try await service.poll(poll)
        }
    }

    /// The server's time, as far as the phone knows it, in ms since 1970.
    func serverTime(_ phone: PhoneID) -> Int64 {
        configuration.clock.now() &+ offset(phone)
    }

    /// How far the server's clock is ahead, in ms.
    func offset(_ phone: PhoneID) -> Int64 { session.withLock { $0.offsets[phone] ?? 0 } }

    /// Sends a message that carries its time, and once more where the server says that the time was wrong or one message
    /// overtook another.
    private func exchange<Value>(
        _ account: PhoneAccount,
        _ send: (_ time: Int64) async throws(PhoneService.Failure) -> Value
    ) async throws(PhoneFailure) -> Value {
        var triesLeft = 3
        while true {
            triesLeft -= 1
            do throws(PhoneService.Failure) {
                return try await send(nextTime(account.phone))
            } catch {
                guard triesLeft > 0, case .refusal(let reply) = error, learn(reply, account.phone)
                else { throw error.phoneFailure }
            }
        }
    }

    /// A time later than that of any message before.
    private func nextTime(_ phone: PhoneID) -> Int64 {
        let now = serverTime(phone)
        return session.withLock { session in
            let time = max(now, (session.lastTimes[phone] ?? 0) + 1)
            session.lastTimes[phone] = time
            return time
        }
    }

    /// Whether the refusal is worth another try, and the clock corrected where it was wrong.
    private func learn(_ reply: ErrorReply, _ phone: PhoneID) -> Bool {
        switch PhoneRefusal(rawValue: reply.code) {
        case .wrongTime:
            guard let time = reply.time else { return false }
            let now = configuration.clock.now()
            session.withLock { session in
                session.offsets[phone] = time &- now
                session.lastTimes[phone] = nil
            }
            return true
        case .replayed: return true
        default: return false
        }
    }
}

extension PhoneAccount {
    var service: PhoneService { PhoneService(url: url, pin: pin) }
}

extension PhoneService {
    /// Runs what makes and signs a message.
    static func signing<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
        do throws(PhoneFailure) {
            return try PhoneEmulator.signing(body)
        } catch {
            throw .failure(error)
        }
    }
}
