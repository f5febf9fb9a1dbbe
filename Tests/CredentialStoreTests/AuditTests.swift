import Accounts
import AuditLog
import CredentialStore
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

struct AuditTests {
    private let fixture: Fixture
    private var store: SQLiteStore { fixture.store }

    init() throws { fixture = try Fixture() }

    private func entry(_ user: String) -> AuditEntry {
        AuditEntry(.lockUser, [AuditTarget(.user, user)], reason: "because of \(user)")
    }

    private let console = AuditOrigin(who: .client, client: "console", from: "uid 0")

    /// Every row chained anew from the log's name, as a verification would.
    private func chain() throws -> ChainHead {
        var chain = ChainHead(origin: try store.auditLogName().text)
        for row in try store.auditRows(after: 0, limit: 10_000) {
            chain = chain.appending(row.bytes)
            #expect(row.number == chain.count)
            #expect(row.hash == chain.hash)
            #expect(row.record?.number == row.number)
        }
        return chain
    }

    @Test func `a log has a name that stays`() throws {
        let name = try store.auditLogName()
        #expect(name.text.hasPrefix("countersign/"))
        #expect(name.text.utf8.count == 28)
        #expect(try store.auditLogName() == name)
        #expect(try store.auditHead() == ChainHead(origin: name.text))
        #expect(try store.auditHeadNotes(limit: 9) == [])
        try store.append(entry("alice"), by: console, at: Samples.start)
        #expect(try store.auditLogName() == name)
        #expect(try Fixture().store.auditLogName() != name)
    }

    @Test func `records are numbered and chained in the order in which they come`() throws {
        // The clock steps back; the order is that of the numbers.
        for (index, second) in [5, 1, 9, -20].enumerated() {
            try store.append(
                entry("user\(index)"), by: console, at: Samples.start.advanced(by: .seconds(second))
            )
        }
        let rows = try store.auditRows(after: 0, limit: 9)
        #expect(rows.map(\.number) == [1, 2, 3, 4])
        #expect(
            rows.map { $0.record?.entry.targets.first?.name } == [
                "user0", "user1", "user2", "user3",
            ])
        #expect(
            rows.map { $0.record?.at }
                == [5, 1, 9, -20].map {
                    Samples.start.advanced(by: .seconds($0)).milliseconds
                })
        #expect(rows.allSatisfy { $0.record?.origin == console })
        #expect(try chain() == store.auditHead())
        #expect(try store.auditRows(after: 2, limit: 1).map(\.number) == [3])
        #expect(try store.auditRows(after: 4, limit: 9) == [])
    }

    @Test func `an act and its record are on disk together, or neither`() throws {
        struct Refused: Error {}
        let entry = entry("alice")
        try store.append(entry, by: console, at: Samples.start)
        #expect(throws: Refused.self) {
            try store.pool.write { database in
                try database.execute(
                    sql: "INSERT INTO server_secret (name, sealed) VALUES ('act', x'00')")
                try SQLiteStore.audit(entry, by: console, at: Samples.start, in: database)
                throw Refused()
            }
        }
        #expect(try store.auditRows(after: 0, limit: 9).count == 1)
        #expect(try store.serverSecret(named: "act") == nil)
        try store.pool.write { database in
            try database.execute(
                sql: "INSERT INTO server_secret (name, sealed) VALUES ('act', x'00')")
            try SQLiteStore.audit(entry, by: console, at: Samples.start, in: database)
            try SQLiteStore.audit(entry, by: console, at: Samples.start, in: database)
        }
        #expect(try store.serverSecret(named: "act") == [0])
        #expect(try chain().count == 3)
    }

    @Test func `a disk that is full takes neither the act nor its record`() throws {
        try store.append(entry("alice"), by: console, at: Samples.start)
        try fixture.limitGrowth(toPages: 0)
        let long = String(repeating: "x", count: 500)
        #expect(throws: StoreError.full) {
            for _ in 0..<100 { try store.append(entry(long), by: console, at: Samples.start) }
        }
        try fixture.limitGrowth(toPages: nil)
        let count = try chain().count
        try store.append(entry("bob"), by: console, at: Samples.start)
        #expect(try chain().count == count + 1)
    }

    @Test func `writers at the same time leave one chain`() async throws {
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for index in 0..<20 {
                        do {
                            try store.append(
                                entry("w\(writer)-\(index)"), by: console, at: Samples.start)
                        } catch {
                            Issue.record(error)
                        }
                    }
                }
            }
        }
        #expect(try chain().count == 160)
        let names = try store.auditRows(after: 0, limit: 200).compactMap {
            $0.record?.entry.targets.first?.name
        }
        for writer in 0..<8 {
            #expect(
                names.filter { $0.hasPrefix("w\(writer)-") }
                    == (0..<20).map { "w\(writer)-\($0)" })
        }
    }

    @Test func `the log is there after a restart, and goes on`() throws {
        for index in 0..<3 { try store.append(entry("\(index)"), by: console, at: Samples.start) }
        let head = try store.auditHead()
        try store.close()
        let again = try SQLiteStore(path: fixture.folder.database)
        #expect(try again.auditHead() == head)
        try again.append(entry("3"), by: console, at: Samples.start)
        #expect(try again.auditHead().count == 4)
        let row = try #require(try again.auditRows(after: 3, limit: 9).first)
        #expect(head.appending(row.bytes).hash == row.hash)
    }

    private func fill() throws {
        let desk = AuditOrigin(who: .administrator("alice"), client: "desk", from: "")
        func at(_ second: Int) -> Timestamp { Samples.start.advanced(by: .seconds(second)) }
        try store.append(AuditEntry(.serverStarted), by: .system("server"), at: at(0))
        try store.append(
            AuditEntry(.addMemberToGroup, [AuditTarget(.user, "bob"), AuditTarget(.group, "it")]),
            by: desk, at: at(1))
        try store.append(
            AuditEntry(.addMemberToGroup, [AuditTarget(.user, "bo"), AuditTarget(.group, "it")]),
            by: console, at: at(2))
        try store.append(entry("bob"), by: desk, at: at(3))
        try store.append(entry("b\nob\u{202E}"), by: console, at: at(4))
    }

    private func found(_ change: (inout AuditFilter) -> Void) throws -> [Int] {
        var filter = AuditFilter()
        change(&filter)
        return try store.auditRows(matching: filter, limit: 9).map(\.number)
    }

    @Test func `records are found by what they are, the newest first`() throws {
        try fill()
        #expect(try found { _ in } == [5, 4, 3, 2, 1])
        #expect(try found { $0.activity = .addMemberToGroup } == [3, 2])
        #expect(try found { $0.actor = "administrator:alice" } == [4, 2])
        #expect(try found { $0.actor = "client:console" } == [5, 3])
        #expect(try found { $0.actor = "system:server" } == [1])
        #expect(try found { $0.actor = "alice" } == [])
        #expect(try found { $0.target = "user:bob" } == [4, 2])
        #expect(try found { $0.target = "user:bo" } == [3])
        #expect(try found { $0.target = "group:it" } == [3, 2])
        #expect(try found { $0.target = "b" } == [])
        #expect(try found { $0.target = "user:b\nob\u{202E}" } == [5])
        #expect(try found { $0.target = "" } == [])
        #expect(try found { $0.target = "%" } == [])
        let second = Samples.start.advanced(by: .seconds(2))
        #expect(try found { $0.since = second } == [5, 4, 3])
        #expect(try found { $0.until = second } == [2, 1])
        #expect(try found { $0.before = 3 } == [2, 1])
        #expect(
            try found {
                $0.activity = .lockUser
                $0.actor = "administrator:alice"
                $0.target = "user:bob"
                $0.since = second
                $0.until = second.advanced(by: .seconds(2))
                $0.before = 5
            } == [4])
        #expect(try store.auditRows(matching: AuditFilter(), limit: 2).map(\.number) == [5, 4])
    }

    @Test func `what was done to a row is seen from its hash, and the log goes on`() throws {
        for index in 0..<3 { try store.append(entry("\(index)"), by: console, at: Samples.start) }
        let sound = try store.auditRows(after: 0, limit: 9)
        try store.pool.write { database in
            try database.execute(sql: "UPDATE audit_record SET record = x'01' WHERE number = 3")
        }
        try store.append(entry("3"), by: console, at: Samples.start)
        let rows = try store.auditRows(after: 0, limit: 9)
        #expect(rows.map(\.number) == [1, 2, 3, 4])
        #expect(rows[2].record == nil)
        #expect(rows[2].hash == sound[2].hash)
        // The last row goes on from the hash that row 3 has, which is not that of its bytes.
        let before = try #require(ChainHead(count: 2, hash: rows[1].hash))
        #expect(before.appending(rows[2].bytes).hash != rows[2].hash)
        let third = try #require(ChainHead(count: 3, hash: rows[2].hash))
        #expect(third.appending(rows[3].bytes).hash == rows[3].hash)
    }

    @Test func `a hash of another length stops nothing`() throws {
        try store.append(entry("0"), by: console, at: Samples.start)
        for hash in ["x''", "x'00'", "zeroblob(40)"] {
            try store.pool.write { database in
                try database.execute(
                    sql: """
                        UPDATE audit_record SET hash = \(hash)
                        WHERE number = (SELECT MAX(number) FROM audit_record)
                        """)
            }
            #expect(throws: StoreError.unreadableRow(table: "audit_record")) {
                try store.auditHead()
            }
            try store.append(entry("x"), by: console, at: Samples.start)
        }
        #expect(try store.auditRows(after: 0, limit: 9).map(\.number) == [1, 2, 3, 4])
        #expect(try store.auditRows(after: 0, limit: 9).map(\.hash.count) == [0, 1, 40, 32])
    }

    @Test func `a number beyond all numbers takes no record`() throws {
        try store.append(entry("0"), by: console, at: Samples.start)
        for number in ["9223372036854775807", "-1"] {
            try store.pool.write { database in
                try database.execute(sql: "UPDATE audit_record SET number = \(number)")
            }
            #expect(throws: StoreError.unreadableRow(table: "audit_record")) {
                try store.append(entry("1"), by: console, at: Samples.start)
            }
        }
    }

    @Test func `heads are kept once each, the latest first`() throws {
        let origin = try store.auditLogName()
        for (count, at) in [(3, 1), (7, 2), (3, 3)] as [(Int, Int64)] {
            let chain = try #require(ChainHead(count: count, hash: .init(repeating: 0, count: 32)))
            try store.keep(
                AuditHead(origin: origin, chain: chain, at: at), note: "note \(count) \(at)")
        }
        #expect(try store.auditHeadNotes(limit: 9) == ["note 7 2", "note 3 1"])
        #expect(try store.auditHeadNotes(limit: 1) == ["note 7 2"])
    }

    @Test func `a name that is none is not gone on with`() throws {
        _ = try store.auditLogName()
        try store.pool.write { database in
            try database.execute(sql: "UPDATE audit_head SET note = 'a b' WHERE count = 0")
        }
        #expect(throws: StoreError.unreadableRow(table: "audit_head")) {
            try store.auditLogName()
        }
        #expect(throws: StoreError.unreadableRow(table: "audit_head")) {
            try store.append(entry("0"), by: console, at: Samples.start)
        }
    }
}
