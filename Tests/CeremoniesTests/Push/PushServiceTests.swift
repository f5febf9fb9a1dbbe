import Accounts
import Addresses
import Ceremonies
import CredentialStore
import Cryptography
import PushMessages
import Secrets
import Testing
import WebAuthn

/// A push from the front end to the phone and back.
struct PushServiceTests {
    @Test func `who approves with the right number signs in, and that is on disk`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        #expect(prompt.shown.server == "Example")
        #expect(prompt.shown.user == "alice")
        #expect(prompt.shown.application == "ssh")
        #expect(prompt.shown.detail == "to db1")
        #expect(prompt.expiresAt - prompt.issuedAt == 60_000)
        let decision = try phone.decision(.approve, push.number, on: prompt)
        #expect(await office.decide(decision) == .success(.accepted))
        guard case .accepted(let signIn) = await office.verdict(of: push) else {
            Issue.record("no yes")
            return
        }
        #expect(try signIn.user == userName("alice"))
        #expect(signIn.credentialID?.bytes == phone.id?.bytes)
        #expect(signIn.label == "my phone")
        #expect(signIn.means == .phone(guardedBy: .biometric))
        #expect(signIn.isUserVerified)
        #expect(!signIn.isHardwareBound)
        let row = try #require(try office.store.signIns(limit: 1).first)
        #expect(row.isAccepted)
        #expect(row.method == .push)
        #expect(row.service == "ssh")
        #expect(row.credentialID == phone.id?.bytes)
        #expect(row.isUserVerified == true)
        #expect(
            try office.store.phones(of: userName("alice")).first?.lastUsedAt == office.clock.now)
        #expect(await office.verdict(of: push) == .unknownTransaction)
    }

    @Test func `a phone without a guard signs in and verifies nobody`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone(keyGuard: .none)
        let push = try await office.begin()
        let decision = try phone.decision(
            .approve, push.number, on: try await office.prompt(for: phone))
        #expect(await office.decide(decision) == .success(.accepted))
        guard case .accepted(let signIn) = await office.verdict(of: push) else {
            Issue.record("no yes")
            return
        }
        #expect(!signIn.isUserVerified)
    }

    @Test(arguments: [
        (Decision.decline, PushReason.declined, DecisionReply.accepted),
        (.notMe, .notMe, .accepted),
        (.approve, .wrongNumber, .refused(code: "wrong-number")),
    ])
    func `what is no yes is a no with its reason`(
        decision: Decision, reason: PushReason, reply: DecisionReply
    ) async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let wrong = push.number == "11" ? "12" : "11"
        let signed = try phone.decision(
            decision, decision == .approve ? wrong : "", on: try await office.prompt(for: phone))
        #expect(await office.decide(signed) == .success(reply))
        #expect(await office.verdict(of: push) == .refused("alice", reason))
        #expect(try office.reasons() == [reason.rawValue])
        #expect(await office.decide(signed) == .success(.refused(code: "push-answered")))
        #expect(try office.store.counts().refused == 1)
    }

    @Test func `not me is noted, and stops pushes until they are let through again`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let alice = try userName("alice")
        _ = try await office.begin()
        let signed = try phone.decision(.notMe, on: try await office.prompt(for: phone))
        #expect(await office.decide(signed) == .success(.accepted))
        #expect(
            try office.store.events(of: alice, limit: 9).map(\.kind)
                == [.suspiciousActivityReported])
        #expect(try office.store.standing(of: alice).pushesStoppedAt == office.clock.now)

        let ignored = try await office.begin()
        #expect(try await office.answer(phone.poll(wait: 0)).get() == nil)
        office.timer.advance(by: .seconds(60))
        #expect(await office.verdict(of: ignored) == .refused("alice", .stopped))

        try office.store.resumePushes(of: alice, client: "admin", at: office.clock.now)
        let push = try await office.begin()
        let yes = try phone.decision(
            .approve, push.number, on: try await office.prompt(for: phone))
        #expect(await office.decide(yes) == .success(.accepted))
    }

    @Test func `not me after the time counts too, once`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        office.timer.advance(by: .seconds(61))
        #expect(await office.verdict(of: push) == .refused("alice", .expired))
        let signed = try phone.decision(.notMe, on: prompt)
        #expect(await office.decide(signed) == .success(.accepted))
        #expect(await office.decide(signed) == .success(.refused(code: "push-expired")))
        let alice = try userName("alice")
        #expect(try office.store.events(of: alice, limit: 9).count == 1)
        #expect(try office.reasons(2) == ["push-not-me", "push-expired"])
        office.timer.advance(by: .seconds(120))
        #expect(await office.decide(signed) == .success(.refused(code: "prompt-unknown")))
    }

    @Test func `an answer that is late is told so`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        office.timer.advance(by: .seconds(60))
        let signed = try phone.decision(.approve, push.number, on: prompt)
        #expect(await office.decide(signed) == .success(.refused(code: "push-expired")))
        #expect(await office.verdict(of: push) == .refused("alice", .expired))
        #expect(try office.store.counts().accepted == 0)
    }

    @Test func `a newer request supersedes the older`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let older = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        let newer = try await office.begin()
        #expect(await office.verdict(of: older) == .refused("alice", .superseded))
        let signed = try phone.decision(.approve, older.number, on: prompt)
        #expect(await office.decide(signed) == .success(.refused(code: "push-superseded")))
        let yes = try phone.decision(
            .approve, newer.number, on: try await office.prompt(for: phone))
        #expect(await office.decide(yes) == .success(.accepted))
    }

    @Test func `a front end withdraws its own requests`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        #expect(!office.service.cancel(push.identifier, client: "other"))
        #expect(office.service.cancel(push.identifier, client: "front"))
        #expect(!office.service.cancel(push.identifier, client: "front"))
        #expect(await office.verdict(of: push) == .refused("alice", .cancelled))
        let signed = try phone.decision(.approve, push.number, on: prompt)
        #expect(await office.decide(signed) == .success(.refused(code: "push-cancelled")))
    }

    @Test func `only the client that asked may wait`() async throws {
        let office = try PushOffice()
        let push = try await office.begin()
        #expect(await office.verdict(of: push, client: "other") == .unknownTransaction)
        #expect(await office.verdict(of: push, timeout: .zero) == .pending)
        #expect(try office.service.subject(of: push.identifier) == userName("alice"))
        #expect(office.service.subject(of: "nothing") == nil)
    }

    @Test func `forged answers, and those of another's phone, change nothing`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let other = try await office.enrolledPhone(for: "bob")
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        let right = try phone.decision(.approve, push.number, on: prompt)
        let forged = try SignedDecision(
            message: right.message, signature: [UInt8](repeating: 1, count: 64))
        #expect(await office.decide(forged) == .failure(.invalidSignature))
        let others = try other.decision(.approve, push.number, on: prompt)
        #expect(await office.decide(others) == .failure(.invalidSignature))
        let swapped = try Prompt(
            id: prompt.id, challenge: prompt.challenge, phone: #require(other.id),
            issuedAt: prompt.issuedAt, expiresAt: prompt.expiresAt, digits: 2, choices: [],
            shown: prompt.shown)
        #expect(
            await office.decide(try other.decision(.approve, push.number, on: swapped))
                == .success(.refused(code: "phone-not-asked")))
        let nobody = try office.phone()
        nobody.id = PhoneID(bytes: [UInt8](repeating: 7, count: 16))
        let strange = try Prompt(
            id: prompt.id, challenge: prompt.challenge, phone: #require(nobody.id),
            issuedAt: prompt.issuedAt, expiresAt: prompt.expiresAt, digits: 2, choices: [],
            shown: prompt.shown)
        #expect(
            await office.decide(try nobody.decision(.decline, on: strange))
                == .failure(.unknownPhone))
        #expect(await office.verdict(of: push, timeout: .zero) == .pending)
        #expect(await office.decide(right) == .success(.accepted))
    }

    @Test func `what the person saw cannot be another's request`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        var shown = prompt.shown
        shown.application = "payroll"
        let altered = try Prompt(
            id: prompt.id, challenge: prompt.challenge, phone: prompt.phone,
            issuedAt: prompt.issuedAt, expiresAt: prompt.expiresAt, digits: 2, choices: [],
            shown: shown)
        #expect(
            await office.decide(try phone.decision(.approve, push.number, on: altered))
                == .success(.refused(code: "prompt-altered")))
        let yes = try phone.decision(.approve, push.number, on: prompt)
        #expect(await office.decide(yes) == .success(.accepted))
    }

    @Test func `all phones of a user are asked, and the first to decide decides`() async throws {
        let office = try PushOffice()
        let phones = [
            try await office.enrolledPhone(), try await office.enrolledPhone(),
        ]
        let push = try await office.begin()
        let prompts = [
            try await office.prompt(for: phones[0]), try await office.prompt(for: phones[1]),
        ]
        #expect(prompts[0].id == prompts[1].id)
        let first = try phones[1].decision(.approve, push.number, on: prompts[1])
        let second = try phones[0].decision(.approve, push.number, on: prompts[0])
        #expect(await office.decide(first) == .success(.accepted))
        #expect(await office.decide(second) == .success(.refused(code: "push-answered")))
    }

    @Test func `a phone that is deleted meanwhile signs nobody in`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let push = try await office.begin()
        let prompt = try await office.prompt(for: phone)
        let id = try CredentialID(bytes: #require(phone.id).bytes)
        try office.store.deleteCredential(id, of: userName("alice"))
        let signed = try phone.decision(.approve, push.number, on: prompt)
        #expect(await office.decide(signed) == .failure(.unknownPhone))
        #expect(await office.verdict(of: push, timeout: .zero) == .pending)
    }

    @Test func `phones below the guard that policy wants are not asked`() async throws {
        let office = try PushOffice()
        let strong = try await office.enrolledPhone(keyGuard: .pin)
        let weak = try await office.enrolledPhone(keyGuard: .none)
        let strict = try PushOffice(sharing: office) { $0.minimumGuard = .pin }
        let push = try await strict.begin()
        let prompt = try await strict.prompt(for: strong)
        #expect(try await strict.answer(weak.poll(wait: 0)).get() == nil)
        let yes = try strong.decision(.approve, push.number, on: prompt)
        #expect(await strict.decide(yes) == .success(.accepted))
    }

    @Test func `the number can be chosen from three, and has the digits that policy says`()
        async throws
    {
        let office = try PushOffice {
            $0.numberEntry = .chosen
            $0.digits = 4
            $0.promptsPerHour = 100
        }
        let phone = try await office.enrolledPhone()
        var places: Set<Int> = []
        for _ in 0..<40 {
            let push = try await office.begin()
            let prompt = try await office.prompt(for: phone)
            #expect(prompt.digits == 4)
            #expect(prompt.choices.count == 3)
            places.insert(try #require(prompt.choices.firstIndex(of: push.number)))
        }
        #expect(places == [0, 1, 2])
    }

    @Test func `a number that is typed is not in the prompt, and numbers differ`() async throws {
        let office = try PushOffice { $0.promptsPerHour = 100 }
        let phone = try await office.enrolledPhone()
        var numbers: Set<String> = []
        for _ in 0..<60 {
            let push = try await office.begin()
            #expect(push.number.utf8.count == 2)
            numbers.insert(push.number)
            #expect(try await office.prompt(for: phone).choices == [])
        }
        #expect(numbers.count > 30)
    }

    @Test func `a budget of prompts keeps people from being worn down`() async throws {
        let office = try PushOffice { $0.promptsPerHour = 3 }
        let phone = try await office.enrolledPhone()
        for user in ["alice", "nobody"] {
            for _ in 0..<3 { _ = try await office.begin(user) }
            await #expect(throws: CeremonyError.limited(retryAfter: .seconds(3600))) {
                try await office.begin(user)
            }
        }
        office.timer.advance(by: .seconds(3600))
        for _ in 0..<5 {
            let push = try await office.begin()
            let yes = try phone.decision(
                .approve, push.number, on: try await office.prompt(for: phone))
            #expect(await office.decide(yes) == .success(.accepted))
        }
    }

    @Test(arguments: ["", "a\nb", String(repeating: "a", count: 65), "a\u{202E}b"])
    func `an application that a phone cannot show is refused, for whomever`(application: String)
        async throws
    {
        let office = try PushOffice()
        _ = try await office.enrolledPhone()
        for user in ["alice", "nobody"] {
            await #expect(throws: CeremonyError.prompt(.value("application"))) {
                try await office.begin(user, application: application)
            }
        }
        #expect(office.service.holdings.prompts == 0)
        #expect(office.service.holdings.budgets == 0)
    }

    @Test func `a place is shown where the front end knows it`() async throws {
        let office = try PushOffice()
        let phone = try await office.enrolledPhone()
        let request = PushRequest(
            user: try userName("alice"), application: "vpn", address: try IPAddress("2001:db8::7"),
            country: "NL", client: "front")
        _ = try await withCheckedContinuation { continuation in
            office.service.begin(request) { continuation.resume(returning: $0) }
        }.get()
        let shown = try await office.prompt(for: phone).shown
        #expect(shown.address == "2001:db8::7")
        #expect(shown.country == "NL")
    }
}
