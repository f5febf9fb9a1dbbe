import Accounts
import CredentialStore
import WebAuthn

/// An answer and who waits for its verdict.
struct AnsweredChallenge: Sendable {
    var request: AnswerRequest
    let receivedAt: ContinuousClock.Instant
    let completion: @Sendable (AuthenticationVerdict) -> Void
}

/// An answer that has been verified or refused, on its way to the store.
struct JudgedAnswer: Sendable {
    let decision: SignInDecision
    /// What to tell on a yes; there where the answer was verified.
    let accepted: AcceptedSignIn?
    /// What it is part of.
    let attempt: SignInAttempt
    /// When the answer came.
    let receivedAt: ContinuousClock.Instant
    let completion: @Sendable (AuthenticationVerdict) -> Void
}

/// An answer after the cheap checks: what is left to verify of it, or why nothing is.
struct Examination<Pending: Sendable>: Sendable {
    let item: AnsweredChallenge
    let challenge: IssuedChallenge?
    let outcome: Result<Pending, CeremonyError>
    private let method: SignInMethod
    private let moment: Timestamp

    /// Opens the transaction; where it is one of ours for `purpose`, this client's and in time, `check` goes on.
    init(
        _ item: AnsweredChallenge, method: SignInMethod, purpose: IssuedChallenge.Purpose,
        sealer: ChallengeSealer, at now: Timestamp,
        check: (IssuedChallenge) -> Result<Pending, CeremonyError>
    ) {
        self.item = item
        self.method = method
        moment = now
        guard
            let challenge = sealer.open(item.request.transaction), challenge.purpose == purpose,
            challenge.client == item.request.client,
            challenge.signIn == (item.request.attempt.state?.binding ?? [])
        else {
            challenge = nil
            outcome = .failure(.unknownTransaction)
            return
        }
        self.challenge = challenge
        outcome = now < challenge.expiresAt ? check(challenge) : .failure(.expired)
    }

    /// What passed the checks.
    var pending: Pending? {
        if case .success(let pending) = outcome { pending } else { nil }
    }

    /// The answer with a judgement; `accepted` is what to tell if the store has no objection.
    func judged(
        _ judgement: SignInDecision.Judgement, accepted: AcceptedSignIn? = nil,
        credentialID: CredentialID? = nil
    ) -> JudgedAnswer {
        // The seal keeps an expired challenge from being answered; the store need not.
        let isExpired = if case .failure(.expired) = outcome { true } else { false }
        return JudgedAnswer(
            decision: SignInDecision(
                challenge: isExpired ? nil : challenge?.spent, method: method,
                user: challenge?.user, relyingPartyID: challenge?.relyingPartyID,
                credentialID: credentialID ?? item.request.credentialID,
                client: item.request.client, service: item.request.service,
                address: item.request.address, at: moment, judgement: judgement,
                access: .granted, log: SignInLogEntry(correlation: [])),
            accepted: accepted, attempt: item.request.attempt, receivedAt: item.receivedAt,
            completion: item.completion)
    }
}
