import Accounts
import CredentialStore
import PushMessages
import Secrets
import VerificationCore
import WebAuthn

/// Decides whether a phone is enrolled.
struct PhoneAdmission: Sendable {
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let policy: PushPolicy
    let vault: SecretVault
    let judge: PhoneJudge
    let random: @Sendable (Int) -> [UInt8]
    let isEndpointAllowed: @Sendable (String) -> Bool

    /// The challenge that a registration's ticket seals, where it is one of ours.
    func challenge(of registration: PhoneRegistration) -> IssuedChallenge? {
        guard
            let challenge = sealer.open(registration.ticket), challenge.purpose == .phoneTicket
        else { return nil }
        return challenge
    }

    /// Checks a registration, cheap things first and the signature after them, and stores the phone.
    func admit(
        _ registration: PhoneRegistration, _ challenge: IssuedChallenge, at now: Timestamp
    ) -> Result<(reply: RegistrationReply, enrolment: CompletedPhoneEnrolment), PhoneRefusal> {
        guard now < challenge.expiresAt else { return .failure(.ticketExpired) }
        do throws(PhoneRefusal) {
            return .success(try store(checked(registration), challenge, at: now))
        } catch .unavailable {
            return .failure(.unavailable)
        } catch {
            // A ticket that a failed registration left unspent could be tried again.
            do throws(StoreError) {
                return .failure(try store.spendOnce(challenge.spent) ? error : .ticketSpent)
            } catch {
                return .failure(.unavailable)
            }
        }
    }

    private func checked(
        _ registration: PhoneRegistration
    ) throws(PhoneRefusal) -> PhoneRegistration {
        guard registration.keyGuard >= policy.minimumGuard else { throw .guardTooWeak }
        if let subscription = registration.subscription {
            guard isEndpointAllowed(subscription.endpoint) else { throw .endpointRefused }
        }
        guard
            judge.isValid(
                registration.signature, for: registration.message, by: registration.publicKey)
        else { throw .invalidSignature }
        return registration
    }

    private func store(
        _ registration: PhoneRegistration, _ challenge: IssuedChallenge, at now: Timestamp
    ) throws(PhoneRefusal) -> (reply: RegistrationReply, enrolment: CompletedPhoneEnrolment) {
        try vault.keeping { () throws(PhoneRefusal) in
            try keep(registration, challenge, at: now)
        }
    }

    private func keep(
        _ registration: PhoneRegistration, _ challenge: IssuedChallenge, at now: Timestamp
    ) throws(PhoneRefusal) -> (reply: RegistrationReply, enrolment: CompletedPhoneEnrolment) {
        guard
            let phoneID = PhoneID(bytes: random(PhoneID.byteCount)),
            let id = try? CredentialID(bytes: phoneID.bytes),
            let reply = try? RegistrationReply(
                phone: phoneID, user: challenge.user.text, server: policy.serverName)
        else { throw .unknownTicket }
        // What policy allowed when the ticket was made may have changed since.
        guard policy.mayEnrol(challenge.user) else { throw .unknownTicket }
        do throws(StoreError) {
            guard let owner = try store.user(challenge.user) else {
                throw .noSuchUser(challenge.user)
            }
            let subscription: StoredSubscription?
            do throws(PhoneRefusal) {
                subscription = try registration.subscription?.stored(
                    for: id, owner, vault, isEndpointAllowed)
            } catch {
                throw StoreError.unavailable(code: 0)
            }
            try store.register(
                NewPhone(
                    id: id, owner: challenge.user, publicKey: registration.publicKey,
                    keyGuard: registration.keyGuard, name: registration.name,
                    subscription: subscription, createdAt: now),
                maximum: policy.maximumPhones, beganAt: challenge.issuedAt,
                spending: challenge.spent, by: EnrolmentBeginner(challenge).origin)
        } catch {
            throw PhoneRefusal(storing: error)
        }
        return (
            reply,
            CompletedPhoneEnrolment(
                user: challenge.user, phone: id, name: registration.name,
                keyGuard: registration.keyGuard,
                takesPushes: registration.subscription != nil)
        )
    }
}

extension PhoneRefusal {
    /// What a phone is told where the store did not take it.
    fileprivate init(storing error: StoreError) {
        switch error {
        case .challengeSpent: self = .ticketSpent
        case .credentialExists: self = .keyRegistered
        case .tooMany: self = .tooManyPhones
        case .noSuchUser: self = .unknownTicket
        default: self = .unavailable
        }
    }
}
