import Accounts
import CredentialStore
import Testing
import WebAuthn

struct UserTests {
    @Test func `a user who was added is found as it was`() throws {
        let fixture = try Fixture()
        let user = try Samples.user("alice")
        try fixture.store.add(user)
        #expect(try fixture.store.user(user.name) == user)
    }

    @Test func `a user who was never added is not found`() throws {
        let fixture = try Fixture(users: "alice")
        #expect(try fixture.store.user(Samples.name("Alice")) == nil)
    }

    @Test func `a name is taken once`() throws {
        let fixture = try Fixture(users: "alice")
        let name = try Samples.name("alice")
        let other = User(
            name: name, displayName: "Another", handle: try UserHandle(bytes: [1]),
            createdAt: Samples.start)
        #expect(throws: StoreError.userExists(name)) { try fixture.store.add(other) }
        #expect(try fixture.store.user(name) == Samples.user("alice"))
    }

    @Test func `names that look alike in other bytes are other users`() throws {
        let fixture = try Fixture(users: "caf\u{E9}", "cafe\u{301}")
        #expect(try fixture.store.counts().users == 2)
        let composed = try #require(try fixture.store.user(Samples.name("caf\u{E9}")))
        #expect(Array(composed.name.text.utf8) == Array("caf\u{E9}".utf8))
    }

    @Test func `deleting a user takes its credentials and leaves its sign-ins`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(1))
        try fixture.store.register(Samples.credential(2, of: "bob"), spending: Samples.challenge(2))
        _ = try fixture.store.commit([
            Samples.answer(Samples.challenge(3), by: 1, of: "alice", counter: 1)
        ])

        try fixture.store.deleteUser(Samples.name("alice"))

        #expect(try fixture.store.user(Samples.name("alice")) == nil)
        #expect(try fixture.store.credentials(of: Samples.name("alice")) == [])
        #expect(try fixture.store.credentials(of: Samples.name("bob")).count == 1)
        #expect(try fixture.store.signIns(of: Samples.name("alice"), limit: 10).count == 1)
    }

    @Test func `a new user of an old name inherits nothing`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice"), spending: Samples.challenge(1))
        try fixture.store.deleteUser(Samples.name("alice"))
        try fixture.store.add(Samples.user("alice"))
        #expect(try fixture.store.credentials(of: Samples.name("alice")) == [])
    }

    @Test func `a user who is not there cannot be deleted`() throws {
        let fixture = try Fixture()
        let name = try Samples.name("alice")
        #expect(throws: StoreError.noSuchUser(name)) { try fixture.store.deleteUser(name) }
    }
}

struct UserNameTests {
    @Test(arguments: [
        "a", "alice@example.org", "DOMAIN\\alice", " ", "ünïcødé",
        String(repeating: "x", count: 128),
    ])
    func `takes`(_ text: String) {
        #expect(UserName(text)?.text == text)
    }

    @Test(arguments: [
        "", "a\u{0}b", "a\nb", "a\u{1F}", "a\u{7F}", "a\u{85}", "a\u{9F}",
        String(repeating: "x", count: 129), String(repeating: "é", count: 65),
    ])
    func `refuses`(_ text: String) {
        #expect(UserName(text) == nil)
    }

    @Test func `equality and hash are those of the bytes`() throws {
        let composed = try Samples.name("\u{E9}")
        let decomposed = try Samples.name("e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
    }
}

struct TimestampTests {
    @Test func `advances by whole milliseconds`() {
        let start = Timestamp(milliseconds: 1000)
        #expect(start.advanced(by: .milliseconds(1500)).milliseconds == 2500)
        #expect(start.advanced(by: .microseconds(1999)).milliseconds == 1001)
        #expect(start.advanced(by: .milliseconds(-1500)).milliseconds == -500)
        #expect(start < start.advanced(by: .milliseconds(1)))
    }
}

struct StoreErrorTests {
    @Test func `each case has a code and an advice of its own`() throws {
        let name = try Samples.name("alice")
        let all: [StoreError] = [
            .locked(path: "p"), .full, .newerSchema(path: "p"), .damaged(path: "p"),
            .unavailable(code: 10), .userExists(name), .noSuchUser(name), .noSuchCredential,
            .credentialExists, .tooMany, .mfaNotEnforced(name), .userAtRisk(name),
            .nameTaken(.group, "g"), .noSuchName(.location, "l"),
            .namedByPolicy(.application, "a", policy: "p"), .alreadyMember(name),
            .notMember(name), .lastGlobalAdministrator(name), .notLocked(name),
            .tooManyLocations, .challengeSpent, .unreadableRow(table: "t"),
        ]
        #expect(
            all.map(\.code) == [
                "store-locked", "store-full", "store-newer-schema", "store-damaged",
                "store-unavailable", "user-exists", "no-such-user", "no-such-credential",
                "credential-exists", "too-many", "mfa-not-enforced", "user-at-risk", "name-taken",
                "no-such-name", "named-by-policy", "already-member", "not-a-member",
                "last-global-administrator", "not-locked", "too-many-locations",
                "challenge-spent", "unreadable-row",
            ])
        #expect(Set(all.map(\.advice)).count == all.count)
    }
}
