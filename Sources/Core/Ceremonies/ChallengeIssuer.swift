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
        let identifiers: [Int: [CredentialID]]
        do throws(StoreError) {
            identifiers = try self.identifiers(batch, terms)
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

    /// The credentials that may answer, by the places in the batch of those that get a challenge.
    private func identifiers(
        _ batch: [ChallengeRequest], _ terms: [Result<Terms, CeremonyError>]
    ) throws(StoreError) -> [Int: [CredentialID]] {
        var keys: [(index: Int, relyingPartyID: RelyingPartyID)] = []
        var cards: [Int] = []
        for index in batch.indices {
            guard case .success(let terms) = terms[index] else { continue }
            switch batch[index].method {
            case .webauthn: keys.append((index, terms.relyingPartyID))
            case .piv: cards.append(index)
            }
        }
        var identifiers: [Int: [CredentialID]] = [:]
        if !keys.isEmpty {
            let found = try store.credentialIDs(
                of: keys.map { (user: batch[$0.index].user, relyingPartyID: $0.relyingPartyID) })
            for (key, list) in zip(keys, found) { identifiers[key.index] = list }
        }
        if !cards.isEmpty {
            let found = try store.cardCredentialIDs(of: cards.map { batch[$0].user })
            for (index, list) in zip(cards, found) { identifiers[index] = list }
        }
        return identifiers
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
            purpose: request.method == .piv ? .cardAuthentication : .authentication,
            bytes: SecureRandom.bytes(32), user: request.user,
            relyingPartyID: terms.relyingPartyID, client: request.client,
            userVerification: terms.userVerification, issuedAt: now,
            expiresAt: now.advanced(by: policy.challengeLifetime))
        let decoy =
            switch request.method {
            case .webauthn:
                sealer.decoyCredentialID(for: request.user, at: terms.relyingPartyID)
            case .piv: sealer.decoyCardKeyID(for: request.user)
            }
        return AuthenticationTransaction(
            identifier: sealer.seal(challenge), challenge: challenge.bytes,
            allowedCredentials: identifiers.isEmpty ? [decoy].compactMap(\.self) : identifiers,
            relyingPartyID: terms.relyingPartyID, userVerification: terms.userVerification,
            lifetime: policy.challengeLifetime)
    }
}
