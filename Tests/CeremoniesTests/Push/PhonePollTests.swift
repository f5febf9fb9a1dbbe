import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import GRDB
import PushMessages
import Secrets
import TestSupport
import Testing
import WebAuthn

/// How prompts reach phones, and what phones say of themselves.
struct PhonePollTests {
    @Test func `a poll waits for the next prompt`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let poll = try phone.poll(wait: 50)
        async let answer = office.answer(poll)
        while office.service.holdings.polls == 0 { await Task.yield() }
        _ = try await office.begin()
        let signed = try #require(try await answer.get())
        #expect(signed.prompt.phone == phone.id)
        #expect(office.service.holdings.polls == 0)
    }

    @Test func `a poll finds a prompt that is open, and may do so again`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        _ = try await office.begin()
        let first = try await office.prompt(for: phone)
        #expect(try await office.prompt(for: phone) == first)
        #expect(try await office.answer(phone.poll(wait: 0)).get()?.prompt == first)
    }

    @Test func `a poll ends with its time, or when a newer one comes`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let polls = [try phone.poll(wait: 50), try phone.poll(wait: 20)]
        async let older = office.answer(polls[0])
        while office.service.holdings.polls == 0 { await Task.yield() }
        async let newer = office.answer(polls[1])
        #expect(try await older.get() == nil)
        while office.service.holdings.polls == 0 { await Task.yield() }
        office.timer.advance(by: .seconds(20))
        #expect(try await newer.get() == nil)
    }

    @Test func `a poll is let through once, and only in the order of its times`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let now = office.clock.now.milliseconds
        let poll = try phone.poll(wait: 0, time: now)
        #expect(try await office.answer(poll).get() == nil)
        #expect(await office.answer(poll) == .failure(.replayed))
        #expect(await office.answer(try phone.poll(wait: 0, time: now)) == .failure(.replayed))
        #expect(
            await office.answer(try phone.poll(wait: 0, time: now - 1)) == .failure(.replayed))
        #expect(try await office.answer(phone.poll(wait: 0, time: now + 1)).get() == nil)
        // Another node knows what this one let through.
        let twin = office.twin()
        let replay = await withCheckedContinuation { continuation in
            _ = twin.poll(poll) { continuation.resume(returning: $0) }
        }
        #expect(replay == .failure(.replayed))
    }

    @Test func `a clock may be two minutes wrong`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let now = office.clock.now.milliseconds
        for (time, isTimely) in [
            (now - 120_001, false), (now - 120_000, true), (now + 120_000, true),
            (now + 120_001, false), (0, false), (Int64.max, false),
        ] {
            let answer = await office.answer(try phone.poll(wait: 0, time: time))
            #expect(answer == (isTimely ? .success(nil) : .failure(.wrongTime)))
        }
    }

    @Test func `forged polls and those of unknown phones are refused`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let good = try phone.poll()
        let forged = try SignedPoll(
            message: good.message, signature: [UInt8](repeating: 1, count: 64), wait: 0)
        #expect(await office.answer(forged) == .failure(.invalidSignature))
        let nobody = try office.phone()
        nobody.id = PhoneID(bytes: [UInt8](repeating: 7, count: 16))
        #expect(await office.answer(try nobody.poll()) == .failure(.unknownPhone))
        // Neither moves the phone's time.
        let poll = try phone.poll(wait: 0, time: good.message.time)
        #expect(try await office.answer(poll).get() == nil)
    }

    @Test func `a phone with an endpoint is sent what a poll would get`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone(endpoint: "https://push.example/1")
        _ = try await office.enrolledPhone()
        _ = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        while office.service.counts.dispatched == 0 { await Task.yield() }
        let dispatch = try #require(office.dispatches.all.first)
        #expect(office.dispatches.all.count == 1)
        #expect(dispatch.subscription == phone.subscription)
        #expect(dispatch.lifetime == .seconds(60))
        #expect(dispatch.topic == phone.id?.text)
        let signed = try SignedPrompt(decoding: dispatch.message)
        #expect(signed.prompt == prompt)
        #expect(office.key.publicKey.isValidRawSignature(signed.signature, for: signed.message))
    }

    @Test func `the secret of a subscription is sealed for its phone and owner`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone(endpoint: "https://push.example/1")
        let stored = try #require(
            try office.store.phones(of: userName("alice")).first?.subscription)
        #expect(stored.endpoint == "https://push.example/1")
        let secret = try #require(phone.subscription?.authenticationSecret)
        #expect(!stored.sealedSecret.contains(secret))
        try await office.store.pool.write { database in
            try database.execute(
                sql: "UPDATE phone SET user = (SELECT id FROM user WHERE name = 'bob')")
        }
        _ = try await office.begin("bob")
        while office.service.counts.undeliverable == 0 { await Task.yield() }
        #expect(office.dispatches.all == [])
    }

    @Test func `a phone changes its endpoint, or gives it up`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone(endpoint: "https://push.example/1")
        func send(_ update: SubscriptionUpdate) async -> PhoneRefusal? {
            let result = await withCheckedContinuation { continuation in
                office.service.updateSubscription(update) { continuation.resume(returning: $0) }
            }
            if case .failure(let refusal) = result { return refusal }
            return nil
        }
        func endpoint() throws -> String? {
            try office.store.phones(of: userName("alice")).first?.subscription?.endpoint
        }
        let second = try office.phone(endpoint: "https://push.example/2").subscription
        let update = try phone.update(second)
        #expect(await send(update) == nil)
        #expect(try endpoint() == "https://push.example/2")
        #expect(await send(update) == .replayed)
        let inside = try office.phone(endpoint: "https://internal.example/").subscription
        #expect(await send(try phone.update(inside)) == .endpointRefused)
        let old = office.clock.now.milliseconds - 120_001
        #expect(await send(try phone.update(nil, time: old)) == .wrongTime)
        let forged = try SubscriptionUpdate(
            message: phone.update(nil).message, signature: [UInt8](repeating: 1, count: 64))
        #expect(await send(forged) == .invalidSignature)
        #expect(try endpoint() == "https://push.example/2")
        #expect(await send(try phone.update(nil)) == nil)
        #expect(try endpoint() == nil)
    }

    @Test func `the server says who it is`() throws {
        let office = try PushOffice()
        let introduction = try office.service.introduction()
        #expect(introduction.name == "Example")
        #expect(introduction.pushKey == office.key.publicKey.p256Point)
    }

    @Test func `the push key is made once, and opens where it was sealed`() throws {
        let office = try PushOffice()
        let again = try ServerPushKey.load(from: office.store, vault: office.vault)
        #expect(again.rawRepresentation == office.key.rawRepresentation)
        #expect(throws: CeremonyError.secret(.notSealedHere)) {
            try ServerPushKey.load(from: office.store, vault: SecretVault(KeyRing()))
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}
