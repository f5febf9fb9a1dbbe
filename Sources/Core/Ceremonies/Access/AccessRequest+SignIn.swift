import Accounts
import ConditionalAccess
import CredentialStore
import WebAuthn

extension AccessRequest {
    /// The facts of a sign-in as far as it has come, of an account as it is.
    init(_ state: SignInState, _ account: AccountFacts, _ book: PolicyBook) {
        let circumstances = state.circumstances
        self.init(
            user: state.user, groups: account.groups, roles: account.roles,
            userRisk: account.risk, signInRisk: circumstances.reportedRisk ?? .none,
            application: state.service, address: state.address, country: circumstances.country,
            client: ClientKind(
                circumstances, ofApplication: book.clientKind(of: state.service)),
            userAgent: circumstances.userAgent,
            hasPassword: circumstances.password == .right,
            isPasswordChangedSinceRisk: account.isPasswordChangedSinceRisk,
            needsMultiFactor: account.needsMultiFactor,
            presented: state.shown.compactMap(PresentedFactor.init))
    }
}

extension ClientKind {
    /// The kind of program that somebody signs in with: as the front end says, else as the directory has it of the
    /// application, else by what browsers call themselves.
    init(_ circumstances: SignInCircumstances, ofApplication kind: ClientKind?) {
        if let stated = circumstances.clientKind ?? kind {
            self = stated
        } else {
            self = circumstances.userAgent?.hasPrefix("Mozilla/") == true ? .browser : .native
        }
    }
}

extension AccountFacts {
    /// Whether the account's own state asks for two factors: where it is enforced, and where it is enabled and the user
    /// has registered what it takes.
    var needsMultiFactor: Bool {
        switch mfaState {
        case .disabled: false
        case .enabled: hasSecondFactor
        case .enforced: true
        }
    }

    /// Whether the password was changed after the account came to be at risk.
    var isPasswordChangedSinceRisk: Bool {
        guard let passwordResetAt else { return false }
        return riskSetAt.map { $0 <= passwordResetAt } ?? true
    }
}

extension PresentedFactor {
    /// What was shown, as policies see it; nothing for a password, which is not a factor of ours.
    init?(_ factor: ShownFactor) {
        guard factor.method != .password else { return nil }
        self.init(
            factor.method, isUserVerified: factor.isUserVerified,
            isHardwareBound: factor.isHardwareBound, device: factor.device)
    }
}

extension ShownFactor {
    /// What a right answer showed.
    init(_ signIn: AcceptedSignIn, _ decision: SignInDecision) {
        self.init(
            at: decision.at, method: decision.method, credentialID: signIn.credentialID?.bytes,
            label: signIn.label, isUserVerified: signIn.isUserVerified,
            isHardwareBound: signIn.isHardwareBound, device: signIn.device)
    }
}

extension SignInAssessment {
    /// What policies made of a sign-in, as the log has it.
    init(_ answer: AccessDecision, _ request: AccessRequest) {
        let summary: Summary =
            switch answer.policyResult {
            case .success: .success
            case .failure: .failure
            case .notApplied: .notApplied
            }
        self.init(
            requirement: answer.requirement.description, summary: summary,
            policies: answer.applied.map {
                PolicyResult(policy: $0.id.text, result: $0.result.rawValue)
            }, userRisk: request.userRisk, signInRisk: request.signInRisk)
    }
}

extension SignInFrequency {
    /// After how long to sign in again: zero for every time.
    var duration: Duration {
        switch self {
        case .everyTime: .zero
        case .after(let duration): duration
        }
    }
}
