import Accounts
import ConditionalAccess
import Testing

struct LockOutTests {
    private static func administrator(
        _ facts: String, factors: [String] = []
    ) throws -> AdministratorFacts {
        let request = try Samples.request(facts)
        return AdministratorFacts(
            user: request.user, groups: request.groups,
            roles: request.roles.union([.globalAdministrator]),
            needsMultiFactor: request.needsMultiFactor,
            candidates: try factors.map(Samples.factor))
    }

    /// What an administrator without and one with a key can do.
    static let cases: [(policies: [String], withPassword: Bool, withKey: Bool)] = [
        ([], true, true),
        (["grant: block"], false, false),
        (["state: report-only, grant: block"], true, true),
        (["state: off, grant: block"], true, true),
        (["grant: {all: [mfa]}"], false, true),
        (["grant: {all: [strength: phishing-resistant]}"], false, true),
        (["grant: {all: [strength: own]}"], false, false),
        (["users: {include: {roles: [global-administrator]}}, grant: block"], false, false),
        (["users: {include: {roles: [help-desk]}}, grant: block"], true, true),
        (["users: {include: all, exclude: {users: [anna]}}, grant: block"], true, false),
        (["applications: [mail], grant: block"], true, true),
        (["applications: {include: all, exclude: [mail]}, grant: block"], true, true),
        (
            [
                "applications: {include: all, exclude: [mail]}, grant: block",
                "applications: [mail], grant: block",
            ],
            false, false
        ),
        (["conditions: {locations: {include: any, exclude: trusted}}, grant: block"], true, true),
        (["conditions: {locations: {include: any, exclude: [home]}}, grant: block"], true, true),
        (["conditions: {locations: {include: any, exclude: [nowhere]}}, grant: block"], true, true),
        (["conditions: {locations: [nowhere]}, grant: block"], true, true),
        (
            [
                "conditions: {locations: {include: any, exclude: [branch]}}, grant: block",
                "conditions: {locations: [nowhere]}, grant: block",
            ], true, true
        ),
        (
            [
                "conditions: {locations: {include: any, exclude: [branch]}}, grant: block",
                "conditions: {locations: [branch]}, grant: {all: [mfa]}",
            ], false, true
        ),
        (["conditions: {clients: [browser]}, grant: block"], true, true),
        (["conditions: {clients: [browser, native]}, grant: block"], false, false),
        (["conditions: {sign-in-risk: [low, medium, high]}, grant: block"], true, true),
        (["conditions: {sign-in-risk: [none]}, grant: block"], false, false),
        (["conditions: {user-agents: {exclude: ['Corp/*']}}, grant: block"], true, true),
        (["conditions: {user-agents: ['*Firefox*']}, grant: block"], true, true),
        (
            [
                "grant: {all: [mfa]}",
                "conditions: {devices: {include: {health: [unknown]}}}, grant: block",
            ],
            false, true
        ),
        (
            [
                "grant: {all: [mfa]}",
                "conditions: {devices: {include: {models: [acme-anvil]}}}, grant: block",
            ],
            false, false
        ),
    ]

    @Test(arguments: cases)
    func `finds who can sign in somewhere`(
        policies: [String], withPassword: Bool, withKey: Bool
    ) throws {
        let set = try Samples.set(
            Samples.document(
                policies,
                more: "strengths: [{id: own, combinations: [[webauthn]], "
                    + "key: {certification: fido-l3, attestation: required}}]"))
        let report = set.lockOut(of: [
            try Self.administrator("anna"),
            try Self.administrator("bert", factors: ["webauthn!@anvil"]),
        ])
        #expect(report.admitted.contains(try Samples.user("anna")) == withPassword)
        #expect(report.admitted.contains(try Samples.user("bert")) == withKey)
        #expect(report.admitted.count + report.lockedOut.count == 2)
        #expect(report.isEveryoneLockedOut == (!withPassword && !withKey))
    }

    @Test func `says whom, and by what, and what to do`() throws {
        let set = try Samples.set(
            Samples.document(["grant: {all: [mfa]}", "grant: block", "grant: {all: [mfa]}"]))
        let report = set.lockOut(of: [
            try Self.administrator("anna"),
            try Self.administrator("bert", factors: ["webauthn!"]),
        ])
        #expect(
            report.lockedOut == [
                LockOutReport.LockedOut(
                    user: try Samples.user("anna"),
                    policies: try ["p1", "p2", "p3"].map(Samples.policy)),
                LockOutReport.LockedOut(
                    user: try Samples.user("bert"), policies: [try Samples.policy("p2")]),
            ])
        #expect(
            report.problem?.description
                == "every global administrator would be locked out (anna, bert) by p1, p2, p3; "
                + "exclude one, or name a break-glass account")
        #expect(report.problem?.code == "locks-out-administrators")
    }

    @Test func `tries two factors, and leaves one out that would block`() throws {
        let set = try Samples.set(
            Samples.document(
                [
                    "grant: {all: [strength: two, strength: own]}",
                    "conditions: {devices: {include: {health: [advisory]}}}, grant: block",
                ],
                more: "strengths: [{id: own, combinations: [[push]]}, "
                    + "{id: two, combinations: [[password, totp]]}]"))
        let all = ["totp", "push!", "webauthn!@flawed"]
        #expect(
            !set.lockOut(of: [try Self.administrator("anna", factors: all)]).isEveryoneLockedOut)
        let few = ["totp", "webauthn!@flawed"]
        #expect(set.lockOut(of: [try Self.administrator("anna", factors: few)]).isEveryoneLockedOut)
    }

    @Test func `lets break-glass accounts in, and nobody out where there is nobody`() throws {
        let set = try Samples.set(
            Samples.document(
                ["grant: block"], more: "break-glass: {users: [root], reason: the safe}"))
        let report = set.lockOut(of: [
            try Self.administrator("anna"), try Self.administrator("root"),
        ])
        #expect(report.admitted == [try Samples.user("root")])
        #expect(report.problem == nil)
        #expect(!set.lockOut(of: []).isEveryoneLockedOut)
    }

    @Test func `gives up where a set tells more contexts apart than can be tried`() throws {
        let patterns = (0..<200).map { "'A\($0)*'" }.joined(separator: ", ")
        let places = (0..<200).map { "10.\($0).0.0/16" }.joined(separator: ", ")
        let set = try Samples.set(
            Samples.document([
                "grant: block", "conditions: {user-agents: [\(patterns)]}, grant: {all: [mfa]}",
                "conditions: {locations: {networks: [\(places)]}}, grant: {all: [mfa]}",
            ]))
        #expect(set.lockOut(of: [try Self.administrator("anna")]).isEveryoneLockedOut)
    }

    @Test func `holds an administrator to the MFA state`() throws {
        let report = PolicySet.empty.lockOut(of: [
            try Self.administrator("anna per-user"),
            try Self.administrator("bert per-user", factors: ["totp"]),
        ])
        #expect(report.admitted == [try Samples.user("bert")])
    }
}
