import CredentialStore
import Encoding
import Foundation
import LineClient
import LineProtocol
import Testing

/// Sign-ins of several steps, administrators and the audit log, as front ends and people meet them.
@Suite struct StepFourTests {
    private static let policies = """
        schema: 1
        policies:
          - id: vpn-mfa
            title: Two factors for the VPN
            state: on
            users: all
            applications: [vpn]
            grant: {all: [mfa]}
            session: {sign-in-frequency: 12h}
        """

    /// A server with alice, who has ten recovery codes; they are something that she has.
    private static func prepared() async throws -> (TestServer, LineConnection, [String]) {
        let server = try await TestServer()
        let connection = try await server.connect()
        for name in ["alice", "root1"] { _ = try await connection.ask("USER ADD", [name]) }
        _ = try await connection.ask("APP ADD", ["vpn"])
        let made = try await connection.ask("RECOVERY NEW", ["alice"])
        guard case .list(let items) = made.body else {
            Issue.record("no codes: \(made)")
            return (server, connection, [])
        }
        let codes = items.compactMap { item in
            item.options?.first { $0.key == "code" }?.value
        }
        return (server, connection, codes)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a policy asks for a second factor, and one verdict says what was shown`() async throws {
        let (server, connection, codes) = try await Self.prepared()
        let folder = try Scratch()
        let file = try folder.write(Self.policies, to: "vpn.yaml")
        let applied = try await Program.run(["policy", "apply", file, "--socket", server.socket])
        try #require(applied.status == 0, "\(applied.complaints)")

        let alone = try await connection.ask("VERIFY", ["alice", codes[0]], ["svc": "vpn"])
        #expect(alone.word == .no)
        let elsewhere = try await connection.ask("VERIFY", ["alice", codes[1]], ["svc": "mail"])
        #expect(elsewhere.isSuccess)

        let begun = try await connection.ask("BEGIN", ["alice"], ["svc": "vpn", "pw": "ok"])
        #expect(begun.isSuccess && begun["methods"] == "recovery")
        let transaction = try #require(begun["txn"])
        let done = try await connection.ask("CONTINUE", [transaction, codes[2]])
        #expect(done.isSuccess, "\(done)")
        #expect(done["amr"] == "pwd,otp,mfa")
        #expect(done["aal"] == "2")
        #expect(done["policies"] == "vpn-mfa")
        #expect(done["frequency"] == "43200")
        let again = try await connection.ask("CONTINUE", [transaction, codes[3]])
        #expect(again.word == .no)

        let wrong = try await connection.ask("BEGIN", ["alice"], ["svc": "vpn", "pw": "bad"])
        #expect(wrong.word == .no)
        let nobody = try await connection.ask("BEGIN", ["mallory"], ["svc": "vpn"])
        let somebody = try await connection.ask("BEGIN", ["alice"], ["svc": "vpn"])
        #expect(nobody["methods"] == somebody["methods"])
        #expect(nobody["prompt"] == somebody["prompt"])
        #expect(server.program.end() == 0)
        let rows = try server.signIns()
        #expect(
            rows.map(\.reason) == [
                "wrong-password", "challenge-spent", "ok", "ok", "no-method-satisfies",
            ])
    }

    @Test(.timeLimit(.minutes(2)))
    func `an administrator acts with a ticket, as far as the role goes`() async throws {
        let (server, connection, _) = try await Self.prepared()
        _ = try await connection.ask("ROLE ADD", ["global-administrator", "root1"])
        _ = try await connection.ask("ROLE ADD", ["help-desk", "alice"])
        let begun = try await connection.ask(
            "BEGIN", ["alice"], ["svc": "countersign", "pw": "ok"])
        let signedIn = try await connection.ask(
            "CONTINUE", [try #require(begun["txn"]), "password"])
        let ticket = try #require(signedIn["ticket"])
        let acting = try await server.connect()
        #expect(try await acting.ask("ACT", [ticket + "x"]).isSuccess == false)
        #expect(try await acting.ask("ACT", [ticket]).isSuccess)
        let own = try await acting.ask("ROLE ADD", ["global-administrator", "alice"])
        #expect(own.word == .noPermission)
        let other = try await acting.ask("USER DEL", ["root1"])
        #expect(other.word == .noPermission)
        let last = try await connection.ask("ROLE DEL", ["global-administrator", "root1"])
        #expect(!last.isSuccess)
        #expect(try await connection.ask("ROLE DEL", ["help-desk", "alice"]).isSuccess)
        #expect(try await acting.ask("USER GET", ["alice"]).word == .noPermission)
        let log = try await Program.run(["audit", "list", "--socket", server.socket])
        #expect(log.output.contains("administrator:alice"))
        #expect(log.output.contains("administrator-refused"))
        #expect(server.program.end() == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func `an export of the audit log is verified offline, and what was changed is named`()
        async throws
    {
        let (server, connection, _) = try await Self.prepared()
        let folder = try Scratch()
        let (export, key, head) = (
            folder.file("audit.txt"), folder.file("audit.key"), folder.file("head.note")
        )
        func run(_ arguments: [String]) async throws -> Program.Outcome {
            try await Program.run(["audit"] + arguments)
        }
        let printedKey = try await run(["key", "--socket", server.socket])
        _ = try folder.write(printedKey.output, to: "audit.key")
        let printedHead = try await run(["head", "--socket", server.socket])
        _ = try folder.write(printedHead.output, to: "head.note")
        _ = try await connection.ask("USER LOCK", ["alice"], ["why": "lost her bag"])
        let exported = try await run(["export", "--output", export, "--socket", server.socket])
        try #require(exported.status == 0, "\(exported.complaints)")
        let good = try await run(["verify", export, "--key", key, "--head", head])
        #expect(good.status == 0, "\(good.complaints)")

        let text = try String(contentsOfFile: export, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        let records = lines.indices.filter { lines[$0].contains("\"number\":") }
        try #require(records.count > 4)
        let changed = try folder.write(
            text.replacing("lost her bag", with: "lost his bag"), to: "changed.txt")
        #expect(try await run(["verify", changed, "--key", key]).status == 1)
        var without = lines
        without.remove(at: records[2])
        let cut = try folder.write(without.joined(separator: "\n") + "\n", to: "cut.txt")
        let missing = try await run(["verify", cut, "--key", key])
        #expect(missing.status == 1)
        #expect((missing.output + missing.complaints).contains("3"))
        #expect(server.program.end() == 0)
    }
}
