import Accounts
import Addresses
import CredentialStore
import Cryptography
import OATH
import Secrets
import VerificationCore
import WebAuthn

/// Judges typed codes, all but what only the store can decide.
struct CodeJudge: Sendable {
    let store: SQLiteStore
    let vault: TokenVault
    let budgets: CodeBudgets
    let policy: CodePolicy
    let secrets: SpareSecrets
    let nobody: TokenOfNobody
    let clock: @Sendable () -> Timestamp

    /// What a code turned out to be.
    private struct Finding: Sendable {
        let method: SignInMethod
        let outcome: Result<Acceptance, CodeFailure>

        static func refused(_ method: SignInMethod, _ failure: CodeFailure) -> Finding {
            Finding(method: method, outcome: .failure(failure))
        }
    }

    private struct Acceptance: Sendable {
        let judgement: SignInDecision.Judgement
        let signIn: AcceptedSignIn
    }

    /// Judges a batch with one read of the store. Who has to wait is told so at once.
    func judge(_ batch: [TypedCodeAttempt]) -> [JudgedAnswer] {
        let now = clock()
        let forms = batch.map { CodeForm($0.request.code) }
        let lookups = zip(batch, forms).map { item, form in
            CodeLookup(
                user: item.request.user,
                appPasswordPrefix: allows(.apppass, item.request)
                    ? form.appPassword.map {
                        String($0.prefix(AppPasswordText.prefixLength))
                    } : nil,
                source: item.request.address?.subscriber)
        }
        let factors: [Result<CodeFactors?, StoreError>]
        do throws(StoreError) {
            factors = try store.codeFactors(for: lookups, at: now)
        } catch {
            for item in batch { item.completion(.unavailable(error)) }
            return []
        }
        return batch.indices.compactMap { index in
            switch factors[index] {
            case .success(let factors):
                return judge(batch[index], forms[index], factors, at: now)
            case .failure(let error):
                batch[index].completion(.unavailable(error))
                return nil
            }
        }
    }

    private func judge(
        _ item: TypedCodeAttempt, _ form: CodeForm, _ factors: CodeFactors?, at now: Timestamp
    ) -> JudgedAnswer? {
        let request = item.request
        let isAppPassword = allows(.apppass, request) && form.appPassword != nil
        let admission: FailureBudgets.Admission
        switch budgets.admit(
            request.user, from: request.address?.subscriber,
            isFamiliar: factors?.isSourceFamiliar ?? false,
            secret: isAppPassword
                ? secrets.digestOfNobody(form.appPassword ?? "", for: .appPassword) : nil,
            at: now)
        {
        case .wait(let delay):
            item.completion(.limited(user: request.user, retryAfter: delay))
            return nil
        case .admitted(let given): admission = given
        }
        let finding =
            isAppPassword
            ? findAppPassword(form.appPassword ?? "", request, factors, at: now)
            : find(form, request, factors, at: now)
        let completion = budgets.settling(admission, item.completion)
        var decision = SignInDecision(
            challenge: nil, method: finding.method, user: request.user, relyingPartyID: nil,
            credentialID: nil, client: request.client, service: request.service,
            address: request.address, at: now, judgement: .refused(code: ""), access: .granted,
            log: SignInLogEntry(correlation: []))
        switch finding.outcome {
        case .failure(let failure):
            decision.judgement = .refused(code: failure.rawValue)
            if admission.blocksStrangers {
                decision.consequences = [.event(.codeGuessing, detail: finding.method.rawValue)]
            }
            return JudgedAnswer(
                decision: decision, accepted: nil, attempt: request.attempt,
                receivedAt: item.receivedAt, completion: completion)
        case .success(let acceptance):
            decision.judgement = acceptance.judgement
            decision.credentialID = acceptance.signIn.credentialID
            return JudgedAnswer(
                decision: decision, accepted: acceptance.signIn, attempt: request.attempt,
                receivedAt: item.receivedAt, completion: completion)
        }
    }

    private func allows(_ method: SignInMethod, _ request: CodeRequest) -> Bool {
        request.method == nil || request.method == method
    }

    // MARK: App passwords

    private func findAppPassword(
        _ code: String, _ request: CodeRequest, _ factors: CodeFactors?, at now: Timestamp
    ) -> Finding {
        let digest =
            factors.map { secrets.digest(of: code, for: .appPassword, user: $0.user.handle) }
            ?? secrets.digestOfNobody(code, for: .appPassword)
        var found: AppPassword?
        for password in factors?.appPasswords ?? []
        where ConstantTime.areEqual(digest, password.digest) { found = password }
        guard let factors else { return .refused(.apppass, .unknownUser) }
        guard let found else { return .refused(.apppass, .wrongCode) }
        guard
            policy.allowsAppPasswords, let service = request.service,
            policy.appPasswordServices.contains(service)
        else { return .refused(.apppass, .serviceTakesNoAppPassword) }
        guard found.services.contains(service) else {
            return .refused(.apppass, .appPasswordOfOtherService)
        }
        guard Self.isIn(found.networks, request.address) else {
            return .refused(.apppass, .appPasswordFromElsewhere)
        }
        guard found.expiresAt.map({ now < $0 }) ?? true else {
            return .refused(.apppass, .appPasswordEnded)
        }
        guard factors.standing.mfaState == .enforced, factors.standing.risk != .high else {
            return .refused(.apppass, .appPasswordSuspended)
        }
        return Finding(
            method: .apppass,
            outcome: .success(
                Acceptance(
                    judgement: .appPasswordVerified(number: found.number),
                    signIn: AcceptedSignIn(
                        user: factors.user.name, credentialID: nil, label: found.label,
                        means: .appPassword(number: found.number), isUserVerified: false,
                        isHardwareBound: false))))
    }

    /// A network that cannot be read lets nobody in.
    private static func isIn(_ networks: [String], _ address: IPAddress?) -> Bool {
        guard !networks.isEmpty else { return true }
        guard let address else { return false }
        return networks.contains { (try? IPNetwork($0))?.contains(address) ?? false }
    }

    // MARK: Codes

    /// Looks for a code among the user's tokens, recovery codes and pass, as its form and the front end allow.
    private func find(
        _ form: CodeForm, _ request: CodeRequest, _ factors: CodeFactors?, at now: Timestamp
    ) -> Finding {
        var finding = Finding.refused(request.method ?? .code, .malformedCode)
        if let code = form.oneTimeCode, [nil, .totp, .hotp].contains(request.method) {
            finding = findCode(code, request, factors, at: now)
            if case .success = finding.outcome { return finding }
        }
        if let code = form.recoveryCode, allows(.recovery, request) {
            finding = findRecoveryCode(code, factors)
            if case .success = finding.outcome { return finding }
        }
        if let code = form.accessPass, allows(.tap, request) {
            let other = findAccessPass(code, factors, at: now)
            if case .success = other.outcome { return other }
            if case .failure(.malformedCode) = finding.outcome { finding = other }
        }
        return factors == nil ? .refused(finding.method, .unknownUser) : finding
    }

    private func findCode(
        _ code: String, _ request: CodeRequest, _ factors: CodeFactors?, at now: Timestamp
    ) -> Finding {
        let tokens = (factors?.tokens ?? []).filter { token in
            let method = token.parameters.kind.signInMethod
            return [.totp, .hotp].contains(method) && allows(method, request)
        }
        var finding = Finding.refused(
            tokens.first?.parameters.kind.signInMethod ?? request.method ?? .code,
            tokens.isEmpty ? .nothingEnrolled : .wrongCode)
        // All are tried, so that it takes no longer or shorter for the one that the code is of.
        if tokens.isEmpty { nobody.tryCode(code, policy, at: now) }
        for token in tokens {
            let other = findCode(code, of: token, request, at: now)
            if case .success = finding.outcome { continue }
            if let other { finding = other }
        }
        return finding
    }

    /// What a code is to a token; `nil` where it is none of its.
    private func findCode(
        _ code: String, of token: Token, _ request: CodeRequest, at now: Timestamp
    ) -> Finding? {
        guard let key = vault.key(of: token), let window = policy.window(of: token, at: now) else {
            return .refused(token.parameters.kind.signInMethod, .secretUnreadable)
        }
        guard let factor = findMovingFactor(of: code, key, in: window) else { return nil }
        return Self.finding(of: token, of: request.user, factor, at: now)
    }

    private static func finding(
        of token: Token, of user: UserName, _ factor: UInt64, at now: Timestamp
    ) -> Finding {
        let method = token.parameters.kind.signInMethod
        guard factor >= token.nextFactor else { return .refused(method, .codeReplayed) }
        let drift = token.parameters.drift(of: factor, at: now)
        return Finding(
            method: method,
            outcome: .success(
                Acceptance(
                    judgement: .codeVerified(movingFactor: factor, drift: drift),
                    signIn: AcceptedSignIn(with: token, of: user))))
    }

    private func findRecoveryCode(_ code: String, _ factors: CodeFactors?) -> Finding {
        let digest =
            factors.map { secrets.digest(of: code, for: .recoveryCode, user: $0.user.handle) }
            ?? secrets.digestOfNobody(code, for: .recoveryCode)
        var found: RecoveryCode?
        for candidate in factors?.recoveryCodes ?? []
        where ConstantTime.areEqual(digest, candidate.digest) { found = candidate }
        guard let factors, let found else { return .refused(.recovery, .wrongCode) }
        return Finding(
            method: .recovery,
            outcome: .success(
                Acceptance(
                    judgement: .recoveryCodeVerified(number: found.number),
                    signIn: AcceptedSignIn(
                        user: factors.user.name, credentialID: nil, label: "",
                        means: .recoveryCode(left: factors.recoveryCodes.count - 1),
                        isUserVerified: false, isHardwareBound: false))))
    }

    private func findAccessPass(
        _ code: String, _ factors: CodeFactors?, at now: Timestamp
    ) -> Finding {
        let digest =
            factors.map { secrets.digest(of: code, for: .accessPass, user: $0.user.handle) }
            ?? secrets.digestOfNobody(code, for: .accessPass)
        guard let factors, let pass = factors.accessPass,
            ConstantTime.areEqual(digest, pass.digest)
        else { return .refused(.tap, .wrongCode) }
        guard
            pass.startsAt <= now, now < pass.expiresAt, !pass.isOneTime || pass.lastUsedAt == nil
        else { return .refused(.tap, .passNotInForce) }
        return Finding(
            method: .tap,
            outcome: .success(
                Acceptance(
                    judgement: .accessPassVerified(digest: pass.digest),
                    signIn: AcceptedSignIn(
                        user: factors.user.name, credentialID: nil, label: "", means: .accessPass,
                        isUserVerified: false, isHardwareBound: false))))
    }
}
