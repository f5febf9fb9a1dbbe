import Cryptography
import PhonePush
import PushMessages
import Synchronization

extension SoftwarePhone {
    /// Uses the phone: takes and asks for prompts, shows them to `person`, and sends what they decide.
    ///
    /// Runs until its task is cancelled, or a script without last act has been played to its end. Messages that came
    /// while it did not run are seen to first. One call at a time.
    public func run(person: PhonePerson) async throws(PhoneFailure) {
        try await open()
        let (events, sink) = AsyncStream.makeStream(of: PhoneEvent.self)
        let isFirst = session.withLock { session in
            guard session.events == nil else { return false }
            session.events = sink
            return true
        }
        guard isFirst else { throw .alreadyRunning }
        inbox.listen { sink.yield(.pushed) }
        sink.yield(.accountsChanged)
        sink.yield(.pushed)
        let desk = DeskRun(phone: self, person: person, sink: sink)
        await withDiscardingTaskGroup { group in
            var attended: Set<PhoneID> = []
            for await event in events {
                guard desk.isOpen else { break }
                switch event {
                case .accountsChanged:
                    for account in memory.current.accounts
                    where attended.insert(account.phone).inserted {
                        group.addTask { await self.attend(account.phone, sink) }
                    }
                case .pushed:
                    for message in inbox.takeMessages() {
                        desk.see(openMessage(message), by: .push, in: &group)
                    }
                case .polled(let phone, let signed):
                    desk.see(examine(signed, phone), by: .poll, in: &group)
                case .screenFreed: desk.showNext(in: &group)
                case .finished: break
                }
            }
            group.cancelAll()
        }
        inbox.listen(nil)
        sink.finish()
        session.withLock { $0.events = nil }
    }

    /// Keeps the server able to reach the phone for one account, and asks for its prompts.
    private func attend(_ phone: PhoneID, _ sink: AsyncStream<PhoneEvent>.Continuation) async {
        let clock = configuration.clock
        var pause = RetryPause()
        var lastPrompt: PromptID?
        while !Task.isCancelled, let account = memory.current.account(phone) {
            let begun = clock.now()
            do throws(PhoneFailure) {
                if endpoint(of: account.subscription) != account.subscription.endpoint {
                    try await announce(account)
                }
                guard configuration.delivery.polls else { return }
                let signed = try await poll(account)
                if let signed { sink.yield(.polled(phone, signed)) }
                pause.reset()
                // An open prompt comes again and again, and a server may be in a hurry to say that there is none.
                if signed.map({ $0.prompt.id == lastPrompt }) ?? (clock.now() - begun < 1_000) {
                    await clock.sleep(RetryPause.shortest)
                }
                lastPrompt = signed?.prompt.id
            } catch {
                guard !Task.isCancelled else { return }
                if pause.isReset { report.yield(.interrupted(phone, error)) }
                if error == .refused(code: PhoneRefusal.unknownPhone.rawValue) { return }
                await clock.sleep(pause.next())
            }
        }
    }

    /// Opens a Web Push message and examines what is in it.
    private func openMessage(_ message: Distributor.Message) -> Result<Prompt, PromptFlaw> {
        guard
            let account = memory.current.accounts.first(where: {
                $0.subscription.token == message.token
            }),
            let key = try? P256PrivateKey(rawRepresentation: account.subscription.privateKey),
            let bytes = try? WebPushMessage.open(
                message.body, privateKey: key,
                authenticationSecret: account.subscription.authenticationSecret)
        else { return .failure(.notDecryptable) }
        guard let signed = try? SignedPrompt(decoding: bytes) else { return .failure(.malformed) }
        return examine(signed, account.phone)
    }

    /// Examines what came for an account. A prompt shows once.
    private func examine(_ signed: SignedPrompt, _ phone: PhoneID) -> Result<Prompt, PromptFlaw> {
        guard let account = memory.current.account(phone) else { return .failure(.anotherPhone) }
        let now = serverTime(phone)
        do throws(PromptFlaw) {
            let examiner = PromptExaminer(phone: phone, serverKey: account.serverKey)
            let prompt = try examiner.examine(signed, at: now)
            let isNew = session.withLock { session in
                session.shown = session.shown.filter { $0.value > now }
                return session.shown.updateValue(prompt.expiresAt, forKey: prompt.id) == nil
            }
            return isNew ? .success(prompt) : .failure(.shownBefore)
        } catch {
            return .failure(error)
        }
    }
}

/// How long to wait before the server is asked again after it could not be: each time longer, up to half a minute.
struct RetryPause: Sendable, Hashable {
    static let shortest = Duration.milliseconds(500)
    static let longest = Duration.seconds(30)

    private var current = Self.shortest

    /// Whether the last attempt went well.
    var isReset: Bool { current == Self.shortest }

    mutating func reset() { current = Self.shortest }

    mutating func next() -> Duration {
        defer { current = min(current * 2, Self.longest) }
        return current
    }
}
