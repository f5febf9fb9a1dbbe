import Accounts
import CredentialStore
import OATH
import Testing
import WebAuthn

struct TokenTests {
    @Test func `a token of each kind is found as it was added`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        for (index, parameters) in try Samples.parameters().enumerated() {
            var new = try Samples.token(UInt8(index), of: "alice", parameters, nextFactor: 7)
            new.drift = -3
            new.device = TokenDevice(
                serial: "S\(index)", manufacturer: "Maker", model: "Model", slot: 2)
            try fixture.store.add(new, maximum: 5)
            let found = try fixture.token(UInt8(index))
            #expect(try found.owner == Samples.user("alice"))
            #expect(found.parameters == parameters)
            #expect(found.sealedSecret == new.sealedSecret)
            #expect(found.nextFactor == 7)
            #expect(found.drift == -3)
            #expect(found.device == new.device)
            #expect(found.label == "token \(index)")
            #expect(found.createdAt == Samples.start)
            #expect(found.lastUsedAt == nil)
            #expect(try fixture.store.tokens(serial: "S\(index)") == [found])
        }
        #expect(
            try fixture.store.tokens(of: alice).map(\.parameters) == Samples.parameters())
        #expect(try fixture.store.counts().credentials == 4)
    }

    @Test func `the least and the greatest moving factor are kept, and none beyond`() throws {
        let fixture = try Fixture(users: "alice")
        let greatest = UInt64(Int64.max)
        try fixture.store.add(Samples.token(1, of: "alice", nextFactor: 0), maximum: 5)
        try fixture.store.add(Samples.token(2, of: "alice", nextFactor: greatest), maximum: 5)
        #expect(try fixture.token(1).nextFactor == 0)
        #expect(try fixture.token(2).nextFactor == greatest)
        #expect(throws: StoreError.unreadableRow(table: "token")) {
            try fixture.store.add(
                Samples.token(3, of: "alice", nextFactor: greatest + 1), maximum: 5)
        }
        #expect(try fixture.store.counts().credentials == 2)
    }

    @Test func `a user has so many tokens at most, and stock has any number`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        for seed: UInt8 in 1...2 {
            try fixture.store.add(Samples.token(seed, of: "alice"), maximum: 2)
        }
        #expect(throws: StoreError.tooMany) {
            try fixture.store.add(Samples.token(3, of: "alice"), maximum: 2)
        }
        try fixture.store.add(Samples.token(3, of: "bob"), maximum: 2)
        for seed: UInt8 in 4...8 {
            try fixture.store.add(Samples.token(seed, of: nil), maximum: 2)
        }
        #expect(
            try fixture.store.tokensInStock(limit: 3).map(\.id) == [4, 5, 6].map(Samples.tokenID))
        #expect(
            try fixture.store.tokensInStock(limit: 9).map(\.owner) == [nil, nil, nil, nil, nil])
        // What is in stock is nobody's credential.
        #expect(try fixture.store.counts().credentials == 3)
    }

    @Test func `an identifier and a serial number are one token's, and a failure spends nothing`()
        throws
    {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.add(
            Samples.token(1, of: "alice", serial: "A1"), maximum: 5,
            spending: Samples.challenge(1))
        #expect(throws: StoreError.credentialExists) {
            try fixture.store.add(
                Samples.token(1, of: "bob"), maximum: 5, spending: Samples.challenge(2))
        }
        #expect(throws: StoreError.credentialExists) {
            try fixture.store.add(
                Samples.token(2, of: "bob", serial: "A1"), maximum: 5,
                spending: Samples.challenge(2))
        }
        #expect(throws: StoreError.noSuchUser(try Samples.name("carol"))) {
            try fixture.store.add(
                Samples.token(2, of: "carol"), maximum: 5, spending: Samples.challenge(2))
        }
        #expect(throws: StoreError.tooMany) {
            try fixture.store.add(
                Samples.token(2, of: "alice"), maximum: 1, spending: Samples.challenge(2))
        }
        #expect(try fixture.store.counts().rows == [2, 1, 0, 0, 1])
        #expect(throws: StoreError.challengeSpent) {
            try fixture.store.add(
                Samples.token(2, of: "alice"), maximum: 5, spending: Samples.challenge(1))
        }
        // Tokens without a serial number do not meet.
        try fixture.store.add(
            Samples.token(2, of: "alice"), maximum: 5, spending: Samples.challenge(2))
        try fixture.store.add(Samples.token(3, of: "alice"), maximum: 5)
        #expect(try fixture.store.counts().rows == [2, 3, 0, 0, 2])
    }

    @Test func `lists are one user's, the oldest first`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        for (seed, user) in [(UInt8(9), "alice"), (2, "bob"), (1, "alice")] {
            try fixture.store.add(Samples.token(seed, of: user), maximum: 5)
        }
        let names = try ["carol", "alice", "bob"].map(Samples.name)
        let expected = try [[], [9, 1], [2]].map { try $0.map(Samples.tokenID) }
        #expect(try fixture.store.tokens(ofEach: names).map { try $0.get().map(\.id) } == expected)
        for (name, ids) in zip(names, expected) {
            #expect(try fixture.store.tokens(of: name).map(\.id) == ids)
        }
        #expect(try fixture.store.token(Samples.tokenID(3)) == nil)
        #expect(try fixture.store.tokens(serial: "none").isEmpty)
    }

    @Test func `a token moves from stock to a user and back, and what it used up stays so`() throws
    {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        try fixture.store.add(Samples.token(1, of: nil, nextFactor: 4), maximum: 5)
        try fixture.store.give(
            fixture.token(1), to: alice, sealedSecret: [9], label: "mine", maximum: 1)
        let given = try fixture.token(1)
        #expect(given.owner?.name == alice)
        #expect(given.sealedSecret == [9])
        #expect(given.label == "mine")
        #expect(try fixture.commit(Samples.code(4, by: 1, of: "alice")) == .accepted)
        try fixture.store.give(
            fixture.token(1), to: nil, sealedSecret: [8], label: "", maximum: 0)
        let returned = try fixture.token(1)
        #expect(returned.owner == nil)
        #expect(returned.nextFactor == 5)
        #expect(
            try fixture.commit(Samples.code(5, by: 1, of: "alice"))
                == .refused(code: "credential-not-allowed"))
    }

    @Test func `a token that changed since it was read is not given`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.add(Samples.token(1, of: nil), maximum: 5)
        let asRead = try fixture.token(1)
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        try fixture.store.give(asRead, to: alice, sealedSecret: [9], label: "", maximum: 5)
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.give(asRead, to: bob, sealedSecret: [8], label: "", maximum: 5)
        }
        let now = try fixture.token(1)
        #expect(now.owner?.name == alice)
        #expect(now.sealedSecret == [9])
        try fixture.store.deleteToken(now.id)
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.give(now, to: bob, sealedSecret: [8], label: "", maximum: 5)
        }
    }

    @Test func `a token is given to nobody who has enough, or is not there`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.add(Samples.token(1, of: "alice"), maximum: 1)
        try fixture.store.add(Samples.token(2, of: nil), maximum: 1)
        let token = try fixture.token(2)
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        #expect(throws: StoreError.tooMany) {
            try fixture.store.give(token, to: alice, sealedSecret: [9], label: "", maximum: 1)
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.give(token, to: carol, sealedSecret: [9], label: "", maximum: 1)
        }
        #expect(try fixture.token(2) == token)
    }

    @Test func `a token is deleted by its owner's name or by its own, once`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        try fixture.store.add(Samples.token(3, of: nil), maximum: 5)
        let (first, second) = (try Samples.tokenID(1), try Samples.tokenID(2))
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.deleteCredential(first, of: Samples.name("bob"))
        }
        // Stock is nobody's, not even of somebody who knows the identifier.
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.deleteCredential(Samples.tokenID(3), of: Samples.name("bob"))
        }
        try fixture.store.deleteCredential(first, of: Samples.name("alice"))
        try fixture.store.deleteToken(second)
        #expect(throws: StoreError.noSuchCredential) { try fixture.store.deleteToken(second) }
        try fixture.store.deleteToken(Samples.tokenID(3))
        #expect(try fixture.store.counts().credentials == 0)
    }

    @Test func `a user who goes takes the tokens along, and leaves the stock`() throws {
        let fixture = try Fixture.withTokens("alice")
        try fixture.store.add(Samples.token(2, of: nil), maximum: 5)
        try fixture.store.deleteUser(Samples.name("alice"))
        #expect(try fixture.store.token(Samples.tokenID(1)) == nil)
        #expect(try fixture.store.tokensInStock(limit: 9).map(\.id) == [Samples.tokenID(2)])
    }
}

struct SynchronisationTests {
    @Test func `a token that is synchronised takes the codes after that alone`() throws {
        let fixture = try Fixture.withTokens("alice")
        let alice = try Samples.name("alice")
        try fixture.store.synchronise(Samples.tokenID(1), of: alice, past: 500, drift: 3)
        let token = try fixture.token(1)
        #expect(token.nextFactor == 501)
        #expect(token.drift == 3)
        #expect(token.lastUsedAt == nil)
        #expect(
            try fixture.store.commit([
                Samples.code(500, by: 1, of: "alice"), Samples.code(501, by: 1, of: "alice"),
            ]) == [.refused(code: "code-replayed"), .accepted])
    }

    @Test func `no token goes back, or to where another's is`() throws {
        let fixture = try Fixture.withTokens("alice", "bob")
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        let id = try Samples.tokenID(1)
        try fixture.store.synchronise(id, of: alice, past: 9, drift: 0)
        let before = try fixture.token(1)
        for (factor, name) in [(9, alice), (8, alice), (0, alice), (10, bob)]
            as [(UInt64, UserName)]
        {
            #expect(throws: StoreError.noSuchCredential) {
                try fixture.store.synchronise(id, of: name, past: factor, drift: 1)
            }
        }
        #expect(try fixture.token(1) == before)
        try fixture.store.synchronise(id, of: alice, past: 10, drift: 0)
        #expect(try fixture.token(1).nextFactor == 11)
    }

    @Test(arguments: [UInt64(Int64.max), UInt64(Int64.max) + 1, .max])
    func `no token goes where no code can follow`(_ factor: UInt64) throws {
        let fixture = try Fixture.withTokens("alice")
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.synchronise(
                Samples.tokenID(1), of: Samples.name("alice"), past: factor, drift: 0)
        }
        #expect(try fixture.token(1).nextFactor == 0)
    }
}
