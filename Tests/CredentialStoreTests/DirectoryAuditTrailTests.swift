import Accounts
import AuditLog
import CredentialStore
import Testing
import WebAuthn

/// What comes into the audit log without being asked for, and what never does.
struct DirectoryAuditTrailTests {
    private let fixture: Fixture
    private let alice: UserName
    private let now = Samples.at(60)

    init() throws {
        fixture = try Fixture(users: "alice", "bob")
        alice = try Samples.name("alice")
    }

    @Test func `of what the server does by itself`() throws {
        let key = try Samples.credential(1, of: "alice")
        try fixture.store.register(key, spending: Samples.challenge(9))
        var report = try Samples.decision(.refused(code: "not-me"), .push, of: "alice")
        report.consequences = [
            .stopPushes, .event(.suspiciousActivityReported, detail: "push for vpn"),
            .event(.codeGuessing, detail: "totp"),
        ]
        let records = try fixture.records { store in
            _ = try store.commit([
                report,
                Samples.answer(Samples.challenge(1), by: 1, of: "alice", counter: 1),
            ])
        }
        #expect(
            records.map(\.entry.activity) == [.stopPushes, .codeGuessingBlocked, .resumePushes])
        #expect(records.map(\.entry.reason) == ["push for vpn", "totp", "webauthn"])
        #expect(
            records.map(\.entry.changes) == [
                [AuditChange("pushes", from: "on", to: "stopped")], [],
                [AuditChange("pushes", from: "stopped", to: "on")],
            ])
        let origin = AuditOrigin(who: .system("sign-in"), client: "front", from: "")
        #expect(records.allSatisfy { $0.origin == origin })
        #expect(records.allSatisfy { $0.entry.targets == [AuditTarget(.user, "alice")] })
    }

    @Test func `an act that is refused leaves no record`() throws {
        let store = fixture.store
        let carol = try Samples.name("carol")
        let records = try fixture.records { _ in
            #expect(throws: StoreError.self) { try store.set(.enabled, of: carol) }
            #expect(throws: StoreError.self) { try store.deleteAccessPass(of: alice) }
            #expect(throws: StoreError.self) { try store.deleteToken(Samples.tokenID(1)) }
            #expect(throws: StoreError.self) {
                _ = try store.add(Samples.appPassword(1, of: "alice"), maximum: 5)
            }
        }
        #expect(records == [])
    }

    @Test func `no secret is in any record`() throws {
        // Digests and sealed secrets of the samples are runs of one byte that is in nothing else.
        let store = fixture.store
        try store.set(.enforced, of: alice)
        try store.replaceRecoveryCodes(
            of: alice, digests: [Samples.digest(0xB7)], client: "", at: now)
        try store.issue(Samples.pass(0xB7, by: "bob"), to: alice, client: "")
        _ = try store.add(Samples.appPassword(0xB7, of: "alice"), maximum: 5)
        try store.add(Samples.token(0xB7, of: "alice"), maximum: 5)
        try store.register(
            Samples.phone(0xB7, of: "alice", sealed: [0xB7, 0xB7, 0xB7]), maximum: 5,
            beganAt: Samples.start, spending: Samples.challenge(3))
        let secrets: [[UInt8]] = [
            Array(repeating: 0xB7, count: 3), Array("b7b7b7".utf8), Array("B7B7B7".utf8),
            Array("pre3".utf8),
        ]
        for row in try store.auditRows(after: 0, limit: 99) {
            for secret in secrets {
                #expect(row.bytes.firstRange(of: secret) == nil)
            }
        }
    }
}
