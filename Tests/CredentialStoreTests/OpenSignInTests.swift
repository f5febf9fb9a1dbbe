import Accounts
import CredentialStore
import GRDB
import Foundation
import Testing

/// Sign-ins that take several steps: what is on disk after each, and that a step is used once.
struct OpenSignInTests {
    private let fixture: Fixture
    private let correlation: [UInt8] = Array(101...116)

    init() throws {
        fixture = try Fixture(users: "alice")
    }

    private func step(
        _ name: UInt8, _ access: SignInDecision.Access, earlier: [SignInStep] = [],
        _ judgement: SignInDecision.Judgement = .passwordVouched
    ) throws -> SignInDecision {
        var decision = SignInDecision(
            challenge: nil, method: .password, user: try Samples.name("alice"),
            relyingPartyID: nil, credentialID: nil, client: "front", service: "vpn",
            at: Samples.start, judgement: judgement, access: access,
            log: SignInLogEntry(correlation: correlation, earlierSteps: earlier))
        decision.transactionStep = Samples.challenge(name)
        return decision
    }

    private static let first = SignInStep(
        at: Samples.start, method: .password, credentialID: nil, label: "", isUserVerified: false,
        isHardwareBound: false, device: nil, reason: "ok")

    private func rows(_ sql: String) throws -> [Row] {
        try fixture.store.pool.read { try Row.fetchAll($0, sql: sql) }
    }

    @Test func `an unfinished sign-in is on disk and is no row of the log yet`() throws {
        let end = Samples.start.advanced(by: .seconds(120))
        #expect(try fixture.store.commit([step(1, .unfinished(until: end))]) == [.unfinished])
        #expect(try fixture.store.signIns(limit: 10).isEmpty)
        let open = try rows("SELECT correlation, expires_at FROM open_sign_in")
        #expect(open.count == 1)
        #expect(open.first?["expires_at"] == end.milliseconds)
    }

    @Test func `the last step makes one row of the log with all steps`() throws {
        let end = Samples.start.advanced(by: .seconds(120))
        _ = try fixture.store.commit([step(1, .unfinished(until: end))])
        #expect(
            try fixture.store.commit([step(2, .granted, earlier: [Self.first])]) == [.accepted])
        #expect(try rows("SELECT 1 FROM open_sign_in").isEmpty)
        let log = try rows("SELECT reason, accepted, steps FROM sign_in")
        #expect(log.count == 1)
        #expect(log.first?["reason"] == "ok")
        let steps: String = try #require(log.first?["steps"])
        #expect(steps.components(separatedBy: "\"method\":\"password\"").count == 3)
    }

    @Test func `a step is used once`() throws {
        let end = Samples.start.advanced(by: .seconds(120))
        let verdicts = try fixture.store.commit([
            step(1, .unfinished(until: end)), step(1, .unfinished(until: end)), step(1, .granted),
        ])
        #expect(
            verdicts == [
                .unfinished, .refused(code: "challenge-spent"), .refused(code: "challenge-spent"),
            ])
    }

    @Test func `one that nobody finishes becomes a row that says so`() throws {
        let end = Samples.start.advanced(by: .seconds(120))
        _ = try fixture.store.commit([step(1, .unfinished(until: end))])
        #expect(try fixture.store.closeOpenSignIns(expiredBefore: end) == 0)
        let later = end.advanced(by: .milliseconds(1))
        #expect(try fixture.store.closeOpenSignIns(expiredBefore: later) == 1)
        let row = try #require(try fixture.store.signIns(limit: 10).first)
        #expect(row.reason == "interrupted")
        #expect(!row.isAccepted)
        #expect(row.user == "alice")
        #expect(try rows("SELECT 1 FROM open_sign_in").isEmpty)
        #expect(try fixture.store.closeOpenSignIns(expiredBefore: later) == 0)
    }

    @Test func `one that cannot be read holds up no other`() throws {
        let end = Samples.start.advanced(by: .seconds(120))
        try fixture.store.pool.write {
            try $0.execute(sql: "INSERT INTO open_sign_in VALUES (x'00', 1, 'not JSON')")
        }
        _ = try fixture.store.commit([step(1, .unfinished(until: end))])
        let later = end.advanced(by: .milliseconds(1))
        #expect(try fixture.store.closeOpenSignIns(expiredBefore: later) == 1)
        #expect(try fixture.store.closeOpenSignIns(expiredBefore: later) == 0)
        #expect(try fixture.store.signIns(limit: 10).count == 1)
        #expect(try rows("SELECT 1 FROM open_sign_in").count == 1)
    }

    @Test func `what is right and denied is used up`() throws {
        let verdicts = try fixture.store.commit([
            step(1, .denied(code: "blocked-by-policy")), step(1, .granted),
        ])
        #expect(
            verdicts == [
                .refused(code: "blocked-by-policy"), .refused(code: "challenge-spent"),
            ])
    }

    @Test func `nobody signs in to an account that is locked or gone`() throws {
        try fixture.store.pool.write {
            try $0.execute(sql: "UPDATE user SET locked_at = 1 WHERE name = 'alice'")
        }
        #expect(
            try fixture.store.commit([step(1, .granted)]) == [.refused(code: "user-locked")])
        try fixture.store.pool.write { try $0.execute(sql: "DELETE FROM user") }
        #expect(
            try fixture.store.commit([step(2, .granted)]) == [.refused(code: "unknown-user")])
    }
}
