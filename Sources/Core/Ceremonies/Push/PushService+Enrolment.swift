public import Accounts
public import AuditLog
import CredentialStore
public import PushMessages
import Secrets
import VerificationCore
import WebAuthn

/// A registration, and how it ends.
struct Registering: Sendable {
    let registration: PhoneRegistration
    let completion: @Sendable (Result<RegistrationReply, PhoneRefusal>) -> Void
}

/// Enrolments of phones. One challenge is sealed twice: as the front end's transaction, and as the ticket that the phone
/// sees. Whoever knows the one does not know the other, and a phone that registers spends both.
extension PushService {
    /// Begins the enrolment of a phone of a user that exists. Nothing is written; the ticket says who began, for the audit
    /// log. Blocks on the store.
    public func beginEnrolment(
        user name: UserName, by origin: AuditOrigin
    ) throws(CeremonyError) -> PhoneEnrolment {
        let existing = try storing { () throws(StoreError) in
            guard try desk.store.user(name) != nil else { throw .noSuchUser(name) }
            return try desk.store.phones(of: name).count
        }
        guard policy.mayEnrol(name) else { throw .methodNotAllowed }
        guard existing < policy.maximumPhones else { throw .tooManyCredentials }
        let now = desk.clock()
        let challenge = random(Prompt.challengeLength)
        let end = now.advanced(by: policy.enrolmentLifetime)
        let beginner = EnrolmentBeginner(origin, besides: name)
        let secret = try seal(
            challenge, .phoneTicket, of: name, client: beginner.client,
            detail: Array(beginner.administrator.utf8), from: now, to: end)
        let transaction = try seal(
            challenge, .phoneRegistration, of: name, client: origin.client, from: now, to: end)
        do throws(MalformedPush) {
            return PhoneEnrolment(
                transaction: transaction,
                ticket: try EnrolmentTicket(
                    url: policy.url, pin: policy.pin, ticket: secret,
                    expiresAt: end.milliseconds / 1000, server: policy.serverName,
                    user: name.text),
                lifetime: policy.enrolmentLifetime)
        } catch {
            throw .prompt(error)
        }
    }

    /// Waits until a phone has registered with the ticket, up to a minute. What came of it can be asked for until the ticket's
    /// time is over.
    public func waitForEnrolment(
        _ transaction: String, client: String, timeout: Duration,
        completion: @escaping @Sendable (PhoneEnrolmentVerdict) -> Void
    ) -> PushWait {
        guard
            let challenge = sealer.open(transaction), challenge.purpose == .phoneRegistration,
            challenge.client == client
        else {
            completion(.unknownTransaction)
            return PushWait {}
        }
        guard let id = desk.enter(.enrolment(completion)) else {
            completion(.pending)
            return PushWait {}
        }
        let end = desk.steady(challenge.expiresAt)
        desk.seat(id) { state, now in
            let (verdict, effects) = state.wait(
                id, forEnrolment: challenge.spent.identifier, end: end,
                until: now.advanced(by: Self.bounded(timeout)), at: now)
            return (verdict.map { .enrolment(id, $0) }, effects)
        }
        return PushWait { [weak desk] in desk?.leave(id) }
    }

    /// Registers a phone. Whatever comes of it, the ticket is spent, unless the store cannot be reached.
    public func register(
        _ registration: PhoneRegistration,
        completion: @escaping @Sendable (Result<RegistrationReply, PhoneRefusal>) -> Void
    ) {
        registering.submit(Registering(registration: registration, completion: completion))
    }

    private func seal(
        _ challenge: [UInt8], _ purpose: IssuedChallenge.Purpose, of user: UserName,
        client: String, detail: [UInt8] = [], from now: Timestamp, to end: Timestamp
    ) throws(CeremonyError) -> String {
        // Phones are nobody's relying party's; the seal wants a name.
        guard let nobody = try? RelyingPartyID("push") else { throw .unknownRelyingParty }
        return sealer.seal(
            IssuedChallenge(
                purpose: purpose, bytes: challenge, user: user, relyingPartyID: nobody,
                client: client, userVerification: .discouraged, issuedAt: now, expiresAt: end,
                detail: detail))
    }
}

/// Who began an enrolment, as a ticket tells it: the front end and, where there was one, the administrator.
struct EnrolmentBeginner {
    /// How many of a ticket's 300 bytes the names in it may have together.
    private static let room = 200

    var client = ""
    var administrator = ""

    /// Names too long for a ticket are left out, for there must be one.
    init(_ origin: AuditOrigin, besides user: UserName) {
        let name = if case .administrator(let name) = origin.who { name } else { "" }
        let length = origin.client.utf8.count + name.utf8.count
        guard length <= Self.room - user.text.utf8.count else { return }
        client = origin.client
        administrator = name
    }

    /// Reads them from a ticket.
    init(_ ticket: IssuedChallenge) {
        client = ticket.client
        administrator = String(decoding: ticket.detail, as: UTF8.self)
    }

    /// The phone registers by itself; it came to that through these.
    var origin: AuditOrigin {
        if !administrator.isEmpty {
            return AuditOrigin(who: .administrator(administrator), client: client, from: "")
        }
        return AuditOrigin(
            who: client.isEmpty ? .system("phone-service") : .client, client: client, from: "")
    }
}

extension PushDesk {
    /// Registers a phone, tells it, and tells those who wait for it.
    func register(_ item: Registering, by admission: PhoneAdmission) {
        guard let challenge = admission.challenge(of: item.registration) else {
            item.completion(.failure(.unknownTicket))
            return
        }
        let outcome = admission.admit(item.registration, challenge, at: clock())
        let verdict: PhoneEnrolmentVerdict? =
            switch outcome {
            case .success(let completed): .completed(completed.enrolment)
            // Neither says anything new of the enrolment.
            case .failure(.ticketSpent), .failure(.ticketExpired), .failure(.unavailable): nil
            case .failure(let refusal): .refused(refusal)
            }
        if let verdict {
            let end = steady(challenge.expiresAt)
            change { state, now in
                ((), state.enrolled(challenge.spent.identifier, verdict, end: end, at: now))
            }
        }
        item.completion(outcome.map(\.reply))
    }
}
