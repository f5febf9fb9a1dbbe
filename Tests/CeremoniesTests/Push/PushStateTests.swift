import Accounts
import Ceremonies
import CredentialStore
import PushMessages
import Testing

/// The state machine alone: what it does at which event.
struct PushStateTests {
    private static let start = Timestamp(milliseconds: 0)
    private static let phone = PhoneID(bytes: [UInt8](repeating: 1, count: 16))
    private static let disk = StoreError.full

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }
    private func wait(_ number: UInt64) -> WaitID { WaitID(number: number) }

    private func draft(
        _ seed: UInt8, _ user: String = "alice", isDecoy: Bool = false
    ) throws -> PromptDraft {
        let phone = try #require(Self.phone)
        let id = try #require(PromptID(bytes: [UInt8](repeating: seed, count: 16)))
        let challenge = [UInt8](repeating: seed, count: 32)
        let prompt = try Prompt(
            id: id, challenge: challenge, phone: phone, issuedAt: 0, expiresAt: 60_000, digits: 2,
            choices: [], shown: .init(server: "S", user: user, application: "ssh"))
        return PromptDraft(
            id: id,
            facts: PromptFacts(
                transaction: "t\(seed)", user: try userName(user), client: "front",
                application: "ssh", address: nil,
                challenge: SpentChallenge(challenge: challenge, expiresAt: at(60))),
            number: "42", lifetime: .seconds(60), prompts: isDecoy ? [:] : [phone: prompt],
            silence: isDecoy ? .noPhone : .expired)
    }

    private func message(
        _ draft: PromptDraft, _ decision: Decision, _ number: String = ""
    ) throws -> DecisionMessage {
        let phone = try #require(Self.phone)
        let prompt = try Prompt(
            id: draft.id, challenge: [UInt8](repeating: draft.id.bytes[0], count: 32),
            phone: phone, issuedAt: 0, expiresAt: 60_000, digits: 2, choices: [],
            shown: .init(server: "S", user: "alice", application: "ssh"))
        return try DecisionMessage(
            prompt: prompt, decision: decision, number: number, decidedAt: 0)
    }

    private func opened(_ draft: PromptDraft) throws -> PushState {
        var state = PushState(promptsPerHour: 10)
        #expect(try state.open(draft, at: Self.start).get() == [])
        return state
    }

    private func refusal(_ reason: PushReason) -> AuthenticationVerdict {
        .refused(user: UserName("alice"), code: reason.rawValue)
    }

    @Test func `a prompt that nobody decides ends at its deadline, not before`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        #expect(state.nextDeadline() == at(60))
        #expect(
            state.wait(wait(1), for: "t1", client: "front", until: at(99), at: at(1)).verdict == nil
        )
        #expect(state.wake(at: Timestamp(milliseconds: 59_999)) == [])
        let effects = state.wake(at: at(60))
        let end = try #require(effects.first?.settlement)
        #expect(effects.count == 1)
        #expect(end.outcome == .refused(.expired))
        #expect(end.spendsChallenge)
        #expect(
            state.settled(draft.id, refusal(.expired), at: at(61))
                == [.verdict(wait(1), .refused("alice", .expired))])
    }

    @Test func `an answer that comes with the deadline is late`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        let (outcome, effects) = state.decide(try message(draft, .approve, "42"), at: at(60))
        #expect(outcome == .refused(.expired))
        #expect(effects.count == 1)
        #expect(state.wake(at: at(60)) == [])
    }

    @Test func `a newer prompt supersedes the older, whose waiter is told when it is on disk`()
        throws
    {
        let (older, newer) = (try draft(1), try draft(2))
        var state = try opened(older)
        _ = state.wait(wait(1), for: "t1", client: "front", until: at(50), at: at(1))
        let effects = try state.open(newer, at: at(2)).get()
        let end = try #require(effects.first?.settlement)
        #expect(end.id == older.id)
        #expect(end.outcome == .refused(.superseded))
        #expect(
            state.decide(try message(older, .approve, "42"), at: at(3)).outcome
                == .refused(.superseded))
        #expect(
            state.settled(older.id, refusal(.superseded), at: at(3))
                == [.verdict(wait(1), .refused("alice", .superseded))])
        #expect(state.holdings.openUsers == 1)
        #expect(
            state.decide(try message(newer, .approve, "42"), at: at(4)).outcome.settlement != nil)
    }

    @Test func `one decision counts, and others are told that there has been one`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        let end = try #require(
            state.decide(try message(draft, .approve, "42"), at: at(1)).outcome.settlement)
        #expect(end.outcome == .approved)
        for decision in [Decision.decline, .approve] {
            let number = decision == .approve ? "42" : ""
            #expect(
                state.decide(try message(draft, decision, number), at: at(1)).outcome
                    == .refused(.answered))
        }
    }

    @Test func `a wrong number ends the prompt`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        let end = try #require(
            state.decide(try message(draft, .approve, "24"), at: at(1)).outcome.settlement)
        #expect(end.outcome == .refused(.wrongNumber))
        #expect(
            state.decide(try message(draft, .approve, "42"), at: at(1)).outcome
                == .refused(.answered))
    }

    @Test func `what was signed has to be what was sent, to a phone that was asked`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        let phone = try #require(Self.phone)
        func altered(_ phone: PhoneID, application: String) throws -> DecisionMessage {
            try DecisionMessage(
                prompt: Prompt(
                    id: draft.id, challenge: [UInt8](repeating: 1, count: 32), phone: phone,
                    issuedAt: 0, expiresAt: 60_000, digits: 2, choices: [],
                    shown: .init(server: "S", user: "alice", application: application)),
                decision: .approve, number: "42", decidedAt: 0)
        }
        #expect(
            state.decide(try altered(phone, application: "bank"), at: at(1)).outcome
                == .refused(.altered))
        let other = try #require(PhoneID(bytes: [UInt8](repeating: 2, count: 16)))
        #expect(
            state.decide(try altered(other, application: "ssh"), at: at(1)).outcome
                == .refused(.phoneNotAsked))
        #expect(
            state.decide(try message(self.draft(9), .approve, "42"), at: at(1)).outcome
                == .refused(.unknownPrompt))
        #expect(
            state.decide(try message(draft, .approve, "42"), at: at(1)).outcome.settlement != nil)
    }

    @Test func `where the disk fails, a decision can be made again while there is time`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        _ = state.wait(wait(1), for: "t1", client: "front", until: at(99), at: at(1))
        _ = state.decide(try message(draft, .approve, "42"), at: at(1))
        #expect(state.settled(draft.id, .unavailable(Self.disk), at: at(2)) == [])
        #expect(state.nextDeadline() == at(60))
        #expect(
            state.decide(try message(draft, .approve, "42"), at: at(3)).outcome.settlement != nil)
        #expect(
            state.settled(draft.id, .unavailable(Self.disk), at: at(60))
                == [.verdict(wait(1), .unavailable(Self.disk))])
        #expect(
            state.decide(try message(draft, .approve, "42"), at: at(61)).outcome
                == .refused(.answered))
    }

    @Test func `where the disk fails and a newer prompt came, the older is superseded`() throws {
        let (older, newer) = (try draft(1), try draft(2))
        var state = try opened(older)
        _ = state.decide(try message(older, .approve, "42"), at: at(1))
        #expect(try state.open(newer, at: at(2)).get() == [])
        let effects = state.settled(older.id, .unavailable(Self.disk), at: at(3))
        let end = try #require(effects.first?.settlement)
        #expect(end.outcome == .refused(.superseded))
        #expect(state.holdings.openUsers == 1)
    }

    @Test func `not me counts of a prompt that is over, once, and ends the one that is open`()
        throws
    {
        let (older, newer) = (try draft(1), try draft(2))
        var state = try opened(older)
        _ = try state.open(newer, at: at(2)).get()
        _ = state.settled(older.id, refusal(.superseded), at: at(2))
        let (outcome, effects) = state.decide(try message(older, .notMe), at: at(3))
        let report = try #require(outcome.settlement)
        let end = try #require(effects.first?.settlement)
        #expect(report.outcome == .refused(.notMe))
        #expect(!report.spendsChallenge)
        #expect(end.id == newer.id)
        #expect(end.outcome == .refused(.stopped))
        #expect(
            state.decide(try message(older, .notMe), at: at(4)).outcome == .refused(.superseded))
        state.retractReport(older.id)
        #expect(state.decide(try message(older, .notMe), at: at(4)).outcome.settlement != nil)
        #expect(
            state.decide(try message(newer, .approve, "42"), at: at(4)).outcome
                == .refused(.stopped))
    }

    @Test func `a prompt that was opened while not me was written down ends with it`() throws {
        let (older, newer) = (try draft(1), try draft(2))
        var state = try opened(older)
        _ = state.decide(try message(older, .notMe), at: at(1))
        #expect(try state.open(newer, at: at(1)).get() == [])
        let effects = state.settled(older.id, refusal(.notMe), at: at(2))
        let end = try #require(effects.last?.settlement)
        #expect(end.id == newer.id)
        #expect(end.outcome == .refused(.stopped))
        #expect(
            state.decide(try message(older, .notMe), at: at(3)).outcome == .refused(.answered))
    }

    @Test func `a verdict is told once: to all who wait, or to the first who asks`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        for number in 1...2 {
            _ = state.wait(
                wait(UInt64(number)), for: "t1", client: "front", until: at(50), at: at(1))
        }
        _ = state.decide(try message(draft, .decline), at: at(2))
        let verdict = PushVerdict.refused("alice", .declined)
        #expect(
            state.settled(draft.id, refusal(.declined), at: at(2))
                == [.verdict(wait(1), verdict), .verdict(wait(2), verdict)])
        #expect(
            state.wait(wait(3), for: "t1", client: "front", until: at(50), at: at(3)).verdict
                == .unknownTransaction)

        let second = try self.draft(2)
        _ = try state.open(second, at: at(4)).get()
        _ = state.decide(try message(second, .decline), at: at(5))
        #expect(state.settled(second.id, refusal(.declined), at: at(5)) == [])
        #expect(
            state.wait(wait(4), for: "t2", client: "other", until: at(50), at: at(6)).verdict
                == .unknownTransaction)
        #expect(
            state.wait(wait(4), for: "t2", client: "front", until: at(6), at: at(6)).verdict
                == verdict)
        #expect(
            state.wait(wait(4), for: "t2", client: "front", until: at(50), at: at(6)).verdict
                == .unknownTransaction)
    }

    @Test func `a yes is told to the one who came last, and to nobody else`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        _ = await office.decide(
            try phone.decision(.approve, push.number, on: try await office.prompt(for: phone)))
        guard case .accepted(let signIn) = await office.verdict(of: push) else {
            Issue.record("no yes")
            return
        }
        let draft = try draft(1)
        var state = try opened(draft)
        for number in 1...3 {
            _ = state.wait(
                wait(UInt64(number)), for: "t1", client: "front", until: at(50), at: at(1))
        }
        _ = state.decide(try message(draft, .approve, "42"), at: at(2))
        #expect(
            state.settled(draft.id, .accepted(signIn), at: at(2)) == [
                .verdict(wait(1), .unknownTransaction), .verdict(wait(2), .unknownTransaction),
                .verdict(wait(3), .accepted(signIn)),
            ])
        #expect(
            state.wait(wait(4), for: "t1", client: "front", until: at(50), at: at(3)).verdict
                == .unknownTransaction)
    }

    @Test func `of decoys there are so many, and none takes a user's place`() throws {
        var limits = PushState.Limits()
        limits.decoys = 3
        var state = PushState(promptsPerHour: 10, limits: limits)
        func decoy(_ seed: UInt8) throws -> PromptDraft {
            try draft(seed, "stranger\(seed)", isDecoy: true)
        }
        let users = try draft(100)
        _ = try state.open(users, at: at(0)).get()
        for seed in UInt8(1)...3 {
            #expect(try state.open(decoy(seed), at: at(1)).get() == [])
        }
        let effects = try state.open(decoy(4), at: at(2)).get()
        guard case .settle(let oldest) = try #require(effects.first) else {
            Issue.record("\(effects)")
            return
        }
        #expect(effects.count == 1)
        #expect(try oldest.id == decoy(1).id)
        #expect(oldest.outcome == .refused(.noPhone))
        _ = state.settled(oldest.id, refusal(.noPhone), at: at(2))
        _ = state.wake(at: at(3))
        #expect(state.holdings.prompts == 4)
        #expect(
            state.decide(try message(users, .decline), at: at(3)).effects == [])
    }

    @Test func `of five who wait for one transaction, the first is let go`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        for number in 1...4 {
            let (verdict, effects) = state.wait(
                wait(UInt64(number)), for: "t1", client: "front", until: at(50), at: at(1))
            #expect(verdict == nil)
            #expect(effects == [])
        }
        #expect(
            state.wait(wait(5), for: "t1", client: "front", until: at(50), at: at(1)).effects
                == [.verdict(wait(1), .pending)])
        #expect(state.holdings.waits == 4)
        #expect(state.wake(at: at(50)).count == 4)
        #expect(state.holdings.waits == 0)
    }

    @Test func `a client withdraws its own prompts while they are open`() throws {
        let draft = try draft(1)
        var state = try opened(draft)
        #expect(state.cancel("t1", client: "other") == nil)
        #expect(state.cancel("t9", client: "front") == nil)
        #expect(state.cancel("t1", client: "front")?.count == 1)
        #expect(state.cancel("t1", client: "front") == nil)
        #expect(
            state.decide(try message(draft, .approve, "42"), at: at(1)).outcome
                == .refused(.cancelled))
    }

    @Test func `the budget is by user`() throws {
        var state = PushState(promptsPerHour: 2)
        _ = try state.open(draft(2), at: at(2)).get()
        _ = try state.open(draft(3), at: at(3)).get()
        #expect(throws: CeremonyError.limited(retryAfter: .seconds(3598))) {
            try state.open(draft(4), at: at(4)).get()
        }
        #expect(state.holdings.openUsers == 1)
        _ = try state.open(draft(5, "bob"), at: at(4)).get()
    }

    @Test func `there is room for so many prompts`() throws {
        var limits = PushState.Limits()
        limits.prompts = 2
        var state = PushState(promptsPerHour: 10, limits: limits)
        _ = try state.open(draft(1, "a"), at: at(0)).get()
        _ = try state.open(draft(2, "b"), at: at(0)).get()
        #expect(throws: CeremonyError.busy) { try state.open(draft(3, "c"), at: at(0)).get() }
        #expect(state.holdings.budgets == 2)
    }

    @Test func `everything goes by itself`() throws {
        var state = PushState(promptsPerHour: 10)
        for seed in UInt8(1)...20 {
            _ = try state.open(draft(seed, "user\(seed % 7)"), at: at(Int64(seed))).get()
            _ = state.wait(
                wait(UInt64(seed)), for: "t\(seed)", client: "front", until: at(40), at: at(20))
        }
        let phone = try #require(Self.phone)
        _ = state.poll(wait(100), phone, of: try userName("x"), until: at(50), at: at(20))
        _ = state.wait(
            wait(101), forEnrolment: [1], end: at(600), until: at(60), at: at(20))
        _ = state.enrolled([2], .refused(.keyRegistered), end: at(600), at: at(20))
        #expect(state.holdings.prompts == 20)
        #expect(state.holdings.enrolments == 2)
        var ended: Set<PromptID> = []
        while let moment = state.nextDeadline() {
            for case .settle(let end) in state.wake(at: moment) {
                ended.insert(end.id)
                _ = state.settled(end.id, refusal(.expired), at: moment)
            }
            for seed in UInt8(1)...20 {
                // Those that were superseded are on disk by now.
                guard let id = PromptID(bytes: [UInt8](repeating: seed, count: 16)) else {
                    continue
                }
                _ = state.settled(id, refusal(.superseded), at: moment)
            }
        }
        #expect(ended.count == 7)
        #expect(state.holdings == PushHoldings())
    }
}

struct PushStatePhoneTests {
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }
    private func wait(_ number: UInt64) -> WaitID { WaitID(number: number) }

    @Test func `a newer poll of a phone ends the older, and each ends with its time`() throws {
        var state = PushState(promptsPerHour: 10)
        let phone = try #require(PhoneID(bytes: [UInt8](repeating: 1, count: 16)))
        let alice = try userName("alice")
        #expect(!state.poll(wait(1), phone, of: alice, until: at(50), at: at(0)).isAnswered)
        #expect(
            state.poll(wait(2), phone, of: alice, until: at(60), at: at(10)).effects
                == [.poll(wait(1), nil)])
        #expect(state.holdings.polls == 1)
        #expect(state.wake(at: at(50)) == [])
        #expect(state.wake(at: at(60)) == [.poll(wait(2), nil)])
        #expect(state.holdings == PushHoldings())
        let (isAnswered, prompt, _) = state.poll(
            wait(3), phone, of: alice, until: at(61), at: at(61))
        #expect(isAnswered)
        #expect(prompt == nil)
    }

    @Test func `an enrolment is waited for until its end, and its first word holds`() throws {
        var state = PushState(promptsPerHour: 10)
        func ask(_ number: UInt64, until: Int64, at now: Int64) -> PhoneEnrolmentVerdict? {
            state.wait(
                wait(number), forEnrolment: [1], end: at(100), until: at(until), at: at(now)
            ).verdict
        }
        #expect(ask(1, until: 0, at: 0) == .pending)
        #expect(ask(1, until: 50, at: 0) == nil)
        #expect(ask(2, until: 160, at: 0) == nil)
        #expect(state.wake(at: at(50)) == [.enrolment(wait(1), .pending)])
        #expect(state.wake(at: at(100)) == [.enrolment(wait(2), .expired)])
        #expect(ask(3, until: 160, at: 100) == .expired)
        #expect(state.holdings == PushHoldings())

        #expect(ask(4, until: 90, at: 60) == nil)
        #expect(
            state.enrolled([1], .refused(.keyRegistered), end: at(100), at: at(70))
                == [.enrolment(wait(4), .refused(.keyRegistered))])
        #expect(state.enrolled([1], .pending, end: at(100), at: at(71)) == [])
        #expect(ask(5, until: 90, at: 72) == .refused(.keyRegistered))
        #expect(state.wake(at: at(100)) == [])
        #expect(state.holdings == PushHoldings())
    }
}

extension PushState.DecisionOutcome {
    fileprivate var settlement: Settlement? {
        if case .settle(let settlement) = self { settlement } else { nil }
    }
}

extension PushEffect {
    fileprivate var settlement: Settlement? {
        if case .settle(let settlement) = self { settlement } else { nil }
    }
}
