import Accounts
import CredentialStore
import LineProtocol
import LineService
import LoadTest
import Synchronization
import Testing
import WebAuthn

/// Runs of each method against a whole service, with small numbers.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MethodRunTests {
    @Test(arguments: [
        (LoadPlan.Method.hotp, "OpenSSL HMAC-SHA1", "windows of 11 codes"),
        (.apppass, "OpenSSL HMAC-SHA256", "digests of an app password"),
    ])
    func `a closed loop has every secret accepted again and again, and its row on disk`(
        method: LoadPlan.Method, baseline: String, unit: String
    ) async throws {
        try await LiveService.run { live in
            let seen = Mutex<Set<LoadProgress.Phase>>([])
            let report = try await LoadRun(live.plan(method: method)).run { progress in
                _ = seen.withLock { $0.insert(progress.phase) }
            }
            #expect(report.isSound)
            #expect(report.setting.method == method)
            #expect(report.accepted == 300)
            #expect(report.refusals == [])
            #expect(report.enrolment.credentials == 24)
            #expect(report.server.verified == 300)
            #expect(report.server.committed == 300)
            #expect((1...300).contains(report.server.batches))
            #expect((1...300).contains(report.server.commits))
            #expect(report.baseline.name == baseline)
            #expect(report.baseline.unit == unit)
            #expect(report.baseline.rate > 0)
            #expect(report.usersLeft == 0)
            #expect(seen.withLock { $0 } == Set(LoadProgress.Phase.allCases))
            let counts = try live.store.counts()
            #expect(counts.users == 0)
            #expect(counts.credentials == 0)
            #expect(counts.accepted == 300)
            #expect(counts.refused == 0)
            let stock = try live.store.tokensInStock(limit: 10)
            #expect(stock.isEmpty)
        }
    }

    @Test func `every user signs in once by a code that follows the clock`() async throws {
        try await LiveService.run { live in
            let plan = try live.plan(
                method: .totp, credentials: 50, connections: 3, depth: 8, goal: .requests(50))
            let report = try await LoadRun(plan).run()
            #expect(report.isSound)
            #expect(report.accepted == 50)
            #expect(report.refusals == [])
            #expect(report.baseline.unit == "windows of 3 codes")
            #expect(try live.store.counts().accepted == 50)
        }
    }

    @Test func `a token counts on from round to round`() async throws {
        try await LiveService.run { live in
            let report = try await LoadRun(
                live.plan(
                    method: .hotp, credentials: 8, connections: 1, depth: 8,
                    goal: .requests(1017), largestRound: 500)
            ).run()
            #expect(report.isSound)
            #expect(report.rounds == 3)
            #expect(report.accepted == 1017)
            #expect(report.refusals == [])
        }
    }

    @Test(arguments: [LoadPlan.Method.hotp, .apppass])
    func `a time is filled, and nothing is refused`(method: LoadPlan.Method) async throws {
        try await LiveService.run { live in
            let report = try await LoadRun(
                live.plan(method: method, connections: 3, goal: .seconds(0.3))
            ).run()
            #expect(report.isSound)
            #expect(report.refusals == [])
            #expect((0.25...5).contains(report.seconds))
        }
    }

    @Test func `an open loop of codes sends all of its schedule`() async throws {
        try await LiveService.run { live in
            let report = try await LoadRun(
                live.plan(method: .hotp, goal: .seconds(0.5), rate: 200)
            ).run()
            #expect(report.isSound)
            #expect(report.accepted == 100)
            #expect(report.refusals == [])
        }
    }

    @Test(arguments: [
        (LoadPlan.Method.hotp, "NO nothing-enrolled"), (.apppass, "NO wrong-code"),
    ])
    func `a run whose credentials are taken away meanwhile is not sound`(
        method: LoadPlan.Method, reason: String
    ) async throws {
        try await LiveService.run { live in
            let plan = try live.plan(method: method, goal: .requests(96))
            let report = try await LoadRun(plan).run { progress in
                guard progress.phase == .preparing, progress.fraction == 0 else { return }
                guard let name = UserName("load-7") else { return }
                for token in (try? live.store.tokens(of: name)) ?? [] {
                    try? live.store.deleteToken(token.id)
                }
                _ = try? live.store.deleteAppPasswords(of: name, number: nil)
            }
            #expect(report.accepted == 92)
            #expect(report.refusals == [.init(reason: reason, count: 4, isJudgement: true)])
            #expect(!report.isSound)
            #expect(report.usersLeft == 0)
        }
    }

    @Test func `a server that allows no app passwords is found out, and the users are deleted`()
        async throws
    {
        try await LiveService.run(allowsAppPasswords: false) { live in
            let error = await #expect(throws: LoadTestError.self) {
                try await LoadRun(live.plan(method: .apppass)).run()
            }
            guard case .refused("APPPASS ADD", let reply) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reply.word == .no)
            #expect(reply.text == "the configuration allows no app passwords")
            let users = try live.store.counts().users
            #expect(users == 0)
        }
    }
}
