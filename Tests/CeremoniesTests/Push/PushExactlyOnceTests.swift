import Accounts
import Ceremonies
import CredentialStore
import GRDB
import PushMessages
import Testing

/// Copies that race, a store that fails, and what is left once all have gone.
struct PushExactlyOnceTests {
    private func race(
        _ decision: SignedDecision, _ office: PushOffice, _ services: [PushService]
    ) async -> [DecisionReply?] {
        await withTaskGroup(of: DecisionReply?.self) { group in
            for number in 0..<6 {
                let service = services[number % services.count]
                group.addTask { try? await office.decide(decision, on: service).get() }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `of six copies of a right decision that come at once, one counts, a hundred times`()
        async throws
    {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        for round in 1...100 {
            let push = try await office.begin()
            let decision = try phone.decision(
                .approve, push.number, on: try await office.prompt(for: phone))
            let replies = await race(decision, office, [office.service])
            #expect(replies.count { $0 == .accepted } == 1, "round \(round)")
            #expect(
                replies.count { $0 == .refused(code: "push-answered") } == 5, "round \(round)")
            #expect(await office.verdict(of: push).isAccepted, "round \(round)")
        }
        #expect(try office.store.counts().accepted == 100)
        #expect(try office.store.counts().refused == 0)
    }

    @Test func `the same holds across two services on one store`() async throws {
        // With the same random bytes both make the same prompts; only the store can tell the copies apart.
        // One of each pair is refused, and counts against the budget.
        let office = try PushOffice { $0.promptsPerHour = 1000 }
        let phone = try await office.enrolledPhone()
        let services = [office.twin(seed: 7), office.twin(seed: 7)]
        for round in 1...100 {
            var pushes: [PushTransaction] = []
            for service in services { pushes.append(try await office.begin(on: service)) }
            #expect(pushes[0] == pushes[1])
            let poll = try phone.poll()
            let signed = await withCheckedContinuation { continuation in
                _ = services[0].poll(poll) { continuation.resume(returning: $0) }
            }
            let prompt = try #require(try signed.get()?.prompt)
            let decision = try phone.decision(.approve, pushes[0].number, on: prompt)
            let replies = await race(decision, office, services)
            #expect(replies.count { $0 == .accepted } == 1, "round \(round)")
            #expect(
                replies.count { $0 == .refused(code: "push-answered") } == 5, "round \(round)")
            var verdicts: [PushVerdict] = []
            for service in services {
                verdicts.append(
                    await withCheckedContinuation { continuation in
                        _ = service.wait(
                            for: pushes[0].identifier, client: "front", timeout: .seconds(60)
                        ) { continuation.resume(returning: $0) }
                    })
            }
            #expect(verdicts.count(where: \.isAccepted) == 1, "round \(round)")
        }
        #expect(try office.store.counts().accepted == 100)
        #expect(try office.store.counts().refused == 100)
    }

    @Test func `a store that cannot write gives no verdict, and the decision can be sent again`()
        async throws
    {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let decision = try phone.decision(
            .approve, push.number, on: try await office.prompt(for: phone))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let blocker = try DatabaseQueue(path: office.databasePath, configuration: configuration)
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await office.decide(decision) == .failure(.unavailable))
        #expect(await office.verdict(of: push, timeout: .zero) == .pending)
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await office.decide(decision) == .success(.accepted))
        #expect(await office.verdict(of: push).isAccepted)
    }

    @Test func `a store that is closed gives no transaction and no prompt`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        try office.store.close()
        await #expect(throws: CeremonyError.store(.unavailable(code: 21))) {
            try await office.begin()
        }
        #expect(await office.answer(try phone.poll()) == .failure(.unavailable))
        #expect(office.service.holdings.prompts == 0)
        #expect(office.service.holdings.waits == 0)
        #expect(office.service.listenerCount == 0)
    }
}

/// What nobody can tell, and what nobody holds.
struct PushDecoyTests {
    @Test func `users who cannot be asked get what others get, and the silence of who ignores it`()
        async throws
    {
        let office = try PushOffice()
        _ = try await office.enrolledPhone()
        var endings: [(PushTransaction, PushReason)] = []
        for (user, reason) in [
            ("alice", PushReason.expired), ("bob", .noPhone), ("nobody", .noPhone),
        ] {
            let push = try await office.begin(user)
            #expect(push.identifier.utf8.count == 22)
            #expect(push.number.utf8.count == 2)
            #expect(push.lifetime == .seconds(60))
            #expect(await office.verdict(of: push, timeout: .zero) == .pending)
            endings.append((push, reason))
        }
        #expect(office.service.holdings.prompts == 3)
        office.timer.advance(by: .milliseconds(59_999))
        for (push, _) in endings {
            #expect(await office.verdict(of: push, timeout: .zero) == .pending)
        }
        office.timer.advance(by: .milliseconds(1))
        for (user, (push, reason)) in zip(["alice", "bob", "nobody"], endings) {
            #expect(await office.verdict(of: push) == .refused(user, reason))
        }
        // Each has a row of the record, and a challenge that is spent.
        #expect(try Set(office.reasons(9)) == ["push-expired", "no-phone"])
        #expect(try office.store.counts().refused == 3)
        #expect(try office.store.counts().spentChallenges == 4)
    }

    @Test func `a decoy can be superseded and withdrawn like any prompt`() async throws {
        let office = try PushOffice()
        let first = try await office.begin("nobody")
        let second = try await office.begin("nobody")
        #expect(await office.verdict(of: first) == .refused("nobody", .superseded))
        #expect(office.service.cancel(second.identifier, client: "front"))
        #expect(await office.verdict(of: second) == .refused("nobody", .cancelled))
    }

    /// Something that a closure holds on to.
    private final class Load: Sendable {}

    @Test func `a client that vanishes costs nothing at once`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin("bob")
        let enrolment = try office.service.beginEnrolment(
            user: userName("bob"), client: "front")
        weak var weakLoad: Load?
        var waits: [PushWait] = []
        do {
            let load = Load()
            weakLoad = load
            for _ in 0..<3 {
                waits.append(
                    office.service.wait(
                        for: push.identifier, client: "front", timeout: .seconds(60)
                    ) { _ in _ = load })
                waits.append(
                    office.service.waitForEnrolment(
                        enrolment.transaction, client: "front", timeout: .seconds(60)
                    ) { _ in _ = load })
            }
            waits.append(office.service.poll(try phone.poll()) { _ in _ = load })
        }
        while office.service.holdings.polls == 0 { await Task.yield() }
        #expect(weakLoad != nil)
        #expect(office.service.listenerCount == 7)
        for wait in waits { wait.cancel() }
        for wait in waits { wait.cancel() }
        #expect(office.service.listenerCount == 0)
        #expect(office.service.holdings.waits == 0)
        #expect(office.service.holdings.polls == 0)
        // That of the phone, which is remembered for a while.
        #expect(office.service.holdings.enrolments == 1)
        #expect(weakLoad == nil)
    }

    @Test func `a poll that is given up before it is looked at holds nothing`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        for _ in 0..<50 {
            office.service.poll(try phone.poll()) { _ in }.cancel()
        }
        // The last one is behind all of them.
        #expect(try await office.answer(phone.poll(wait: 0)).get() == nil)
        #expect(office.service.holdings.waits == 0)
        #expect(office.service.listenerCount == 0)
    }

    @Test func `nothing is held once everything has gone`() async throws {
        let office = try PushOffice { $0.promptsPerHour = 100 }
        let phone = try await office.enrolledPhone()
        var pushes: [PushTransaction] = []
        for number in 0..<100 {
            pushes.append(try await office.begin(number % 9 == 0 ? "alice" : "user\(number % 30)"))
        }
        _ = office.service.poll(try phone.poll()) { _ in }
        // Polls are looked at in turn: once this one is answered, the one before it is seated.
        _ = await office.answer(try phone.poll(wait: 0))
        office.timer.advance(by: .seconds(60))
        for push in pushes {
            #expect(await office.verdict(of: push) != .unknownTransaction)
        }
        #expect(office.service.holdings.prompts == 100)
        #expect(office.service.holdings.transactions == 0)
        office.timer.advance(by: .seconds(120))
        var expected = PushHoldings()
        expected.budgets = 31
        expected.enrolments = 1
        expected.deadlines = 2
        #expect(office.service.holdings == expected)
        office.timer.advance(by: .seconds(3600))
        #expect(office.service.holdings == PushHoldings())
        #expect(office.service.listenerCount == 0)
    }

    @Test func `a server that stops ends all waits`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin("bob")
        async let verdict = office.verdict(of: push)
        let poll = try phone.poll()
        async let answer = office.answer(poll)
        while office.service.holdings.waits < 2 { await Task.yield() }
        office.service.endWaits()
        #expect(await verdict == .pending)
        #expect(try await answer.get() == nil)
        #expect(office.service.listenerCount == 0)
    }

    @Test func `the machine's own timer ends what is not decided`() async throws {
        let office = try PushOffice()
        let service = PushService(
            store: office.store, writer: SignInWriter(store: office.store),
            secret: PushOffice.secret, vault: office.vault, key: office.key,
            policy: office.policy, isEndpointAllowed: { _ in true }, courier: { _ in },
            clock: { office.clock.now })
        let push = try await office.begin(on: service)
        let verdict = await withCheckedContinuation { continuation in
            _ = service.wait(
                for: push.identifier, client: "front", timeout: .milliseconds(20)
            ) { continuation.resume(returning: $0) }
        }
        #expect(verdict == .pending)
        #expect(service.holdings.waits == 0)
    }
}
