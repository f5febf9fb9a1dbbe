import Accounts
import AuditLog
import CredentialStore
import OATH
import Testing
import WebAuthn

struct DirectoryUserTests {
    @Test func `users are listed with what is theirs`() throws {
        let fixture = try Fixture(users: "bob", "alice", "Zoë")
        let store = fixture.store
        try store.register(Samples.credential(1, of: "alice"), spending: Samples.challenge(1))
        try store.register(Samples.card(2, of: "alice"), spending: Samples.challenge(2))
        try store.register(
            Samples.phone(3, of: "alice", sealed: nil), maximum: 5, beganAt: Samples.start,
            spending: Samples.challenge(3))
        for (index, parameters) in try Samples.parameters().enumerated() {
            for copy in 0..<2 {
                let seed = UInt8(10 + 2 * index + copy)
                try store.add(
                    Samples.token(seed, of: "bob", parameters), maximum: 9)
            }
        }
        try fixture.assign(.helpDesk, to: "bob")
        try fixture.assign(.securityReader, to: "bob")
        try store.set(.enforced, of: Samples.name("alice"))
        try store.set(
            .medium, of: Samples.name("Zoë"), because: "", client: "", at: Samples.start)
        try store.lock(
            Samples.name("Zoë"), because: "left", by: .test, at: Samples.at(7))

        let users = try store.users(limit: 9)
        #expect(users.map(\.name.text) == ["Zoë", "alice", "bob"])
        #expect(users.map(\.displayName) == ["Zoë", "alice", "bob"].map { "Display of \($0)" })
        #expect(users.map(\.mfaState) == [.disabled, .enforced, .disabled])
        #expect(users.map(\.risk) == [.medium, .none, .none])
        #expect(
            users.map(\.methods) == [
                [], [.webauthn, .piv, .push], [.hotp, .totp, .ocra, .hmac],
            ])
        #expect(users.map(\.roles) == [[], [], [.helpDesk, .securityReader]])
        #expect(users.map(\.lock?.reason) == ["left", nil, nil])
        #expect(users.map(\.lock?.since) == [Samples.at(7), nil, nil])
    }

    @Test func `filters let through what they say`() throws {
        let fixture = try Fixture(users: "alice", "bob", "carol")
        try fixture.addGroup("staff", "alice", "bob")
        try fixture.store.set(.enabled, of: Samples.name("bob"))
        try fixture.store.set(.enabled, of: Samples.name("carol"))
        let staff = try Samples.directoryName("staff")
        func names(_ filter: UserFilter) throws -> [String] {
            try fixture.store.users(filter, limit: 9).map(\.name.text)
        }
        #expect(try names(UserFilter(mfaState: .enabled)) == ["bob", "carol"])
        #expect(try names(UserFilter(group: staff)) == ["alice", "bob"])
        #expect(try names(UserFilter(mfaState: .enabled, group: staff)) == ["bob"])
        #expect(try names(UserFilter(group: Samples.directoryName("none"))) == [])
    }

    @Test func `pages meet, whatever names users have`() throws {
        let fixture = try Fixture()
        let names = [
            " ", "'; DROP TABLE user; --", "%", "<b>alice</b>", "a\u{202E}b", "alice", "alicé",
            "alice\u{301}", "\u{1F600}", "=cmd|'/c'!A0", "名前", "zz",
        ]
        for (index, name) in names.enumerated() {
            try fixture.store.add(
                User(
                    name: Samples.name(name), displayName: name,
                    handle: .init(bytes: [UInt8(index), 1]), createdAt: Samples.start))
        }
        var listed: [String] = []
        while true {
            let page = try fixture.store.users(
                after: listed.last.map(Samples.name), limit: 5)
            if page.isEmpty { break }
            listed += page.map(\.name.text)
        }
        let expected = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(listed.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test func `a lock holds until it is taken away`() throws {
        let fixture = try Fixture(users: "alice")
        let (store, alice) = (fixture.store, try Samples.name("alice"))
        #expect(throws: StoreError.notLocked(alice)) {
            try store.unlock(alice, by: .test, at: Samples.start)
        }
        try store.lock(alice, because: "ticket 1", by: .test, at: Samples.at(1))
        try store.lock(alice, because: "ticket 2", by: .test, at: Samples.at(2))
        let lock = try #require(try store.standing(of: alice).lock)
        #expect(lock.since == Samples.at(1))
        #expect(lock.reason == "ticket 2")
        #expect(try fixture.facts(of: "alice").isLocked)
        try store.unlock(alice, by: .test, at: Samples.at(3))
        #expect(try store.standing(of: alice).lock == nil)
        #expect(try !fixture.facts(of: "alice").isLocked)
        let carol = try Samples.name("carol")
        #expect(throws: StoreError.noSuchUser(carol)) {
            try store.lock(carol, because: "", by: .test, at: Samples.start)
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try store.unlock(carol, by: .test, at: Samples.start)
        }
    }

    @Test func `a user whom a policy names stays`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        #expect(throws: StoreError.namedByPolicy(.user, "alice", policy: "break-glass")) {
            try fixture.store.deleteUser(
                alice,
                unlessNamedBy: { kind, name in
                    kind == .user && name == "alice" ? "break-glass" : nil
                }, by: .test, at: Samples.start)
        }
        #expect(try fixture.store.user(alice) != nil)
    }
}

/// What moves MFA from enabled to enforced.
struct DirectoryMFATests {
    enum Registration: CaseIterable, Sendable {
        case key, card, phone, token, gift
    }

    private func register(_ registration: Registration, _ store: SQLiteStore) throws {
        switch registration {
        case .key:
            try store.register(
                Samples.credential(1, of: "alice"), spending: Samples.challenge(1),
                by: Samples.desk)
        case .card:
            try store.register(
                Samples.card(1, of: "alice"), spending: Samples.challenge(1), by: Samples.desk)
        case .phone:
            try store.register(
                Samples.phone(1, of: "alice", sealed: nil), maximum: 5, beganAt: Samples.start,
                spending: Samples.challenge(1), by: Samples.desk)
        case .token:
            try store.add(
                Samples.token(1, of: "alice"), maximum: 5, spending: Samples.challenge(1),
                by: Samples.desk)
        case .gift:
            try store.add(Samples.token(1, of: nil), maximum: 5)
            let token = try #require(try store.token(Samples.tokenID(1)))
            try store.give(
                token, to: Samples.name("alice"), sealedSecret: [9], label: "fob", maximum: 5,
                by: Samples.desk, at: Samples.start)
        }
    }

    @Test(arguments: Registration.allCases, MFAState.allCases)
    func `a second factor enforces what was enabled`(
        registration: Registration, state: MFAState
    ) throws {
        let fixture = try Fixture(users: "alice", "bob")
        let alice = try Samples.name("alice")
        try fixture.store.set(state, of: alice)
        try fixture.store.set(.enabled, of: Samples.name("bob"))
        let records = try fixture.records { store in try register(registration, store) }
        let enforced = records.filter { $0.entry.activity == .mfaEnforced }
        #expect(
            try fixture.facts(of: "alice").mfaState == (state == .enabled ? .enforced : state))
        #expect(try fixture.facts(of: "bob").mfaState == .enabled)
        #expect(try fixture.facts(of: "alice").hasSecondFactor)
        #expect(try !fixture.facts(of: "bob").hasSecondFactor)
        guard state == .enabled else { return #expect(enforced == []) }
        let record = try #require(enforced.first)
        #expect(enforced.count == 1)
        #expect(record.entry.targets == [AuditTarget(.user, "alice")])
        #expect(
            record.entry.changes == [
                AuditChange("mfa-state", from: "enabled", to: "enforced")
            ])
        #expect(
            record.origin
                == AuditOrigin(who: .system("mfa"), client: "desk", from: "192.0.2.9:4711"))
    }

    @Test func `what is refused enforces nothing`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.set(.enabled, of: Samples.name("alice"))
        try fixture.store.spend(Samples.challenge(1))
        let count = try fixture.store.auditHead().count
        for registration in [Registration.key, .card, .phone, .token] {
            #expect(throws: StoreError.challengeSpent) {
                try register(registration, fixture.store)
            }
        }
        #expect(try fixture.facts(of: "alice").mfaState == .enabled)
        #expect(try fixture.store.auditHead().count == count)
    }
}
