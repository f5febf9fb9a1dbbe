import Accounts
import CredentialStore
import PushMessages
import Testing
import WebAuthn

struct PhoneTests {
    private func phone(
        _ seed: UInt8, of owner: String, withSubscription: Bool = true
    ) throws -> NewPhone {
        NewPhone(
            id: try id(seed), owner: try Samples.name(owner),
            publicKey: [4] + [UInt8](repeating: seed, count: 64), keyGuard: .pin,
            name: "phone \(seed)",
            subscription: withSubscription
                ? StoredSubscription(
                    endpoint: "https://push.example/\(seed)",
                    publicKey: [4] + [UInt8](repeating: ~seed, count: 64),
                    sealedSecret: [1, 2, seed]) : nil,
            createdAt: Samples.start)
    }

    private func id(_ seed: UInt8) throws -> CredentialID {
        try CredentialID(bytes: [UInt8](repeating: seed, count: 16))
    }

    private func at(_ seconds: Int64) -> Timestamp {
        Samples.start.advanced(by: .seconds(seconds))
    }

    private func register(
        _ fixture: Fixture, _ seed: UInt8, of owner: String, withSubscription: Bool = true,
        challenge: UInt8? = nil, maximum: Int = 5
    ) throws {
        try fixture.store.register(
            phone(seed, of: owner, withSubscription: withSubscription), maximum: maximum,
            beganAt: Samples.start, spending: Samples.challenge(challenge ?? seed))
    }

    private func approval(
        _ challenge: UInt8, by seed: UInt8, of user: String
    ) throws -> SignInDecision {
        SignInDecision(
            challenge: Samples.challenge(challenge), method: .push, user: try Samples.name(user),
            relyingPartyID: nil, credentialID: try id(seed), client: "front", service: "ssh",
            at: at(5), judgement: .phoneApproved(isUserVerified: true), access: .granted,
            log: Samples.log)
    }

    @Test(arguments: [true, false])
    func `a phone that was registered is found as it was`(withSubscription: Bool) throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 7, of: "alice", withSubscription: withSubscription)
        let found = try #require(try fixture.store.phones(of: Samples.name("alice")).first)
        let new = try phone(7, of: "alice", withSubscription: withSubscription)
        #expect(found.id == new.id)
        #expect(found.phoneID?.bytes == new.id.bytes)
        #expect(try found.owner == Samples.user("alice"))
        #expect(found.publicKey == new.publicKey)
        #expect(found.keyGuard == .pin)
        #expect(found.name == "phone 7")
        #expect(found.label == "phone 7")
        #expect(found.subscription == new.subscription)
        #expect(found.lastMessageAt == Timestamp(milliseconds: 0))
        #expect(found.createdAt == Samples.start)
        #expect(found.lastUsedAt == nil)
        #expect(try fixture.store.phones(withIDs: [id(7), id(8)]) == [id(7): found])
    }

    @Test func `a registration spends its challenge, and a spent one registers nothing`() throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 1, of: "alice", challenge: 9)
        #expect(throws: StoreError.challengeSpent) {
            try register(fixture, 2, of: "alice", challenge: 9)
        }
        #expect(try !fixture.store.spendOnce(Samples.challenge(9)))
        #expect(try fixture.store.spendOnce(Samples.challenge(10)))
        #expect(try !fixture.store.spendOnce(Samples.challenge(10)))
        #expect(try fixture.store.phones(of: Samples.name("alice")).count == 1)
    }

    @Test func `a key is registered once, whoever comes second, and a failure spends nothing`()
        throws
    {
        let fixture = try Fixture(users: "alice", "bob")
        try register(fixture, 1, of: "alice")
        var second = try phone(2, of: "bob")
        second.publicKey = try phone(1, of: "alice").publicKey
        #expect(throws: StoreError.credentialExists) {
            try fixture.store.register(
                second, maximum: 5, beganAt: Samples.start, spending: Samples.challenge(2))
        }
        #expect(try fixture.store.phones(of: Samples.name("bob")) == [])
        #expect(try fixture.store.spendOnce(Samples.challenge(2)))
    }

    @Test func `a user has so many phones, and has to have been there`() throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 1, of: "alice", maximum: 1)
        #expect(throws: StoreError.tooMany) { try register(fixture, 2, of: "alice", maximum: 1) }
        #expect(throws: StoreError.noSuchUser(try Samples.name("bob"))) {
            try register(fixture, 3, of: "bob")
        }
        // An account that was made after the enrolment began is another one.
        #expect(throws: StoreError.noSuchUser(try Samples.name("alice"))) {
            try fixture.store.register(
                phone(4, of: "alice"), maximum: 5, beganAt: at(-1), spending: Samples.challenge(4))
        }
    }

    @Test func `an audience is a user's phones, the oldest first, and whether they may be asked`()
        throws
    {
        let fixture = try Fixture(users: "alice", "bob")
        for (seed, user) in [(UInt8(9), "alice"), (2, "bob"), (1, "alice")] {
            try register(fixture, seed, of: user)
        }
        let stop = SignInDecision(
            challenge: nil, method: .push, user: try Samples.name("bob"), relyingPartyID: nil,
            credentialID: nil, client: "front", at: at(1), judgement: .refused(code: "push-not-me"),
            consequences: [.stopPushes], access: .granted,
            log: Samples.log)
        _ = try fixture.store.commit([stop])
        let audiences = try fixture.store.audiences(
            of: ["carol", "bob", "alice"].map { try Samples.name($0) })
        #expect(try audiences.map { $0.phones.map(\.id) } == [[], [id(2)], [id(9), id(1)]])
        #expect(audiences.map(\.stoppedAt) == [nil, at(1), nil])
    }

    @Test func `a message is later than the last, or it is a replay`() throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 1, of: "alice")
        try register(fixture, 2, of: "alice")
        let (one, two, none) = (try id(1), try id(2), try id(3))
        #expect(
            try fixture.store.noteMessages([
                (one, at(5)), (one, at(5)), (two, at(5)), (one, at(4)), (one, at(6)), (none, at(9)),
            ]) == [true, false, true, false, true, false])
        #expect(
            try fixture.store.phones(of: Samples.name("alice")).map(\.lastMessageAt)
                == [at(6), at(5)])
        #expect(try fixture.store.noteMessages([]) == [])
    }

    @Test func `a subscription is replaced by a message that is later`() throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 1, of: "alice")
        let other = StoredSubscription(endpoint: "https://b", publicKey: [4], sealedSecret: [5])
        func stored() throws -> StoredSubscription? {
            try fixture.store.phones(of: Samples.name("alice")).first?.subscription
        }
        #expect(try fixture.store.setSubscription(other, of: id(1), at: at(5)))
        #expect(try stored() == other)
        #expect(try !fixture.store.setSubscription(nil, of: id(1), at: at(5)))
        #expect(try stored() == other)
        #expect(try !fixture.store.setSubscription(nil, of: id(2), at: at(6)))
        #expect(try fixture.store.setSubscription(nil, of: id(1), at: at(6)))
        #expect(try stored() == nil)
        #expect(try fixture.store.noteMessages([(id(1), at(6))]) == [false])
    }

    @Test func `a phone signs in once for a challenge, and the record says with what`() throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 7, of: "alice")
        let answer = try approval(20, by: 7, of: "alice")
        #expect(
            try fixture.store.commit([answer, answer])
                == [.accepted, .refused(code: "challenge-spent")])
        #expect(
            try fixture.store.phones(of: Samples.name("alice")).first?.lastUsedAt == at(5))
        let row = try #require(try fixture.store.signIns(limit: 2).last)
        #expect(row.method == .push)
        #expect(row.service == "ssh")
        #expect(row.isUserVerified == true)
        #expect(try row.credentialID == id(7).bytes)
    }

    @Test func `another's phone, or one that was deleted, signs nobody in`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try register(fixture, 7, of: "alice")
        #expect(
            try fixture.store.commit([approval(20, by: 7, of: "bob")])
                == [.refused(code: "credential-not-allowed")])
        try fixture.store.deleteCredential(id(7), of: Samples.name("alice"))
        #expect(
            try fixture.store.commit([approval(21, by: 7, of: "alice")])
                == [.refused(code: "credential-not-allowed")])
    }

    @Test func `a user who goes takes the phones along`() throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 7, of: "alice")
        try fixture.store.deleteUser(Samples.name("alice"))
        #expect(try fixture.store.phones(withIDs: [id(7)]) == [:])
    }

    @Test(arguments: [
        "UPDATE phone SET guard = 'face'", "UPDATE phone SET id = x'00'",
        "UPDATE phone SET endpoint = NULL", "UPDATE phone SET subscription_key = NULL",
        "UPDATE phone SET subscription_secret = NULL",
        "UPDATE user SET handle = x''",
    ])
    func `a damaged row is refused and nothing traps`(damage: String) throws {
        let fixture = try Fixture(users: "alice")
        try register(fixture, 7, of: "alice")
        try RawDatabase.execute(damage, at: fixture.folder.database)
        #expect(throws: StoreError.unreadableRow(table: "phone")) {
            try fixture.store.phones(of: Samples.name("alice"))
        }
    }
}
