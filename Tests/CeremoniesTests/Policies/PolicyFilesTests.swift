import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import Testing

struct PolicyFilesTests {
    private let office: PolicyOffice
    private let desk: PolicyDesk
    private let files = AuditOrigin.system("policy-files")

    init() throws {
        office = try PolicyOffice()
        desk = try office.desk(isReadFromFiles: true)
    }

    @Test func `nobody else changes policies that are those of files`() throws {
        let origin = AuditOrigin.at("front")
        #expect(throws: PolicyDeskError.readFromFiles) {
            try desk.apply([policyFile(PolicyYAML.payroll)], by: origin)
        }
        try _ = desk.applyFiles([policyFile(PolicyYAML.payroll)])
        #expect(throws: PolicyDeskError.readFromFiles) {
            try desk.set(.off, of: policyID("payroll"), by: origin)
        }
        #expect(desk.book.current.policies.map(\.state) == [.on])
    }

    @Test func `files in force are taken in once`() throws {
        let count = try office.recordCount()
        let payroll = [policyFile(PolicyYAML.payroll)]
        #expect(try desk.applyFiles(payroll)?.added == 1)
        #expect(try desk.applyFiles(payroll) == nil)
        // A server that starts again finds them in force.
        let later = try office.desk(isReadFromFiles: true)
        #expect(try later.applyFiles(payroll) == nil)
        let records = try office.records(after: count)
        #expect(records.map(\.entry.activity) == [.applyPolicies])
        #expect(records.map(\.origin) == [files])
    }

    @Test func `refused files are on record, and the last good ones go on to serve`() throws {
        try _ = desk.applyFiles([policyFile(PolicyYAML.payroll)])
        let count = try office.recordCount()
        #expect(throws: PolicyDeskError.self) {
            try desk.applyFiles([policyFile("policies: [ { id: x } ]\n", name: "bad.yaml")])
        }
        #expect(throws: PolicyDeskError.self) {
            try desk.applyFiles([policyFile(PolicyYAML.blocksAll)])
        }
        try desk.refuseFiles(because: "the folder cannot be read", code: "unreadable")
        let entries = try office.records(after: count).map(\.entry)
        #expect(
            entries.map(\.activity) == [.policiesRefused, .policiesRefused, .policiesRefused])
        #expect(
            entries.map(\.outcome) == [
                .failure(code: "missing-key"), .failure(code: "locks-out-administrators"),
                .failure(code: "unreadable"),
            ])
        #expect(entries.first?.reason.hasPrefix("bad.yaml:2: ‘state’ is missing") == true)
        #expect(desk.book.current.policies.map(\.id.text) == ["payroll"])
        #expect(desk.documents.map(\.file) == ["policies.yaml"])
    }
}
