import Accounts

extension PolicySet {
    /// What the policies say to a sign-in, as far as it has come. It takes no more than a few microseconds where few of
    /// the policies apply.
    public func evaluate(_ request: AccessRequest) -> AccessDecision {
        let standing = Standing(request, strengths: strengthsByID)
        let isBreakGlass = breakGlass?.users.contains(request.user) ?? false
        var applied: [AppliedPolicy] = []
        var blocking: [PolicyID] = []
        var missing = standing.missingWithoutPolicies
        var requirement = RequirementSum(needsMultiFactor: request.needsMultiFactor)
        var frequency: SignInFrequency?
        var usedBreakGlass = false
        let userAgent = request.userAgent.map { Array($0.utf8) }
        let candidates = index.candidates(for: request)
        applied.reserveCapacity(isBreakGlass ? 0 : candidates.count)
        candidates.forEach { place in
            let policy = compiled[place]
            if let condition = policy.userAgents, !condition.matches(userAgent) { return }
            if let condition = policy.devices, !condition.matches(request.presented) { return }
            if isBreakGlass {
                usedBreakGlass = usedBreakGlass || policy.isInForce
                return
            }
            let (result, lack) = standing.result(of: policy)
            applied.append(AppliedPolicy(id: policy.id, result: result))
            guard policy.isInForce else { return }
            requirement.add(policy.grant)
            if let hint = policy.signInFrequency {
                frequency = frequency.map { min($0, hint) } ?? hint
            }
            if policy.grant == .block { blocking.append(policy.id) }
            if let lack { missing.append(lack) }
        }
        let outcome: AccessDecision.Outcome =
            if !blocking.isEmpty {
                .blocked(by: blocking)
            } else if !missing.isEmpty {
                .unsatisfied(missing)
            } else {
                .granted
            }
        return AccessDecision(
            outcome: outcome, applied: applied, signInFrequency: frequency,
            requirement: requirement.requirement, usedBreakGlass: usedBreakGlass)
    }

    /// Those of `candidates`, each a set of factors to be shown together with what was shown, that would leave nothing
    /// missing but perhaps a change of the password, which no factor can stand for. In their order.
    public func sufficient(
        _ candidates: [[PresentedFactor]], for request: AccessRequest
    ) -> [[PresentedFactor]] {
        candidates.filter { candidate in
            var next = request
            next.presented += candidate
            return switch evaluate(next).outcome {
            case .granted: true
            case .blocked: false
            case .unsatisfied(let missing): missing.allSatisfy(\.isPasswordChangeAlone)
            }
        }
    }
}

extension MissingControls {
    /// Whether a change of the password is all that this needs of the person.
    fileprivate var isPasswordChangeAlone: Bool {
        switch join {
        case .all: controls.allSatisfy { $0 == .passwordChange }
        case .any: controls.contains(.passwordChange)
        }
    }
}

/// What the policies that apply ask for, taken together.
struct RequirementSum {
    private var isMultiFactor: Bool
    private var strengths: Set<StrengthID> = []

    init(needsMultiFactor: Bool) { isMultiFactor = needsMultiFactor }

    /// Adds what a policy asks for. Of several choices it is two factors only where every one of them is.
    mutating func add(_ grant: Grant) {
        switch grant {
        case .block, .nothing: break
        case .all(let controls): for control in controls { add(control) }
        case .any(let controls):
            if controls.count == 1 {
                for control in controls { add(control) }
            } else if controls.allSatisfy({ $0 != .passwordChange }) {
                isMultiFactor = true
            }
        }
    }

    private mutating func add(_ control: GrantControl) {
        switch control {
        case .multiFactor, .strength(.multiFactor): isMultiFactor = true
        case .strength(let id): strengths.insert(id)
        case .passwordChange: break
        }
    }

    /// The sum.
    var requirement: AuthenticationRequirement {
        if !strengths.isEmpty { return .strengths(strengths.sorted()) }
        return isMultiFactor ? .multiFactor : .singleFactor
    }
}
