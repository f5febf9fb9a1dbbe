import Accounts
import Addresses
import CredentialStore
import TestSupport
import Testing
import WebAuthn

/// The store and the dictionaries do the same under the same operations, in whatever order.
struct ModelTests {
    /// What an operation came to, with either store.
    private enum Outcome: Hashable {
        case done
        case failed(StoreError)
        case verdicts([SignInVerdict])
        case count(Int)
        case number(Int64)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `agrees with dictionaries`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(path: folder.database)
        var model = DictionaryStore()
        var reasons: Set<String> = []
        for step in 1...2000 {
            let operation = try ModelOperation(from: &random, seeing: model)
            let expected = apply(operation, to: &model)
            let outcome = apply(operation, to: store)
            try #require(outcome == expected, "step \(step) of seed \(seed): \(operation)")
            if step.isMultiple(of: 500) {
                try store.close()
                store = try SQLiteStore(path: folder.database)
            }
            if step.isMultiple(of: 40) { try compare(store, model) }
            reasons.formUnion(model.rows.suffix(5).map(\.reason))
        }
        // Operations that did not meet would show nothing.
        #expect(
            reasons.isSuperset(of: [
                "ok", "challenge-spent", "credential-not-allowed", "counter-not-ahead",
                "code-replayed", "recovery-code-spent", "access-pass-spent",
                "app-password-not-in-force", "wrong-code",
            ]))
        for method: SignInMethod in [.webauthn, .piv, .totp, .hmac, .recovery, .tap, .apppass] {
            #expect(model.rows.contains { $0.method == method && $0.isAccepted }, "\(method)")
        }
    }

    private func outcome(_ body: () throws(StoreError) -> Outcome) -> Outcome {
        do throws(StoreError) { return try body() } catch { return .failed(error) }
    }

    private func apply(_ operation: ModelOperation, to model: inout DictionaryStore) -> Outcome {
        var copy = model
        defer { model = copy }
        let now = ModelOperation.now
        return outcome { () throws(StoreError) in
            switch operation {
            case .add(let user): try copy.add(user)
            case .deleteUser(let name): try copy.deleteUser(name)
            case .register(let new, let challenge): try copy.register(new, spending: challenge)
            case .registerCard(let new, let challenge):
                try copy.register(new, spending: challenge)
            case .spend(let challenge): copy.spend(challenge)
            case .deleteCredential(let id, let name): try copy.deleteCredential(id, of: name)
            case .commit(let batch): return .verdicts(copy.commit(batch))
            case .forget(let moment): return .count(copy.forget(expiredBefore: moment))
            case .addToken(let new, let challenge):
                try copy.add(new, maximum: ModelOperation.maximum, spending: challenge)
            case .give(let id, let owner, let secret):
                try copy.give(
                    id, to: owner, sealedSecret: secret, label: "given",
                    maximum: ModelOperation.maximum)
            case .synchronise(let id, let name, let factor, let drift):
                try copy.synchronise(id, of: name, past: factor, drift: drift)
            case .deleteToken(let id): try copy.deleteToken(id)
            case .replaceRecoveryCodes(let name, let digests):
                try copy.replaceRecoveryCodes(of: name, digests: digests, client: "desk", at: now)
            case .issue(let pass, let name): try copy.issue(pass, to: name, client: "desk")
            case .deletePass(let name): try copy.deleteAccessPass(of: name)
            case .addAppPassword(let new):
                return .number(try copy.add(new, maximum: ModelOperation.maximum))
            case .deleteAppPasswords(let name, let number):
                return .count(try copy.deleteAppPasswords(of: name, number: number))
            case .passwordWasReset(let name, let deleting):
                return .count(
                    try copy.passwordWasReset(
                        of: name, deletingAppPasswords: deleting, client: "desk", at: now))
            case .setState(let state, let name): try copy.set(state, of: name)
            case .setRisk(let risk, let name):
                try copy.set(risk, of: name, because: "why", client: "desk", at: now)
            case .resumePushes(let name):
                try copy.resumePushes(of: name, client: "desk", at: now)
            case .note(let kind, let name):
                copy.note(kind, of: name, client: "desk", detail: "noted", at: now)
            }
            return .done
        }
    }

    private func apply(_ operation: ModelOperation, to store: SQLiteStore) -> Outcome {
        let now = ModelOperation.now
        return outcome { () throws(StoreError) in
            switch operation {
            case .add(let user): try store.add(user)
            case .deleteUser(let name): try store.deleteUser(name)
            case .register(let new, let challenge): try store.register(new, spending: challenge)
            case .registerCard(let new, let challenge):
                try store.register(new, spending: challenge)
            case .spend(let challenge): try store.spend(challenge)
            case .deleteCredential(let id, let name): try store.deleteCredential(id, of: name)
            case .commit(let batch): return .verdicts(try store.commit(batch))
            case .forget(let moment):
                return .count(try store.forgetChallenges(expiredBefore: moment))
            case .addToken(let new, let challenge):
                try store.add(new, maximum: ModelOperation.maximum, spending: challenge)
            case .give(let id, let owner, let secret):
                guard let token = try store.token(id) else { throw .noSuchCredential }
                try store.give(
                    token, to: owner, sealedSecret: secret, label: "given",
                    maximum: ModelOperation.maximum)
            case .synchronise(let id, let name, let factor, let drift):
                try store.synchronise(id, of: name, past: factor, drift: drift)
            case .deleteToken(let id): try store.deleteToken(id)
            case .replaceRecoveryCodes(let name, let digests):
                try store.replaceRecoveryCodes(of: name, digests: digests, client: "desk", at: now)
            case .issue(let pass, let name): try store.issue(pass, to: name, client: "desk")
            case .deletePass(let name): try store.deleteAccessPass(of: name)
            case .addAppPassword(let new):
                return .number(try store.add(new, maximum: ModelOperation.maximum))
            case .deleteAppPasswords(let name, let number):
                return .count(try store.deleteAppPasswords(of: name, number: number))
            case .passwordWasReset(let name, let deleting):
                return .count(
                    try store.passwordWasReset(
                        of: name, deletingAppPasswords: deleting, client: "desk", at: now))
            case .setState(let state, let name): try store.set(state, of: name)
            case .setRisk(let risk, let name):
                try store.set(risk, of: name, because: "why", client: "desk", at: now)
            case .resumePushes(let name):
                try store.resumePushes(of: name, client: "desk", at: now)
            case .note(let kind, let name):
                try store.note(kind, of: name, client: "desk", detail: "noted", at: now)
            }
            return .done
        }
    }

    private func compare(_ store: SQLiteStore, _ model: DictionaryStore) throws {
        for text in ModelOperation.names {
            let name = try Samples.name(text)
            #expect(try store.user(name) == model.users[name])
            let credentials = try store.credentials(of: name)
            #expect(
                credentials.map(DictionaryStore.StoredCredential.init)
                    == model.credentials.filter { $0.owner.name == name })
            let cards = model.cards.filter { $0.owner.name == name }
            #expect(
                try store.cardCredentials(of: name).map(DictionaryStore.StoredCard.init) == cards)
            #expect(try store.cardCredentialIDs(of: [name]) == [cards.map(\.id)])
            try compareCodes(of: name, store, model)
        }
        let byID = try store.credentials(withIDs: Set((0..<8).map(Samples.credentialID)))
        #expect(
            byID.mapValues(DictionaryStore.StoredCredential.init)
                == Dictionary(uniqueKeysWithValues: model.credentials.map { ($0.id, $0) }))
        let rows = try store.signIns(limit: model.rows.count + 1)
        #expect(rows.reversed().map(DictionaryStore.Row.init) == model.rows)
        let accepted = model.rows.count { $0.isAccepted }
        let owned = model.tokens.count { $0.owner != nil }
        #expect(
            try store.counts().rows == [
                model.users.count, model.credentials.count + model.cards.count + owned, accepted,
                model.rows.count - accepted,
                model.spent.count,
            ])
        #expect(
            try store.tokensInStock(limit: 99).map(DictionaryStore.StoredToken.init)
                == model.tokens.filter { $0.owner == nil })
        for token in model.tokens {
            let found = try #require(try store.token(token.id))
            #expect(DictionaryStore.StoredToken(found) == token)
            if let serial = token.device.serial {
                #expect(try store.tokens(serial: serial) == [found])
            }
        }
    }

    private func compareCodes(
        of name: UserName, _ store: SQLiteStore, _ model: DictionaryStore
    ) throws {
        let tokens = model.tokens.filter { $0.owner?.name == name }
        let codes = model.recoveryCodes.filter { $0.owner == name }.map(\.code)
        let passwords = model.appPasswords.filter { $0.owner == name }
        #expect(try store.tokens(of: name).map(DictionaryStore.StoredToken.init) == tokens)
        #expect(try store.recoveryCodes(of: name) == codes)
        #expect(try store.accessPass(of: name) == model.passes[name])
        #expect(
            try store.appPasswords(of: name).map(DictionaryStore.StoredAppPassword.init)
                == passwords)
        #expect(
            try store.events(of: name, limit: 9999).reversed().map(DictionaryStore.Event.init)
                == model.events.filter { $0.user == name.text })
        #expect(try store.familiarSources(of: name.text) == model.sources[name] ?? [:])

        let source = try IPAddress("192.0.2.7").subscriber
        let lookups = [nil, "pre1"].map {
            CodeLookup(user: name, appPasswordPrefix: $0, source: source)
        }
        let found = try store.codeFactors(for: lookups, at: Samples.start).map { try $0.get() }
        guard let standing = model.standings[name] else {
            #expect(throws: StoreError.noSuchUser(name)) { try store.standing(of: name) }
            #expect(found.allSatisfy { $0 == nil })
            return
        }
        #expect(try DictionaryStore.Standing(store.standing(of: name)) == standing)
        #expect(found.count == 2)
        let typed = try there(found.first)
        #expect(DictionaryStore.Standing(typed.standing) == standing)
        #expect(typed.tokens.map(DictionaryStore.StoredToken.init) == tokens)
        #expect(typed.recoveryCodes == codes)
        #expect(typed.accessPass == model.passes[name])
        #expect(typed.appPasswords == [])
        #expect(typed.isSourceFamiliar == (model.sources[name]?["192.0.2.7"] != nil))
        let stored = try there(found.last)
        #expect(
            stored.appPasswords.map(DictionaryStore.StoredAppPassword.init)
                == passwords.filter { $0.prefix == "pre1" })
        #expect(stored.tokens == [])
    }
    private func there(_ factors: CodeFactors??) throws -> CodeFactors {
        let factors = try #require(factors)
        return try #require(factors)
    }
}
