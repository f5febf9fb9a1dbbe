import Accounts
import CredentialStore
import Cryptography
import OATH
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
        let tokens: [Int: Token]
        do throws(StoreError) {
            identifiers = try self.identifiers(batch, terms)
            tokens = try self.tokens(batch)
        } catch {
            return batch.map { _ in .failure(.store(error)) }
        }
        let now = clock()
        return batch.indices.map { index in
            terms[index].map { terms in
                switch batch[index].method {
                case .hmac, .ocra: issue(batch[index], terms, for: tokens[index], at: now)
                default: issue(batch[index], terms, allowing: identifiers[index] ?? [], at: now)
                }
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
            default: continue
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
            expiresAt: now.advanced(by: policy.challengeLifetime),
            signIn: request.signIn?.binding ?? [])
        let decoy =
            switch request.method {
            case .webauthn:
                sealer.decoyCredentialID(for: request.user, at: terms.relyingPartyID)
            default: sealer.decoyCardKeyID(for: request.user)
            }
        return AuthenticationTransaction(
            identifier: sealer.seal(challenge), challenge: challenge.bytes,
            allowedCredentials: identifiers.isEmpty ? [decoy].compactMap(\.self) : identifiers,
            relyingPartyID: terms.relyingPartyID, userVerification: terms.userVerification,
            lifetime: policy.challengeLifetime, question: nil, slot: nil)
    }
}

/// Challenges for tokens.
extension ChallengeIssuer {
    /// The first token of the kind that is asked for, by the places in the batch.
    private func tokens(_ batch: [ChallengeRequest]) throws(StoreError) -> [Int: Token] {
        let places = batch.indices.filter { [.hmac, .ocra].contains(batch[$0].method) }
        guard !places.isEmpty else { return [:] }
        let found = try store.tokens(ofEach: places.map { batch[$0].user })
        var tokens: [Int: Token] = [:]
        for (place, list) in zip(places, found) {
            // Whose tokens cannot be read is challenged like one who has none.
            tokens[place] = try? list.get().first {
                $0.parameters.kind.signInMethod == batch[place].method
            }
        }
        return tokens
    }

    /// A challenge for a token. A user who has none gets one as if for a usual token.
    private func issue(
        _ request: ChallengeRequest, _ terms: Terms, for token: Token?, at now: Timestamp
    ) -> AuthenticationTransaction {
        let bytes = TokenChallenge.fresh()
        var question: String?
        if request.method == .ocra {
            question = OCRAQuestion.text(
                from: bytes, for: token?.parameters.suite ?? OCRAQuestion.usualSuite)
        }
        let challenge = IssuedChallenge(
            purpose: request.method == .ocra ? .questionAuthentication : .responseAuthentication,
            bytes: bytes, user: request.user, relyingPartyID: terms.relyingPartyID,
            client: request.client, userVerification: .discouraged, issuedAt: now,
            expiresAt: now.advanced(by: policy.challengeLifetime),
            detail: Array((question ?? "").utf8), signIn: request.signIn?.binding ?? [])
        return AuthenticationTransaction(
            identifier: sealer.seal(challenge), challenge: bytes, allowedCredentials: [],
            relyingPartyID: terms.relyingPartyID, userVerification: .discouraged,
            lifetime: policy.challengeLifetime, question: question,
            slot: request.method == .hmac ? token?.device.slot ?? TokenChallenge.usualSlot : nil)
    }
}
