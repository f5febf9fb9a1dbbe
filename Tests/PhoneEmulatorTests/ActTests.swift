import Cryptography
import PhoneEmulator
import PhonePush
import PushMessages
import Testing

/// Each act of a script does on the wire what its name says.
@Suite(.timeLimit(.minutes(1)))
struct ActTests {
    /// A phone that had one prompt, and what came of it.
    private struct Scene {
        let prompt: Prompt
        let key: PublicKey
        let decisions: [SignedDecision]
        let outcome: PhoneOutcome?

        func isSigned(_ decision: SignedDecision) -> Bool {
            key.isValidRawSignature(decision.signature, for: decision.message.encoded())
        }
    }

    private static func play(
        _ act: PhoneAct, choices: [String] = [], number: String? = "60",
        replies: [ScriptedService.Answer] = []
    ) async throws -> Scene {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        office.answer("/v1/decisions", with: replies)
        let prompt = try office.prompt(registration, choices: choices)
        try await office.push(prompt, to: registration)
        try await phone.run(person: .script([act], number: { _ in number }))
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
        return Scene(
            prompt: prompt, key: try registration.key,
            decisions: try office.decisions.map { try SignedDecision(decoding: $0) },
            outcome: await outcomes.next())
    }

    @Test func `approves with the number that it was told`() async throws {
        let before = PhoneClock.system.now()
        let scene = try await Self.play(.approve)
        let decision = try #require(scene.decisions.first)
        #expect(scene.decisions.count == 1)
        #expect(decision.message.prompt == scene.prompt)
        #expect(decision.message.decision == .approve)
        #expect(decision.message.number == "60")
        #expect((before...PhoneClock.system.now()).contains(decision.message.decidedAt))
        #expect(scene.isSigned(decision))
        #expect(scene.outcome == .answered(scene.prompt.id, .approve, [.accepted]))
    }

    @Test func `approves with one of three`() async throws {
        let scene = try await Self.play(.approve, choices: ["07", "60", "93"])
        #expect(scene.decisions.map(\.message.number) == ["60"])
        #expect(scene.decisions.map(\.message.prompt.choices) == [["07", "60", "93"]])
    }

    @Test(arguments: [("60", "61"), ("09", "00"), ("99", "90")])
    func `approves with a wrong number`(_ right: String, _ wrong: String) async throws {
        let scene = try await Self.play(.wrongNumber, number: right)
        #expect(scene.decisions.map(\.message.number) == [wrong])
        #expect(scene.decisions.map(\.message.decision) == [.approve])
        #expect(scene.decisions.allSatisfy(scene.isSigned))
    }

    @Test(arguments: [("07", "60"), ("60", "07"), ("93", "07")])
    func `approves with a wrong one of three`(_ right: String, _ wrong: String) async throws {
        let scene = try await Self.play(
            .wrongNumber, choices: ["07", "60", "93"], number: right)
        #expect(scene.decisions.map(\.message.number) == [wrong])
    }

    @Test(arguments: [(PhoneAct.decline, Decision.decline), (.notMe, .notMe)])
    func `declines, and knows no number`(_ act: PhoneAct, _ decision: Decision) async throws {
        let scene = try await Self.play(act, number: nil)
        #expect(scene.decisions.map(\.message.decision) == [decision])
        #expect(scene.decisions.map(\.message.number) == [""])
        #expect(scene.decisions.allSatisfy(scene.isSigned))
        #expect(scene.outcome == .answered(scene.prompt.id, act.kind, [.accepted]))
    }

    @Test func `ignores`() async throws {
        let scene = try await Self.play(.ignore)
        #expect(scene.decisions.isEmpty)
        #expect(scene.outcome == .unanswered(scene.prompt.id, .ignored))
    }

    @Test func `answers twice, and each answer is freshly signed`() async throws {
        let refused = DecisionReply.refused(code: "push-answered").encoded()
        let scene = try await Self.play(
            .twice,
            replies: [.json(200, DecisionReply.accepted.encoded()), .json(200, refused)])
        #expect(scene.decisions.map(\.message.prompt) == [scene.prompt, scene.prompt])
        #expect(scene.decisions.map(\.message.number) == ["60", "60"])
        #expect(scene.decisions.allSatisfy(scene.isSigned))
        #expect(Set(scene.decisions.map(\.message.decidedAt)).count == 2)
        #expect(Set(scene.decisions.map(\.signature)).count == 2)
        #expect(
            scene.outcome
                == .answered(
                    scene.prompt.id, .twice, [.accepted, .refused(code: "push-answered")]))
    }

    @Test func `answers for another request`() async throws {
        let scene = try await Self.play(.forAnother)
        let other = try #require(scene.decisions.first?.message.prompt)
        #expect(other.id != scene.prompt.id)
        #expect(other.encoded().dropFirst(16) == scene.prompt.encoded().dropFirst(16))
        #expect(scene.decisions.map(\.message.number) == ["60"])
        #expect(scene.decisions.allSatisfy(scene.isSigned))
    }

    @Test func `forges with another key`() async throws {
        let scene = try await Self.play(.forgeKey)
        #expect(scene.decisions.map(\.message.prompt) == [scene.prompt])
        #expect(scene.decisions.map(\.message.number) == ["60"])
        #expect(!scene.decisions.contains(where: scene.isSigned))
    }

    @Test func `forges one bit of the prompt, with the phone's own key`() async throws {
        let scene = try await Self.play(.forgePrompt)
        let forged = try #require(scene.decisions.first?.message.prompt).encoded()
        let differences = zip(forged, scene.prompt.encoded()).map { ($0 ^ $1).nonzeroBitCount }
        #expect(differences.reduce(0, +) == 1)
        #expect(forged.count == scene.prompt.encoded().count)
        #expect(scene.decisions.allSatisfy(scene.isSigned))
    }

    @Test func `answers by a clock that is an hour fast`() async throws {
        let before = PhoneClock.system.now() + 3_600_000
        let scene = try await Self.play(.badClock)
        let time = try #require(scene.decisions.first?.message.decidedAt)
        #expect((before...PhoneClock.system.now() + 3_600_000).contains(time))
        #expect(scene.decisions.allSatisfy(scene.isSigned))
    }

    @Test func `answers late`() async throws {
        let clock = FakeClock(1_790_000_000_000)
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(clock: clock.clock)
        let prompt = try office.prompt(registration, at: clock.now)
        let outcome = try await office.push(
            office.press.sign(prompt).encoded(), to: registration.subscription, at: clock.now)
        #expect(outcome == .accepted)
        let running = Task { try await phone.run(person: .script([.late], number: { _ in "60" })) }
        await clock.sleeper(until: prompt.expiresAt + 1_000)
        #expect(office.decisions.isEmpty)
        clock.set(prompt.expiresAt + 1_000)
        try await running.value
        let decision = try SignedDecision(decoding: #require(office.decisions.first))
        #expect(decision.message.decidedAt == prompt.expiresAt + 1_000)
        #expect(decision.message.number == "60")
        #expect(
            try registration.key.isValidRawSignature(
                decision.signature, for: decision.message.encoded()))
    }

    @Test func `acts after its delay`() async throws {
        let clock = FakeClock(1_790_000_000_000)
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(clock: clock.clock)
        let prompt = try office.prompt(registration, at: clock.now)
        try await office.push(
            office.press.sign(prompt).encoded(), to: registration.subscription, at: clock.now)
        let running = Task {
            try await phone.run(
                person: .script([.decline.after(.seconds(5))], number: { _ in nil }))
        }
        await clock.sleeper(until: clock.now + 5_000)
        #expect(office.decisions.isEmpty)
        clock.set(clock.now + 5_000)
        try await running.value
        #expect(office.decisions.count == 1)
    }

    @Test func `sends an old decision again, byte for byte`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let prompts = try [office.prompt(registration), office.prompt(registration)]
        for prompt in prompts { try await office.push(prompt, to: registration) }
        // The second waits until the first is done.
        try await phone.run(
            person: .script([.approve, .forgeKey.after(.milliseconds(1))], number: { _ in "60" }))
        let first = try #require(
            try office.decisions.first { body in
                let decision = try SignedDecision(decoding: body)
                return try registration.key.isValidRawSignature(
                    decision.signature, for: decision.message.encoded())
            })
        let last = try office.prompt(registration)
        try await office.push(last, to: registration)
        try await phone.run(person: .script([.replay], number: { _ in nil }))
        #expect(office.decisions.count == 3)
        #expect(office.decisions.last == first)
    }

    @Test func `has nothing to send again when it never decided anything`() async throws {
        let scene = try await Self.play(.replay)
        #expect(scene.decisions.isEmpty)
        #expect(scene.outcome == .unanswered(scene.prompt.id, .nothingToReplay))
    }

    @Test(arguments: [nil, "", "6", "600", "6x", "٦٠"])
    func `a number that is not there or is none decides nothing`(_ number: String?) async throws {
        let scene = try await Self.play(.approve, number: number)
        #expect(scene.decisions.isEmpty)
        #expect(scene.outcome == .unanswered(scene.prompt.id, .noNumber))
    }

    @Test func `says what the server said, whatever it was`() async throws {
        let cases: [(ScriptedService.Answer, PhoneReply)] = [
            (
                .json(200, DecisionReply.refused(code: "wrong-number").encoded()),
                .refused(code: "wrong-number")
            ),
            (
                .json(403, ErrorReply(code: "invalid-signature", message: "no").encoded()),
                .refused(code: "invalid-signature")
            ),
            (.empty(204), .failed(.unexpectedStatus(204))),
            (.json(500, Array("{".utf8)), .failed(.unexpectedStatus(500))),
            (
                .json(200, Array(#"{"state":"accepted","code":"x"}"#.utf8)),
                .failed(.malformedReply(.unknown("code")))
            ),
            (
                .json(200, Array(#"{"state":"Accepted"}"#.utf8)),
                .failed(.malformedReply(.value("state")))
            ),
            (
                .torn(Array(#"{"state":"#.utf8), missing: 9),
                .failed(.unreachable(.connectionClosed))
            ),
            (.endless, .failed(.unreachable(.responseTooLong))),
        ]
        for (answer, reply) in cases {
            let scene = try await Self.play(.approve, replies: [answer])
            #expect(scene.outcome == .answered(scene.prompt.id, .approve, [reply]))
        }
    }
}
