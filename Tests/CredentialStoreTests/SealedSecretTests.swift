import Accounts
import CredentialStore
import Testing
import WebAuthn

struct SealedSecretTests {
    /// Tokens 1 (alice's), 2 (bob's) and 3 (in stock), phones 11 (alice's) and 12 (without a subscription), and two secrets
    /// of the server.
    private func fixture() throws -> Fixture {
        let fixture = try Fixture.withTokens("alice", "bob")
        try fixture.store.add(Samples.token(3, of: nil), maximum: 5)
        for (seed, sealed) in [(UInt8(11), [5, 11]), (12, nil)] as [(UInt8, [UInt8]?)] {
            try fixture.store.register(
                Samples.phone(seed, of: "alice", sealed: sealed), maximum: 5,
                beganAt: Samples.start,
                spending: Samples.challenge(seed))
        }
        _ = try fixture.store.keepServerSecret([7], named: "vapid")
        _ = try fixture.store.keepServerSecret([6], named: "digest")
        return fixture
    }

    private func handle(_ user: String) -> [UInt8] { Array("handle of \(user)".utf8) }

    /// What a whole walk gives, and in how many steps.
    private func walk(
        _ store: SQLiteStore, limit: Int
    ) throws -> (secrets: [SealedSecret], steps: Int) {
        var secrets: [SealedSecret] = []
        var cursor: SealedSecretCursor?
        for step in 1...100 {
            let (some, next) = try store.sealedSecrets(after: cursor, limit: limit)
            #expect(some.count <= limit)
            secrets += some
            guard let next else { return (secrets, step) }
            cursor = next
        }
        Issue.record("the walk does not end")
        return (secrets, 100)
    }

    @Test(arguments: 1...8)
    func `a walk meets each sealed secret once, with where it lies, however long its steps`(
        limit: Int
    ) throws {
        let fixture = try fixture()
        let (secrets, _) = try walk(fixture.store, limit: limit)
        let rows: [SealedSecret.Row] = [
            .token(try Samples.tokenID(1), owner: handle("alice")),
            .token(try Samples.tokenID(2), owner: handle("bob")),
            .token(try Samples.tokenID(3), owner: []),
            .phone(try Samples.tokenID(11), owner: handle("alice")), .server(name: "digest"),
            .server(name: "vapid"),
        ]
        #expect(secrets.map(\.row) == rows)
        #expect(secrets.map(\.sealed) == [[1, 2, 1], [1, 2, 2], [1, 2, 3], [5, 11], [6], [7]])
    }

    @Test func `a walk over nothing ends`() throws {
        let fixture = try Fixture()
        #expect(try walk(fixture.store, limit: 5).secrets == [])
    }

    @Test func `a walk goes on over what changes meanwhile`() throws {
        let fixture = try fixture()
        let (first, cursor) = try fixture.store.sealedSecrets(after: nil, limit: 2)
        #expect(first.count == 2)
        try fixture.store.deleteToken(Samples.tokenID(2))
        try fixture.store.add(Samples.token(4, of: "bob"), maximum: 5)
        let (second, _) = try fixture.store.sealedSecrets(after: cursor, limit: 9)
        #expect(
            try second.map(\.row) == [
                .token(Samples.tokenID(3), owner: []),
                .token(Samples.tokenID(4), owner: handle("bob")),
            ])
    }

    @Test func `every seal is replaced where it lies, and nothing else of the row`() throws {
        let fixture = try fixture()
        let alice = try Samples.name("alice")
        let before = try walk(fixture.store, limit: 9).secrets
        let (token, phone) = (
            try fixture.token(1), try #require(try fixture.store.phones(of: alice).first)
        )
        let seals = before.map { (old: $0, new: [9] + $0.sealed) }
        #expect(try fixture.store.replace(seals) == before.count)
        let after = try walk(fixture.store, limit: 9).secrets
        #expect(after.map(\.row) == before.map(\.row))
        #expect(after.map(\.sealed) == seals.map(\.new))
        #expect(try fixture.store.serverSecret(named: "vapid") == [9, 7])
        let resealed = try fixture.token(1)
        #expect(resealed.nextFactor == token.nextFactor)
        #expect(resealed.label == token.label)
        let found = try #require(try fixture.store.phones(of: alice).first)
        #expect(found.subscription?.sealedSecret == [9, 5, 11])
        #expect(found.subscription?.endpoint == phone.subscription?.endpoint)
        #expect(found.lastMessageAt == phone.lastMessageAt)
        #expect(try fixture.store.phones(of: alice).last?.subscription == nil)
    }

    @Test func `a row that changed meanwhile is left alone`() throws {
        let fixture = try fixture()
        let read = try walk(fixture.store, limit: 9).secrets
        let seals = read.map { (old: $0, new: [9] + $0.sealed) }
        // Token 3 goes to bob, token 2 goes, the phone says another subscription.
        try fixture.store.give(
            fixture.token(3), to: Samples.name("bob"), sealedSecret: [8], label: "", maximum: 5)
        try fixture.store.deleteToken(Samples.tokenID(2))
        let other = StoredSubscription(endpoint: "https://b", publicKey: [4], sealedSecret: [4])
        #expect(
            try fixture.store.setSubscription(other, of: Samples.tokenID(11), at: Samples.at(5)))
        #expect(try fixture.store.replace(seals) == 3)
        #expect(try fixture.token(3).sealedSecret == [8])
        #expect(try fixture.token(1).sealedSecret == [9, 1, 2, 1])
        #expect(
            try fixture.store.phones(of: Samples.name("alice")).first?.subscription == other)
        // Once is enough: the old seals are not there any more.
        #expect(try fixture.store.replace(seals) == 0)
        #expect(try fixture.store.replace([]) == 0)
    }

    @Test func `a secret of the server's is kept once, and what was first stays`() throws {
        let fixture = try Fixture()
        #expect(try fixture.store.holdsNoSecrets())
        #expect(try fixture.store.serverSecret(named: "vapid") == nil)
        #expect(try fixture.store.keepServerSecret([1], named: "vapid") == [1])
        #expect(try fixture.store.keepServerSecret([2], named: "vapid") == [1])
        #expect(try fixture.store.keepServerSecret([3], named: "Vapid") == [3])
        #expect(try fixture.store.serverSecret(named: "vapid") == [1])
        #expect(try !fixture.store.holdsNoSecrets())
    }
}
