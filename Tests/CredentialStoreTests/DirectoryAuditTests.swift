import Accounts
import AuditLog
import CredentialStore
import Testing
import WebAuthn

/// What each administrative act leaves in the audit log: by whom, of whom, from what and to what.
struct DirectoryAuditTests {
    private let fixture: Fixture
    private let alice: UserName
    private let now = Samples.at(60)
    private let desk = Samples.desk

    init() throws {
        fixture = try Fixture(users: "alice", "bob")
        alice = try Samples.name("alice")
    }

    private func expect(
        _ activity: AuditActivity, _ targets: [AuditTarget], _ changes: [AuditChange],
        reason: String = "", at moment: Timestamp? = nil,
        _ body: (SQLiteStore) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let record = try fixture.record(body)
        #expect(record.entry.activity == activity, sourceLocation: sourceLocation)
        #expect(record.entry.targets == targets, sourceLocation: sourceLocation)
        #expect(record.entry.changes == changes, sourceLocation: sourceLocation)
        #expect(record.entry.outcome == .success, sourceLocation: sourceLocation)
        #expect(record.entry.reason == reason, sourceLocation: sourceLocation)
        #expect(record.origin == desk, sourceLocation: sourceLocation)
        #expect(
            record.at == (moment ?? now).milliseconds, sourceLocation: sourceLocation)
    }

    @Test func `of users`() throws {
        let carol = AuditTarget(.user, "carol")
        try expect(
            .addUser, [carol], [AuditChange("display-name", to: "Display of carol")],
            at: Samples.start
        ) { store in try store.add(Samples.user("carol"), by: desk) }
        try expect(
            .lockUser, [carol],
            [
                AuditChange("locked", from: "no", to: "yes"),
                AuditChange("lock-reason", to: "ticket 7"),
            ], reason: "ticket 7"
        ) { store in
            try store.lock(Samples.name("carol"), because: "ticket 7", by: desk, at: now)
        }
        try expect(
            .unlockUser, [carol],
            [
                AuditChange("locked", from: "yes", to: "no"),
                AuditChange("lock-reason", from: "ticket 7"),
            ]
        ) { store in try store.unlock(Samples.name("carol"), by: desk, at: now) }
        try fixture.addGroup("staff", "carol")
        try fixture.assign(.helpDesk, to: "carol")
        try expect(
            .deleteUser, [carol],
            [
                AuditChange("display-name", from: "Display of carol"),
                AuditChange("groups", from: "staff"), AuditChange("roles", from: "help-desk"),
            ]
        ) { store in
            try store.deleteUser(
                Samples.name("carol"), unlessNamedBy: unnamed, by: desk, at: now)
        }
    }

    @Test func `of groups`() throws {
        let staff = try Samples.directoryName("staff")
        let target = AuditTarget(.group, "staff")
        try expect(.addGroup, [target], [AuditChange("description", to: "All of us")]) { store in
            try store.addGroup(staff, description: "All of us", by: desk, at: now)
        }
        let member = AuditTarget(.user, "alice")
        try expect(
            .addMemberToGroup, [target, member], [AuditChange("member", to: "alice")]
        ) { store in try store.add(alice, toGroup: staff, by: desk, at: now) }
        try expect(
            .removeMemberFromGroup, [target, member], [AuditChange("member", from: "alice")]
        ) { store in try store.remove(alice, fromGroup: staff, by: desk, at: now) }
        try fixture.store.add(alice, toGroup: staff, by: desk, at: now)
        try expect(
            .deleteGroup, [target],
            [AuditChange("description", from: "All of us"), AuditChange("members", from: "1")]
        ) { store in
            try store.deleteGroup(staff, unlessNamedBy: unnamed, by: desk, at: now)
        }
    }

    @Test func `of roles`() throws {
        let targets = [AuditTarget(.role, "global-administrator"), AuditTarget(.user, "alice")]
        try expect(.addMemberToRole, targets, [AuditChange("member", to: "alice")]) { store in
            try store.assign(.globalAdministrator, to: alice, by: desk, at: now)
        }
        try fixture.assign(.globalAdministrator, to: "bob")
        try expect(
            .removeMemberFromRole, targets, [AuditChange("member", from: "alice")]
        ) { store in
            try store.remove(.globalAdministrator, from: alice, by: desk, at: now)
        }
    }

    @Test func `of applications`() throws {
        let target = AuditTarget(.application, "imap")
        let name = try Samples.directoryName("imap")
        try expect(
            .addApplication, [target],
            [
                AuditChange("display-name", to: "Display of imap"),
                AuditChange("client-kind", to: "legacy"),
            ], at: Samples.start
        ) { store in try store.add(Samples.application("imap", kind: .legacy), by: desk) }
        try expect(
            .updateApplication, [target],
            [
                AuditChange("display-name", from: "Display of imap", to: "Mail"),
                AuditChange("client-kind", from: "legacy", to: "native"),
            ]
        ) { store in
            try store.update(name, displayName: "Mail", clientKind: .native, by: desk, at: now)
        }
        try expect(
            .updateApplication, [target], [AuditChange("client-kind", from: "native")]
        ) { store in
            try store.update(name, displayName: "Mail", clientKind: nil, by: desk, at: now)
        }
        try expect(
            .deleteApplication, [target], [AuditChange("display-name", from: "Mail")]
        ) { store in
            try store.deleteApplication(name, unlessNamedBy: unnamed, by: desk, at: now)
        }
    }

    @Test func `of locations, which of their networks came and went`() throws {
        let target = AuditTarget(.location, "office")
        try expect(
            .addNamedLocation, [target],
            [
                AuditChange("networks", to: "192.0.2.0/24 198.51.100.7"),
                AuditChange("network-count", to: "2"),
                AuditChange("includes-unknown", to: "no"), AuditChange("trusted", to: "yes"),
            ], at: Samples.start
        ) { store in
            try store.add(
                Samples.location("office", ["192.0.2.0/24", "198.51.100.7"], isTrusted: true),
                by: desk)
        }
        try expect(
            .updateNamedLocation, [target],
            [
                AuditChange("networks", from: "198.51.100.7", to: "2001:db8::/32 10.1.0.0/16"),
                AuditChange("network-count", from: "2", to: "3"),
                AuditChange("trusted", from: "yes", to: "no"),
            ]
        ) { store in
            try store.replace(
                Samples.location("office", ["192.0.2.0/24", "2001:db8::/32", "10.1.0.0/16"]),
                by: desk, at: now)
        }
        try expect(
            .updateNamedLocation, [target],
            [
                AuditChange("networks", from: "192.0.2.0/24 2001:db8::/32 10.1.0.0/16"),
                AuditChange("network-count", from: "3", to: "0"),
                AuditChange("countries", from: "", to: "AT NO"),
                AuditChange("includes-unknown", from: "no", to: "yes"),
            ]
        ) { store in
            try store.replace(
                Samples.location("office", countries: ["NO", "AT"], includesUnknown: true),
                by: desk, at: now)
        }
        try expect(
            .deleteNamedLocation, [target],
            [
                AuditChange("network-count", from: "0"),
                AuditChange("countries", from: "AT NO"),
                AuditChange("includes-unknown", from: "yes"),
                AuditChange("trusted", from: "no"),
            ]
        ) { store in
            try store.deleteLocation(
                Samples.directoryName("office"), unlessNamedBy: unnamed, by: desk, at: now)
        }
    }

    @Test func `of what is decided about users`() throws {
        let target = AuditTarget(.user, "alice")
        try expect(
            .setMFAState, [target], [AuditChange("mfa-state", from: "disabled", to: "enforced")]
        ) { store in try store.set(.enforced, of: alice, by: desk, at: now) }
        try expect(
            .setUserRisk, [target], [AuditChange("risk", from: "none", to: "high")],
            reason: "leaked"
        ) { store in
            try store.set(.high, of: alice, because: "leaked", by: desk, at: now)
        }
        try expect(
            .resumePushes, [target], [AuditChange("pushes", from: "on", to: "on")]
        ) { store in try store.resumePushes(of: alice, by: desk, at: now) }
        try expect(
            .resetPassword, [target], [AuditChange("app-passwords-deleted", to: "0")]
        ) { store in
            _ = try store.passwordWasReset(
                of: alice, deletingAppPasswords: true, by: desk, at: now)
        }
        #expect(try fixture.facts(of: "alice").riskSetAt == now)
        #expect(try fixture.facts(of: "alice").passwordResetAt == now)
    }

    @Test func `of credentials`() throws {
        let user = AuditTarget(.user, "alice")
        let id = AuditTarget(.credential, try Samples.credentialID(1).text)
        try expect(
            .registerCredential, [user, id],
            [AuditChange("kind", to: "webauthn"), AuditChange("label", to: "key 1")],
            at: Samples.start
        ) { store in
            try store.register(
                Samples.credential(1, of: "alice"), spending: Samples.challenge(1), by: desk)
        }
        try expect(
            .deleteCredential, [user, id],
            [AuditChange("kind", from: "webauthn"), AuditChange("label", from: "key 1")]
        ) { store in
            try store.deleteCredential(Samples.credentialID(1), of: alice, by: desk, at: now)
        }
        try expect(
            .registerCredential, [user, id],
            [AuditChange("kind", to: "piv"), AuditChange("label", to: "card 1")],
            at: Samples.start
        ) { store in
            try store.register(
                Samples.card(1, of: "alice"), spending: Samples.challenge(2), by: desk)
        }
        let phone = AuditTarget(.credential, try Samples.tokenID(3).text)
        try expect(
            .registerCredential, [user, phone],
            [AuditChange("kind", to: "push"), AuditChange("label", to: "phone")],
            at: Samples.start
        ) { store in
            try store.register(
                Samples.phone(3, of: "alice", sealed: [9]), maximum: 5, beganAt: Samples.start,
                spending: Samples.challenge(3), by: desk)
        }
    }

    @Test func `of tokens`() throws {
        let token = AuditTarget(.token, try Samples.tokenID(1).text)
        let user = AuditTarget(.user, "alice")
        try expect(
            .addToken, [token],
            [
                AuditChange("kind", to: "hotp"), AuditChange("serial", to: "S1"),
                AuditChange("label", to: "token 1"),
            ], at: Samples.start
        ) { store in
            try store.add(Samples.token(1, of: nil, serial: "S1"), maximum: 5, by: desk)
        }
        try expect(
            .assignToken, [token, user],
            [AuditChange("owner", to: "alice"), AuditChange("label", from: "token 1", to: "fob")]
        ) { store in
            let stored = try #require(try store.token(Samples.tokenID(1)))
            try store.give(
                stored, to: alice, sealedSecret: [7], label: "fob", maximum: 5, by: desk, at: now)
        }
        try expect(.resynchroniseToken, [token, user], []) { store in
            try store.synchronise(
                Samples.tokenID(1), of: alice, past: 7, drift: 1, by: desk, at: now)
        }
        try expect(
            .unassignToken, [token, user],
            [AuditChange("owner", from: "alice"), AuditChange("label", from: "fob", to: "")]
        ) { store in
            let stored = try #require(try store.token(Samples.tokenID(1)))
            try store.give(
                stored, to: nil, sealedSecret: [8], label: "", maximum: 5, by: desk, at: now)
        }
        try expect(
            .deleteToken, [token],
            [
                AuditChange("kind", from: "hotp"), AuditChange("serial", from: "S1"),
                AuditChange("label", from: ""),
            ]
        ) { store in try store.deleteToken(Samples.tokenID(1), by: desk, at: now) }
        let enrolled = AuditTarget(.token, try Samples.tokenID(2).text)
        try expect(
            .registerCredential, [user, enrolled],
            [AuditChange("kind", to: "hotp"), AuditChange("label", to: "token 2")],
            at: Samples.start
        ) { store in
            try store.add(
                Samples.token(2, of: "alice"), maximum: 5, spending: Samples.challenge(1),
                by: desk)
        }
    }

    @Test func `of codes, passes and app passwords`() throws {
        let user = AuditTarget(.user, "alice")
        try expect(
            .makeRecoveryCodes, [user], [AuditChange("recovery-codes", from: "0", to: "2")]
        ) { store in
            try store.replaceRecoveryCodes(
                of: alice, digests: [Samples.digest(1), Samples.digest(2)], by: desk, at: now)
        }
        try expect(
            .issueAccessPass, [user],
            [
                AuditChange("issuer", to: "bob"), AuditChange("from", to: "1790000000000"),
                AuditChange("until", to: "1790003600000"), AuditChange("once", to: "no"),
            ], at: Samples.start
        ) { store in try store.issue(Samples.pass(1, by: "bob"), to: alice, by: desk) }
        try expect(
            .deleteAccessPass, [user],
            [AuditChange("issuer", from: "bob"), AuditChange("until", from: "1790003600000")]
        ) { store in try store.deleteAccessPass(of: alice, by: desk, at: now) }
        try fixture.store.set(.enforced, of: alice)
        let password = AuditTarget(.appPassword, "1")
        try expect(
            .addAppPassword, [user, password],
            [
                AuditChange("label", to: "mail 1"), AuditChange("services", to: "imap smtp"),
                AuditChange("networks", to: ""),
            ], at: Samples.start
        ) { store in
            _ = try store.add(Samples.appPassword(1, of: "alice"), maximum: 5, by: desk)
        }
        try expect(
            .deleteAppPassword, [user, password], [AuditChange("label", from: "mail 1")]
        ) { store in
            _ = try store.deleteAppPasswords(of: alice, number: 1, by: desk, at: now)
        }
    }
}
