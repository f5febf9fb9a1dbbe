import Accounts
import CredentialStore
import Testing
import WebAuthn

struct StandingTests {
    @Test func `a new user has nothing decided`() throws {
        let fixture = try Fixture(users: "alice")
        let standing = try fixture.store.standing(of: Samples.name("alice"))
        #expect(standing.mfaState == .disabled)
        #expect(standing.risk == .none)
        #expect(standing.pushesStoppedAt == nil)
    }

    @Test func `what is decided is kept, of one user, in any order`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        let untouched = try fixture.store.standing(of: bob)
        for state in MFAState.allCases.reversed() {
            for risk in RiskLevel.allCases.reversed() {
                try fixture.store.set(state, of: alice)
                try fixture.store.set(
                    risk, of: alice, because: "", client: "desk", at: Samples.start)
                let standing = try fixture.store.standing(of: alice)
                #expect(standing.mfaState == state)
                #expect(standing.risk == risk)
            }
        }
        #expect(try fixture.store.standing(of: bob) == untouched)
    }

    @Test func `nothing is decided of nobody`() throws {
        let fixture = try Fixture()
        let carol = try Samples.name("carol")
        let absence = StoreError.noSuchUser(carol)
        #expect(throws: absence) { try fixture.store.standing(of: carol) }
        #expect(throws: absence) { try fixture.store.set(.enforced, of: carol) }
        #expect(throws: absence) {
            try fixture.store.set(.high, of: carol, because: "", client: "", at: Samples.start)
        }
        #expect(throws: absence) {
            try fixture.store.resumePushes(of: carol, client: "", at: Samples.start)
        }
        #expect(try fixture.events(of: "carol") == [])
    }

    @Test func `a risk is noted with its reason`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        try fixture.store.set(
            .high, of: alice, because: "leaked", client: "desk", at: Samples.at(1))
        try fixture.store.set(.low, of: alice, because: "", client: "desk", at: Samples.at(2))
        let events = try fixture.store.events(of: alice, limit: 9)
        #expect(events.map(\.kind) == [.riskReported, .riskReported])
        #expect(events.map(\.detail) == ["low", "high: leaked"])
        #expect(events.map(\.at) == [Samples.at(2), Samples.at(1)])
        #expect(events.map(\.user) == ["alice", "alice"])
        #expect(events.map(\.client) == ["desk", "desk"])
    }

    @Test func `a standing goes with its user`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        try fixture.store.set(.enforced, of: alice)
        try fixture.store.deleteUser(alice)
        try fixture.store.add(Samples.user("alice"))
        #expect(try fixture.store.standing(of: alice).mfaState == .disabled)
    }
}

struct SecurityEventTests {
    @Test func `events are one name's, the latest first, and no more than asked`() throws {
        let fixture = try Fixture(users: "alice")
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        for (index, kind) in SecurityEvent.Kind.allCases.enumerated() {
            try fixture.store.note(
                kind, of: alice, client: "front", detail: "\(index)",
                at: Samples.at(Int64(-index)))
        }
        // Somebody who is not there can be guessed at too.
        try fixture.store.note(
            .codeGuessing, of: carol, client: "front", detail: "x", at: Samples.start)
        let events = try fixture.store.events(of: alice, limit: 100)
        let count = SecurityEvent.Kind.allCases.count
        #expect(events.map(\.kind) == SecurityEvent.Kind.allCases.reversed())
        #expect(events.map(\.number) == (1...Int64(count)).reversed())
        #expect(events.map(\.detail) == (0..<count).reversed().map(String.init))
        #expect(try fixture.store.events(of: alice, limit: 2) == Array(events.prefix(2)))
        #expect(try fixture.store.events(of: alice, limit: 0) == [])
        #expect(try fixture.store.events(of: carol, limit: 9).map(\.detail) == ["x"])
    }

    @Test func `events outlive their user`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        try fixture.store.set(.high, of: alice, because: "", client: "", at: Samples.start)
        try fixture.store.deleteUser(alice)
        #expect(try fixture.events(of: "alice") == [.riskReported])
    }
}

/// What names the rows of the record and the events on disk is never changed.
struct StoredNameTests {
    @Test func `methods, kinds, states and levels have the names that they always had`() {
        #expect(
            SignInMethod.allCases.map(\.rawValue) == [
                "webauthn", "piv", "totp", "hotp", "ocra", "hmac", "push", "recovery", "tap",
                "apppass", "password", "code",
            ])
        #expect(
            SecurityEvent.Kind.allCases.map(\.rawValue) == [
                "suspicious-activity-reported", "code-guessing", "pushes-resumed", "risk-reported",
                "password-reset", "access-pass-issued", "recovery-codes-made", "break-glass-used",
            ])
        #expect(MFAState.allCases.map(\.rawValue) == ["disabled", "enabled", "enforced"])
        #expect(RiskLevel.allCases.map(\.rawValue) == ["none", "low", "medium", "high"])
    }

    @Test func `the store's own reasons have the codes that they always had`() {
        #expect(SignInVerdict.Code.challengeSpent == "challenge-spent")
        #expect(SignInVerdict.Code.credentialNotAllowed == "credential-not-allowed")
        #expect(SignInVerdict.Code.counterNotAhead == "counter-not-ahead")
        #expect(SignInVerdict.Code.codeReplayed == "code-replayed")
        #expect(SignInVerdict.Code.recoveryCodeSpent == "recovery-code-spent")
        #expect(SignInVerdict.Code.accessPassSpent == "access-pass-spent")
        #expect(SignInVerdict.Code.appPasswordNotInForce == "app-password-not-in-force")
        #expect(SignInVerdict.Code.pushesStopped == "pushes-stopped")
        #expect(SignInVerdict.Code.backupEligibilityChanged == "backup-eligibility-changed")
    }
}
