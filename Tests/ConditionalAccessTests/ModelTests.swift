import Accounts
import Addresses
import ConditionalAccess
import DeviceModels
import StrictYAML
import TestSupport
import Testing

struct ModelTests {
    @Test(arguments: 0..<40)
    func `decides and explains as a plain evaluator does`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let references = try Samples.references()
        for _ in 0..<6 {
            let draft = try RandomAccess.draft(&random)
            let set = try PolicySet(draft, against: references)
            let plain = PlainEvaluator(draft: draft, references: references)
            for _ in 0..<30 {
                let request = try RandomAccess.request(&random)
                let decision = set.evaluate(request)
                #expect(Self.verdict(decision) == plain.evaluate(request))
                Self.check(set.explain(request), against: decision, of: set)
            }
        }
    }

    /// That explanations say of each policy what the decision does.
    private static func check(
        _ explanations: [PolicyExplanation], against decision: AccessDecision, of set: PolicySet
    ) {
        #expect(explanations.map(\.id) == set.policies.map(\.id))
        #expect(explanations.map(\.state) == set.policies.map(\.state))
        let applied = explanations.compactMap { explanation in
            explanation.result.map { AppliedPolicy(id: explanation.id, result: $0) }
        }
        #expect(applied == decision.applied)
        for explanation in explanations {
            switch explanation.verdict {
            case .applies: #expect(explanation.result != nil)
            case .doesNotApply(let mismatch):
                #expect(explanation.result == nil)
                #expect((mismatch == .off) == (explanation.state == .off))
            }
        }
    }

    private static func verdict(_ decision: AccessDecision) -> PlainEvaluator.Verdict {
        var verdict = PlainEvaluator.Verdict()
        switch decision.outcome {
        case .granted: break
        case .blocked(let ids): verdict.outcome = "blocked \(ids.map(\.text))"
        case .unsatisfied(let missing):
            let parts = missing.map { lack in
                let controls = lack.controls.map(\.description)
                return switch lack.source {
                case .signIn: "sign-in:\(controls.joined())"
                case .userState: "user:\(controls.joined())"
                case .policy(let id): "\(id):\(lack.join.rawValue):\(controls)"
                }
            }
            verdict.outcome = "missing \(parts)"
        }
        verdict.applied = decision.applied.map { "\($0.id)=\($0.result.rawValue)" }
        verdict.requirement = decision.requirement.description
        verdict.usedBreakGlass = decision.usedBreakGlass
        verdict.frequency = decision.signInFrequency
        return verdict
    }
}
