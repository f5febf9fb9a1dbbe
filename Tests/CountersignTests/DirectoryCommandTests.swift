import Foundation
import LineClient
import LineProtocol
import Testing

/// The directory as an administrator types it.
@Suite struct DirectoryCommandTests {
    /// Runs a command at a server.
    private func run(
        _ server: TestServer, _ words: String..., environment: [String: String] = [:]
    ) async throws -> Program.Outcome {
        try await Program.run(words + ["--socket", server.socket], environment: environment)
    }

    private func lines(_ outcome: Program.Outcome) -> [String] {
        outcome.output.split(separator: "\n").map(String.init)
    }

    @Test(.timeLimit(.minutes(3)))
    func `groups, roles, applications and locations come, are listed and go`() async throws {
        let server = try await TestServer()
        for user in ["alice", "bob"] {
            #expect(try await run(server, "users", "add", user).status == 0)
        }
        #expect(
            try await run(server, "groups", "add", "staff", "--about", "All of us").status == 0)
        #expect(try await run(server, "groups", "join", "staff", "bob").status == 0)
        #expect(
            lines(try await run(server, "groups", "list")) == [
                "GROUP  MEMBERS  ABOUT", "staff  1        All of us",
            ])
        #expect(lines(try await run(server, "groups", "members", "staff")) == ["bob"])

        #expect(
            try await run(server, "roles", "add", "global-administrator", "alice").status == 0)
        let last = try await run(server, "roles", "remove", "global-administrator", "alice")
        #expect(last.status == 1)
        #expect(last.complaints.contains("alice is the last global administrator"))
        #expect(
            lines(try await run(server, "roles", "list"))[1].hasPrefix(
                "global-administrator  alice  no      20"))

        #expect(try await run(server, "apps", "add", "imap", "--kind", "legacy").status == 0)
        #expect(
            lines(try await run(server, "apps", "list")) == [
                "APP   CLIENTS  NAME", "imap  legacy   imap",
            ])
        #expect(
            try await run(
                server, "locations", "add", "office", "--network", "192.0.2.0/24,2001:db8::/32",
                "--trusted"
            ).status == 0)
        #expect(
            lines(try await run(server, "locations", "list")) == [
                "LOCATION  TRUSTED  WHERE", "office    yes      192.0.2.0/24,2001:db8::/32",
            ])
        let wide = try await run(server, "locations", "add", "wide", "--network", "10.0.0.0/8")
        #expect(wide.status == 1)
        #expect(wide.complaints.contains("10.0.0.0/8 is too wide"))
        #expect(try await run(server, "locations", "add", "nowhere").status == 64)

        for words in [["groups", "staff"], ["apps", "imap"], ["locations", "office"]] {
            #expect(try await run(server, words[0], "delete", words[1]).status == 0)
            #expect(try await run(server, words[0], "delete", words[1]).status == 1)
        }
        #expect(lines(try await run(server, "groups", "list")) == ["There are no groups."])
    }

    @Test(.timeLimit(.minutes(3)))
    func `MFA is shown and set, of one user and of all`() async throws {
        let server = try await TestServer()
        for user in ["alice", "bob"] { _ = try await run(server, "users", "add", user) }
        #expect(try await run(server, "mfa", "enable", "bob").status == 0)
        #expect(
            lines(try await run(server, "mfa", "status")) == [
                "USER   MFA       METHODS  ROLES", "alice  disabled  -        -",
                "bob    enabled   -        -",
            ])
        #expect(
            lines(try await run(server, "mfa", "status", "--state", "enabled")).last
                == "bob   enabled  -        -")
        let connection = try await server.connect()
        _ = try await connection.ask(
            "TOKEN ADD", [],
            ["kind": "totp", "secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "user": "bob"])
        #expect(
            lines(try await run(server, "mfa", "status", "bob", "--json")) == [
                #"[{"display":"bob","methods":"totp","mfa":"enforced","risk":"none","roles":"","user":"bob"}]"#
            ])
        #expect(try await run(server, "mfa", "disable", "bob").status == 0)
        #expect(try await run(server, "mfa", "status", "carol").status == 1)
    }

    @Test(.timeLimit(.minutes(3)))
    func `more users than a page has are listed once each, hostile names harmless`() async throws {
        let server = try await TestServer()
        let connection = try await server.connect()
        for number in 1000..<1503 {
            _ = try await connection.ask("USER ADD", ["user\(number)"])
        }
        let hostile = "z\u{202E}<b>\u{2066}"
        let added = try await connection.ask("USER ADD", [hostile], ["display": "\u{200B}Root"])
        #expect(added.isSuccess)
        let listed = lines(try await run(server, "users", "list"))
        let names = listed.dropFirst().map { $0.prefix { $0 != " " } }
        #expect(
            names.map(String.init)
                == (1000..<1503).map { "user\($0)" } + ["z\\u{202e}<b>\\u{2066}"])
        #expect(listed.last?.hasSuffix("\\u{200b}Root") == true)
        let json = try await run(server, "users", "list", "--json").output
        #expect(json.contains(#""user":"z\u202e<b>\u2066""#))
        #expect(!json.contains("\u{202E}"))
    }

    @Test(.timeLimit(.minutes(3)))
    func `who is locked is shown, and a ticket that does not hold stops a command`() async throws {
        let server = try await TestServer()
        _ = try await run(server, "users", "add", "alice")
        #expect(
            try await run(server, "users", "lock", "alice", "--why", "ticket 7").status == 0)
        #expect(lines(try await run(server, "users", "list"))[1].contains(": ticket 7"))
        #expect(try await run(server, "users", "unlock", "alice").status == 0)
        #expect(try await run(server, "users", "unlock", "alice").status == 1)
        let outcome = try await run(
            server, "users", "delete", "alice", environment: ["COUNTERSIGN_TICKET": "wrong"])
        #expect(outcome.status == 1)
        #expect(outcome.complaints.contains("COUNTERSIGN_TICKET holds no ticket that is good"))
        #expect(try await run(server, "users", "show", "alice").status == 0)
    }
}
