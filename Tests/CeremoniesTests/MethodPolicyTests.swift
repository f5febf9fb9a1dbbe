import Accounts
import AuditLog
import Ceremonies
import CredentialStore
import OATH
import PushMessages
import Synchronization
import Testing
import WebAuthn

/// What a user may register is policy, asked when an enrolment begins and when it ends.
struct MethodPolicyTests {
    /// Alice may not register these.
    private final class Forbidden: Sendable {
        private let methods = Mutex<Set<SignInMethod>>([])

        func set(_ methods: Set<SignInMethod>) { self.methods.withLock { $0 = methods } }

        func allows(_ user: UserName, _ method: SignInMethod) -> Bool {
            user.text != "alice" || !methods.withLock { $0.contains(method) }
        }
    }

    private let forbidden = Forbidden()

    private func office() throws -> Office {
        try Office { [forbidden] policy in
            policy.mayRegister = { user, method in forbidden.allows(user, method) }
        }
    }

    private let refusal = CeremonyError.methodNotAllowed

    @Test func `a key and a card of a method that is not allowed are refused`() throws {
        let office = try office()
        forbidden.set([.webauthn, .piv])
        #expect(throws: refusal) { try office.beginRegistration() }
        #expect(throws: refusal) { try office.beginCard() }
        _ = try office.beginRegistration("bob")
        _ = try office.beginCard("bob")
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try office.beginRegistration("carol")
        }
    }

    @Test func `a key that policy forbids meanwhile is refused, and its challenge is spent`()
        throws
    {
        let office = try office()
        let key = try ScriptedKey(seed: 1)
        let transaction = try office.beginRegistration()
        forbidden.set([.webauthn])
        let response = try key.register(transaction.options.challenge)
        #expect(throws: refusal) { try office.finish(transaction, with: response) }
        forbidden.set([])
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try office.finish(transaction, with: response)
        }
        #expect(try office.store.credentials(of: userName("alice")) == [])
    }

    @Test func `a token of a kind that is not allowed is neither enrolled, added nor given`()
        throws
    {
        let office = try office()
        let stock = try office.add(.rfc4226, .hotp(.six), for: nil)
        let before = try office.tokens.begin(
            TokenParameters(.hotp(.six), hash: .sha1), for: userName("alice"), client: "front")
        forbidden.set([.hotp])
        #expect(throws: refusal) {
            try office.tokens.begin(
                TokenParameters(.hotp(.six), hash: .sha1), for: userName("alice"),
                client: "front")
        }
        let code = PaperToken(secret: before.secret).code(0)
        #expect(throws: refusal) {
            try office.tokens.finish(
                before.transaction, proof: .code(code), device: TokenDevice(), label: "",
                client: "front")
        }
        #expect(throws: refusal) { try office.add(.rfc4226, .hotp(.six), for: "alice") }
        #expect(throws: refusal) {
            try office.tokens.give(stock.id, to: userName("alice"), label: nil)
        }
        #expect(try office.store.tokens(of: userName("alice")) == [])
        _ = try office.tokens.give(stock.id, to: userName("bob"), label: nil)
        // Another kind is another method.
        _ = try office.add(.rfc4226, .totp(.six, period: 30), for: "alice")
    }

    @Test func `a phone that is not allowed is not enrolled, whatever its ticket says`()
        async throws
    {
        let forbidden = forbidden
        let office = try PushOffice { policy in
            policy.mayEnrol = { user in forbidden.allows(user, .push) }
        }
        let alice = try userName("alice")
        let enrolment = try office.service.beginEnrolment(user: alice, client: "front")
        forbidden.set([.push])
        #expect(throws: refusal) {
            try office.service.beginEnrolment(user: alice, client: "front")
        }
        let phone = try office.phone()
        #expect(
            await office.register(try phone.registration(enrolment.ticket.ticket))
                == .failure(.unknownTicket))
        forbidden.set([])
        #expect(
            await office.register(try phone.registration(enrolment.ticket.ticket))
                == .failure(.ticketSpent))
        #expect(try office.store.phones(of: alice) == [])
    }

    @Test(arguments: [
        (AuditOrigin.Who.administrator("root"), "desk", AuditOrigin.Who.administrator("root")),
        (.client, "desk", .client), (.client, "", .system("phone-service")),
    ])
    func `a phone's registration is on record as by whoever began it`(
        who: AuditOrigin.Who, client: String, expected: AuditOrigin.Who
    ) async throws {
        let office = try PushOffice()
        let enrolment = try office.service.beginEnrolment(
            user: userName("alice"),
            by: AuditOrigin(who: who, client: client, from: "uid 7"))
        let count = try office.store.auditHead().count
        _ = try await office.register(office.phone().registration(enrolment.ticket.ticket)).get()
        let row = try #require(try office.store.auditRows(after: count, limit: 9).first)
        let record = try #require(row.record)
        #expect(record.entry.activity == .registerCredential)
        #expect(record.entry.targets.first == AuditTarget(.user, "alice"))
        #expect(record.origin == AuditOrigin(who: expected, client: client, from: ""))
    }

    @Test func `names that a ticket has no room for are left out of it`() async throws {
        let office = try PushOffice()
        let long = String(repeating: "x", count: 128)
        let user = try userName(long)
        try office.store.add(
            User(
                name: user, displayName: "", handle: UserHandle(bytes: [1]),
                createdAt: office.clock.now))
        let enrolment = try office.service.beginEnrolment(
            user: user, by: AuditOrigin(who: .administrator(long), client: "desk", from: ""))
        let count = try office.store.auditHead().count
        _ = try await office.register(office.phone().registration(enrolment.ticket.ticket)).get()
        let record = try #require(try office.store.auditRows(after: count, limit: 9).first?.record)
        #expect(record.origin == .system("phone-service"))
        #expect(record.entry.targets.first == AuditTarget(.user, long))
    }
}
