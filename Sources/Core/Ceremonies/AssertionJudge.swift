import Accounts
import ConditionalAccess
import CredentialStore
import DeviceModels
import VerificationCore
import WebAuthn

/// Verifies security keys' answers, all but what only the store can decide.
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
        let examinations = batch.map { item in
            Examination(
                item, method: .webauthn, purpose: .authentication, sealer: sealer, at: now
            ) { challenge in
                examine(
                    item.request, of: challenge,
                    item.request.credentialID.flatMap { credentials[$0] })
            }
        }
        let pending = examinations.compactMap(\.pending?.assertion)
        var answers = verifySignatures(of: pending).makeIterator()
        return examinations.map { examination in
            switch examination.outcome {
            case .failure(let error): return examination.judged(.refused(code: error.code))
            case .success(let pending):
                switch answers.next() ?? .failure(.invalidSignature) {
                case .failure(let failure):
                    return examination.judged(.refused(code: failure.code))
                case .success(let assertion):
                    return examination.judged(
                        judgement(of: assertion), accepted: signIn(with: pending, assertion))
                }
            }
        }
    }

    private struct Pending: Sendable {
        let assertion: PendingAssertion
        let credential: Credential
    }

    private func examine(
        _ request: AnswerRequest, of challenge: IssuedChallenge, _ credential: Credential?
    ) -> Result<Pending, CeremonyError> {
        guard let relyingParty = policy.relyingParty(challenge.relyingPartyID) else {
            return .failure(.unknownRelyingParty)
        }
        let response: AuthenticationResponse
        switch request.answer {
        case .assertion(.success(let readable)): response = readable
        case .assertion(.failure(let error)): return .failure(.failed(.malformed(error)))
        case .card, .token: return .failure(.unknownTransaction)
        }
        // WebAuthn Level 3 §7.2 steps 5 and 6.
        guard
            let credential, credential.owner.name == challenge.user,
            credential.relyingPartyID == challenge.relyingPartyID
        else { return .failure(.failed(.credentialNotAllowed)) }
        do throws(CeremonyFailure) {
            let assertion = try examineAssertion(
                response,
                expecting: AuthenticationExpectation(
                    challenge: challenge.bytes, relyingParty: relyingParty,
                    userVerification: challenge.userVerification),
                credential: RegisteredCredential(
                    key: try keys.key(credential.publicKey),
                    userHandle: credential.owner.handle,
                    isBackupEligible: credential.isBackupEligible))
            return .success(Pending(assertion: assertion, credential: credential))
        } catch {
            return .failure(.failed(error))
        }
    }

    private func judgement(of assertion: VerifiedAssertion) -> SignInDecision.Judgement {
        let data = assertion.authenticatorData
        return .verified(
            counter: data.signatureCounter,
            isBackupEligible: data.flags.contains(.backupEligible),
            isBackedUp: data.flags.contains(.backupState),
            isUserVerified: assertion.isUserVerified)
    }

    private func signIn(
        with pending: Pending, _ assertion: VerifiedAssertion
    ) -> AcceptedSignIn {
        let credential = pending.credential
        let model =
            credential.isAttestationTrusted ? catalogue.model(for: credential.aaguid) : nil
        return AcceptedSignIn(
            user: credential.owner.name, credentialID: credential.id, label: credential.label,
            means: .webauthn(
                signatureCounter: assertion.authenticatorData.signatureCounter,
                verificationMeans: model?.userVerification ?? []),
            isUserVerified: assertion.isUserVerified,
            // A model that is not in the catalogue could be a program.
            isHardwareBound: model?.isSoftware == false && !credential.isBackupEligible,
            device: DeviceFacts(credential, catalogue))
    }
}
