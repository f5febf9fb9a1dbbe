import Accounts
import Addresses
import CredentialStore
import OATH
import Secrets
import VerificationCore

/// Verifies tokens' answers to challenges, all but what only the store can decide.
struct TokenJudge: Sendable {
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let vault: TokenVault
    let budgets: CodeBudgets
    let nobody: TokenOfNobody
    let policy: CodePolicy
    let clock: @Sendable () -> Timestamp

    /// Judges a batch with one read of the store.
    func judge(_ batch: [AnsweredChallenge]) -> [JudgedAnswer] {
        let now = clock()
        let challenges = batch.map { sealer.open($0.request.transaction) }
        let lookups = zip(batch, challenges).compactMap { item, challenge in
            challenge.map {
                CodeLookup(
                    user: $0.user, appPasswordPrefix: nil,
                    source: item.request.address?.subscriber)
            }
        }
        let found: [Result<CodeFactors?, StoreError>]
        do throws(StoreError) {
            found = try store.codeFactors(for: lookups, at: now)
        } catch {
            for item in batch { item.completion(.unavailable(error)) }
            return []
        }
        var remaining = found.makeIterator()
        return zip(batch, challenges).compactMap { item, challenge in
            guard let challenge, let factors = remaining.next() else {
                return judge(item, [], at: now)
            }
            switch factors {
            case .failure(let error):
                item.completion(.unavailable(error))
                return nil
            case .success(let factors):
                guard let attempt = admit(item, challenge, factors, at: now) else { return nil }
                let judged = judge(attempt.item, factors?.tokens ?? [], at: now)
                return attempt.blocksStrangers ? Self.noting(judged) : judged
            }
        }
    }

    /// An attempt that need not wait.
    private struct Admitted: Sendable {
        let item: AnsweredChallenge
        /// Whether it is the one that makes strangers wait, unless it was right.
        let blocksStrangers: Bool
    }

    /// Counts an attempt at a code; `nil` where it has to wait. An HMAC cannot be guessed and is not counted, nor is an
    /// answer to what nobody can answer.
    private func admit(
        _ item: AnsweredChallenge, _ challenge: IssuedChallenge, _ factors: CodeFactors?,
        at now: Timestamp
    ) -> Admitted? {
        guard
            case .token(.code) = item.request.answer,
            challenge.purpose == .questionAuthentication,
            challenge.client == item.request.client, now < challenge.expiresAt
        else { return Admitted(item: item, blocksStrangers: false) }
        switch budgets.admit(
            challenge.user, from: item.request.address?.subscriber,
            isFamiliar: factors?.isSourceFamiliar ?? false, at: now)
        {
        case .wait(let delay):
            item.completion(.limited(user: challenge.user, retryAfter: delay))
            return nil
        case .admitted(let admission):
            return Admitted(
                item: AnsweredChallenge(
                    request: item.request, receivedAt: item.receivedAt,
                    completion: budgets.settling(admission, item.completion)),
                blocksStrangers: admission.blocksStrangers)
        }
    }

    /// A judged answer after which strangers have to wait; where it was wrong, that is noted of the user.
    private static func noting(_ judged: JudgedAnswer) -> JudgedAnswer {
        guard case .refused = judged.decision.judgement else { return judged }
        var decision = judged.decision
        decision.consequences = [.event(.codeGuessing, detail: decision.method.rawValue)]
        return JudgedAnswer(
            decision: decision, accepted: judged.accepted, attempt: judged.attempt,
            receivedAt: judged.receivedAt, completion: judged.completion)
    }

    private struct Match: Sendable {
        let token: Token
        let judgement: SignInDecision.Judgement
    }

    private func judge(
        _ item: AnsweredChallenge, _ tokens: [Token], at now: Timestamp
    ) -> JudgedAnswer {
        let (method, purpose): (SignInMethod, IssuedChallenge.Purpose) =
            if case .token(.code) = item.request.answer {
                (.ocra, .questionAuthentication)
            } else {
                (.hmac, .responseAuthentication)
            }
        let examination = Examination<Match>(
            item, method: method, purpose: purpose, sealer: sealer, at: now
        ) { challenge in
            let tokens = tokens.filter { $0.parameters.kind.signInMethod == method }
            guard !tokens.isEmpty else {
                nobody.tryAnswer(item.request.answer, to: challenge)
                return .failure(.code(.nothingEnrolled))
            }
            switch item.request.answer {
            case .token(.response(let response)):
                return verify(response, to: challenge, tokens)
            case .token(.code(let code)): return verify(code, to: challenge, tokens, at: now)
            case .assertion, .card: return .failure(.unknownTransaction)
            }
        }
        guard let challenge = examination.challenge else {
            return examination.judged(.refused(code: CeremonyError.unknownTransaction.code))
        }
        switch examination.outcome {
        case .failure(let error): return examination.judged(.refused(code: error.code))
        case .success(let match):
            return examination.judged(
                match.judgement, accepted: AcceptedSignIn(with: match.token, of: challenge.user),
                credentialID: match.token.id)
        }
    }

    private func verify(
        _ response: [UInt8], to challenge: IssuedChallenge, _ tokens: [Token]
    ) -> Result<Match, CeremonyError> {
        var failure = CodeFailure.wrongResponse
        for token in tokens {
            guard let key = vault.key(of: token) else {
                failure = .secretUnreadable
                continue
            }
            if isValidResponse(response, to: challenge.bytes, key) {
                return .success(Match(token: token, judgement: .responseVerified))
            }
        }
        return .failure(.code(failure))
    }

    /// What an answer is to: the question, and at what time where the code depends on that.
    private static func name(of input: OCRAInput, _ match: OCRAMatch) -> String {
        let question = input.questions.joined(separator: " ")
        return match.timeStep.map { "\(question)@\($0)" } ?? question
    }

    private func verify(
        _ code: String, to challenge: IssuedChallenge, _ tokens: [Token], at now: Timestamp
    ) -> Result<Match, CeremonyError> {
        let input = OCRAInput(question: String(decoding: challenge.detail, as: UTF8.self))
        var failure = CodeFailure.wrongCode
        for token in tokens {
            guard let key = vault.key(of: token), let suite = token.parameters.suite else {
                failure = .secretUnreadable
                continue
            }
            let counters = suite.hasCounter ? policy.counters(from: token.nextFactor) : nil
            let steps = suite.timeStepPeriod.flatMap {
                policy.steps($0, drift: 0, around: policy.timeStepWindow, at: now)
            }
            // The question may be of another token's form.
            let match = try? findOCRAMatch(
                of: code, to: input, key, counters: counters, timeSteps: steps)
            if let match {
                return .success(
                    Match(
                        token: token,
                        judgement: match.counter.map { .codeVerified(movingFactor: $0, drift: 0) }
                            ?? .questionAnswered(question: Self.name(of: input, match))))
            }
        }
        return .failure(.code(failure))
    }
}

extension AcceptedSignIn {
    /// A sign-in with a token.
    init(with token: Token, of user: UserName) {
        self.init(
            user: user, credentialID: token.id,
            label: token.label, means: .token(token.parameters.kind), isUserVerified: false,
            // A serial number comes with a batch of devices; what was made here can be in any program.
            isHardwareBound: token.device.serial != nil)
    }
}
