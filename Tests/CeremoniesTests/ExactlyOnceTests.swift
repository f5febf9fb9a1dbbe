import Accounts
import Ceremonies
import CredentialStore
import GRDB
import Testing
import WebAuthn

/// Copies that race, and a store that fails while they do.
struct ExactlyOnceTests {
    @Test(arguments: [true, false])
    func `of six copies of one answer that come at once, one is accepted, a hundred times`(
        _ counts: Bool
    ) async throws {
        let office = try Office()
        var key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        for round in 1...100 {
            // At zero, only the challenge tells a copy from its original.
            if counts { key.counter += 1 }
            let transaction = try await office.begin()
            let answer = try key.answer(transaction.challenge)
            let verdicts = await withTaskGroup(of: AuthenticationVerdict.self) { group in
                for _ in 0..<6 {
                    group.addTask { await office.finish(transaction, with: answer) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count(where: \.isAccepted) == 1, "round \(round)")
            #expect(
                verdicts.count { $0 == .refused("alice", "challenge-spent") } == 5,
                "round \(round)")
        }
        let stored = try office.store.counts()
        #expect(stored.accepted == 100)
        #expect(stored.refused == 500)
        #expect(office.authentication.counts.committed == 600)
    }

    @Test func `answers of one credential are decided in the order in which they came`()
        async throws
    {
        let office = try Office()
        var key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        for round in 1...30 {
            var answers: [AnswerRequest] = []
            for _ in 0..<16 {
                key.counter += 1
                let transaction = try await office.begin()
                answers.append(
                    AnswerRequest(
                        transaction: transaction.identifier,
                        answer: .assertion(.success(try key.answer(transaction.challenge))),
                        client: "front"))
            }
            let (verdicts, continuation) = AsyncStream.makeStream(of: AuthenticationVerdict.self)
            for answer in answers {
                office.authentication.finish(answer) { continuation.yield($0) }
            }
            var accepted = 0
            for await verdict in verdicts.prefix(16) where verdict.isAccepted { accepted += 1 }
            #expect(accepted == 16, "round \(round)")
        }
    }

    @Test func `of many answers with one counter value, one is accepted`() async throws {
        let office = try Office()
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        // A clone and its original have the same counter and answer challenges of their own.
        let clone = key.but { $0.counter = 1 }
        let transactions = try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await office.begin() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let verdicts = try await withThrowingTaskGroup(of: AuthenticationVerdict.self) { group in
            for transaction in transactions {
                let answer = try clone.answer(transaction.challenge)
                group.addTask { await office.finish(transaction, with: answer) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count(where: \.isAccepted) == 1)
        #expect(verdicts.count { $0 == .refused("alice", "counter-not-ahead") } == 19)
    }

    @Test func `a store that another process writes to gives no verdict, and one after it`()
        async throws
    {
        let office = try Office()
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        let transaction = try await office.begin()
        let answer = try key.answer(transaction.challenge)

        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let blocker = try DatabaseQueue(path: office.databasePath, configuration: configuration)
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(
            await office.finish(transaction, with: answer)
                == .unavailable(.locked(path: office.databasePath)))
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }

        #expect(try office.store.counts().spentChallenges == 1)
        #expect(try office.store.signIns(limit: 1) == [])
        #expect(await office.finish(transaction, with: answer).isAccepted)
    }

    @Test func `a full disk gives no verdict, and one once there is room`() async throws {
        let office = try Office()
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        try await office.store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        // Rows go into pages that have room, until there is none.
        var unavailable: (AuthenticationTransaction, AuthenticationResponse)?
        var accepted = 0
        while unavailable == nil, accepted < 1000 {
            let transaction = try await office.begin()
            let answer = try key.answer(transaction.challenge)
            switch await office.finish(transaction, with: answer) {
            case .accepted: accepted += 1
            case let verdict:
                #expect(verdict == .unavailable(.full))
                unavailable = (transaction, answer)
            }
        }
        let (transaction, answer) = try #require(unavailable)
        #expect(try office.store.counts().accepted == accepted)
        #expect(try office.store.counts().spentChallenges == accepted + 1)

        try await office.store.pool.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA max_page_count = 1000000")
        }
        #expect(await office.finish(transaction, with: answer).isAccepted)
    }

    @Test func `a store that is closed gives no verdict and no challenge`() async throws {
        let office = try Office()
        let key = try ScriptedKey(seed: 1)
        try office.enrol(key)
        let transaction = try await office.begin()
        let answer = try key.answer(transaction.challenge)
        try office.store.close()
        // SQLITE_MISUSE.
        #expect(
            await office.finish(transaction, with: answer) == .unavailable(.unavailable(code: 21)))
        await #expect(throws: CeremonyError.store(.unavailable(code: 21))) {
            try await office.begin()
        }
        let reopened = try SQLiteStore(path: office.databasePath)
        #expect(try reopened.signIns(limit: 1) == [])
        #expect(try reopened.counts().spentChallenges == 1)
    }
}
