import Accounts
import CredentialStore
import Testing

struct RecoveryCodeTests {
    private let spent = SignInVerdict.refused(code: "recovery-code-spent")

    private func fixture(codes: [UInt8] = [1, 2, 3]) throws -> Fixture {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.replaceRecoveryCodes(
            of: Samples.name("alice"), digests: codes.map(Samples.digest), client: "desk",
            at: Samples.start)
        return fixture
    }

    private func use(_ number: Int64, of user: String = "alice") throws -> SignInDecision {
        try Samples.decision(.recoveryCodeVerified(number: number), .recovery, of: user)
    }

    @Test func `codes are found as they were made, and an event tells of it`() throws {
        let fixture = try fixture()
        let alice = try Samples.name("alice")
        #expect(
            try fixture.store.recoveryCodes(of: alice)
                == [1, 2, 3].map { RecoveryCode(number: $0, digest: Samples.digest(UInt8($0))) })
        #expect(try fixture.store.recoveryCodes(of: Samples.name("bob")) == [])
        #expect(try fixture.store.recoveryCodes(of: Samples.name("carol")) == [])
        let event = try #require(try fixture.store.events(of: alice, limit: 9).first)
        #expect(event.kind == .recoveryCodesMade)
        #expect(event.client == "desk")
        #expect(event.detail == "3")
        #expect(event.at == Samples.start)
    }

    @Test func `each code is used once, by its owner`() throws {
        let fixture = try fixture()
        let numbers: [(Int64, String)] = [(2, "bob"), (2, "alice"), (2, "alice"), (9, "alice")]
        #expect(
            try fixture.store.commit(numbers.map { try use($0, of: $1) })
                == [spent, .accepted, spent, spent])
        #expect(try fixture.commit(use(2)) == spent)
        #expect(
            try fixture.store.recoveryCodes(of: Samples.name("alice")).map(\.number) == [1, 3])
        var nobodys = try use(1)
        nobodys.user = nil
        #expect(try fixture.commit(nobodys) == spent)
    }

    @Test func `new codes take the place of all old ones, and no number comes again`() throws {
        let fixture = try fixture()
        let alice = try Samples.name("alice")
        _ = try fixture.commit(use(3))
        try fixture.store.replaceRecoveryCodes(
            of: alice, digests: [Samples.digest(9)], client: "desk", at: Samples.at(1))
        // A code that was found right before, and reaches the writer after.
        #expect(try fixture.store.commit([use(1), use(2), use(3)]) == [spent, spent, spent])
        #expect(try fixture.store.recoveryCodes(of: alice).map(\.number) == [4])
        try fixture.store.replaceRecoveryCodes(
            of: alice, digests: [], client: "desk", at: Samples.at(2))
        #expect(try fixture.store.recoveryCodes(of: alice) == [])
        #expect(try fixture.events(of: "alice").count == 3)
    }

    @Test func `there are none for nobody, and none after the user`() throws {
        let fixture = try fixture()
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.replaceRecoveryCodes(
                of: carol, digests: [Samples.digest(1)], client: "desk", at: Samples.start)
        }
        #expect(try fixture.events(of: "carol") == [])
        try fixture.store.deleteUser(alice)
        try fixture.store.add(Samples.user("alice"))
        #expect(try fixture.store.recoveryCodes(of: alice) == [])
        #expect(try fixture.commit(use(1)) == spent)
    }
}

struct AccessPassTests {
    private let spent = SignInVerdict.refused(code: "access-pass-spent")

    private func fixture(_ pass: AccessPass) throws -> Fixture {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.issue(pass, to: Samples.name("alice"), client: "desk")
        return fixture
    }

    private func use(
        _ seed: UInt8, of user: String = "alice", at seconds: Int64 = 5
    ) throws -> SignInDecision {
        try Samples.decision(
            .accessPassVerified(digest: Samples.digest(seed)), .tap, of: user, at: seconds)
    }

    @Test(arguments: [true, false])
    func `a pass is found as it was issued, and an event tells of it`(isOneTime: Bool) throws {
        let pass = try Samples.pass(1, by: "bob", from: 60, until: 600, isOneTime: isOneTime)
        let fixture = try fixture(pass)
        let alice = try Samples.name("alice")
        #expect(try fixture.store.accessPass(of: alice) == pass)
        #expect(try fixture.store.accessPass(of: Samples.name("bob")) == nil)
        #expect(try fixture.store.accessPass(of: Samples.name("carol")) == nil)
        let event = try #require(try fixture.store.events(of: alice, limit: 9).first)
        #expect(event.kind == .accessPassIssued)
        #expect(event.detail == "by bob")
        #expect(event.client == "desk")
    }

    @Test func `a pass is good from its start to its end, not before and not at the end`() throws {
        let fixture = try fixture(Samples.pass(1, by: "bob", from: 60, until: 600))
        let verdicts = try [59, 60, 599, 600, 100].map { try fixture.commit(use(1, at: $0)) }
        #expect(verdicts == [spent, .accepted, .accepted, spent, .accepted])
        #expect(
            try fixture.store.accessPass(of: Samples.name("alice"))?.lastUsedAt == Samples.at(100))
    }

    @Test func `a pass for one time is used once`() throws {
        let fixture = try fixture(Samples.pass(1, by: "bob", isOneTime: true))
        #expect(try fixture.store.commit([use(1), use(1)]) == [.accepted, spent])
        #expect(try fixture.commit(use(1)) == spent)
    }

    @Test func `a pass is its user's, and a digest that is not its own is none`() throws {
        let fixture = try fixture(Samples.pass(1, by: "bob"))
        #expect(
            try fixture.store.commit([use(1, of: "bob"), use(2), use(1, of: "carol"), use(1)])
                == [spent, spent, spent, .accepted])
    }

    @Test func `a user has one pass: a new one ends the old one, used or not`() throws {
        let fixture = try fixture(Samples.pass(1, by: "bob", isOneTime: true))
        let alice = try Samples.name("alice")
        #expect(try fixture.commit(use(1)) == .accepted)
        let second = try Samples.pass(2, by: "bob", isOneTime: true)
        try fixture.store.issue(second, to: alice, client: "desk")
        #expect(try fixture.store.accessPass(of: alice) == second)
        #expect(try fixture.store.commit([use(1), use(2), use(2)]) == [spent, .accepted, spent])
    }

    @Test func `a pass that was taken away is none, and can be taken away once`() throws {
        let fixture = try fixture(Samples.pass(1, by: "bob"))
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        try fixture.store.deleteAccessPass(of: alice)
        #expect(try fixture.commit(use(1)) == spent)
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.deleteAccessPass(of: alice)
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.deleteAccessPass(of: carol)
        }
    }

    @Test func `only a user issues, and only to a user`() throws {
        let fixture = try Fixture(users: "alice")
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.issue(Samples.pass(1, by: "carol"), to: alice, client: "desk")
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.issue(Samples.pass(1, by: "alice"), to: carol, client: "desk")
        }
        #expect(try fixture.events(of: "alice") == [])
        #expect(try fixture.store.accessPass(of: alice) == nil)
    }

    @Test func `a user who goes takes the pass along, and an issuer who goes leaves it`() throws {
        let fixture = try fixture(Samples.pass(1, by: "bob"))
        try fixture.store.deleteUser(Samples.name("bob"))
        #expect(try fixture.commit(use(1)) == .accepted)
        try fixture.store.deleteUser(Samples.name("alice"))
        try fixture.store.add(Samples.user("alice"))
        #expect(try fixture.commit(use(1)) == spent)
    }
}
