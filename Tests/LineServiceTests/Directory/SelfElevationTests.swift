import Accounts
import AuditLog
import CredentialStore
import LineClient
import LineProtocol
import LineService
import Testing

/// No administrator raises own rights, and those who are not global administrators keep off administrators.
@Suite struct SelfElevationTests {
    /// Requests about a user, with the right that each needs; `USER` stands for the user.
    private static let requests: [(verb: String, arguments: [String], need: String)] = [
        ("ROLE ADD", ["security-reader", "USER"], "manage-roles"),
        ("ROLE DEL", ["security-reader", "USER"], "manage-roles"),
        ("GROUP JOIN", ["staff", "USER"], "manage-groups"),
        ("GROUP LEAVE", ["staff", "USER"], "manage-groups"),
        ("USER MFA", ["USER", "state=disabled"], "manage-mfa"),
        ("RISK REPORT", ["USER", "level=none"], "manage-risk"),
        ("USER PUSHES", ["USER", "state=on"], "manage-risk"),
        ("USER LOCK", ["USER", "why=x"], "manage-risk"),
        ("USER UNLOCK", ["USER"], "manage-risk"),
        ("PASS ADD", ["USER"], "issue-passes"),
        ("PASS DEL", ["USER"], "issue-passes"),
        ("PASSWORD RESET", ["USER"], "reset-passwords"),
    ]
    /// Those that only keep off administrators.
    private static let others: [(verb: String, arguments: [String], need: String)] = [
        ("CRED DEL", ["USER", "AAAA"], "manage-methods"),
        ("RECOVERY NEW", ["USER"], "manage-methods"),
        ("APPPASS ADD", ["USER", "svc=imap"], "manage-methods"),
        ("APPPASS DEL", ["USER", "app=all"], "manage-methods"),
        ("ENROLL BEGIN", ["USER", "kind=totp"], "manage-methods"),
        ("TOKEN RESYNC", ["USER", "token=AAAA", "code=1", "code2=2"], "manage-methods"),
        (
            "TOKEN ADD", ["kind=totp", "secret=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "user=USER"],
            "manage-methods"
        ),
    ]

    private func arguments(_ arguments: [String], _ user: String) -> [String] {
        arguments.map { $0.replacing("USER", with: user) }
    }

    @Test func `nobody does to oneself what raises own rights`() async throws {
        try await DirectoryOffice.run { office in
            let desk = try await office.connect(as: "root")
            #expect(try await desk.ask("GROUP ADD", "staff").isSuccess)
            for (verb, template, need) in Self.requests {
                let count = try office.store.auditHead().count
                let reply = try await desk.ask(verb, arguments(template, "root"))
                #expect(reply.short == "-NOPERM need=\(need)", "\(verb)")
                let records = try office.records(after: count)
                #expect(records.map(\.entry.activity) == [.administratorRefused], "\(verb)")
                let record = try #require(records.first)
                #expect(record.entry.outcome == .failure(code: "own-account"))
                #expect(record.entry.targets == [AuditTarget(.user, "root")])
                #expect(record.entry.reason == "\(verb) needs \(need)")
                #expect(record.origin.who == .administrator("root"))
            }
            await desk.close()
        }
    }

    @Test func `no role below does anything to an administrator, or beyond its rights`()
        async throws
    {
        try await DirectoryOffice.run { office in
            for (user, role) in [
                ("aa", AdministratorRole.authenticationAdministrator), ("hd", .helpDesk),
                ("sr", .securityReader),
            ] {
                let desk = try await office.connect(as: user)
                let rights = Set(role.rights.map(\.rawValue))
                for (verb, template, need) in Self.requests + Self.others {
                    for (target, code) in [
                        ("root", "administrators-account"), (user, "own-account"),
                    ] {
                        let count = try office.store.auditHead().count
                        let reply = try await desk.ask(verb, arguments(template, target))
                        #expect(reply.short == "-NOPERM need=\(need)", "\(user) \(verb)")
                        var expected = rights.contains(need) ? code : "no-right"
                        if expected == "own-account", need == "manage-methods" {
                            expected = "administrators-account"
                        }
                        let record = try #require(try office.records(after: count).first)
                        #expect(
                            record.entry.outcome == .failure(code: expected), "\(user) \(verb)")
                    }
                }
                await desk.close()
            }
        }
    }

    @Test func `what a role allows is done to users without one`() async throws {
        try await DirectoryOffice.run { office in
            let help = try await office.connect(as: "hd")
            let pass = try await help.ask("PASS ADD", "alice")
            #expect(pass.isSuccess)
            #expect(pass["secret"]?.count == 8)
            #expect(try await help.ask("PASSWORD RESET", "alice").isSuccess)
            #expect(try await help.ask("USER GET", "root").isSuccess)
            #expect(
                try await help.ask("USER MFA", "alice", "state=disabled").short
                    == "-NOPERM need=manage-mfa")
            let methods = try await office.connect(as: "aa")
            #expect(try await methods.ask("USER MFA", "alice", "state=enforced").isSuccess)
            #expect(try await methods.ask("RISK REPORT", "alice", "level=high").isSuccess)
            #expect(try await methods.ask("USER LOCK", "alice", "why=x").isSuccess)
            #expect(
                try await methods.ask("USER DEL", "alice").short == "-NOPERM need=manage-users")
            await help.close()
            await methods.close()
        }
    }

    @Test func `a pass is issued in nobody else's name`() async throws {
        try await DirectoryOffice.run { office in
            let help = try await office.connect(as: "hd")
            #expect(try await help.ask("PASS ADD", "alice", "by=bob").word == .badArgument)
            #expect(try await help.ask("PASS ADD", "alice").isSuccess)
            #expect(
                try office.store.accessPass(of: userName("alice"))?.issuer == userName("hd"))
            let console = try await office.connect()
            #expect(!(try await console.ask("PASS ADD", "alice")).isSuccess)
            #expect(try await console.ask("PASS ADD", "alice", "by=bob").isSuccess)
            await help.close()
            await console.close()
        }
    }

    @Test func `a token is not moved to an administrator, nor taken from one`() async throws {
        try await DirectoryOffice.run { office in
            let console = try await office.connect()
            func add(_ user: String) async throws -> String {
                let reply = try await console.ask(
                    "TOKEN ADD", "kind=totp", "secret=AAAAAAAAAAAAAAAAAAAAAAAAAAA",
                    "user=\(user)")
                return try #require(reply["cred"])
            }
            let (alices, roots) = (try await add("alice"), try await add("root"))
            let desk = try await office.connect(as: "aa")
            for request in [
                ["TOKEN ASSIGN", alices, "user=root"], ["TOKEN ASSIGN", roots, "user=alice"],
                ["TOKEN ASSIGN", alices, "user=aa"], ["TOKEN UNASSIGN", roots],
                ["TOKEN DEL", roots],
            ] {
                let reply = try await desk.ask(request[0], Array(request.dropFirst()))
                #expect(reply.short == "-NOPERM need=manage-methods", "\(request)")
            }
            #expect(try await desk.ask("TOKEN ASSIGN", alices, "user=bob").isSuccess)
            #expect(try await desk.ask("TOKEN DEL", alices).isSuccess)
            await console.close()
            await desk.close()
        }
    }

    @Test func `the last global administrator stays, whoever asks`() async throws {
        try await DirectoryOffice.run { office in
            let console = try await office.connect()
            for request in [
                ["ROLE DEL", "global-administrator", "root"], ["USER DEL", "root"],
                ["USER LOCK", "root", "why=x"],
            ] {
                let reply = try await console.ask(request[0], Array(request.dropFirst()))
                #expect(reply.short == "-CONFLICT user=root", "\(request)")
            }
            #expect(try await console.ask("ROLE ADD", "global-administrator", "alice").isSuccess)
            #expect(try await console.ask("USER DEL", "root").isSuccess)
            await console.close()
        }
    }
}
