import Accounts
import AuditLog
import CredentialStore
import Foundation
import GRDB
import Testing

extension SQLiteStore {
    /// Writes a record as the audit log has it; its hash does not matter here.
    func write(_ record: AuditRecord) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO audit_record (number, at, activity, actor, target, record, hash)
                    VALUES (?, ?, ?, ?, ?, ?, x'00')
                    """,
                arguments: [
                    record.number, record.at, record.entry.activity.rawValue, record.origin.actor,
                    record.entry.targets.first?.word ?? "", Data(record.encoded()),
                ])
        }
    }
}

struct ReportsOfAuditTests {
    private func record(
        _ number: Int, _ day: Int, _ activity: AuditActivity, _ outcome: AuditOutcome = .success
    ) -> AuditRecord {
        AuditRecord(
            number: number, at: moment(day),
            entry: AuditEntry(
                activity, [AuditTarget(.user, "user \(number)"), AuditTarget(.role, "help-desk")],
                outcome: outcome),
            origin: AuditOrigin(who: .administrator("root"), client: "console", from: "uid 0"))
    }

    @Test func `acts of some kinds in a period that were done, the newest first`() throws {
        let fixture = try Fixture()
        let records = [
            record(1, 0, .addMemberToRole), record(2, 1, .addUser),
            record(3, 1, .removeMemberFromRole),
            record(4, 1, .addMemberToRole, .failure(code: "last-global-administrator")),
            record(5, 2, .addMemberToRole),
            // A clock that was set back.
            record(6, 1, .addMemberToRole), record(7, 3, .addMemberToRole),
        ]
        for record in records { try fixture.store.write(record) }
        let kinds: [AuditActivity] = [.addMemberToRole, .removeMemberFromRole]
        let found = try fixture.store.auditedActs(kinds, in: days(1, 2))
        #expect(found.records == [records[5], records[4], records[2]])
        #expect(!found.isCut)
        let cut = try fixture.store.auditedActs(kinds, in: days(1, 2), examining: 2)
        #expect(cut.records == [records[5], records[4]])
        #expect(cut.isCut)
        #expect(try fixture.store.auditedActs([.addGroup], in: days(0, 9)).records == [])
    }

    @Test func `a record that cannot be read is said`() throws {
        let fixture = try Fixture()
        try fixture.store.write(record(1, 0, .addUser))
        try fixture.store.pool.write {
            try $0.execute(sql: "UPDATE audit_record SET record = x'FF'")
        }
        #expect(throws: StoreError.unreadableRow(table: "audit_record")) {
            try fixture.store.auditedActs([.addUser], in: days(0, 0))
        }
    }
}

struct MethodRegistrationTests {
    @Test func `users are told by the best of what they have`() throws {
        let fixture = try Fixture(users: "alice", "bob", "carol", "dave", "erin")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(1))
        try fixture.store.register(Samples.card(2, of: "bob"), spending: Samples.challenge(2))
        try fixture.store.register(
            Samples.phone(5, of: "carol", sealed: nil), maximum: 5, beganAt: Samples.start,
            spending: Samples.challenge(3))
        try fixture.store.add(Samples.token(3, of: "carol"), maximum: 5)
        try fixture.store.add(Samples.token(4, of: "dave"), maximum: 5)
        try fixture.store.pool.write { database in
            try database.execute(
                sql: """
                    UPDATE user SET mfa_state = 'disabled';
                    UPDATE user SET mfa_state = 'enforced' WHERE name IN ('alice', 'bob');
                    UPDATE user SET locked_at = 7 WHERE name = 'erin';
                    INSERT INTO role_member SELECT id, 'help-desk', 0 FROM user WHERE name IN ('bob', 'erin');
                    INSERT INTO role_member SELECT id, 'global-administrator', 0 FROM user WHERE name = 'erin';
                    """)
        }
        let report = try fixture.store.methodRegistration(limit: 10)
        #expect(report.groups.map(\.mfaState) == [.disabled, .disabled, .disabled, .enforced])
        #expect(report.groups.map(\.strength) == [.code, .none, .phone, .phishingResistant])
        #expect(report.groups.map(\.count) == [1, 1, 1, 2])
        #expect(MethodStrength.allCases.map { report.count($0) } == [2, 1, 1, 1])
        #expect(report.withoutMethod.map(\.user) == ["erin"])
        #expect(report.withoutMethod.map(\.roles) == [["global-administrator", "help-desk"]])
        #expect(report.withoutMethod.map(\.lockedAt) == [Timestamp(milliseconds: 7)])
        #expect(report.onlyCodes.map(\.user) == ["dave"])
        #expect(report.administrators.map(\.user) == ["bob", "erin"])
        #expect(report.administrators.map(\.strength) == [.phishingResistant, .none])
        #expect(
            try fixture.store.methodRegistration(limit: 1).administrators.map(\.user) == ["bob"])
    }
}
