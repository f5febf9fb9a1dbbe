import ConditionalAccess
import Testing

/// Cases of evaluation, each written by hand: policies, the facts of a sign-in, and what is to come of it.
enum EvaluationTable {
    /// Cases of the same policies. See ``Samples`` for how they are written.
    struct Group: Sendable, CustomTestStringConvertible {
        let title: String
        let policies: [String]
        let more: String
        let cases: [(facts: String, expected: String)]

        init(
            _ title: String, policies: [String], more: String = "",
            cases: [(facts: String, expected: String)]
        ) {
            self.title = title
            self.policies = policies
            self.more = more
            self.cases = cases
        }

        var testDescription: String { title }
    }

    static let groups = factors + grants + assignments + conditions + places + devices + strengths
}

struct EvaluationTableTests {
    @Test(arguments: EvaluationTable.groups)
    func `decides as the table says`(group: EvaluationTable.Group) throws {
        let set = try Samples.set(Samples.document(group.policies, more: group.more))
        for (facts, expected) in group.cases {
            let request = try Samples.request(facts)
            #expect(Samples.words(set.evaluate(request)) == expected, "\(facts)")
        }
    }

    @Test func `has at least 200 cases, and none twice`() {
        let cases = EvaluationTable.groups.flatMap { group in
            group.cases.map { "\(group.policies) \(group.more) \($0.facts)" }
        }
        #expect(cases.count >= 200)
        #expect(Set(cases).count == cases.count)
    }
}
