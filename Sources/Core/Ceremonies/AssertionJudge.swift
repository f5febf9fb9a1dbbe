import CredentialStore
import DeviceModels
import VerificationCore
import WebAuthn

/// An answer and who waits for its verdict.
struct AnsweredChallenge: Sendable {
    let request: AssertionRequest
    let completion: @Sendable (AuthenticationVerdict) -> Void
}

/// An answer that has been verified or refused, on its way to the store.
struct JudgedAnswer: Sendable {
    let decision: SignInDecision
    /// What to tell on a yes; there where the answer was verified.
    let accepted: AcceptedSignIn?
    let completion: @Sendable (AuthenticationVerdict) -> Void
}

/// Verifies answers, all but what only the store can decide.
struct AssertionJudge: Sendable {
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let policy: ServerPolicy
    let catalogue: Catalogue
    let clock: @Sendable () -> Timestamp
    private let keys = KeyCache(capacity: 100_000)

    init(
        store: SQLiteStore, sealer: ChallengeSealer, policy: ServerPolicy, catalogue: Catalogue,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.sealer = sealer
        self.policy = policy
        self.catalogue = catalogue
        self.clock = clock
    }

    /// Judges a batch: one read of the store, cheap checks, then the signatures of those that pass.
    func judge(_ batch: [AnsweredChallenge]) -> [JudgedAnswer] {
        let credentials: [CredentialID: Credential]
        do throws(StoreError) {
            credentials = try store.credentials(
                withIDs: Set(batch.compactMap(\.request.credentialID)))
        } catch {
            for item in batch { item.completion(.unavailable(error)) }
            return []
        }
        let now = clock()
        let examined = batch.map { examine($0.request, among: credentials, at: now) }
        let pending = examined.compactMap(\.pending)
        var answers = verifySignatures(of: pending).makeIterator()
        return zip(batch, examined).map { item, examined in
            let outcome: Result<VerifiedAssertion, CeremonyError> = examined.outcome.flatMap { _ in
                (answers.next() ?? .failure(.invalidSignature)).mapError(CeremonyError.failed)
            }
            return judged(item, examined, outcome, at: now)
        }
    }

    private struct Examined {
        var challenge: IssuedChallenge?
        var credential: Credential?
        var outcome: Result<PendingAssertion, CeremonyError>

        /// What passed the checks.
        var pending: PendingAssertion? {
            if case .success(let assertion) = outcome { assertion } else { nil }
        }
    }

    private func examine(
        _ request: AssertionRequest, among credentials: [CredentialID: Credential],
        at now: Timestamp
    ) -> Examined {
        guard
            let challenge = sealer.open(request.transaction),
            challenge.purpose == .authentication, challenge.client == request.client
        else { return Examined(outcome: .failure(.unknownTransaction)) }
        var examined = Examined(
            challenge: challenge, credential: request.credentialID.flatMap { credentials[$0] },
            outcome: .failure(.expired))
        guard now < challenge.expiresAt else { return examined }
        examined.outcome = examine(request, of: challenge, examined.credential)
        return examined
    }

    private func examine(
        _ request: AssertionRequest, of challenge: IssuedChallenge, _ credential: Credential?
    ) -> Result<PendingAssertion, CeremonyError> {
        guard let relyingParty = policy.relyingParty(challenge.relyingPartyID) else {
            return .failure(.unknownRelyingParty)
        }
        let response: AuthenticationResponse
        switch request.response {
        case .success(let readable): response = readable
        case .failure(let error): return .failure(.failed(.malformed(error)))
        }
        // WebAuthn Level 3 §7.2 steps 5 and 6.
        guard
            let credential, credential.owner.name == challenge.user,
            credential.relyingPartyID == challenge.relyingPartyID
        else { return .failure(.failed(.credentialNotAllowed)) }
        do throws(CeremonyFailure) {
            return .success(
                try examineAssertion(
                    response,
                    expecting: AuthenticationExpectation(
                        challenge: challenge.bytes, relyingParty: relyingParty,
                        userVerification: challenge.userVerification),
                    credential: RegisteredCredential(
                        key: try keys.key(credential.publicKey),
                        userHandle: credential.owner.handle,
                        isBackupEligible: credential.isBackupEligible)))
        } catch {
            return .failure(.failed(error))
        }
    }

    private func judged(
        _ item: AnsweredChallenge, _ examined: Examined,
        _ outcome: Result<VerifiedAssertion, CeremonyError>, at now: Timestamp
    ) -> JudgedAnswer {
        let judgement: SignInDecision.Judgement
        var accepted: AcceptedSignIn?
        switch outcome {
        case .success(let assertion):
            let data = assertion.authenticatorData
            judgement = .verified(
                counter: data.signatureCounter,
                isBackupEligible: data.flags.contains(.backupEligible),
                isBackedUp: data.flags.contains(.backupState),
                isUserVerified: assertion.isUserVerified)
            accepted = examined.credential.map { signIn(with: $0, assertion) }
        case .failure(let error):
            judgement = .refused(code: error.code)
        }
        // The seal keeps an expired challenge from being answered; the store need not.
        let isExpired = outcome == .failure(.expired)
        return JudgedAnswer(
            decision: SignInDecision(
                challenge: isExpired ? nil : examined.challenge?.spent,
                user: examined.challenge?.user,
                relyingPartyID: examined.challenge?.relyingPartyID,
                credentialID: item.request.credentialID, client: item.request.client,
                at: now, judgement: judgement),
            accepted: accepted, completion: item.completion)
    }

    private func signIn(
        with credential: Credential, _ assertion: VerifiedAssertion
    ) -> AcceptedSignIn {
        let model =
            credential.isAttestationTrusted ? catalogue.model(for: credential.aaguid) : nil
        return AcceptedSignIn(
            user: credential.owner.name, credentialID: credential.id, label: credential.label,
            signatureCounter: assertion.authenticatorData.signatureCounter,
            isUserVerified: assertion.isUserVerified,
            // A model that is not in the catalogue could be a program.
            isHardwareBound: model?.isSoftware == false && !credential.isBackupEligible,
            verificationMeans: model?.userVerification ?? [])
    }
}
