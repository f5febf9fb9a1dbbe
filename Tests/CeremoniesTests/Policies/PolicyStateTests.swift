import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import Testing

struct PolicyStateTests {
    private let office: PolicyOffice
    private let root = AuditOrigin(who: .administrator("alice"), client: "desk", from: "")

    init() throws { office = try PolicyOffice() }

    @Test func `switches a policy by its line alone`() throws {
        let desk = try office.desk()
        let yaml = PolicyYAML.administrators + PolicyYAML.legacy
        try _ = desk.apply(
            [policyFile(PolicyYAML.payroll, name: "a.yaml"), policyFile(yaml, name: "b.yaml")],
            by: root)
        let count = try office.recordCount()
        let applied = try desk.set(.reportOnly, of: policyID("administrators"), by: root)
        #expect([applied.added, applied.changed, applied.removed] == [0, 1, 0])
        let expected = yaml.replacing("state: on #", with: "state: report-only #")
        #expect(
            try office.store.policyDocuments() == [
                PolicyDocument(file: "a.yaml", yaml: "schema: 1\n" + PolicyYAML.payroll),
                PolicyDocument(file: "b.yaml", yaml: "schema: 1\n" + expected),
            ])
        #expect(
            desk.book.current.policies.map(\.state) == [.on, .reportOnly, .reportOnly])
        let entry = try #require(try office.records(after: count).first?.entry)
        #expect(
            entry
                == AuditEntry(
                    .setPolicyState, [AuditTarget(.policy, "administrators")],
                    changes: [AuditChange("state", from: "on", to: "report-only")]))
        // And back: it is what it was.
        try _ = desk.set(.on, of: policyID("administrators"), by: root)
        #expect(try office.store.policyDocuments().last?.yaml == "schema: 1\n" + yaml)
    }

    @Test func `refuses what is not there, and what is so already`() throws {
        let desk = try office.desk()
        try _ = desk.apply([policyFile(PolicyYAML.payroll)], by: root)
        let (missing, payroll) = (try policyID("missing"), try policyID("payroll"))
        #expect(throws: PolicyDeskError.noSuchPolicy(missing)) {
            try desk.set(.off, of: missing, by: root)
        }
        #expect(throws: PolicyDeskError.unchanged(payroll, .on)) {
            try desk.set(.on, of: payroll, by: root)
        }
    }

    @Test func `a state without a line of its own is for its author to change`() throws {
        let desk = try office.desk()
        let yaml =
            "policies: [ { id: flow, state: on, users: all, applications: all, grant: { all: [mfa] } } ]\n"
        try _ = desk.apply([policyFile(yaml)], by: root)
        let flow = try policyID("flow")
        #expect(
            throws: PolicyDeskError.stateNotOnItsLine(flow, file: "policies.yaml", line: 2)
        ) {
            try desk.set(.off, of: flow, by: root)
        }
        #expect(desk.book.current.policies.map(\.state) == [.on])
    }

    @Test(arguments: [
        // The state is the first key, in quotes, before a Windows line end, behind a longer key, far from its dash.
        ("  - state: on\n    id: odd\n", "  - state: off\n    id: odd\n"),
        ("  - id: odd\n    state: \"on\"\n", "  - id: odd\n    state: off\n"),
        ("  - id: odd\r\n    state: on\r\n", "  - id: odd\r\n    state: off\r\n"),
        (
            "  - id: odd\n    title: >\n      state: on\n      and on\n    state:   on  # x\n",
            "  - id: odd\n    title: >\n      state: on\n      and on\n    state: off  # x\n"
        ),
        ("  -   id: odd\n      state: on\n", "  -   id: odd\n      state: off\n"),
        (
            "  -\n    id: odd\n\n# aside\n    state: on\n",
            "  -\n    id: odd\n\n# aside\n    state: off\n"
        ),
        ("-  id: odd\n   state: on\n", "-  id: odd\n   state: off\n"),
    ])
    func `finds the line however the policy is laid out`(_ head: String, _ expected: String) throws
    {
        let desk = try office.desk()
        let lines = head.split(whereSeparator: \.isNewline)
        let first = try #require(lines.first { $0.contains(":") })
        let column = first.prefix { $0 == " " || $0 == "-" }.count
        let margin = String(repeating: " ", count: column)
        let rest = ["users: all", "applications: all", "grant: { all: [mfa] }"]
            .map { "\(margin)\($0)\n" }.joined()
        try _ = desk.apply([policyFile("policies:\n\(head)\(rest)")], by: root)
        try _ = desk.set(.off, of: policyID("odd"), by: root)
        #expect(desk.documents.map(\.yaml) == ["schema: 1\npolicies:\n\(expected)\(rest)"])
        #expect(desk.book.current.policies.map(\.state) == [.off])
    }

    @Test func `switching on what locks everyone out needs force`() throws {
        let desk = try office.desk()
        let yaml = PolicyYAML.blocksAll.replacing("state: on", with: "state: report-only")
        try _ = desk.apply([policyFile(yaml)], by: root)
        let count = try office.recordCount()
        #expect(throws: PolicyDeskError.self) {
            try desk.set(.on, of: policyID("nobody"), by: root)
        }
        #expect(desk.book.current.policies.map(\.state) == [.reportOnly])
        try _ = desk.set(.on, of: policyID("nobody"), forcedBecause: "drill", by: root)
        #expect(desk.book.current.policies.map(\.state) == [.on])
        #expect(try office.records(after: count).last?.entry.reason == "forced: drill")
    }
}
