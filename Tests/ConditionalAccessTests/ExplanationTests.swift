import Accounts
import Addresses
import ConditionalAccess
import Testing

struct ExplanationTests {
    /// A policy with every condition; each request differs from one that it applies to.
    private static let policy =
        "users: {include: {users: [anna], groups: [staff], roles: [help-desk]}, exclude: "
        + "{users: [bert], groups: [guests], roles: [global-administrator]}}, "
        + "applications: {include: [mail, vpn], exclude: [vpn]}, conditions: {user-risk: [none], "
        + "sign-in-risk: [low], locations: {include: [office, branch], exclude: [home]}, "
        + "clients: [browser], user-agents: {include: ['M*'], exclude: ['*E*']}, devices: "
        + "{include: {health: [healthy, advisory]}, exclude: {health: [advisory]}}}, "
        + "grant: {all: [mfa]}"

    static let cases: [(facts: String, words: String, code: String)] = [
        ("carl app=fax", "it does not include the user", "user-not-included"),
        ("bert g=staff app=fax", "it excludes the user", "user-excluded"),
        ("anna g=guests,staff app=fax", "it excludes the group guests", "group-excluded"),
        (
            "anna r=global-administrator app=fax", "it excludes the role global-administrator",
            "role-excluded"
        ),
        (
            "anna app=fax urisk=high", "it does not include the application fax",
            "application-not-included"
        ),
        (
            "anna urisk=high", "it is for applications, and the sign-in names none",
            "application-not-included"
        ),
        ("anna app=vpn urisk=high", "it excludes the application vpn", "application-excluded"),
        ("anna app=mail urisk=high", "it is not for a user risk of high", "user-risk"),
        ("anna app=mail srisk=high", "it is not for a sign-in risk of high", "sign-in-risk"),
        (
            "anna app=mail srisk=low ip=8.8.8.8 cc=FR client=native",
            "it does not include the address 8.8.8.8 in FR", "location-not-included"
        ),
        (
            "anna app=mail srisk=low", "it does not include an address that is not known",
            "location-not-included"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 cc=DE client=native", "it excludes home",
            "location-excluded"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 client=native",
            "it is not for a native program", "client"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 ua=Curl",
            "it does not include the program ‘Curl’", "user-agent-not-included"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1",
            "it is for programs by name, and this one gives none", "user-agent-not-included"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 ua=M_E", "it excludes programs such as ‘*E*’",
            "user-agent-excluded"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 ua=M pw",
            "it is for devices, and none was shown yet", "device-not-shown"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 ua=M totp",
            "it includes none of the devices shown", "device-not-included"
        ),
        (
            "anna app=mail srisk=low ip=192.0.2.1 ua=M webauthn@flawed",
            "it excludes the devices shown", "device-excluded"
        ),
        (
            "root g=staff app=fax", "the account is a break-glass one", "break-glass"
        ),
    ]

    @Test(arguments: cases)
    func `names the first condition that does not match`(
        facts: String, words: String, code: String
    ) throws {
        let set = try Samples.set(
            Samples.document(
                [Self.policy], more: "break-glass: {users: [root], reason: the safe}"))
        let explanation = try #require(set.explain(Samples.request(facts)).first)
        guard case .doesNotApply(let mismatch) = explanation.verdict else {
            Issue.record("it applies")
            return
        }
        #expect(mismatch.description == words)
        #expect(mismatch.code == code)
        #expect(explanation.result == nil)
    }

    @Test(arguments: [
        (
            "anna g=staff app=mail srisk=low ip=198.51.100.1 ua=Mo webauthn!@anvil",
            [
                "the user", "application mail", "user risk none", "sign-in risk low",
                "location branch", "browser program", "program ‘M*’", "device shown by webauthn",
            ]
        ),
        (
            "carl g=staff r=help-desk app=mail srisk=low ip=192.0.2.1 ua=M totp piv!@card",
            [
                "group staff", "application mail", "user risk none", "sign-in risk low",
                "location office", "browser program", "program ‘M*’", "device shown by piv",
            ]
        ),
        (
            "carl r=help-desk app=mail srisk=low ip=2001:db8::1 ua=M webauthn!@claimed",
            [
                "role help-desk", "application mail", "user risk none", "sign-in risk low",
                "location office", "browser program", "program ‘M*’", "device shown by webauthn",
            ]
        ),
    ])
    func `says why a policy applies`(facts: String, words: [String]) throws {
        let set = try Samples.set(Samples.document([Self.policy]))
        let explanation = try #require(set.explain(Samples.request(facts)).first)
        guard case .applies(let reasons) = explanation.verdict else {
            Issue.record("it does not apply")
            return
        }
        #expect(reasons.map(\.description) == words)
        #expect(explanation.result == .success)
    }

    @Test func `says of every policy what it is`() throws {
        let set = try Samples.set(
            Samples.document([
                "title: Off, state: off, grant: block", "state: report-only, grant: block",
                "grant: {all: [mfa]}, conditions: {locations: {include: any, exclude: trusted}}",
            ]))
        let explanations = set.explain(try Samples.request("anna pw"))
        #expect(explanations.map(\.title) == ["Off", "p2", "p3"])
        #expect(explanations.map(\.state) == [.off, .reportOnly, .on])
        #expect(explanations.map(\.result) == [nil, .reportOnlyFailure, .failure])
        #expect(explanations.first?.verdict == .doesNotApply(.off))
        #expect(
            explanations.last?.verdict == .applies([.allUsers, .allApplications, .anyLocation]))
    }

    @Test func `names the network where no location has a name`() throws {
        let set = try Samples.set(
            Samples.document(["conditions: {locations: {networks: [10.0.0.0/8]}}, grant: block"]))
        let explanation = try #require(set.explain(Samples.request("anna ip=10.1.1.1")).first)
        #expect(
            explanation.verdict
                == .applies([.allUsers, .allApplications, .location("10.0.0.0/8")]))
    }
}
