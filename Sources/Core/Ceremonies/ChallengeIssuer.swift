import CredentialStore
import Cryptography
import VerificationCore
import WebAuthn

/// Issues challenges for authentications.
struct ChallengeIssuer: Sendable {
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let policy: ServerPolicy
    let clock: @Sendable () -> Timestamp

    /// Answers a batch with one read of the store. A user who does not exist costs and gets what one does who has no
    /// credential.
    func issue(
        _ batch: [ChallengeRequest]
    ) -> [Result<AuthenticationTransaction, CeremonyError>] {
        let terms = batch.map(terms(of:))
        let known = terms.indices.compactMap { index in
            if case .success(let terms) = terms[index] {
                (index, (batch[index].user, terms.relyingPartyID))
            } else {
                nil
            }
        }
        var identifiers: [Int: [CredentialID]] = [:]
        do throws(StoreError) {
            let found = try store.credentialIDs(
                of: known.map { (user: $0.1.0, relyingPartyID: $0.1.1) })
            for ((index, _), list) in zip(known, found) { identifiers[index] = list }
        } catch {
            return batch.map { _ in .failure(.store(error)) }
        }
        let now = clock()
        return batch.indices.map { index in
            terms[index].map { terms in
                issue(batch[index], terms, allowing: identifiers[index] ?? [], at: now)
            }
        }
    }

    private typealias Terms = (
        relyingPartyID: RelyingPartyID, userVerification: UserVerificationRequirement
    )

    private func terms(of request: ChallengeRequest) -> Result<Terms, CeremonyError> {
        guard let relyingParty = policy.relyingParty(request.relyingPartyID) else {
            return .failure(.unknownRelyingParty)
        }
        guard let verification = policy.userVerification(asked: request.userVerification) else {
            return .failure(.userVerificationRequired)
        }
        return .success((relyingParty.id, verification))
    }

    private func issue(
        _ request: ChallengeRequest, _ terms: Terms, allowing identifiers: [CredentialID],
        at now: Timestamp
    ) -> AuthenticationTransaction {
        let challenge = IssuedChallenge(
            purpose: .authentication, bytes: SecureRandom.bytes(32), user: request.user,
            relyingPartyID: terms.relyingPartyID, client: request.client,
            userVerification: terms.userVerification,
            expiresAt: now.advanced(by: policy.challengeLifetime))
        let decoy = sealer.decoyCredentialID(for: request.user, at: terms.relyingPartyID)
        return AuthenticationTransaction(
            identifier: sealer.seal(challenge), challenge: challenge.bytes,
            allowedCredentials: identifiers.isEmpty ? [decoy].compactMap(\.self) : identifiers,
            relyingPartyID: terms.relyingPartyID, userVerification: terms.userVerification,
            lifetime: policy.challengeLifetime)
    }
}
