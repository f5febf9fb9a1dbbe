import Accounts
import AuditLog
import CredentialStore
import GRDB
import TestSupport
import Testing

/// The batched read of a sign-in against what a few dictionaries say.
struct DirectoryFactsTests {
    private struct Account {
        var facts = AccountFacts(createdAt: Samples.start)
        var keys: Set<UInt8> = []
    }

    private static let names = (0..<12).map { "user\($0)" }
    private static let groups = ["staff", "Admins", "a/b", "x@y", "mfa:users"]

    private struct Model {
        var accounts: [String: Account] = [:]
        var nextKey: UInt8 = 1
        var challenges: UInt8 = 0
        /// Which user has which token.
        var tokens: [UInt8: String] = [:]
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `facts are those of a plain model, after whatever was done`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let fixture = try Fixture()
        for group in Self.groups { try fixture.addGroup(group) }
        var model = Model()
        for step in 0..<600 {
            try act(&model, fixture, &random, at: Samples.at(Int64(step)))
            guard step.isMultiple(of: 10) else { continue }
            let wanted = (0..<8).map { _ in Self.names.randomElement(using: &random) ?? "" }
            let found = try fixture.store.accountFacts(of: wanted.map(Samples.name))
            #expect(
                try found.map { try $0.get() } == wanted.map { model.accounts[$0]?.facts },
                "step \(step) of seed \(seed)")
        }
        #expect(model.accounts.values.contains { $0.facts.roles.count > 1 })
        #expect(model.accounts.values.contains { $0.facts.groups.count > 1 })
        #expect(model.accounts.values.contains { $0.facts.isLocked })
        #expect(model.accounts.values.contains { $0.facts.hasSecondFactor })
    }

    private func act(
        _ model: inout Model, _ fixture: Fixture, _ random: inout SplitMix64, at now: Timestamp
    ) throws {
        let store = fixture.store
        let user = try #require(Self.names.randomElement(using: &random))
        let name = try Samples.name(user)
        guard var account = model.accounts[user] else {
            try store.add(Samples.user(user))
            model.accounts[user] = Account()
            return
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            account.facts.mfaState = MFAState.allCases.randomElement(using: &random) ?? .enabled
            try store.set(account.facts.mfaState, of: name)
        case 1:
            account.facts.risk = RiskLevel.allCases.randomElement(using: &random) ?? .low
            account.facts.riskSetAt = now
            try store.set(account.facts.risk, of: name, because: "", client: "", at: now)
        case 2:
            account.facts.passwordResetAt = now
            _ = try store.passwordWasReset(
                of: name, deletingAppPasswords: true, client: "", at: now)
        case 3, 4:
            let text = Self.groups.randomElement(using: &random) ?? ""
            let group = try Samples.directoryName(text)
            if account.facts.groups.remove(group) != nil {
                try store.remove(name, fromGroup: group, by: .test, at: now)
            } else {
                account.facts.groups.insert(group)
                try store.add(name, toGroup: group, by: .test, at: now)
            }
        case 5, 6:
            // Whoever is the last global administrator would have to stay.
            let roles: [AdministratorRole] = [
                .authenticationAdministrator, .helpDesk, .securityReader,
            ]
            let role = try #require(roles.randomElement(using: &random))
            if account.facts.roles.remove(role) != nil {
                try store.remove(role, from: name, by: .test, at: now)
            } else {
                account.facts.roles.insert(role)
                try store.assign(role, to: name, by: .test, at: now)
            }
        case 7:
            if account.facts.isLocked {
                try store.unlock(name, by: .test, at: now)
            } else {
                try store.lock(name, because: "x", by: .test, at: now)
            }
            account.facts.isLocked.toggle()
        case 8, 9:
            guard model.nextKey < 250 else { return }
            try register(model.nextKey, of: user, store, &random)
            account.keys.insert(model.nextKey)
            model.nextKey += 1
            if account.facts.mfaState == .enabled { account.facts.mfaState = .enforced }
        case 10:
            guard let key = account.keys.randomElement(using: &random) else { return }
            account.keys.remove(key)
            for id in [try Samples.credentialID(key), try Samples.tokenID(key)] {
                try? store.deleteCredential(id, of: name)
            }
        default:
            guard Int.random(in: 0..<4, using: &random) == 0 else { return }
            try store.deleteUser(name)
            model.accounts[user] = nil
            return
        }
        account.facts.hasSecondFactor = !account.keys.isEmpty
        model.accounts[user] = account
    }

    private func register(
        _ key: UInt8, of user: String, _ store: SQLiteStore, _ random: inout SplitMix64
    ) throws {
        let challenge = Samples.challenge(key)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: try store.register(Samples.credential(key, of: user), spending: challenge)
        case 1: try store.register(Samples.card(key, of: user), spending: challenge)
        case 2: try store.add(Samples.token(key, of: user), maximum: 300)
        default:
            try store.register(
                Samples.phone(key, of: user, sealed: nil), maximum: 300,
                beganAt: Samples.start, spending: challenge)
        }
    }

    @Test func `who is not there has no facts, and who cannot be read fails alone`() throws {
        let fixture = try Fixture(users: "alice", "bob", "carol")
        try fixture.addGroup("staff", "bob")
        try fixture.assign(.helpDesk, to: "carol")
        try fixture.store.pool.write { database in
            try database.execute(sql: "UPDATE role_member SET role = 'emperor'")
            try database.execute(sql: "UPDATE user_group SET name = 'a,b'")
        }
        let found = try fixture.store.accountFacts(
            of: ["alice", "bob", "carol", "nobody"].map(Samples.name))
        #expect(
            found == [
                .success(AccountFacts(createdAt: Samples.start)),
                .failure(.unreadableRow(table: "user_group")),
                .failure(.unreadableRow(table: "role_member")), .success(nil),
            ])
    }
}
