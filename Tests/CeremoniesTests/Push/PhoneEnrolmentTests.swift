import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import GRDB
import PushMessages
import Secrets
import Testing
import WebAuthn

struct PhoneEnrolmentTests {
    private func verdict(
        _ office: PushOffice, _ transaction: String, client: String = "front",
        timeout: Duration = .seconds(60)
    ) async -> PhoneEnrolmentVerdict {
        await withCheckedContinuation { continuation in
            _ = office.service.waitForEnrolment(
                transaction, client: client, timeout: timeout
            ) { continuation.resume(returning: $0) }
        }
    }

    @Test func `a phone registers with what the QR code says`() async throws {
        let office = try PushOffice()
        let enrolment = try office.service.beginEnrolment(
            user: userName("alice"), client: "front")
        #expect(enrolment.lifetime == .seconds(600))
        #expect(enrolment.ticket.url == office.policy.url)
        #expect(enrolment.ticket.pin == office.policy.pin)
        #expect(enrolment.ticket.server == "Example")
        #expect(enrolment.ticket.user == "alice")
        #expect(enrolment.ticket.expiresAt == 1_790_000_600)
        #expect(enrolment.ticket.ticket != enrolment.transaction)
        #expect(try office.service.subject(of: enrolment.transaction) == userName("alice"))
        let uri = enrolment.ticket.encoded()
        #expect(try EnrolmentTicket(decoding: uri) == enrolment.ticket)

        let phone = try office.phone(keyGuard: .pin, endpoint: "https://push.example/1")
        #expect(await verdict(office, enrolment.transaction, timeout: .zero) == .pending)
        async let waiting = verdict(office, enrolment.transaction)
        while office.service.holdings.waits == 0 { await Task.yield() }
        let reply = try await office.register(phone.registration(enrolment.ticket.ticket)).get()
        #expect(reply.user == "alice")
        #expect(reply.server == "Example")
        let completed = try CompletedPhoneEnrolment(
            user: userName("alice"), phone: CredentialID(bytes: reply.phone.bytes),
            name: "my phone", keyGuard: .pin, takesPushes: true)
        #expect(await waiting == .completed(completed))
        #expect(await verdict(office, enrolment.transaction) == .completed(completed))
        let stored = try #require(try office.store.phones(of: userName("alice")).first)
        #expect(stored.phoneID == reply.phone)
        #expect(stored.publicKey == phone.key.publicKey.p256Point)
        #expect(stored.keyGuard == .pin)
        #expect(stored.label == "my phone")
    }

    @Test func `a ticket admits one phone`() async throws {
        let office = try PushOffice()
        let enrolment = try office.service.beginEnrolment(
            user: userName("alice"), client: "front")
        let secret = enrolment.ticket.ticket
        _ = try await office.register(office.phone().registration(secret)).get()
        #expect(
            await office.register(try office.phone().registration(secret))
                == .failure(.ticketSpent))
        #expect(try office.store.phones(of: userName("alice")).count == 1)
    }

    @Test func `of six phones with one ticket, one is enrolled`() async throws {
        let office = try PushOffice { $0.maximumPhones = 100 }
        for round in 1...20 {
            let enrolment = try office.service.beginEnrolment(
                user: userName("alice"), client: "front")
            var registrations: [PhoneRegistration] = []
            for _ in 0..<6 {
                registrations.append(
                    try office.phone().registration(enrolment.ticket.ticket))
            }
            let results = await withTaskGroup(of: Bool.self) { group in
                for registration in registrations {
                    group.addTask {
                        if case .success = await office.register(registration) {
                            true
                        } else {
                            false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count(where: \.self) == 1, "round \(round)")
        }
        #expect(try office.store.phones(of: userName("alice")).count == 20)
    }

    @Test func `the front end's transaction is no ticket, nor the ticket a transaction`()
        async throws
    {
        let office = try PushOffice()
        let enrolment = try office.service.beginEnrolment(
            user: userName("alice"), client: "front")
        #expect(
            await office.register(try office.phone().registration(enrolment.transaction))
                == .failure(.unknownTicket))
        #expect(await verdict(office, enrolment.ticket.ticket) == .unknownTransaction)
        #expect(
            await verdict(office, enrolment.transaction, client: "other") == .unknownTransaction)
        #expect(
            await office.register(try office.phone().registration("AAAA"))
                == .failure(.unknownTicket))
    }

    @Test func `a key that is registered, to whomever, is refused`() async throws {
        let office = try PushOffice()
        let key = try P256PrivateKey()
        try await office.enrol(try office.phone(key: key))
        for user in ["alice", "bob"] {
            let enrolment = try office.service.beginEnrolment(
                user: userName(user), client: "front")
            let registration = try office.phone(key: key).registration(enrolment.ticket.ticket)
            #expect(await office.register(registration) == .failure(.keyRegistered))
            #expect(await verdict(office, enrolment.transaction) == .refused(.keyRegistered))
            #expect(await office.register(registration) == .failure(.ticketSpent))
        }
        #expect(try office.store.phones(of: userName("bob")) == [])
    }

    @Test func `a registration that fails spends its ticket`() async throws {
        let office = try PushOffice { $0.minimumGuard = .pin }
        let good = try office.phone()
        func outcome(
            _ make: (String) throws -> PhoneRegistration
        ) async throws -> PhoneRefusal? {
            let enrolment = try office.service.beginEnrolment(
                user: userName("alice"), client: "front")
            let result = await office.register(try make(enrolment.ticket.ticket))
            guard case .failure(let refusal) = result else { return nil }
            #expect(await verdict(office, enrolment.transaction) == .refused(refusal))
            #expect(
                await office.register(try good.registration(enrolment.ticket.ticket))
                    == .failure(.ticketSpent))
            return refusal
        }
        let weak = try office.phone(keyGuard: .none)
        #expect(try await outcome(weak.registration) == .guardTooWeak)
        let inside = try office.phone(endpoint: "https://internal.example")
        #expect(try await outcome(inside.registration) == .endpointRefused)
        #expect(
            try await outcome { try good.registration($0).signed([UInt8](repeating: 3, count: 64)) }
                == .invalidSignature)
        #expect(
            try await outcome { ticket in
                // Not on the curve.
                let point = [4] + [UInt8](repeating: 1, count: 64)
                let registration = try PhoneRegistration(
                    ticket: ticket, publicKey: point, keyGuard: .pin, name: "n",
                    subscription: nil)
                return try registration.signed(good.key.rawSignature(for: registration.message))
            } == .invalidSignature)
        #expect(
            try await outcome { ticket in
                // Signed for another name.
                let other = try good.registration(ticket)
                return try PhoneRegistration(
                    ticket: ticket, publicKey: other.publicKey, keyGuard: .biometric,
                    name: "another", subscription: nil
                ).signed(other.signature)
            } == .invalidSignature)
        #expect(try office.store.phones(of: userName("alice")) == [])
    }

    @Test func `a ticket has its time`() async throws {
        let office = try PushOffice()
        let enrolment = try office.service.beginEnrolment(
            user: userName("alice"), client: "front")
        async let waiting = verdict(office, enrolment.transaction)
        while office.service.holdings.waits == 0 { await Task.yield() }
        office.timer.advance(by: .seconds(60))
        #expect(await waiting == .pending)
        office.timer.advance(by: .seconds(539))
        let late = try office.phone().registration(enrolment.ticket.ticket)
        office.timer.advance(by: .seconds(1))
        #expect(await office.register(late) == .failure(.ticketExpired))
        #expect(await verdict(office, enrolment.transaction) == .expired)
    }

    @Test func `a user has so many phones`() async throws {
        let office = try PushOffice { $0.maximumPhones = 1 }
        let early = try office.service.beginEnrolment(user: userName("alice"), client: "front")
        try await office.enrol(try office.phone())
        #expect(throws: CeremonyError.tooManyCredentials) {
            try office.service.beginEnrolment(user: userName("alice"), client: "front")
        }
        #expect(
            await office.register(try office.phone().registration(early.ticket.ticket))
                == .failure(.tooManyPhones))
    }

    @Test func `a ticket is for the account that it was made for`() async throws {
        let office = try PushOffice()
        let name = try userName("alice")
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("nobody")))) {
            try office.service.beginEnrolment(user: userName("nobody"), client: "front")
        }
        let enrolment = try office.service.beginEnrolment(user: name, client: "front")
        try office.store.deleteUser(name)
        office.timer.advance(by: .seconds(1))
        try office.store.add(
            User(
                name: name, displayName: "Another",
                handle: try UserHandle(bytes: Array("another handle".utf8)),
                createdAt: office.clock.now))
        #expect(
            await office.register(try office.phone().registration(enrolment.ticket.ticket))
                == .failure(.unknownTicket))
        #expect(try office.store.phones(of: name) == [])
    }

    @Test func `a store that cannot write leaves the ticket as it is`() async throws {
        let office = try PushOffice()
        let enrolment = try office.service.beginEnrolment(
            user: userName("alice"), client: "front")
        let registration = try office.phone().registration(enrolment.ticket.ticket)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let blocker = try DatabaseQueue(path: office.databasePath, configuration: configuration)
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await office.register(registration) == .failure(.unavailable))
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await verdict(office, enrolment.transaction, timeout: .zero) == .pending)
        _ = try await office.register(registration).get()
    }
}
