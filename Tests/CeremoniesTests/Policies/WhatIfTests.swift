import Accounts
import Addresses
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import Testing

struct WhatIfTests {
    private let office: PolicyOffice
    private let desk: PolicyDesk

    init() throws {
        office = try PolicyOffice()
        desk = try office.desk()
        try _ = desk.apply(
            [policyFile(PolicyYAML.payroll + PolicyYAML.legacy)], by: .at("front"))
    }

    private func ask(
        _ user: String, _ application: String? = "payroll", from address: String? = nil,
        kind: ClientKind? = nil, password: SignInCircumstances.Password? = .right,
        shown: [PresentedFactor] = [], of trial: PolicyTrial = PolicyTrial(.inForce)
    ) throws -> WhatIfAnswer {
        try desk.whatIf(
            WhatIfQuestion(
                user: userName(user), application: application,
                address: address.map { try IPAddress($0) },
                circumstances: SignInCircumstances(clientKind: kind, password: password),
                presented: shown), of: trial)
    }

    /// What is missing, in words; nothing where there is another answer.
    private func missing(_ answer: WhatIfAnswer) -> [String] {
        guard case .unsatisfied(let missing) = answer.decision.outcome else { return [] }
        return missing.map { item in
            let source = if case .policy(let id) = item.source { id.text } else { "\(item.source)" }
            let controls = item.controls.map(\.description).joined(separator: ",")
            return "\(source) \(item.join) \(controls)\(item.isBeyondClient ? " beyond" : "")"
        }
    }

    @Test func `names every policy and why it applies or does not`() throws {
        let answer = try ask("bob", from: "198.51.100.7")
        #expect(answer.isUserKnown)
        #expect(!answer.isLocked)
        #expect(answer.request.groups == [try directoryName("staff")])
        #expect(answer.explanations.map(\.id.text) == ["payroll", "no-legacy"])
        #expect(
            answer.explanations.map(\.verdict) == [
                .applies([
                    .group(try directoryName("staff")), .application("payroll"), .anyLocation,
                ]),
                .doesNotApply(.client(.native)),
            ])
        #expect(answer.explanations.map(\.result) == [.failure, nil])
        #expect(
            missing(answer) == ["payroll all mfa"])
        #expect(answer.sufficientMethods == [])
    }

    @Test func `says which of the user's methods would do`() throws {
        try office.register(9, for: "bob")
        let answer = try ask("bob", from: "198.51.100.7")
        #expect(answer.sufficientMethods == [.webauthn])
        let shown = try ask(
            "bob", from: "198.51.100.7", shown: [PresentedFactor(.webauthn, isUserVerified: true)])
        #expect(shown.decision.outcome == .granted)
        #expect(shown.sufficientMethods == [])
        #expect(shown.explanations.first?.result == .success)
    }

    @Test func `a user that nobody knows is in no group`() throws {
        let answer = try ask("mallory")
        #expect(!answer.isUserKnown)
        #expect(answer.request.groups == [])
        #expect(answer.explanations.first?.verdict == .doesNotApply(.userNotIncluded))
        #expect(answer.decision.outcome == .granted)
    }

    @Test func `a locked user is said to be`() throws {
        try office.store.lock(
            userName("bob"), because: "left", by: .at("front"), at: office.clock.now)
        #expect(try ask("bob").isLocked)
    }

    @Test func `the kind of program is the one said, else the application's, else by its name`()
        throws
    {
        #expect(try ask("bob", "mail").request.client == .legacy)
        #expect(try ask("bob", "mail", kind: .browser).request.client == .browser)
        #expect(try ask("bob", "payroll").request.client == .native)
        let browser = try desk.whatIf(
            WhatIfQuestion(
                user: userName("bob"),
                circumstances: SignInCircumstances(userAgent: "Mozilla/5.0 (X11)")))
        #expect(browser.request.client == .browser)
        let appPassword = try ask("bob", kind: .browser, shown: [PresentedFactor(.apppass)])
        #expect(appPassword.request.client == .legacy)
    }

    @Test func `risk is what it is, unless the question says otherwise`() throws {
        try office.store.set(
            .high, of: userName("bob"), because: "", client: "front", at: office.clock.now)
        #expect(try ask("bob").request.userRisk == .high)
        var question = WhatIfQuestion(user: try userName("bob"), userRisk: RiskLevel.none)
        question.circumstances.reportedRisk = .medium
        let answer = try desk.whatIf(question)
        #expect(answer.request.userRisk == .none)
        #expect(answer.request.signInRisk == .medium)
    }

    @Test func `the user's own state asks too`() throws {
        try office.store.set(.enforced, of: userName("carol"))
        let answer = try ask("carol", "mail", kind: .browser)
        #expect(
            missing(answer) == ["userState all mfa"])
    }

    // MARK: Drafts

    private let draft = policyFile(
        PolicyYAML.payroll.replacing("state: on", with: "state: report-only")
            .replacing("all: [mfa]", with: "all: [{ strength: passwordless }]"))

    @Test func `a draft stands in the place of what is in force`() throws {
        let answer = try ask("bob", of: PolicyTrial(.files([draft])))
        #expect(answer.explanations.map(\.id.text) == ["payroll"])
        #expect(answer.explanations.map(\.result) == [.reportOnlyInterrupted])
        #expect(answer.decision.outcome == .granted)
        #expect(desk.book.current.policies.count == 2)
    }

    @Test func `a draft can be laid over what is in force`() throws {
        let answer = try ask("bob", of: PolicyTrial(.filesAdded([draft])))
        #expect(answer.explanations.map(\.id.text) == ["no-legacy", "payroll"])
        #expect(answer.decision.outcome == .granted)
    }

    @Test func `report-only can be taken to be on`() throws {
        let draft = try ask(
            "bob", of: PolicyTrial(.files([draft]), isReportOnlyEnforced: true))
        #expect(draft.explanations.map(\.state) == [.on])
        #expect(
            missing(draft) == ["payroll all strength: passwordless"])
        let inForce = try ask(
            "bob", "mail", of: PolicyTrial(.inForce, isReportOnlyEnforced: true))
        #expect(
            inForce.decision.outcome == .blocked(by: [try policyID("no-legacy")]))
    }

    @Test func `a draft that is wrong is refused`() throws {
        #expect(throws: PolicyDeskError.self) {
            try ask("bob", of: PolicyTrial(.files([policyFile("policies: []\n")])))
        }
        // What it names has to be there, or be in what it is laid over.
        let strengths = policyFile(
            """
            strengths:
              - id: card
                combinations: [[piv]]

            """, name: "strengths.yaml")
        try _ = desk.apply([strengths], by: .at("front"))
        let user = policyFile(PolicyYAML.payroll.replacing("[mfa]", with: "[{ strength: card }]"))
        #expect(throws: PolicyDeskError.self) { try ask("bob", of: PolicyTrial(.files([user]))) }
        #expect(
            try ask("bob", of: PolicyTrial(.filesAdded([user]))).explanations.map(\.id.text)
                == ["payroll"])
    }
}
