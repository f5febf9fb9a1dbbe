import Accounts
import Addresses
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import StrictYAML
import Testing
import WebAuthn

struct PolicyDeskTests {
    private let office: PolicyOffice

    init() throws { office = try PolicyOffice() }

    private let root = AuditOrigin(who: .administrator("alice"), client: "desk", from: "uid 7")

    @Test func `a desk without documents has no policies`() throws {
        let desk = try office.desk()
        #expect(desk.book.current.policies.isEmpty)
        #expect(desk.documents == [])
        #expect(desk.dangling == [])
        #expect(desk.book.generation == 0)
    }

    @Test func `puts policies in force, on disk and on record`() throws {
        let desk = try office.desk()
        let count = try office.recordCount()
        let files = [policyFile(PolicyYAML.administrators + PolicyYAML.legacy)]
        let applied = try desk.apply(files, by: root)
        #expect(applied.policyCount == 2)
        #expect([applied.added, applied.changed, applied.removed] == [2, 0, 0])
        #expect(applied.lockedOut == [])
        #expect(desk.book.current.policies.map(\.id.text) == ["administrators", "no-legacy"])
        #expect(desk.book.generation == 1)
        #expect(try office.store.policyDocuments() == desk.documents)

        let records = try office.records(after: count)
        #expect(records.map(\.entry.activity) == [.applyPolicies])
        #expect(records.map(\.origin) == [root])
        let entry = try #require(records.first?.entry)
        #expect(entry.targets.map(\.kind) == [.policy])
        #expect(entry.targets.first?.name.hasPrefix("set-") == true)
        #expect(
            entry.changes == [
                AuditChange("administrators", to: "on"),
                AuditChange("administrators applications", to: "all"),
                AuditChange("administrators grant", to: "all: strength: phishing-resistant"),
                AuditChange("administrators title", to: "Administrators show a key"),
                AuditChange("administrators users", to: "role:global-administrator"),
                AuditChange("no-legacy", to: "report-only"),
                AuditChange("no-legacy applications", to: "all"),
                AuditChange("no-legacy conditions", to: "clients: legacy"),
                AuditChange("no-legacy grant", to: "block"),
                AuditChange("no-legacy users", to: "all except group:guests"),
            ])
        #expect(entry.reason == "")
    }

    @Test func `records what changed, and not what only moved`() throws {
        let desk = try office.desk()
        try _ = desk.apply(
            [policyFile(PolicyYAML.administrators + PolicyYAML.legacy)], by: root)
        let count = try office.recordCount()
        let moved =
            "# a comment more\n"
            + PolicyYAML.administrators.replacing("state: on", with: "state: off")
        let applied = try desk.apply([policyFile(moved, name: "other.yaml")], by: root)
        #expect([applied.added, applied.changed, applied.removed] == [0, 1, 1])
        #expect(
            try office.records(after: count).map(\.entry.changes) == [
                [
                    AuditChange("administrators", from: "on", to: "off"),
                    AuditChange("no-legacy", from: "report-only"),
                ]
            ])
    }

    @Test func `refused policies change nothing, and the last good ones go on to serve`() throws {
        let desk = try office.desk()
        let good = [policyFile(PolicyYAML.payroll)]
        try _ = desk.apply(good, by: root)
        let count = try office.recordCount()
        let bad = [
            policyFile(PolicyYAML.payroll.replacing("groups: [staff]", with: "groups: [stuff]"))
        ]
        let expected = PolicyProblem.unknownReference(
            FilePosition(file: "policies.yaml", line: 5), kind: .group, name: "stuff")
        #expect(throws: PolicyDeskError.refused(PolicyRefusal(expected))) {
            try desk.apply(bad, by: root)
        }
        #expect(
            PolicyDeskError.refused(PolicyRefusal(expected)).advice.hasPrefix(
                "policies.yaml:5: there is no group ‘stuff’"))
        #expect(desk.documents.map(\.yaml) == ["schema: 1\n" + PolicyYAML.payroll])
        #expect(desk.book.generation == 1)
        #expect(try office.recordCount() == count)
        // Across a restart as well.
        let later = try office.desk()
        #expect(later.book.current.policies.map(\.id.text) == ["payroll"])
        #expect(later.documents == desk.documents)
    }

    @Test func `policies that lock out every administrator need force and a reason`() throws {
        let desk = try office.desk()
        let count = try office.recordCount()
        let files = [policyFile(PolicyYAML.blocksAll)]
        let report = LockOutReport.LockedOut(
            user: try userName("alice"), policies: [try policyID("nobody")])
        do throws(PolicyDeskError) {
            _ = try desk.apply(files, by: root)
            Issue.record("it was applied")
        } catch {
            guard case .lockOut(let found) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(found.lockedOut == [report])
            #expect(error.code == "locks-out-administrators")
        }
        #expect(desk.book.current.policies.isEmpty)
        let applied = try desk.apply(files, forcedBecause: "an attack is under way", by: root)
        #expect(applied.lockedOut == [report])
        #expect(desk.book.current.policies.count == 1)
        let entries = try office.records(after: count).map(\.entry)
        #expect(entries.map(\.activity) == [.applyPolicies, .applyPolicies])
        #expect(
            entries.map(\.outcome) == [.failure(code: "locks-out-administrators"), .success])
        #expect(entries.last?.reason == "forced: an attack is under way")
    }

    @Test func `the check for lock-out knows what administrators have`() throws {
        let desk = try office.desk()
        let mfa = PolicyYAML.administrators.replacing(
            "{ strength: phishing-resistant }", with: "mfa")
        try office.appoint("bob")
        // Bob has a password at most; alice has a key.
        let applied = try desk.apply([policyFile(mfa)], by: root)
        #expect(
            applied.lockedOut == [
                .init(user: try userName("bob"), policies: [try policyID("administrators")])
            ])
        let report = try desk.check([policyFile(mfa)])
        #expect(report.lockedOut == applied.lockedOut)
        #expect(!report.isEveryoneLockedOut)
        // Once alice is locked, nobody is left.
        try office.store.lock(
            userName("alice"), because: "lost", by: root, at: office.clock.now)
        #expect(try desk.check([policyFile(mfa)]).isEveryoneLockedOut)
        // A key of which an advisory speaks does not count where none may.
        try office.store.unlock(userName("alice"), by: root, at: office.clock.now)
        let own = """
            strengths:
              - id: sound
                combinations: [[webauthn]]
                key: { attestation: required, without-advisories: any }

            """
        let strict = own + mfa.replacing("[mfa]", with: "[{ strength: sound }]")
        #expect(try !desk.check([policyFile(strict)]).isEveryoneLockedOut)
        try office.store.deleteCredential(
            CredentialID(bytes: Array(repeating: 1, count: 32)), of: userName("alice"))
        try office.register(2, for: "alice", aaguid: Models.old)
        #expect(try desk.check([policyFile(strict)]).isEveryoneLockedOut)
    }

    @Test func `a check tells all problems and warnings and changes nothing`() throws {
        let desk = try office.desk()
        let yaml =
            PolicyYAML.payroll.replacing("carol", with: "nobody").replacing("mfa", with: "mfaa")
            .replacing("state: on", with: "state: maybe")
        let report = try desk.check([policyFile(yaml)])
        #expect(report.problems.map(\.code) == ["invalid-value", "invalid-value"])
        let wide = """
            break-glass: { users: [carol], reason: the safe }

            """
        let warned = try desk.check([policyFile(wide + PolicyYAML.payroll)])
        #expect(warned.problems == [])
        #expect(warned.policyCount == 1)
        #expect(warned.warnings.map(\.code) == ["break-glass"])
        #expect(desk.documents == [])
        #expect(desk.book.generation == 0)
    }

    @Test func `what policies name is not deleted`() throws {
        let desk = try office.desk()
        let use = desk.policyUse
        #expect(use(.group, "staff") == nil)
        try _ = desk.apply([policyFile(PolicyYAML.payroll)], by: root)
        #expect(use(.group, "staff") == "payroll")
        #expect(use(.user, "carol") == "payroll")
        #expect(use(.application, "payroll") == "payroll")
        #expect(use(.location, "office") == "payroll")
        #expect(use(.group, "guests") == nil)
        #expect(throws: StoreError.namedByPolicy(.group, "staff", policy: "payroll")) {
            try office.store.deleteGroup(
                directoryName("staff"), unlessNamedBy: use, by: root, at: office.clock.now)
        }
    }

    @Test func `takes in what changes in the directory`() throws {
        let desk = try office.desk()
        try _ = desk.apply([policyFile(PolicyYAML.payroll)], by: root)
        func applies(_ address: String) throws -> Bool {
            let answer = try desk.whatIf(
                WhatIfQuestion(
                    user: userName("bob"), application: "payroll", address: .init(address)))
            return !answer.decision.applied.isEmpty
        }
        #expect(try !applies("192.0.2.9"))
        #expect(try applies("198.51.100.9"))
        try office.store.replace(
            office.office("198.51.100.0/24"), by: root, at: office.clock.now)
        #expect(try desk.directoryChanged() == [])
        #expect(try applies("192.0.2.9"))
        #expect(try !applies("198.51.100.9"))
        // Kinds of program too.
        #expect(desk.book.clientKind(of: "mail") == .legacy)
        #expect(desk.book.clientKind(of: "payroll") == nil)
        try office.store.update(
            directoryName("payroll"), displayName: "", clientKind: .native, by: root,
            at: office.clock.now)
        try desk.directoryChanged()
        #expect(desk.book.clientKind(of: "payroll") == .native)
        // Nothing was noted, so there is nothing to catch up with.
        let generation = desk.book.generation
        desk.catchUp()
        #expect(desk.book.generation == generation)
        desk.noteDirectoryChange()
        #expect(desk.book.generation == generation + 1)
        desk.catchUp()
        #expect(desk.book.generation == generation + 1)
    }

    @Test func `says what is named and is not there any more, and starts all the same`() throws {
        let desk = try office.desk()
        let yaml = PolicyYAML.payroll.replacing(
            "include: { groups: [staff], users: [carol] }",
            with: "include: { groups: [staff] }, exclude: { users: [carol] }")
        try _ = desk.apply([policyFile(yaml)], by: root)
        // What the store lets nobody do while the policy names them.
        let names: PolicyUse = { _, _ in nil }
        try office.store.deleteUser(
            userName("carol"), unlessNamedBy: names, by: root, at: office.clock.now)
        try office.store.deleteLocation(
            directoryName("office"), unlessNamedBy: names, by: root, at: office.clock.now)
        let dangling = try desk.directoryChanged()
        #expect(dangling.map(\.name) == ["carol", "office"])
        #expect(desk.dangling == dangling)
        let later = try office.desk()
        #expect(later.dangling == dangling)
        #expect(later.book.current.policies.count == 1)
        // An exclusion that dangles excludes nobody.
        func applies(_ user: String) throws -> Bool {
            try !later.whatIf(
                WhatIfQuestion(
                    user: userName(user), application: "payroll", address: .init("192.0.2.9"))
            ).decision.applied.isEmpty
        }
        #expect(try applies("bob"))
        // An inclusion that dangles includes nobody.
        try office.store.deleteGroup(
            directoryName("staff"), unlessNamedBy: names, by: root, at: office.clock.now)
        try later.directoryChanged()
        #expect(try !applies("bob"))
        // The same policies are refused if they come anew.
        #expect(throws: PolicyDeskError.self) {
            try desk.apply([policyFile(yaml + "# again\n")], by: root)
        }
    }

    @Test func `a model that the catalogue has no longer matches no key`() throws {
        let yaml = PolicyYAML.blocksAll.replacing(
            "grant: block",
            with: """
                conditions: { devices: { include: { models: [acme-anvil] } } }
                    grant: block
                """)
        try _ = office.desk().apply(
            [policyFile(yaml)], forcedBecause: "anvils are out", by: root)
        let later = try office.desk(catalogue: .empty)
        #expect(later.dangling.map(\.name) == ["acme-anvil"])
        #expect(later.book.current.policies.count == 1)
    }

    @Test func `documents that cannot be read are no reason to start without policies`() throws {
        try office.store.replacePolicyDocuments(
            [PolicyDocument(file: "x.yaml", yaml: "schema: 1\npolicies: 7\n")], recording: [],
            by: root, at: office.clock.now)
        do throws(PolicyDeskError) {
            _ = try office.desk()
            Issue.record("it started")
        } catch {
            #expect(error.code == "unreadable-policies")
            #expect(error.advice.contains("x.yaml:2"))
        }
    }

    @Test func `says who may register what`() throws {
        let desk = try office.desk()
        let (bob, carol) = (try userName("bob"), try userName("carol"))
        #expect(desk.mayRegister(bob, .push))
        let yaml = """
            methods:
              push: { include: { groups: [staff] } }
              hotp: none

            """
        try _ = desk.apply([policyFile(yaml)], by: root)
        #expect(desk.mayRegister(bob, .push))
        #expect(!desk.mayRegister(carol, .push))
        #expect(!desk.mayRegister(try userName("stranger"), .push))
        #expect(!desk.mayRegister(bob, .hotp))
        #expect(desk.mayRegister(carol, .webauthn))
        #expect(
            desk.mayRegister(
                carol, groups: [try directoryName("staff")], roles: [], .push))
    }
}
