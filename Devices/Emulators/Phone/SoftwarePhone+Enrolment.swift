import Cryptography
public import PushMessages
import Synchronization

extension SoftwarePhone {
    /// Enrols the phone for the account of a ticket.
    ///
    /// The order: the ticket's time, room for one more account, the server behind the pinned key, a fresh key, and the
    /// registration. The account counts once it is saved.
    @discardableResult
    public func enrol(_ ticket: EnrolmentTicket) async throws(PhoneFailure) -> Account {
        guard configuration.clock.now() / 1_000 < ticket.expiresAt else { throw .ticketExpired }
        guard memory.current.accounts.count < PhoneState.maximumAccounts else {
            throw .tooManyAccounts
        }
        try await open()
        let service = PhoneService(url: ticket.url, pin: ticket.pin)
        let introduction: ServerIntroduction
        do throws(PhoneService.Failure) {
            introduction = try await service.introduction()
        } catch {
            throw error.phoneFailure
        }
        guard (try? PublicKey(p256Point: introduction.pushKey)) != nil else {
            throw .malformedReply(.value("push"))
        }
        let (key, subscription) = try Self.freshKeys()
        let token = subscription.token
        inbox.withDistributor { $0.subscribe(token, .init(serverKey: introduction.pushKey)) }
        do throws(PhoneFailure) {
            return try await register(
                ticket, introduction, key: key, subscription: subscription, with: service)
        } catch {
            inbox.withDistributor { $0.forget(token) }
            throw error
        }
    }

    /// Ends an account on this phone. The server is not told: there it is an administrator who removes the phone.
    public func forget(_ phone: PhoneID) async throws(PhoneFailure) {
        let account = try account(phone)
        try await memory.change { state in state.accounts.removeAll { $0.phone == phone } }
        inbox.withDistributor { $0.forget(account.subscription.token) }
    }

    /// Ends an account's subscription at the push endpoint, without a word to the server: messages are answered with 410
    /// from now on.
    public func unsubscribe(_ phone: PhoneID) async throws(PhoneFailure) {
        let account = try account(phone)
        try await memory.change { state in
            for index in state.accounts.indices where state.accounts[index].phone == phone {
                state.accounts[index].subscription.isGone = true
            }
        }
        inbox.withDistributor { $0.unsubscribe(account.subscription.token) }
    }

    /// Moves an account to a fresh endpoint and tells the server. The old one answers 410 from now on.
    public func moveEndpoint(_ phone: PhoneID) async throws(PhoneFailure) {
        let account = try account(phone)
        try await open()
        let (_, subscription) = try Self.freshKeys()
        try await memory.change { state in
            for index in state.accounts.indices where state.accounts[index].phone == phone {
                state.accounts[index].subscription = subscription
            }
        }
        inbox.withDistributor { distributor in
            distributor.unsubscribe(account.subscription.token)
            distributor.subscribe(subscription.token, .init(serverKey: account.serverKey))
        }
        try await announce(try self.account(phone))
    }

    func account(_ phone: PhoneID) throws(PhoneFailure) -> PhoneAccount {
        guard let account = memory.current.account(phone) else { throw .noSuchAccount }
        return account
    }

    /// The endpoint that the server should know for a subscription; `nil` where the phone has none.
    func endpoint(of subscription: PhoneAccount.Subscription) -> String? {
        guard configuration.delivery.pushPort != nil, !subscription.isGone else { return nil }
        return inbox.withDistributor { $0.endpoint(subscription.token) }
    }

    private func register(
        _ ticket: EnrolmentTicket, _ introduction: ServerIntroduction, key: P256PrivateKey,
        subscription: PhoneAccount.Subscription, with service: PhoneService
    ) async throws(PhoneFailure) -> Account {
        var subscription = subscription
        subscription.endpoint = endpoint(of: subscription)
        let announced = try subscription.endpoint.map { (endpoint) throws(PhoneFailure) in
            try subscription.announcement(endpoint: endpoint)
        }
        let registration = try signing { () throws(any Error) in
            let registration = try PhoneRegistration(
                ticket: ticket.ticket, publicKey: key.publicKey.p256Point ?? [],
                keyGuard: configuration.keyGuard, name: configuration.name,
                subscription: announced)
            return try registration.signed(key.rawSignature(for: registration.message))
        }
        let reply: RegistrationReply
        do throws(PhoneService.Failure) {
            reply = try await service.register(registration)
        } catch {
            throw error.phoneFailure
        }
        let account = PhoneAccount(
            phone: reply.phone, user: reply.user, server: reply.server, url: ticket.url,
            pin: ticket.pin, serverKey: introduction.pushKey, privateKey: key.rawRepresentation,
            subscription: subscription)
        try await memory.change { (state) throws(PhoneFailure) in
            guard state.account(account.phone) == nil else {
                throw .malformedReply(.value("phone"))
            }
            guard state.accounts.count < PhoneState.maximumAccounts else { throw .tooManyAccounts }
            state.accounts.append(account)
        }
        session.withLock { $0.events }?.yield(.accountsChanged)
        return Account(
            phone: account.phone, user: account.user, server: account.server,
            endpoint: subscription.endpoint)
    }

    private static func freshKeys() throws(PhoneFailure)
        -> (key: P256PrivateKey, subscription: PhoneAccount.Subscription)
    {
        do throws(CryptographyError) {
            return (try P256PrivateKey(), try .fresh())
        } catch {
            throw .cryptography(code: error.code)
        }
    }
}

/// Runs what makes and signs a message; says what kept it from being made.
func signing<Value>(_ body: () throws -> Value) throws(PhoneFailure) -> Value {
    do {
        return try body()
    } catch let error as CryptographyError {
        throw .cryptography(code: error.code)
    } catch let error as MalformedPush {
        throw .unsendable(error)
    } catch {
        throw (error as? PhoneFailure) ?? .cryptography(code: "unknown")
    }
}
