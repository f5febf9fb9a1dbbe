import Accounts
import CredentialStore
import LineClient
import LineProtocol
import LineService
import LoadTest
import NIOCore
import Synchronization
import Testing
import WebAuthn

/// Runs against a whole service, with small numbers.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LoadRunTests {
    /// A refusal as it comes back: with the id of the third request of the connection.
    private static func refusal(
        _ word: ReplyWord, _ options: KeyValuePairs<String, String>
    ) -> Reply {
        var reply = Reply.refusal(word, options)
        reply.id = RequestID(number: 2)
        return reply
    }

    @Test func `a closed loop has every assertion accepted and its row on disk`() async throws {
        try await LiveService.run { live in
            let seen = Mutex<Set<LoadProgress.Phase>>([])
            let report = try await LoadRun(live.plan()).run { progress in
                _ = seen.withLock { $0.insert(progress.phase) }
            }
            #expect(report.isSound)
            #expect(report.accepted == 300)
            #expect(report.requests == 300)
            #expect(report.refusals == [])
            #expect(report.enrolment.credentials == 24)
            #expect(report.rounds == 1)
            #expect(report.server.verified == 300)
            #expect(report.server.committed == 300)
            #expect((1...300).contains(report.server.batches))
            #expect((1...300).contains(report.server.commits))
            #expect(report.throughput > 0)
            #expect(report.baseline.rate > 0)
            #expect(0 < report.latency.p50 && report.latency.p50 <= report.latency.max)
            #expect(report.usersLeft == 0)
            #expect(seen.withLock { $0 } == Set(LoadProgress.Phase.allCases))
            let counts = try live.store.counts()
            #expect(counts.users == 0)
            #expect(counts.credentials == 0)
            #expect(counts.accepted == 300)
        }
    }

    @Test func `credentials are used again from round to round, each counting on`() async throws {
        try await LiveService.run { live in
            let report = try await LoadRun(
                live.plan(
                    credentials: 5, connections: 1, depth: 5, goal: .requests(1017),
                    largestRound: 500)
            ).run()
            #expect(report.isSound)
            #expect(report.rounds == 3)
            #expect(report.accepted == 1017)
            #expect(report.refusals == [])
        }
    }

    @Test func `a time is filled and not much passed`() async throws {
        try await LiveService.run { live in
            let report = try await LoadRun(live.plan(goal: .seconds(0.3))).run()
            #expect(report.isSound)
            #expect(report.refusals == [])
            #expect((0.25...5).contains(report.seconds))
        }
    }

    @Test func `an open loop sends all of its schedule`() async throws {
        try await LiveService.run { live in
            let report = try await LoadRun(live.plan(goal: .seconds(0.5), rate: 400)).run()
            #expect(report.isSound)
            #expect(report.accepted == 200)
            #expect(report.setting.rate == 400)
            #expect(report.seconds >= 0.49, "the schedule is not run ahead of")
        }
    }

    @Test func `refusals are counted by reason, and a run without a yes is not sound`() async throws
    {
        try await LiveService.run { live in
            let report = try await LoadRun(live.plan(goal: .requests(20))).run { progress in
                guard progress.phase == .preparing, progress.fraction == 0 else { return }
                // Users that are gone before their challenges are answered.
                for index in 0..<24 {
                    if let name = UserName("load-\(index)") { try? live.store.deleteUser(name) }
                }
            }
            #expect(report.accepted == 0)
            #expect(!report.isSound)
            #expect(
                report.refusals == [
                    .init(reason: "NO credential-not-allowed", count: 20, isJudgement: true)
                ])
            #expect(report.usersLeft == 0)
        }
    }

    @Test func `a wrong origin is found at the enrolment, and the users are deleted`() async throws
    {
        try await LiveService.run(origin: "https://elsewhere.example.org") { live in
            let error = await #expect(throws: LoadTestError.self) {
                try await LoadRun(live.plan()).run()
            }
            guard case .refused("ENROLL FINISH", let reply) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reply.word == .no)
            let users = try live.store.counts().users
            #expect(users == 0)
        }
    }

    @Test func `users who were there before stay`() async throws {
        try await LiveService.run { live in
            let first = try #require(UserName("load-3"))
            try live.store.add(
                User(
                    name: first, displayName: "3", handle: .init(bytes: [3]),
                    createdAt: Timestamp(milliseconds: 0)))
            let error = await #expect(throws: LoadTestError.self) {
                try await LoadRun(live.plan()).run()
            }
            guard case .refused("USER ADD", let reply) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reply.word == .conflict)
            #expect(try live.store.counts().users == 1)
            #expect(try live.store.user(first) != nil)
        }
    }

    @Test func `a right that is missing is found before anything is written`() async throws {
        try await LiveService.run(capabilities: [.verify, .enroll, .administer]) { live in
            await #expect(
                throws: LoadTestError.refused(
                    request: "STATUS", Self.refusal(.noPermission, ["need": "stats"]))
            ) { try await LoadRun(live.plan()).run() }
        }
    }

    @Test func `a pipeline deeper than the server's window is refused`() async throws {
        try await LiveService.run { live in
            let plan = try live.plan(credentials: 129, connections: 1, depth: 129)
            await #expect(throws: LoadTestError.windowTooNarrow(depth: 129, window: 128)) {
                try await LoadRun(plan).run()
            }
        }
    }

    @Test func `what cannot be sent before its challenge expires is prepared anew`() async throws {
        try await LiveService.run(lifetime: .seconds(1)) { live in
            // Of each round only what is due in the first 0.8 s is sent: one request of one in ten seconds.
            let plan = try live.plan(
                credentials: 3, connections: 3, depth: 1, goal: .requests(3), rate: 0.1)
            let report = try await LoadRun(plan).run()
            #expect(report.refusals == [])
            #expect(report.accepted == 3)
            #expect(report.rounds == 3)
        }
    }

    @Test func `a server that is not there is a clear error`() async throws {
        let plan = try LoadPlan(
            endpoint: .socket(path: "/tmp/countersign-no-such.sock"),
            relyingPartyID: .init("example.org"), origin: "https://example.org", credentials: 1,
            connections: 1, depth: 1, goal: .requests(1))
        let error = await #expect(throws: LoadTestError.self) { try await LoadRun(plan).run() }
        guard case .connection(.cannotConnect) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a server that dies in mid-run is a clear error and no hang`() async throws {
        var limits = Limits()
        limits.stop = .milliseconds(1)
        try await LiveService.run(limits: limits) { live in
            let isStopping = Mutex(false)
            let run = LoadRun(try live.plan(goal: .seconds(60)))
            let error = await #expect(throws: LoadTestError.self) {
                try await run.run { progress in
                    guard progress.phase == .measuring, progress.fraction > 0 else { return }
                    let isFirst = isStopping.withLock { stopping in
                        defer { stopping = true }
                        return !stopping
                    }
                    if isFirst { Task { await live.server.stop() } }
                }
            }
            switch error {
            case .connectionLost, .ended, .connection: break
            default: Issue.record("\(String(describing: error))")
            }
            #expect(run.usersLeft == 24, "nobody is there to delete them")
        }
    }

    @Test func `a cancelled run deletes its users`() async throws {
        try await LiveService.run { live in
            let plan = try live.plan(goal: .seconds(60))
            let canceller = Mutex<Task<LoadReport, any Error>?>(nil)
            let run = Task {
                try await LoadRun(plan).run { progress in
                    guard progress.phase == .measuring, progress.fraction > 0 else { return }
                    canceller.withLock { $0?.cancel() }
                }
            }
            canceller.withLock { $0 = run }
            await #expect(throws: LoadTestError.cancelled) { try await run.value }
            #expect(try live.store.counts().users == 0)
        }
    }
}
