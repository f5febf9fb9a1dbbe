import Accounts
import CredentialStore
import PIV
import Testing
import WebAuthn

struct CardCredentialTests {
    @Test func `a card's key that was registered is found as it was`() throws {
        let fixture = try Fixture(users: "alice")
        let new = try Samples.card(7, of: "alice")
        try fixture.store.register(new, spending: Samples.challenge(1))
        let found = try fixture.card(7)
        #expect(found.id == new.id)
        #expect(try found.owner == Samples.user("alice"))
        #expect(found.key == new.key)
        #expect(found.label == "card 7")
        #expect(found.createdAt == Samples.start)
        #expect(found.lastUsedAt == nil)
    }

    @Test func `what no attestation says is absent when it is read again`() throws {
        let fixture = try Fixture(users: "alice")
        var new = try Samples.card(7, of: "alice")
        new.key = CardKeyRecord(
            publicKey: [0x30], slot: try #require(PIVSlot("82")), evidence: .issued,
            isTrusted: true, isPINRequired: false, certificates: [[0x30]])
        try fixture.store.register(new, spending: Samples.challenge(1))
        #expect(try fixture.card(7).key == new.key)
    }

    @Test func `a spent challenge registers nothing, and a registration spends its challenge`()
        throws
    {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.card(7, of: "alice"), spending: Samples.challenge(1))
        #expect(throws: StoreError.challengeSpent) {
            try fixture.store.register(
                Samples.card(8, of: "alice"), spending: Samples.challenge(1))
        }
        #expect(try fixture.store.counts().rows == [1, 1, 0, 0, 1])
    }

    @Test func `a key is registered once, whoever comes second`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.card(7, of: "alice"), spending: Samples.challenge(1))
        #expect(throws: StoreError.credentialExists) {
            try fixture.store.register(Samples.card(7, of: "bob"), spending: Samples.challenge(2))
        }
        #expect(try fixture.card(7).owner.name == Samples.name("alice"))
    }

    @Test func `lists are one user's, the oldest first`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        for (seed, user) in [(UInt8(9), "alice"), (2, "bob"), (1, "alice")] {
            try fixture.store.register(
                Samples.card(seed, of: user), spending: Samples.challenge(seed))
        }
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        let carol = try Samples.name("carol")
        let expected = [try Samples.credentialID(9), try Samples.credentialID(1)]
        #expect(try fixture.store.cardCredentials(of: alice).map(\.id) == expected)
        #expect(
            try fixture.store.cardCredentialIDs(of: [carol, alice, bob])
                == [[], expected, [Samples.credentialID(2)]])
        #expect(try fixture.store.cardCredentials(of: carol) == [])
    }

    @Test func `a card signs in once for a challenge, and the record says with what`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.card(7, of: "alice"), spending: Samples.challenge(1))
        let answer = try Samples.cardAnswer(Samples.challenge(2), by: 7, of: "alice")
        #expect(
            try fixture.store.commit([answer, answer])
                == [.accepted, .refused(code: "challenge-spent")])
        #expect(try fixture.card(7).lastUsedAt == Samples.start.advanced(by: .seconds(5)))
        let rows = try fixture.store.signIns(limit: 9)
        #expect(rows.map(\.method) == [.piv, .piv])
        #expect(rows.map(\.reason) == ["challenge-spent", "ok"])
        #expect(rows.map(\.signatureCounter) == [nil, nil])
        #expect(rows.map(\.isUserVerified) == [true, true])
        #expect(
            try rows.map(\.credentialID) == [
                Samples.credentialID(7).bytes, Samples.credentialID(7).bytes,
            ])
    }

    @Test func `a card of another user, or one that was deleted, signs nobody in`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.card(7, of: "alice"), spending: Samples.challenge(1))
        let stranger = try Samples.cardAnswer(Samples.challenge(2), by: 7, of: "bob")
        #expect(
            try fixture.store.commit([stranger]) == [.refused(code: "credential-not-allowed")])
        try fixture.store.deleteCredential(Samples.credentialID(7), of: Samples.name("alice"))
        let late = try Samples.cardAnswer(Samples.challenge(3), by: 7, of: "alice")
        #expect(try fixture.store.commit([late]) == [.refused(code: "credential-not-allowed")])
    }

    @Test func `a card's answer advances no security key, and a security key's no card`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(1, of: "alice", counter: 4), spending: Samples.challenge(1))
        try fixture.store.register(
            Samples.card(2, of: "alice"), spending: Samples.challenge(2))
        let asCard = try Samples.cardAnswer(Samples.challenge(3), by: 1, of: "alice")
        let asKey = try Samples.answer(Samples.challenge(4), by: 2, of: "alice", counter: 9)
        #expect(
            try fixture.store.commit([asCard, asKey])
                == Array(repeating: .refused(code: "credential-not-allowed"), count: 2))
        #expect(try fixture.credential(1).signatureCounter == 4)
        #expect(try fixture.card(2).lastUsedAt == nil)
    }

    @Test func `a user who goes takes the cards along`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.card(7, of: "alice"), spending: Samples.challenge(1))
        try fixture.store.deleteUser(Samples.name("alice"))
        #expect(try fixture.store.counts().rows == [0, 0, 0, 0, 1])
    }

    @Test(arguments: [
        "UPDATE card_credential SET slot = 300", "UPDATE card_credential SET evidence = 'hearsay'",
        "UPDATE card_credential SET certificates = x'01'",
        "UPDATE card_credential SET certificates = x'80'",
        "UPDATE card_credential SET pin_policy = 9", "UPDATE card_credential SET touch_policy = 9",
        "UPDATE card_credential SET serial_number = -1",
        "UPDATE card_credential SET firmware = x'0504'", "UPDATE card_credential SET id = x'00'",
        "UPDATE card_credential SET form_factor = 256",
    ])
    func `a damaged row is refused and nothing traps`(damage: String) throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.card(7, of: "alice"), spending: Samples.challenge(1))
        try RawDatabase.execute(damage, at: fixture.folder.database)
        #expect(throws: StoreError.unreadableRow(table: "card_credential")) {
            try fixture.store.cardCredentials(of: Samples.name("alice"))
        }
    }
}

extension Fixture {
    /// Card key `seed`, which has to be there.
    fileprivate func card(_ seed: UInt8) throws -> CardCredential {
        let id = try Samples.credentialID(seed)
        return try #require(try store.cardCredentials(withIDs: [id])[id])
    }
}
