import Accounts
import CredentialStore
import Cryptography
import VerificationCore
import WebAuthn

/// What enrolments have in common, whatever is enrolled: how their challenge is issued, answered and spent.
struct EnrolmentFrame: Sendable {
    let purpose: IssuedChallenge.Purpose
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let policy: ServerPolicy
    let clock: @Sendable () -> Timestamp

    /// What a request may ask for, by policy.
    func terms(
        relyingPartyID: RelyingPartyID?, userVerification: UserVerificationRequirement?
    ) throws(CeremonyError) -> (RelyingParty, UserVerificationRequirement) {
        guard let relyingParty = policy.relyingParty(relyingPartyID) else {
            throw .unknownRelyingParty
        }
        guard let userVerification = policy.userVerification(asked: userVerification) else {
            throw .userVerificationRequired
        }
        return (relyingParty, userVerification)
    }

    /// A fresh challenge. Nothing is written.
    func challenge(
        for user: UserName, at relyingPartyID: RelyingPartyID,
        _ userVerification: UserVerificationRequirement, client: String
    ) -> IssuedChallenge {
        let now = clock()
        return IssuedChallenge(
            purpose: purpose, bytes: SecureRandom.bytes(32), user: user,
            relyingPartyID: relyingPartyID, client: client, userVerification: userVerification,
            issuedAt: now, expiresAt: now.advanced(by: policy.challengeLifetime))
    }

    /// Has `body` verify and store an answer, at a moment in the time of its challenge. Whatever comes of it, the
    /// challenge is spent.
    func finish<Completed>(
        _ transaction: String, client: String,
        _ body: (IssuedChallenge, Timestamp) throws(CeremonyError) -> Completed
    ) throws(CeremonyError) -> Completed {
        guard
            let challenge = sealer.open(transaction), challenge.purpose == purpose,
            challenge.client == client
        else { throw .unknownTransaction }
        let now = clock()
        guard now < challenge.expiresAt else { throw .expired }
        do {
            return try body(challenge, now)
        } catch {
            // A challenge that a failed answer left unspent could be tried again.
            try storing { () throws(StoreError) in try store.spend(challenge.spent) }
            throw error
        }
    }

    /// Makes sure that the user of a challenge is the one whom it was issued for: the name may have passed to another
    /// account since.
    func checkOwner(of challenge: IssuedChallenge) throws(StoreError) {
        guard let user = try store.user(challenge.user), user.createdAt <= challenge.issuedAt
        else { throw .noSuchUser(challenge.user) }
    }
}

/// Runs a call of the store and makes its error the ceremony's.
func storing<Value>(
    _ body: () throws(StoreError) -> Value
) throws(CeremonyError) -> Value {
    do throws(StoreError) {
        return try body()
    } catch {
        throw .store(error)
    }
}
