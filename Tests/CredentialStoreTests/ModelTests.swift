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
        case forgotten(Int)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `agrees with dictionaries`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let folder = try TemporaryFolder()
        var store = try SQLiteStore(path: folder.database)
        var model = DictionaryStore()
        for step in 1...1000 {
            let operation = try Operation(from: &random)
            let expected = try apply(operation, to: &model)
            let outcome = try apply(operation, to: store)
            try #require(outcome == expected, "step \(step) of seed \(seed): \(operation)")
            if step.isMultiple(of: 250) {
                try store.close()
                store = try SQLiteStore(path: folder.database)
            }
            if step.isMultiple(of: 25) { try compare(store, model) }
        }
    }

    private enum Operation {
        case add(User)
        case deleteUser(UserName)
        case register(NewCredential, SpentChallenge)
        case registerCard(NewCardCredential, SpentChallenge)
        case spend(SpentChallenge)
        case deleteCredential(CredentialID, UserName)
        case commit([SignInDecision])
        case forget(Timestamp)

        /// Few names, identifiers and challenges, so that operations meet.
        init(from random: inout SplitMix64) throws {
            switch Int.random(in: 0..<20, using: &random) {
            case 0...1: self = .add(try Samples.user(Self.name(&random)))
            case 2: self = .deleteUser(try Samples.name(Self.name(&random)))
            case 3...5: self = .register(try Self.credential(&random), Self.challenge(&random))
            case 6:
                let card = try Samples.card(
                    .random(in: 0..<8, using: &random), of: Self.name(&random))
                self = .registerCard(card, Self.challenge(&random))
            case 7: self = .spend(Self.challenge(&random))
            case 8:
                self = .deleteCredential(
                    try Samples.credentialID(.random(in: 0..<8, using: &random)),
                    try Samples.name(Self.name(&random)))
            case 9 where Int.random(in: 0..<4, using: &random) == 0:
                let seconds = Int.random(in: -1...256, using: &random)
                self = .forget(Samples.start.advanced(by: .seconds(seconds)))
            default:
                let count = Int.random(in: 1...4, using: &random)
                self = .commit(try (0..<count).map { _ in try Self.decision(&random) })
            }
        }

        private static func name(_ random: inout SplitMix64) -> String {
            ["alice", "bob", "carol"][Int.random(in: 0..<3, using: &random)]
        }

        private static func relyingParty(_ random: inout SplitMix64) -> String {
            ["example.org", "example.org", "example.com"][Int.random(in: 0..<3, using: &random)]
        }

        private static func challenge(_ random: inout SplitMix64) -> SpentChallenge {
            // A challenge's number is also when it expires, so that a challenge always expires at the same time.
            let seed = UInt8.random(in: .min ... .max, using: &random)
            return Samples.challenge(seed, expiresAfter: Int64(seed))
        }

        private static func credential(_ random: inout SplitMix64) throws -> NewCredential {
            let flags: [AuthenticatorData.Flags] = [
                [.userPresent], [.userPresent, .backupEligible],
                [.userPresent, .userVerified, .backupEligible, .backupState],
            ]
            return try Samples.credential(
                .random(in: 0..<8, using: &random), of: name(&random),
                for: relyingParty(&random), counter: .random(in: 0...2, using: &random),
                flags: flags[Int.random(in: 0..<3, using: &random)])
        }

        private static func decision(_ random: inout SplitMix64) throws -> SignInDecision {
            if Int.random(in: 0..<4, using: &random) == 0 {
                return try Samples.cardAnswer(
                    challenge(&random), by: .random(in: 0..<8, using: &random),
                    of: name(&random))
            }
            var decision = try Samples.answer(
                challenge(&random), by: .random(in: 0..<8, using: &random), of: name(&random),
                for: relyingParty(&random), counter: .random(in: 0...6, using: &random),
                isBackupEligible: .random(using: &random), isBackedUp: .random(using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0: decision.challenge = nil
            case 1: decision.user = nil
            case 2: decision.judgement = .refused(code: "wrong-origin")
            default: break
            }
            return decision
        }
    }

    private func outcome(_ body: () throws(StoreError) -> Outcome) -> Outcome {
        do throws(StoreError) { return try body() } catch { return .failed(error) }
    }

    private func apply(_ operation: Operation, to model: inout DictionaryStore) throws -> Outcome {
        var copy = model
        defer { model = copy }
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
            case .forget(let moment): return .forgotten(copy.forget(expiredBefore: moment))
            }
            return .done
        }
    }

    private func apply(_ operation: Operation, to store: SQLiteStore) throws -> Outcome {
        outcome { () throws(StoreError) in
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
                return .forgotten(try store.forgetChallenges(expiredBefore: moment))
            }
            return .done
        }
    }

    private func compare(_ store: SQLiteStore, _ model: DictionaryStore) throws {
        for text in ["alice", "bob", "carol"] {
            let name = try Samples.name(text)
            #expect(try store.user(name) == model.users[name])
            let credentials = try store.credentials(of: name)
            #expect(
                credentials.map(DictionaryStore.StoredCredential.init)
                    == model.credentials.filter { $0.owner.name == name })
        }
        let byID = try store.credentials(withIDs: Set((0..<8).map(Samples.credentialID)))
        #expect(
            byID.mapValues(DictionaryStore.StoredCredential.init)
                == Dictionary(uniqueKeysWithValues: model.credentials.map { ($0.id, $0) }))
        for text in ["alice", "bob", "carol"] {
            let name = try Samples.name(text)
            let cards = model.cards.filter { $0.owner.name == name }
            #expect(
                try store.cardCredentials(of: name).map(DictionaryStore.StoredCard.init) == cards)
            #expect(try store.cardCredentialIDs(of: [name]) == [cards.map(\.id)])
        }
        let rows = try store.signIns(limit: model.rows.count + 1)
        #expect(rows.reversed().map(DictionaryStore.Row.init) == model.rows)
        let accepted = model.rows.count { $0.isAccepted }
        #expect(
            try store.counts().rows == [
                model.users.count, model.credentials.count + model.cards.count, accepted,
                model.rows.count - accepted,
                model.spent.count,
            ])
    }
}
