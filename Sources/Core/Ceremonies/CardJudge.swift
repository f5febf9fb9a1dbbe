import Accounts
import ConditionalAccess
import CredentialStore
import DeviceModels
import VerificationCore
import WebAuthn

/// Verifies cards' answers, all but what only the store can decide.
struct CardJudge: Sendable {
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let policy: ServerPolicy
    let catalogue: Catalogue
    let clock: @Sendable () -> Timestamp

    /// Judges a batch: one read of the store, cheap checks, certificates, then the signatures of those that pass.
    func judge(_ batch: [AnsweredChallenge]) -> [JudgedAnswer] {
        let batch = batch.map(Self.identified)
        let credentials: [CredentialID: CardCredential]
        do throws(StoreError) {
            credentials = try store.cardCredentials(
                withIDs: Set(batch.compactMap(\.request.credentialID)))
        } catch {
            for item in batch { item.completion(.unavailable(error)) }
            return []
        }
        let now = clock()
        let trust = policy.cards.trust
        let examinations = batch.map { item in
            Examination(
                item, method: .piv, purpose: .cardAuthentication, sealer: sealer, at: now
            ) { challenge in
                examine(
                    item.request, of: challenge,
                    item.request.credentialID.flatMap { credentials[$0] }, trust, at: now)
            }
        }
        let pending = examinations.compactMap(\.pending?.signature)
        var answers = verifySignatures(ofCards: pending).makeIterator()
        return examinations.map { examination in
            switch examination.outcome {
            case .failure(let error): return examination.judged(.refused(code: error.code))
            case .success(let pending):
                switch answers.next() ?? .failure(.invalidSignature) {
                case .failure(let failure):
                    return examination.judged(.refused(code: failure.code))
                case .success(let signature):
                    return examination.judged(
                        .cardVerified(isUserVerified: signature.isUserVerified),
                        accepted: signIn(with: pending.credential, signature))
                }
            }
        }
    }

    /// The same answer, naming its key by identifier. A certificate that cannot be read makes it a wrong one.
    private static func identified(_ item: AnsweredChallenge) -> AnsweredChallenge {
        guard
            case .card(.success(var answer)) = item.request.answer,
            case .certificate = answer.key
        else { return item }
        var item = item
        if let identifier = answer.key.identifier {
            answer.key = .identifier(identifier)
            item.request.answer = .card(.success(answer))
        } else {
            item.request.answer = .card(.failure(.malformedCertificate))
        }
        return item
    }

    private struct Pending: Sendable {
        let signature: PendingCardSignature
        let credential: CardCredential
    }

    private func examine(
        _ request: AnswerRequest, of challenge: IssuedChallenge, _ credential: CardCredential?,
        _ trust: CardTrust, at now: Timestamp
    ) -> Result<Pending, CeremonyError> {
        guard policy.relyingParty(challenge.relyingPartyID) != nil else {
            return .failure(.unknownRelyingParty)
        }
        let answer: CardAnswer
        switch request.answer {
        case .card(.success(let readable)): answer = readable
        case .card(.failure(let failure)): return .failure(.card(failure))
        case .assertion, .token: return .failure(.unknownTransaction)
        }
        guard let credential else { return .failure(.keyNotRegistered) }
        guard credential.owner.name == challenge.user else {
            return .failure(.keyOfAnotherUser)
        }
        do throws(CardFailure) {
            let record = credential.key
            let key = try CardKey(subjectPublicKeyInfo: record.publicKey)
            guard let algorithm = answer.algorithm ?? key.algorithms.first else {
                throw .unsupportedKey
            }
            let signature = try examineCardAnswer(
                CardAuthenticationResponse(
                    algorithm: algorithm, signature: answer.signature, message: answer.message),
                expecting: CardAuthenticationExpectation(
                    challenge: challenge.bytes, relyingPartyID: challenge.relyingPartyID,
                    user: challenge.user.text, userVerification: challenge.userVerification,
                    algorithms: policy.cards.algorithms),
                key: RegisteredCardKey(
                    key: key, isPINRequired: record.isPINRequired, issued: record.issued),
                trust: trust, at: now.milliseconds / 1000)
            return .success(Pending(signature: signature, credential: credential))
        } catch {
            return .failure(.card(error))
        }
    }

    private func signIn(
        with credential: CardCredential, _ signature: VerifiedCardSignature
    ) -> AcceptedSignIn {
        AcceptedSignIn(
            user: credential.owner.name, credentialID: credential.id, label: credential.label,
            means: .card(
                slot: credential.key.slot, serialNumber: credential.key.serialNumber,
                verificationMeans: credential.key.verificationMeans),
            isUserVerified: signature.isUserVerified,
            isHardwareBound: credential.key.isHardwareBound(catalogue),
            device: DeviceFacts(credential, catalogue))
    }
}

extension CardKeyRecord {
    /// The certificate that was issued for the key, and those between it and the authority.
    var issued: IssuedCertificate? {
        guard evidence == .issued, let certificate = certificates.first else { return nil }
        return IssuedCertificate(
            certificate: certificate, intermediates: Array(certificates.dropFirst()))
    }
}
