import Accounts
import AuditLog
import CredentialStore
import Testing

struct PolicyDocumentTests {
    private let fixture: Fixture
    private var store: SQLiteStore { fixture.store }

    init() throws { fixture = try Fixture() }

    private let first = PolicyDocument(file: "b.yaml", yaml: "schema: 1\n")
    private let second = PolicyDocument(file: "a.yaml", yaml: "# ✓\nschema: 1\n")

    private func replace(
        _ documents: [PolicyDocument], _ acts: [AuditEntry] = []
    ) throws(StoreError) {
        try store.replacePolicyDocuments(
            documents, recording: acts, by: .test, at: Samples.start)
    }

    @Test func `keeps documents in the order in which they were given`() throws {
        #expect(try store.policyDocuments() == [])
        try replace([first, second])
        #expect(try store.policyDocuments() == [first, second])
        try replace([second])
        #expect(try store.policyDocuments() == [second])
        try replace([])
        #expect(try store.policyDocuments() == [])
    }

    @Test func `documents and the record of them are there together or not at all`() throws {
        try replace([first])
        let before = try store.auditHead()
        let act = AuditEntry(.applyPolicies, [AuditTarget(.policy, "set-1")])
        // Two files of one name.
        #expect(throws: StoreError.self) { try replace([second, second], [act]) }
        #expect(try store.policyDocuments() == [first])
        #expect(try store.auditHead() == before)
        try replace([second], [act, act])
        #expect(try store.auditHead().count == before.count + 2)
        let rows = try store.auditRows(after: before.count, limit: 9)
        #expect(rows.map { $0.record?.entry } == [act, act])
    }

    @Test func `documents are there after a restart`() throws {
        try replace([first, second])
        try store.close()
        let store = try SQLiteStore(path: fixture.folder.database)
        #expect(try store.policyDocuments() == [first, second])
    }

    @Test func `reads the log from the oldest row on, in portions`() throws {
        // Not in the order of time, and several at one moment.
        let times = [30, 10, 20, 20, 20, 40, 10].map { moment(0) + $0 }
        try store.write(times.map { LogRow.success(at: $0, "alice", "mail") })
        func read(
            since start: Int64, until end: Int64, limit: Int
        ) throws -> [Int64] {
            var numbers: [Int64] = []
            var place: SignInPlace?
            while true {
                let rows = try store.recordedSignIns(
                    since: Timestamp(milliseconds: moment(0) + start),
                    until: Timestamp(milliseconds: moment(0) + end), after: place, limit: limit)
                #expect(rows.count <= limit)
                guard let last = rows.last else { return numbers }
                numbers += rows.map(\.number)
                place = SignInPlace(after: last)
            }
        }
        for limit in 1...8 {
            #expect(try read(since: 0, until: 100, limit: limit) == [2, 7, 3, 4, 5, 1, 6])
            #expect(try read(since: 11, until: 40, limit: limit) == [3, 4, 5, 1])
            #expect(try read(since: 20, until: 21, limit: limit) == [3, 4, 5])
            #expect(try read(since: 41, until: 100, limit: limit) == [])
        }
    }

    @Test func `a place before the beginning is the beginning`() throws {
        try store.write([LogRow.success(at: moment(0), "alice", "mail")])
        let rows = try store.recordedSignIns(
            since: Timestamp(milliseconds: moment(0)),
            until: Timestamp(milliseconds: moment(1)),
            after: SignInPlace(at: Timestamp(milliseconds: 5), number: 77), limit: 9)
        #expect(rows.map(\.number) == [1])
        #expect(
            try store.recordedSignIns(
                since: Timestamp(milliseconds: moment(0)),
                until: Timestamp(milliseconds: moment(1)), limit: 0
            ).isEmpty)
    }
}
