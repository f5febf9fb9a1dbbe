public import Accounts
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
    /// Begins the enrolment of a phone of a user that exists. Nothing is written. Blocks on the store.
    public func beginEnrolment(
        user name: UserName, client: String
    ) throws(CeremonyError) -> PhoneEnrolment {
        let existing = try storing { () throws(StoreError) in
            guard try desk.store.user(name) != nil else { throw .noSuchUser(name) }
            return try desk.store.phones(of: name).count
        }
        guard existing < policy.maximumPhones else { throw .tooManyCredentials }
        let now = desk.clock()
        let challenge = random(Prompt.challengeLength)
        let end = now.advanced(by: policy.enrolmentLifetime)
        let secret = try seal(challenge, .phoneTicket, of: name, client: "", from: now, to: end)
        let transaction = try seal(
            challenge, .phoneRegistration, of: name, client: client, from: now, to: end)
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
        client: String, from now: Timestamp, to end: Timestamp
    ) throws(CeremonyError) -> String {
        // Phones are nobody's relying party's; the seal wants a name.
        guard let nobody = try? RelyingPartyID("push") else { throw .unknownRelyingParty }
        return sealer.seal(
            IssuedChallenge(
                purpose: purpose, bytes: challenge, user: user, relyingPartyID: nobody,
                client: client, userVerification: .discouraged, issuedAt: now, expiresAt: end))
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
