import Accounts
import ConditionalAccess
import Testing

struct DecisionTests {
    private static func decide(
        _ policies: [String], _ facts: String, more: String = ""
    ) throws -> AccessDecision {
        try Samples.set(Samples.document(policies, more: more)).evaluate(Samples.request(facts))
    }

    static let requirements: [(policies: [String], facts: String, requirement: String)] = [
        ([], "anna pw", "single-factor"),
        ([], "anna pw per-user", "multi-factor"),
        (["grant: {all: [mfa]}"], "anna pw", "multi-factor"),
        (["grant: {all: [strength: mfa]}"], "anna pw", "multi-factor"),
        (["grant: {all: [mfa, strength: phishing-resistant]}"], "anna pw", "phishing-resistant"),
        (
            ["grant: {all: [strength: phishing-resistant]}", "grant: {all: [strength: own]}"],
            "anna pw", "own,phishing-resistant"
        ),
        (["grant: {any: [strength: own]}"], "anna pw", "own"),
        (["grant: {any: [strength: own, mfa]}"], "anna pw", "multi-factor"),
        (
            ["conditions: {user-risk: [high]}, grant: {any: [mfa, password-change]}"],
            "anna pw urisk=high", "single-factor"
        ),
        (["state: report-only, grant: {all: [mfa]}"], "anna pw", "single-factor"),
        (["grant: block"], "anna pw", "single-factor"),
    ]

    @Test(arguments: requirements)
    func `sums up what was asked for`(
        policies: [String], facts: String, requirement: String
    ) throws {
        let decision = try Self.decide(
            policies, facts, more: "strengths: [{id: own, combinations: [[webauthn]]}]")
        #expect(decision.requirement.description == requirement)
    }

    @Test func `takes the shortest time to the next sign-in`() throws {
        let policies = [
            "session: {sign-in-frequency: 8h}",
            "grant: {all: [mfa]}, session: {sign-in-frequency: 30m}",
            "state: report-only, session: {sign-in-frequency: 1m}",
            "applications: [vpn], session: {sign-in-frequency: every-time}",
        ]
        #expect(try Self.decide(policies, "anna pw").signInFrequency == .after(.seconds(1800)))
        #expect(try Self.decide(policies, "anna pw app=vpn").signInFrequency == .everyTime)
        #expect(try Self.decide(["grant: {all: [mfa]}"], "anna pw").signInFrequency == nil)
        #expect(SignInFrequency.everyTime < .after(.seconds(0)))
        #expect(!(SignInFrequency.everyTime < .everyTime))
    }

    @Test func `tells when the break-glass exclusion was used`() throws {
        let more = "break-glass: {users: [root], reason: the safe}"
        let on = ["applications: [vpn], grant: {all: [mfa]}"]
        #expect(try Self.decide(on, "root pw app=vpn", more: more).usedBreakGlass)
        #expect(try Self.decide(on, "root pw totp app=vpn", more: more).usedBreakGlass)
        #expect(try !Self.decide(on, "root pw app=mail", more: more).usedBreakGlass)
        #expect(try !Self.decide(on, "anna pw app=vpn", more: more).usedBreakGlass)
        let reporting = ["state: report-only, grant: block"]
        #expect(try !Self.decide(reporting, "root pw", more: more).usedBreakGlass)
        let decision = try Self.decide(on, "root pw app=vpn", more: more)
        #expect(decision.applied.isEmpty)
        #expect(decision.policyResult == .notApplied)
    }

    @Test func `gives one result for all policies in force`() throws {
        #expect(try Self.decide([], "anna pw").policyResult == .notApplied)
        #expect(
            try Self.decide(["state: report-only, grant: block"], "anna pw").policyResult
                == .notApplied)
        #expect(try Self.decide(["grant: {all: [mfa]}"], "anna pw").policyResult == .failure)
        #expect(
            try Self.decide(
                ["grant: {all: [mfa]}", "state: report-only, grant: block"], "anna pw totp"
            ).policyResult == .success)
    }

    @Test func `says what no person can mend`() throws {
        func isBeyond(_ facts: String) throws -> [Bool] {
            guard
                case .unsatisfied(let missing) = try Self.decide(["grant: {all: [mfa]}"], facts)
                    .outcome
            else { return [] }
            return missing.map(\.isBeyondClient)
        }
        #expect(try isBeyond("anna pw") == [false])
        #expect(try isBeyond("anna pw client=legacy") == [true])
        #expect(try isBeyond("anna apppass") == [true])
        #expect(try isBeyond("anna pw client=legacy per-user") == [true, true])
    }

    @Test func `finds which factors would be enough`() throws {
        let set = try Samples.set(
            Samples.document(
                [
                    "grant: {all: [mfa]}",
                    "conditions: {devices: {include: {health: [advisory]}}}, grant: block",
                    "conditions: {user-risk: [high]}, grant: {all: [password-change]}",
                ]))
        let candidates = try [
            ["totp"], ["webauthn!@anvil"], ["webauthn!@flawed"], ["webauthn"], ["push!"],
            ["apppass"],
            ["totp", "hotp"], [],
        ].map { try $0.map(Samples.factor) }
        func enough(_ facts: String) throws -> [Int] {
            let found = set.sufficient(candidates, for: try Samples.request(facts))
            return found.compactMap { candidates.firstIndex(of: $0) }
        }
        #expect(try enough("anna pw") == [0, 1, 3, 4, 6])
        #expect(try enough("anna") == [1, 4])
        #expect(try enough("anna pw urisk=high") == [0, 1, 3, 4, 6])
        #expect(try enough("anna pw client=legacy").isEmpty)
        #expect(try enough("anna pw totp") == [0, 1, 3, 4, 6, 7])
    }
}
