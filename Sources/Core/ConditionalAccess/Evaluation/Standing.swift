import Accounts

/// How a sign-in stands to what can be asked of it. What is costly to know is found out once.
struct Standing {
    private let request: AccessRequest
    private let isMultiFactor: Bool
    private let canBeAsked: Bool
    private let metStrengths: Set<StrengthID>

    /// The standing of a request.
    init(_ request: AccessRequest, strengths: [StrengthID: AuthenticationStrength]) {
        self.request = request
        let hasAppPassword = request.presented.contains { $0.method == .apppass }
        canBeAsked = request.client != .legacy && !hasAppPassword
        isMultiFactor =
            canBeAsked
            && FactorRules.isMultiFactor(request.presented, hasPassword: request.hasPassword)
        var met: Set<StrengthID> = []
        // What is not two factors meets no strength.
        if isMultiFactor {
            for (id, strength) in strengths
            where strength.isMet(by: request.presented, hasPassword: request.hasPassword) {
                met.insert(id)
            }
        }
        metStrengths = met
    }

    /// What is missing whatever the policies say.
    var missingWithoutPolicies: [MissingControls] {
        var missing: [MissingControls] = []
        let isAnyFactor = FactorRules.isAnyFactor(
            request.presented, hasPassword: request.hasPassword)
        if !isAnyFactor {
            missing.append(
                MissingControls(
                    source: .signIn, join: .all, controls: [.anyFactor], isBeyondClient: false))
        }
        let hasAppPassword = request.presented.contains { $0.method == .apppass }
        if request.needsMultiFactor, !isMultiFactor, !hasAppPassword {
            missing.append(
                MissingControls(
                    source: .userState, join: .all, controls: [.multiFactor],
                    isBeyondClient: !canBeAsked))
        }
        return missing
    }

    /// What becomes of a policy that applies, and what is missing for it.
    func result(of policy: CompiledPolicy) -> (PolicyResult, MissingControls?) {
        let isInForce = policy.isInForce
        let join: MissingControls.Join
        var missing = policy.missing
        switch policy.grant {
        case .block: return (isInForce ? .failure : .reportOnlyFailure, nil)
        case .nothing: return (isInForce ? .success : .reportOnlySuccess, nil)
        case .all:
            join = .all
            if missing.contains(where: isMet) { missing.removeAll(where: isMet) }
        case .any:
            join = .any
            if missing.contains(where: isMet) { missing = [] }
        }
        guard !missing.isEmpty else { return (isInForce ? .success : .reportOnlySuccess, nil) }
        let lack = MissingControls(
            source: .policy(policy.id), join: join, controls: missing, isBeyondClient: !canBeAsked)
        if isInForce { return (.failure, lack) }
        return (canBeAsked ? .reportOnlyInterrupted : .reportOnlyFailure, lack)
    }

    private func isMet(_ control: MissingControl) -> Bool {
        switch control {
        case .anyFactor: true
        case .multiFactor: isMultiFactor
        case .strength(let id): isMultiFactor && metStrengths.contains(id)
        case .passwordChange: request.isPasswordChangedSinceRisk
        }
    }
}
