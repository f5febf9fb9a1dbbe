import Accounts
import AuditLog
import CredentialStore
import Dispatch
import Synchronization
import Testing

struct DirectoryRoleTests {
    /// What would leave a server without a global administrator.
    enum Way: CaseIterable, Sendable {
        case role, deletion, lock
    }

    private func end(_ way: Way, of user: String, in store: SQLiteStore) throws {
        let name = try Samples.name(user)
        switch way {
        case .role:
            try store.remove(.globalAdministrator, from: name, by: .test, at: Samples.start)
        case .deletion: try store.deleteUser(name)
        case .lock: try store.lock(name, because: "left", by: .test, at: Samples.start)
        }
    }

    /// Global administrators who are not locked.
    private func administrators(_ store: SQLiteStore) throws -> [String] {
        try store.roleMembers(of: .globalAdministrator, limit: 99)
            .filter { !$0.isLocked }.map(\.user.text)
    }

    @Test func `roles are listed, by role and name`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.assign(.helpDesk, to: "bob")
        try fixture.assign(.securityReader, to: "alice")
        try fixture.assign(.helpDesk, to: "alice")
        let members = try fixture.store.roleMembers(limit: 9)
        #expect(members.map(\.user.text) == ["alice", "bob", "alice"])
        #expect(members.map(\.role) == [.helpDesk, .helpDesk, .securityReader])
        #expect(
            try fixture.store.roleMembers(of: .securityReader, limit: 9).map(\.user.text) == [
                "alice"
            ])
        #expect(try fixture.facts(of: "alice").roles == [.helpDesk, .securityReader])
    }

    @Test func `a role is given once, and taken once`() throws {
        let fixture = try Fixture(users: "alice")
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        try fixture.assign(.helpDesk, to: "alice")
        #expect(throws: StoreError.alreadyMember(alice)) {
            try fixture.assign(.helpDesk, to: "alice")
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.assign(.helpDesk, to: "carol")
        }
        try fixture.store.remove(.helpDesk, from: alice, by: .test, at: Samples.start)
        for role in [AdministratorRole.helpDesk, .globalAdministrator] {
            #expect(throws: StoreError.notMember(alice)) {
                try fixture.store.remove(role, from: alice, by: .test, at: Samples.start)
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `the last global administrator stays`(way: Way) throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.assign(.globalAdministrator, to: "alice")
        try fixture.assign(.authenticationAdministrator, to: "bob")
        let refusal = StoreError.lastGlobalAdministrator(try Samples.name("alice"))
        let count = try fixture.store.auditHead().count
        #expect(throws: refusal) { try end(way, of: "alice", in: fixture.store) }
        #expect(try administrators(fixture.store) == ["alice"])
        #expect(try fixture.store.auditHead().count == count)
        try fixture.assign(.globalAdministrator, to: "bob")
        try end(way, of: "alice", in: fixture.store)
        #expect(try administrators(fixture.store) == ["bob"])
    }

    @Test(arguments: Way.allCases)
    func `one who is locked does not count`(way: Way) throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.assign(.globalAdministrator, to: "alice")
        try fixture.assign(.globalAdministrator, to: "bob")
        try fixture.store.lock(
            Samples.name("bob"), because: "away", by: .test, at: Samples.start)
        #expect(throws: StoreError.lastGlobalAdministrator(try Samples.name("alice"))) {
            try end(way, of: "alice", in: fixture.store)
        }
        // Whoever is locked can go.
        try end(way, of: "bob", in: fixture.store)
        #expect(try administrators(fixture.store) == ["alice"])
    }

    @Test func `users without that role come and go where there is no administrator`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.assign(.helpDesk, to: "bob")
        try fixture.store.lock(
            Samples.name("bob"), because: "away", by: .test, at: Samples.start)
        try fixture.store.deleteUser(Samples.name("alice"))
        try fixture.store.deleteUser(Samples.name("bob"))
        #expect(try fixture.store.counts().users == 0)
    }

    @Test(arguments: Way.allCases, Way.allCases)
    func `of two who end each other one stays`(first: Way, second: Way) throws {
        for _ in 0..<5 {
            let fixture = try Fixture(users: "alice", "bob")
            try fixture.assign(.globalAdministrator, to: "alice")
            try fixture.assign(.globalAdministrator, to: "bob")
            let failures = Mutex<[any Error]>([])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                do {
                    try end(
                        index == 0 ? first : second, of: index == 0 ? "alice" : "bob",
                        in: fixture.store)
                } catch {
                    failures.withLock { $0.append(error) }
                }
            }
            let left = try administrators(fixture.store)
            #expect(left.count == 1)
            let expected = try left.map { StoreError.lastGlobalAdministrator(try Samples.name($0)) }
            #expect(failures.withLock { $0.compactMap { $0 as? StoreError } } == expected)
        }
    }
}
