import Accounts
import Addresses
import CredentialStore
import Testing

/// What a typed code is compared with.
struct CodeFactorsTests {
    private func fixture() throws -> Fixture {
        let fixture = try Fixture.withTokens("alice", "bob")
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        for seed: UInt8 in [4, 5, 8] { _ = try fixture.addAppPassword(seed, of: "alice") }
        _ = try fixture.addAppPassword(12, of: "bob")
        for name in [alice, bob] {
            try fixture.store.replaceRecoveryCodes(
                of: name, digests: [1, 2].map(Samples.digest), client: "", at: Samples.start)
        }
        try fixture.store.issue(Samples.pass(3, by: "bob", until: 1), to: alice, client: "")
        try fixture.store.set(.high, of: alice, because: "", client: "", at: Samples.start)
        return fixture
    }

    @Test func `a code is compared with the user's tokens, codes and pass, in force or not`() throws
    {
        let fixture = try fixture()
        let alice = try Samples.name("alice")
        let used = try Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice")
        #expect(try fixture.commit(used) == .accepted)
        let lookup = CodeLookup(user: alice, appPasswordPrefix: nil, source: nil)
        let factors = try fixture.factors(lookup, at: Samples.at(900))
        #expect(try factors.user == Samples.user("alice"))
        #expect(factors.standing.mfaState == .enforced)
        #expect(factors.standing.risk == .high)
        #expect(try factors.tokens == [fixture.token(1)])
        #expect(factors.recoveryCodes == [RecoveryCode(number: 2, digest: Samples.digest(2))])
        #expect(try factors.accessPass == Samples.pass(3, by: "bob", until: 1))
        #expect(factors.appPasswords == [])
    }

    @Test func `an app password is compared with those of its prefix alone`() throws {
        let fixture = try fixture()
        let lookup = CodeLookup(
            user: try Samples.name("alice"), appPasswordPrefix: "pre0", source: nil)
        let factors = try fixture.factors(lookup, at: Samples.start)
        #expect(factors.appPasswords.map(\.digest) == [Samples.digest(4), Samples.digest(8)])
        #expect(factors.tokens == [])
        #expect(factors.recoveryCodes == [])
        #expect(factors.accessPass == nil)
    }

    @Test func `a batch is answered in its order, and nobody has nothing`() throws {
        let fixture = try fixture()
        let lookups = try [
            ("carol", nil), ("bob", "pre0"), ("alice", nil), ("carol", "pre0"), ("alice", "none"),
        ].map { (user: String, prefix: String?) in
            CodeLookup(user: try Samples.name(user), appPasswordPrefix: prefix, source: nil)
        }
        let factors = try fixture.store.codeFactors(for: lookups, at: Samples.start)
            .map { try $0.get() }
        #expect(factors.map { $0?.user.name.text } == [nil, "bob", "alice", nil, "alice"])
        #expect(factors.map { $0?.appPasswords.count } == [nil, 1, 0, nil, 0])
        #expect(factors.map { $0?.tokens.count } == [nil, 0, 1, nil, 0])
        #expect(try fixture.store.codeFactors(for: [], at: Samples.start).isEmpty)
    }

    @Test func `a row that cannot be read is its own user's matter`() throws {
        let fixture = try fixture()
        try fixture.store.add(Samples.token(7, of: "bob"), maximum: 5)
        try RawDatabase.execute(
            """
            UPDATE token SET kind = 'abacus' WHERE user = (SELECT id FROM user WHERE name = 'alice')
            """, at: fixture.folder.database)
        let lookups = try ["alice", "bob"].map {
            CodeLookup(user: try Samples.name($0), appPasswordPrefix: nil, source: nil)
        }
        let found = try fixture.store.codeFactors(for: lookups, at: Samples.start)
        #expect(throws: StoreError.unreadableRow(table: "token")) { try found[0].get() }
        let bobs = try fixture.store.tokens(of: lookups[1].user)
        #expect(!bobs.isEmpty)
        #expect(try found[1].get()?.tokens == bobs)
        let tokens = try fixture.store.tokens(ofEach: lookups.map(\.user))
        #expect(throws: StoreError.unreadableRow(table: "token")) { try tokens[0].get() }
        #expect(try tokens[1].get() == bobs)
    }
}
