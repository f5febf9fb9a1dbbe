import Accounts
import AuditLog
import CredentialStore
import Testing

struct DirectoryGroupTests {
    @Test func `a group is listed with its members, by name`() throws {
        let fixture = try Fixture(users: "alice", "bob", "Carol")
        try fixture.addGroup("staff", "bob", "alice", "Carol")
        try fixture.addGroup("Admins", "bob")
        try fixture.addGroup("empty")
        let groups = try fixture.store.groups(limit: 9)
        #expect(groups.map(\.name.text) == ["Admins", "empty", "staff"])
        #expect(groups.map(\.memberCount) == [1, 0, 3])
        let staff = try Samples.directoryName("staff")
        let members = try fixture.store.members(ofGroup: staff, limit: 9)
        #expect(members.map(\.text) == ["Carol", "alice", "bob"])
        #expect(try fixture.facts(of: "bob").groups.map(\.text).sorted() == ["Admins", "staff"])
        #expect(
            try fixture.store.groups(of: Samples.name("bob")).map(\.text) == ["Admins", "staff"])
        #expect(try fixture.store.groups(of: Samples.name("nobody")) == [])
    }

    @Test func `pages meet without a gap and without an overlap`() throws {
        let fixture = try Fixture()
        for number in 0..<25 {
            try fixture.store.add(Samples.user("user\(number)"))
            try fixture.addGroup("group\(number)")
        }
        try fixture.addGroup("all")
        let all = try Samples.directoryName("all")
        for number in 0..<25 {
            try fixture.store.add(
                Samples.name("user\(number)"), toGroup: all, by: .test, at: Samples.start)
        }
        var groups: [String] = []
        while true {
            let page = try fixture.store.groups(
                after: groups.last.map(Samples.directoryName), limit: 7)
            if page.isEmpty { break }
            groups += page.map(\.name.text)
        }
        #expect(groups == (["all"] + (0..<25).map { "group\($0)" }).sorted())
        var members: [String] = []
        while true {
            let page = try fixture.store.members(
                ofGroup: all, after: members.last.map(Samples.name), limit: 4)
            if page.isEmpty { break }
            members += page.map(\.text)
        }
        #expect(members == (0..<25).map { "user\($0)" }.sorted())
        #expect(try fixture.store.groups(limit: 0) == [])
    }

    @Test func `what is there, or is not, is told apart`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.addGroup("staff", "alice")
        let (staff, other) = (
            try Samples.directoryName("staff"), try Samples.directoryName("other")
        )
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        let store = fixture.store
        let absence = StoreError.noSuchName(.group, "other")
        #expect(throws: StoreError.nameTaken(.group, "staff")) {
            try store.addGroup(staff, description: "", by: .test, at: Samples.start)
        }
        #expect(throws: absence) {
            try store.add(alice, toGroup: other, by: .test, at: Samples.start)
        }
        #expect(throws: absence) {
            try store.remove(alice, fromGroup: other, by: .test, at: Samples.start)
        }
        #expect(throws: absence) { try store.members(ofGroup: other, limit: 1) }
        #expect(throws: absence) {
            try store.deleteGroup(other, unlessNamedBy: unnamed, by: .test, at: Samples.start)
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try store.add(carol, toGroup: staff, by: .test, at: Samples.start)
        }
        #expect(throws: StoreError.alreadyMember(alice)) {
            try store.add(alice, toGroup: staff, by: .test, at: Samples.start)
        }
        try store.remove(alice, fromGroup: staff, by: .test, at: Samples.start)
        #expect(throws: StoreError.notMember(alice)) {
            try store.remove(alice, fromGroup: staff, by: .test, at: Samples.start)
        }
    }

    @Test func `a group that a policy names stays`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.addGroup("staff", "alice")
        try fixture.addGroup("other", "alice")
        let use: PolicyUse = { kind, name in
            kind == .group && name == "staff" ? "mfa-for-staff" : nil
        }
        #expect(
            throws: StoreError.namedByPolicy(.group, "staff", policy: "mfa-for-staff")
        ) {
            try fixture.store.deleteGroup(
                Samples.directoryName("staff"), unlessNamedBy: use, by: .test, at: Samples.start)
        }
        try fixture.store.deleteGroup(
            Samples.directoryName("other"), unlessNamedBy: use, by: .test, at: Samples.start)
        #expect(try fixture.facts(of: "alice").groups.map(\.text) == ["staff"])
    }

    @Test func `memberships go with the group, and with the user`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.addGroup("staff", "alice", "bob")
        try fixture.addGroup("other", "alice")
        try fixture.store.deleteUser(Samples.name("bob"))
        try fixture.store.add(Samples.user("bob"))
        #expect(try fixture.facts(of: "bob").groups == [])
        try fixture.store.deleteGroup(
            Samples.directoryName("staff"), unlessNamedBy: unnamed, by: .test, at: Samples.start)
        try fixture.addGroup("staff")
        #expect(try fixture.facts(of: "alice").groups.map(\.text) == ["other"])
    }
}
