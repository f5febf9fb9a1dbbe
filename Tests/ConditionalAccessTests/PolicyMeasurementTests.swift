import ConditionalAccess
import Testing

struct PolicyMeasurementTests {
    @Test func `makes policies that are not refused and sign-ins of every outcome`() throws {
        let measurement = try PolicyMeasurement(policies: 5000, requests: 200, seed: 7)
        #expect(measurement.set.policies.count == 5000)
        #expect(measurement.requests.count == 200)
        let few = try PolicyMeasurement(policies: 40, requests: 400, seed: 7)
        var outcomes: Set<String> = []
        var applied = 0
        for request in few.requests {
            let decision = few.set.evaluate(request)
            applied += decision.applied.count
            switch decision.outcome {
            case .granted: outcomes.insert("granted")
            case .blocked: outcomes.insert("blocked")
            case .unsatisfied: outcomes.insert("unsatisfied")
            }
        }
        #expect(outcomes == ["granted", "blocked", "unsatisfied"])
        #expect(applied > 400)
    }

    @Test func `is the same for one seed`() throws {
        let first = try PolicyMeasurement(policies: 50, requests: 50, seed: 1)
        let second = try PolicyMeasurement(policies: 50, requests: 50, seed: 1)
        let third = try PolicyMeasurement(policies: 50, requests: 50, seed: 2)
        #expect(first.set.policies == second.set.policies)
        #expect(first.requests == second.requests)
        #expect(first.set.policies != third.set.policies)
    }
}
