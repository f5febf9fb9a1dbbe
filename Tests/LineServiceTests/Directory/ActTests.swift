import Accounts
import AuditLog
import CredentialStore
import LineClient
import LineProtocol
import LineService
import Testing

/// Acting for an administrator who signed in.
@Suite struct ActTests {
    private let refusedAsClient = "-NOPERM need=administer"

    @Test func `a ticket makes the connection its holder's, until RESET`() async throws {
        try await DirectoryOffice.run([.act]) { office in
            let desk = try await office.connect()
            #expect(try await desk.ask("USER LIST").short == refusedAsClient)
            #expect(
                try await desk.ask("ACT", office.ticket(of: "root")).short
                    == "+OK user=root roles=global-administrator")
            #expect(try await desk.ask("GROUP ADD", "staff").short == "+OK group=staff")
            let record = try #require(try office.records(after: 0).last)
            #expect(record.entry.activity == .addGroup)
            #expect(record.origin.who == .administrator("root"))
            #expect(record.origin.client == "desk")
            #expect(record.origin.from.hasPrefix("uid "))
            #expect(try await desk.ask("RESET").isSuccess)
            await desk.close()
            let other = try await office.connect()
            #expect(try await other.ask("GROUP ADD", "other").short == refusedAsClient)
            await other.close()
        }
    }

    @Test func `signing in to administer is on record`() async throws {
        try await DirectoryOffice.run { office in
            let count = try office.store.auditHead().count
            _ = try await office.connect(as: "aa")
            let records = try office.records(after: count)
            #expect(records.map(\.entry.activity) == [.administratorSignedIn])
            #expect(records.first?.entry.targets == [AuditTarget(.user, "aa")])
            #expect(
                records.first?.entry.changes == [
                    AuditChange("roles", to: "authentication-administrator")
                ])
            #expect(records.first?.origin.who == .administrator("aa"))
        }
    }

    @Test func `a ticket that does not hold makes the connection nobody's`() async throws {
        try await DirectoryOffice.run { office in
            for ticket in ["x", try office.ticket(of: "root", through: "other")] {
                let desk = try await office.connect()
                #expect(try await desk.ask("USER LIST").isSuccess)
                let count = try office.store.auditHead().count
                #expect(try await desk.ask("ACT", ticket).short == "-NO reason=wrong-ticket")
                let record = try #require(try office.records(after: count).first)
                #expect(record.entry.activity == .administratorRefused)
                #expect(record.entry.outcome == .failure(code: "wrong-ticket"))
                #expect(record.origin.who == .client)
                // A client that does not look at the refusal must not go on in its own name.
                #expect(try await desk.ask("USER DEL", "alice").short == "-NOPERM need=act")
                #expect(try await desk.ask("AUTH", "web", "wrong").short == "-WRONGPASS")
                #expect(try await desk.ask("USER LIST").isSuccess)
                await desk.close()
            }
        }
    }

    @Test func `who has no role, or is locked, is refused`() async throws {
        try await DirectoryOffice.run { office in
            try office.store.lock(
                userName("hd"), because: "left", by: .system("test"), at: office.clock.now)
            for user in ["alice", "hd", "nobody"] {
                let desk = try await office.connect()
                let reply = try await desk.ask("ACT", office.ticket(of: user))
                #expect(reply.short == "-NO user=\(user) reason=not-an-administrator")
                #expect(
                    try await desk.ask("USER LIST").short == "-NOPERM need=read-directory")
                await desk.close()
            }
        }
    }

    @Test func `a client that may not act cannot`() async throws {
        try await DirectoryOffice.run([.administer]) { office in
            let desk = try await office.connect()
            #expect(
                try await desk.ask("ACT", office.ticket(of: "root")).short == "-NOPERM need=act")
            // Whoever does not look at the refusal must not go on in its own name.
            #expect(try await desk.ask("GROUP ADD", "staff").short == "-NOPERM need=act")
            #expect(try await desk.ask("RESET").isSuccess)
            #expect(try await desk.ask("GROUP ADD", "staff").isSuccess)
            await desk.close()
        }
    }

    @Test func `a role that is taken away is gone at once`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect(as: "aa")
            let request = ["alice", "state=enabled"]
            #expect(try await desk.ask("USER MFA", request).isSuccess)
            let aa = try userName("aa")
            try office.store.remove(
                .authenticationAdministrator, from: aa, by: .system("test"), at: office.clock.now)
            #expect(try await desk.ask("USER MFA", request).short == "-NOPERM need=manage-mfa")
            try office.store.assign(
                .authenticationAdministrator, to: aa, by: .system("test"), at: office.clock.now)
            #expect(try await desk.ask("USER MFA", request).isSuccess)
            try office.store.lock(
                aa, because: "left", by: .system("test"), at: office.clock.now)
            #expect(try await desk.ask("USER MFA", request).short == "-NOPERM need=manage-mfa")
            try office.store.deleteUser(
                aa, unlessNamedBy: { _, _ in nil }, by: .system("test"), at: office.clock.now)
            #expect(try await desk.ask("USER MFA", request).short == "-NOPERM need=manage-mfa")
            await desk.close()
        }
    }

    @Test func `a ticket's time ends on a connection that is open`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect(as: "root")
            #expect(try await desk.ask("GROUP ADD", "staff").isSuccess)
            office.clock.advance(by: .seconds(3600))
            let count = try office.store.auditHead().count
            #expect(
                try await desk.ask("GROUP ADD", "other").short == "-NOPERM need=manage-groups")
            let record = try #require(try office.records(after: count).first)
            #expect(record.entry.outcome == .failure(code: "ticket-over"))
            await desk.close()
        }
    }

    @Test func `an auditor reads logs and does nothing else`() async throws {
        try await DirectoryOffice.run([.audit]) { office in
            let desk = try await office.connect()
            #expect(try await desk.ask("AUDIT LIST").isSuccess)
            #expect(try await desk.ask("USER LIST").short == refusedAsClient)
            #expect(try await desk.ask("GROUP ADD", "x").short == refusedAsClient)
            #expect(try await desk.ask("KEYS ROTATE").short == refusedAsClient)
            await desk.close()
        }
    }
}
