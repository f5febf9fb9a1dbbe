import Cryptography
import PhoneEmulator
import PhonePush
import PushMessages
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RunTests {
    /// Somebody who does nothing, for ever.
    private static let nobody = PhonePerson.script([], then: .ignore, number: { _ in nil })

    @Test func `asks for prompts with signed polls, each later than the one before`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.poll)
        let prompts = try [office.prompt(registration), office.prompt(registration)]
        for prompt in prompts { office.offer(try office.press.sign(prompt)) }
        try await phone.run(person: .script([.approve, .decline], number: { _ in "60" }))
        let decisions = try office.decisions.map { try SignedDecision(decoding: $0).message }
        #expect(Set(decisions.map(\.prompt)) == Set(prompts))
        let polls = office.polls
        #expect(polls.count >= 2)
        for poll in polls {
            #expect(try poll.message.phone == PhoneOffice.phoneID(registration))
            #expect(
                try registration.key.isValidRawSignature(
                    poll.signature, for: poll.message.encoded()))
            #expect(poll.wait == 25)
        }
        let times = polls.map(\.message.time)
        #expect(times == times.sorted() && Set(times).count == times.count)
        #expect(Set(polls.map(\.message.nonce)).count == polls.count)
    }

    @Test func `a prompt that comes both ways shows once`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.pushAndPoll(port: 0))
        let first = try office.prompt(registration)
        try await office.push(first, to: registration)
        try await office.push(first, to: registration)
        let second = try office.prompt(registration)
        for prompt in [first, second] { office.offer(try office.press.sign(prompt)) }
        let running = Task { try await phone.run(person: Self.nobody) }
        var shown: [PromptID] = []
        var flaws: Set<PromptFlaw> = []
        for await outcome in phone.outcomes {
            if case .shown(let prompt) = outcome { shown.append(prompt.prompt.id) }
            if case .discarded(let flaw, via: _) = outcome { flaws.insert(flaw) }
            if shown.count == 2, !flaws.isEmpty { break }
        }
        #expect(shown == [first.id, second.id])
        #expect(flaws == [.shownBefore])
        running.cancel()
        try await running.value
    }

    @Test func `what came while it did not run waits for it`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let running = Task { try await phone.run(person: Self.nobody) }
        running.cancel()
        try await running.value
        let prompt = try office.prompt(registration)
        try await office.push(prompt, to: registration)
        try await phone.run(person: .script([.approve], number: { _ in "60" }))
        #expect(office.decisions.count == 1)
    }

    @Test func `what is not the server's, not for it or not in time does not show`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let now = PhoneClock.system.now()
        let honest = try office.prompt(registration)
        let press = office.press
        let stranger = try press.sign(honest, with: P256PrivateKey()).encoded()
        let signed = try press.sign(honest).encoded()
        let other = try press.sign(press.prompt(phone: samplePhone(), issuedAt: now)).encoded()
        let old = try press.sign(office.prompt(registration, at: now - 60_000)).encoded()
        let early = try press.sign(office.prompt(registration, at: now + 120_000)).encoded()
        let bodies = [
            stranger, other, old, early, Array(signed.dropLast()), signed + [0], [0],
            Array("<html>".utf8),
        ]
        for body in bodies {
            #expect(try await office.push(body, to: registration.subscription) == .accepted)
        }
        let running = Task { try await phone.run(person: Self.nobody) }
        var flaws: [PromptFlaw] = []
        for await outcome in phone.outcomes {
            guard case .discarded(let flaw, via: .push) = outcome else {
                Issue.record("\(outcome)")
                break
            }
            flaws.append(flaw)
            if flaws.count == bodies.count { break }
        }
        #expect(
            flaws == [
                .wrongSignature, .anotherPhone, .expired, .notYet, .malformed, .malformed,
                .malformed, .malformed,
            ])
        running.cancel()
        try await running.value
    }

    @Test func `a message that does not open does not show`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let subscription = try #require(registration.subscription)
        let sealed = try PhoneSubscription(
            endpoint: subscription.endpoint, publicKey: subscription.publicKey,
            authenticationSecret: [UInt8](repeating: 0, count: 16))
        let prompt = try office.press.sign(office.prompt(registration)).encoded()
        #expect(try await office.push(prompt, to: sealed) == .accepted)
        let running = Task { try await phone.run(person: Self.nobody) }
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .discarded(.notDecryptable, via: .push))
        running.cancel()
        try await running.value
    }

    @Test func `hostile replies to polls do not show, and it asks again`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.poll)
        let prompt = try office.prompt(registration)
        let stranger = try office.press.sign(prompt, with: P256PrivateKey())
        office.answer(
            "/v1/prompts",
            with: [
                .json(200, PolledPrompt(stranger).encoded()),
                .json(200, Array(#"{"prompt":"AA"}"#.utf8)),
            ])
        office.offer(try office.press.sign(prompt))
        try await phone.run(person: .script([.approve], number: { _ in "60" }))
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .discarded(.wrongSignature, via: .poll))
        #expect(
            await outcomes.next()
                == .interrupted(
                    try PhoneOffice.phoneID(registration), .malformedReply(.truncated)))
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
    }

    @Test func `it does not ask a server again that does not know it`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.pushAndPoll(port: 0))
        office.answer(
            "/v1/prompts", with: [.json(404, ErrorReply(code: "phone-unknown").encoded())])
        let running = Task { try await phone.run(person: Self.nobody) }
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(
            await outcomes.next()
                == .interrupted(
                    try PhoneOffice.phoneID(registration), .refused(code: "phone-unknown")))
        let prompt = try office.prompt(registration)
        office.offer(try office.press.sign(prompt))
        try await office.push(prompt, to: registration)
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
        #expect(office.polls.isEmpty)
        running.cancel()
        try await running.value
    }

    @Test func `corrects its clock by the server's`() async throws {
        let office = try await PhoneOffice.start()
        // The phone believes that it is some weeks ago.
        let clock = FakeClock(PhoneClock.system.now() - 2_000_000_000)
        let (phone, registration) = try await office.enrolled(.poll, clock: clock.clock)
        let time = PhoneClock.system.now()
        office.answer(
            "/v1/prompts",
            with: [.json(403, ErrorReply(code: "wrong-time", time: time).encoded())])
        let prompt = try office.prompt(registration, at: time)
        office.offer(try office.press.sign(prompt))
        try await phone.run(person: .script([.approve], number: { _ in "60" }))
        #expect(office.polls.map(\.message.time).first == time)
        #expect(office.decisions.count == 1)
    }

    @Test func `tries again where one message overtook another`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.poll)
        office.answer(
            "/v1/prompts", with: [.json(409, ErrorReply(code: "replayed").encoded())])
        office.offer(try office.press.sign(office.prompt(registration)))
        try await phone.run(person: .script([.approve], number: { _ in "60" }))
        var outcomes = phone.outcomes.makeAsyncIterator()
        guard case .shown = await outcomes.next() else {
            Issue.record("nothing showed at first")
            return
        }
    }

    @Test func `tells the server of a new endpoint, and the old one is gone`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let id = try PhoneOffice.phoneID(registration)
        try await phone.moveEndpoint(id)
        let update = try #require(office.updates.first)
        let subscription = try #require(update.message.subscription)
        #expect(update.message.phone == id)
        #expect(
            try registration.key.isValidRawSignature(
                update.signature, for: update.message.encoded()))
        #expect(phone.accounts.map(\.endpoint) == [subscription.endpoint])
        #expect(try await office.push([0], to: registration.subscription) == .gone)
        let prompt = try office.press.sign(office.prompt(registration))
        #expect(try await office.push(prompt.encoded(), to: subscription) == .accepted)
        try await phone.run(person: .script([.approve], number: { _ in "60" }))
        #expect(office.decisions.count == 1)
    }

    @Test func `a subscription that it gave up is gone, and polling goes on`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.pushAndPoll(port: 0))
        try await phone.unsubscribe(PhoneOffice.phoneID(registration))
        #expect(try await office.push([0], to: registration.subscription) == .gone)
        office.offer(try office.press.sign(office.prompt(registration)))
        try await phone.run(person: .script([.decline], number: { _ in nil }))
        #expect(office.decisions.count == 1)
    }

    @Test func `planned faults meet the server's pushes`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        phone.planEndpointFaults([
            .gone, .tooLarge, .tooMany(retryAfter: 60), .redirect(to: "http://127.0.0.1:1/"),
        ])
        let body = try office.press.sign(office.prompt(registration)).encoded()
        var outcomes: [PushOutcome] = []
        for _ in 0..<5 {
            outcomes.append(try await office.push(body, to: registration.subscription))
        }
        #expect(
            outcomes == [
                .gone, .tooLarge, .retryLater(status: 429, after: .seconds(60)),
                .refused(status: 307), .accepted,
            ])
    }

    @Test func `another server's pushes are refused`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let subscription = try #require(registration.subscription)
        let endpoint = try PushEndpoint(subscription.endpoint)
        let stranger = try PushSender(
            vapid: VAPID(key: P256PrivateKey(), subject: "mailto:push@example.com"),
            rule: .anywhere, trust: .roots([]), now: { PhoneClock.system.now() / 1_000 })
        let outcome = await stranger.send(
            [0],
            to: try PushSubscription(
                endpoint: endpoint, publicKey: subscription.publicKey,
                authenticationSecret: subscription.authenticationSecret),
            ttl: .seconds(60))
        #expect(outcome == .refused(status: 403))
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(
            await outcomes.next() == .pushRefused(status: 403, code: "bad-authorization"))
    }

    @Test func `runs once at a time, and ends when it is cancelled`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.pushAndPoll(port: 0))
        let prompt = try office.prompt(registration)
        try await office.push(prompt, to: registration)
        let running = Task {
            try await phone.run(
                person: .script([.approve], numbers: ShownNumbers()))
        }
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
        await #expect(throws: PhoneFailure.alreadyRunning) {
            try await phone.run(person: Self.nobody)
        }
        running.cancel()
        try await running.value
        #expect(await outcomes.next() == .unanswered(prompt.id, .stopped))
    }

    @Test func `an account that is enrolled while it runs is attended to`() async throws {
        let office = try await PhoneOffice.start()
        var configuration = SoftwarePhone.Configuration()
        configuration.delivery = .poll
        let phone = try SoftwarePhone(configuration: configuration)
        let running = Task {
            try await phone.run(person: .script([.approve], number: { _ in "60" }))
        }
        try await phone.enrol(office.ticket())
        office.offer(
            try office.press.sign(office.prompt(#require(office.registrations.first))))
        try await running.value
        #expect(office.decisions.count == 1)
    }

    @Test func `the numbers of prompts are told apart by their order`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let numbers = ShownNumbers()
        for number in ["11", "22", "33"] { numbers.show(number) }
        for _ in 0..<3 { try await office.push(office.prompt(registration), to: registration) }
        try await phone.run(person: .script([.approve, .ignore, .approve], numbers: numbers))
        let decided = try office.decisions.map { try SignedDecision(decoding: $0).message.number }
        #expect(Set(decided) == ["11", "33"])
    }
}
