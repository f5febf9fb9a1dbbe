import PhoneEmulator
import PushMessages
import Synchronization
import Testing

/// Somebody at a terminal, played by the test.
private final class Typist: Sendable {
    let lines = TypedLines()
    private let screen = Mutex("")
    /// What is written, as it comes.
    private let written = AsyncStream.makeStream(of: String.self)

    var terminal: PhoneTerminal {
        PhoneTerminal(lines: lines) { text in
            self.screen.withLock { $0 += text }
            self.written.continuation.yield(text)
        }
    }

    var text: String { screen.withLock { $0 } }
    var writings: AsyncStream<String> { written.stream }
}

@Suite(.timeLimit(.minutes(1)))
struct InteractiveTests {
    private static func decision(_ office: PhoneOffice) throws -> DecisionMessage {
        try SignedDecision(decoding: #require(office.decisions.last)).message
    }

    @Test(arguments: [
        (["60"], Decision.approve, "60"), (["6", "x", "60"], .approve, "60"), (["n"], .decline, ""),
        (["!"], .notMe, ""),
    ])
    func `does what is typed`(
        _ typed: [String], _ decision: Decision, _ number: String
    ) async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let typist = Typist()
        // Typed before anything shows: it answers nothing.
        typist.lines.type("99")
        let running = Task { try await phone.run(person: .interactive(typist.terminal)) }
        try await office.push(office.prompt(registration), to: registration)
        var rest = typed[...]
        for await text in typist.writings {
            if text.hasSuffix("> "), let line = rest.popFirst() { typist.lines.type(line) }
            if text.contains("the server says") { break }
        }
        let decided = try Self.decision(office)
        #expect(decided.decision == decision)
        #expect(decided.number == number)
        #expect(office.decisions.count == 1)
        #expect(typist.text.contains("Example asks: is it you who signs in?"))
        let verb = decision == .approve ? "Approved" : "Declined"
        #expect(typist.text.hasSuffix("  \(verb): the server says accepted.\n"))
        running.cancel()
        try await running.value
    }

    @Test func `a newer prompt of the account takes the screen`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let typist = Typist()
        let prompts = try [office.prompt(registration), office.prompt(registration)]
        let running = Task { try await phone.run(person: .interactive(typist.terminal)) }
        var outcomes = phone.outcomes.makeAsyncIterator()
        try await office.push(prompts[0], to: registration)
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompts[0], ordinal: 0)))
        for await text in typist.writings where text.hasSuffix("> ") { break }
        try await office.push(prompts[1], to: registration)
        #expect(await outcomes.next() == .unanswered(prompts[0].id, .superseded))
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompts[1], ordinal: 1)))
        for await text in typist.writings where text.hasSuffix("> ") { break }
        typist.lines.type("60")
        #expect(await outcomes.next() == .answered(prompts[1].id, .approve, [.accepted]))
        #expect(try Self.decision(office).prompt == prompts[1])
        running.cancel()
        try await running.value
    }

    @Test func `the prompt of another account waits for its turn`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, first) = try await office.enrolled()
        try await phone.enrol(office.ticket())
        let second = try #require(office.registrations.last)
        let prompts = try [office.prompt(first), office.prompt(second)]
        let typist = Typist()
        let running = Task { try await phone.run(person: .interactive(typist.terminal)) }
        var outcomes = phone.outcomes.makeAsyncIterator()
        try await office.push(prompts[0], to: first)
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompts[0], ordinal: 0)))
        for await text in typist.writings where text.hasSuffix("> ") { break }
        try await office.push(prompts[1], to: second)
        typist.lines.type("n")
        #expect(await outcomes.next() == .answered(prompts[0].id, .decline, [.accepted]))
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompts[1], ordinal: 1)))
        running.cancel()
        try await running.value
        #expect(await outcomes.next() == .unanswered(prompts[1].id, .stopped))
    }

    @Test func `a prompt whose time is over goes away`() async throws {
        let clock = FakeClock(1_790_000_000_000)
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(clock: clock.clock)
        let prompt = try office.prompt(registration, at: clock.now)
        try await office.push(
            office.press.sign(prompt).encoded(), to: registration.subscription, at: clock.now)
        let typist = Typist()
        let running = Task { try await phone.run(person: .interactive(typist.terminal)) }
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
        await clock.sleeper(until: prompt.expiresAt)
        clock.set(prompt.expiresAt)
        #expect(await outcomes.next() == .unanswered(prompt.id, .expired))
        #expect(typist.text.hasSuffix("\n  The request has expired.\n"))
        #expect(office.decisions.isEmpty)
        running.cancel()
        try await running.value
    }

    @Test func `nobody types any more`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let typist = Typist()
        typist.lines.end()
        let prompt = try office.prompt(registration)
        try await office.push(prompt, to: registration)
        let running = Task { try await phone.run(person: .interactive(typist.terminal)) }
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
        #expect(await outcomes.next() == .unanswered(prompt.id, .ignored))
        running.cancel()
        try await running.value
    }
}
