import Accounts
import CredentialStore
import Encoding
import Foundation
import LineClient
import LineProtocol
import OATH
import Testing
import VerificationCore

/// Tokens, codes and app passwords as administrators, people and mail programs meet them.
@Suite struct CodeCommandTests {
    private static let appPasswords = """
        relying-parties: [{id: example.org}]
        app-passwords: {allowed: true}
        """

    /// A code of oathtool's, with these arguments.
    private static func oathtool(_ arguments: [String]) async throws -> String {
        let outcome = try await Program.run(
            arguments, executable: try #require(Peer.path("oathtool")))
        try #require(outcome.status == 0, "\(outcome.complaints)")
        return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test(.needs("oathtool"), .timeLimit(.minutes(2)))
    func `a token is enrolled with a code of oathtool's, and another signs in once`() async throws {
        let server = try await TestServer()
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["alice"])
        let begun = try await connection.ask(
            "ENROLL BEGIN", ["alice"], ["kind": "totp", "hash": "sha256", "digits": "8"])
        let seed = Hex.encode(try Base64URL.decode(try #require(begun["secret"])))
        func code(secondsFromNow offset: Int) async throws -> String {
            try await Self.oathtool([
                "--totp=sha256", "--digits=8", "--now=\(offset) seconds", seed,
            ])
        }
        let mistyped = try await connection.ask(
            "ENROLL FINISH", [try #require(begun["txn"])], ["code": "00000000"])
        #expect(mistyped.word == .no && mistyped["reason"] == "wrong-code")
        let finished = try await connection.ask(
            "ENROLL FINISH", [try #require(begun["txn"])],
            ["code": try await code(secondsFromNow: -30), "label": "phone app"])
        #expect(finished.isSuccess, "\(finished)")
        let next = try await code(secondsFromNow: 0)
        let first = try await Program.run(
            ["verify-code", "alice", "--socket", server.socket, "--address", "192.0.2.7"],
            input: next + "\n")
        #expect(first.status == 0, "\(first.complaints)")
        #expect(first.output.contains("otp"))
        let second = try await Program.run(
            ["verify-code", "alice", "--socket", server.socket], input: next + "\n")
        #expect(second.status == 1)
        #expect(server.program.end() == 0)
        let rows = try server.signIns()
        #expect(rows.map(\.reason) == ["code-replayed", "ok"])
        #expect(rows.last?.address == "192.0.2.7")
    }

    @Test(.needs("oathtool"), .timeLimit(.minutes(2)))
    func `a batch of tokens is imported with a report, and its tokens are given out`() async throws
    {
        let server = try await TestServer()
        let batch = """
            upn,serial number,secret key,time interval,manufacturer,model
            ,1001,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,30,Contoso,HardwareKey
            ,1002,NOT BASE32!,30,Contoso,HardwareKey
            ,1003,MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U,60,Contoso,HardwareKey

            """
        let file = try server.scratch.write(batch, to: "batch.csv")
        let imported = try await Program.run(
            ["tokens", "import", file, "--format", "csv", "--socket", server.socket])
        // One line is bad; the others are in.
        #expect(imported.status == 1, "\(imported.output)\(imported.complaints)")
        #expect((imported.output + imported.complaints).contains("1002"))
        let listed = try await Program.run(["tokens", "list", "--socket", server.socket])
        #expect(listed.output.contains("1001") && listed.output.contains("1003"))
        #expect(!listed.output.contains("GEZDGNBV"))
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["bob"])
        let assigned = try await Program.run(
            ["tokens", "assign", "1001", "bob", "--socket", server.socket])
        #expect(assigned.status == 0, "\(assigned.complaints)")
        let code = try await Self.oathtool([
            "--totp", "--base32", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        ])
        let reply = try await connection.ask("VERIFY", ["bob", code])
        #expect(reply.isSuccess && reply["method"] == "totp", "\(reply)")
        let again = try await Program.run(
            ["tokens", "import", file, "--format", "csv", "--socket", server.socket])
        #expect(again.status == 1)
        #expect(server.program.end() == 0)
        // What is on disk shows neither secret, in none of its forms.
        let disk = try Data(contentsOf: URL(fileURLWithPath: server.database))
        for form in ["12345678901234567890", "GEZDGNBVGY3TQOJQ", "abcdefghijklmnopqrst"] {
            #expect(disk.range(of: Data(form.utf8)) == nil)
        }
    }

    @Test(.needs("openssl"), .timeLimit(.minutes(2)))
    func `a slot answers with the HMAC that OpenSSL makes`() async throws {
        let server = try await TestServer()
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["alice"])
        let begun = try await connection.ask("ENROLL BEGIN", ["alice"], ["kind": "hmac"])
        let secret = try #require(begun["secret"])
        func answer(_ challenge: String?) async throws -> String {
            let file = server.scratch.file("challenge")
            try Data(Hex.decode(try #require(challenge))).write(to: URL(fileURLWithPath: file))
            let outcome = try await Program.run(
                ["dgst", "-sha1", "-mac", "HMAC", "-macopt", "hexkey:\(secret)", file],
                executable: try #require(Peer.path("openssl")))
            return try #require(outcome.output.split(separator: " ").last)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let finished = try await connection.ask(
            "ENROLL FINISH", [try #require(begun["txn"])],
            ["resp": try await answer(begun["challenge"]), "slot": "2"])
        #expect(finished.isSuccess, "\(finished)")
        let challenge = try await connection.ask("CHALLENGE", ["alice"], ["kind": "hmac"])
        let response = try await answer(challenge["challenge"])
        let transaction = try #require(challenge["txn"])
        #expect(
            try await connection.ask("ASSERT", [transaction], ["resp": response]).isSuccess)
        #expect(
            try await connection.ask("ASSERT", [transaction], ["resp": response]).word == .no)
        let other = try await connection.ask("CHALLENGE", ["alice"], ["kind": "hmac"])
        #expect(
            try await connection.ask("ASSERT", [#require(other["txn"])], ["resp": response]).word
                == .no)
        #expect(server.program.end() == 0)
        #expect(
            try server.signIns().map(\.reason) == ["wrong-response", "challenge-spent", "ok"])
    }

    @Test(.needs("nc"), .timeLimit(.minutes(2)))
    func `a mail program reconnects a hundred times with its app password, for mail alone`()
        async throws
    {
        let scratch = try Scratch()
        let file = try scratch.write(Self.appPasswords, to: "c.yaml")
        let server = try await TestServer(options: ["--config", file])
        let place = ["--socket", server.socket]
        func run(_ arguments: [String]) async throws -> Program.Outcome {
            try await Program.run(arguments + place)
        }
        _ = try await run(["users", "add", "alice"])
        let early = try await run(["app-passwords", "add", "alice", "--service", "imap"])
        #expect(early.status == 1, "made for a user whose MFA is not enforced")
        _ = try await run(["users", "mfa", "alice", "enforced"])
        #expect(
            try await run(["app-passwords", "add", "alice", "--service", "sshd"]).status == 1)
        let made = try await run([
            "app-passwords", "add", "alice", "--service", "imap,smtp", "--label", "mail",
        ])
        let secret = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(secret.wholeMatch(of: #/[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}/#) != nil)
        let script = """
            for i in $(seq 100); do
                printf 'VERIFY alice %s svc=imap rip=192.0.2.7\\n' "$2" | nc -UN "$1"
            done
            """
        let client = try await Program.run(
            ["-c", script, "mail", server.socket, secret], executable: "/bin/sh")
        let replies = client.output.split(whereSeparator: \.isNewline)
        #expect(replies.count == 100)
        #expect(replies.allSatisfy { $0.hasPrefix("+OK user=alice method=apppass aal=1") })

        let connection = try await server.connect()
        func verify(_ service: String) async throws -> Reply {
            try await connection.ask("VERIFY", ["alice", secret], ["svc": service])
        }
        #expect(try await verify("sshd").word == .no)
        #expect(try await connection.ask("VERIFY", ["alice", secret]).word == .no)
        #expect(try await verify("smtp").isSuccess)
        _ = try await run(["users", "risk", "alice", "high", "--why", "ticket 4711"])
        #expect(try await verify("imap").word == .no)
        _ = try await run(["users", "risk", "alice", "none"])
        #expect(try await verify("imap").isSuccess)
        let list = try await run(["app-passwords", "list", "alice"])
        #expect(list.output.contains("mail") && list.output.contains("imap,smtp"))
        #expect(!list.output.contains(secret.prefix(9)))
        let reset = try await run(["users", "password-reset", "alice"])
        #expect(reset.output.contains("1"))
        #expect(try await verify("imap").word == .no)
        #expect(server.program.end() == 0)
        let refused = try server.signIns().filter { !$0.isAccepted }.map(\.reason)
        #expect(
            refused.reversed() == [
                "service-takes-no-app-password", "service-takes-no-app-password",
                "app-password-suspended", "wrong-code",
            ])
    }

    @Test(.timeLimit(.minutes(3)))
    func `six copies of one code on six connections give one yes, a hundred times`() async throws {
        let server = try await TestServer()
        var connections: [LineConnection] = []
        for _ in 0..<6 { connections.append(try await server.connect()) }
        _ = try await connections[0].ask("USER ADD", ["alice"])
        let secret = [UInt8](repeating: 7, count: 20)
        let added = try await connections[0].ask(
            "TOKEN ADD", [],
            ["kind": "hotp", "secret": Base64URL.encode(secret), "user": "alice"])
        #expect(added.isSuccess, "\(added)")
        let key = try TokenKey(
            secret: secret, parameters: TokenParameters(.hotp(.six), hash: .sha1))
        for round in 0..<100 {
            let code = try #require(oneTimePassword(key, movingFactor: UInt64(round)))
            let words = try await withThrowingTaskGroup(of: ReplyWord.self) { group in
                for connection in connections {
                    group.addTask {
                        try await connection.ask("VERIFY", ["alice", code]).word
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(words.filter { $0 == .ok }.count == 1, "round \(round): \(words)")
        }
        #expect(server.program.end() == 0)
        #expect(try server.signIns().filter(\.isAccepted).count == 100)
    }

    @Test(.timeLimit(.minutes(2)))
    func `keys are rotated while codes come in, and the database opens with no other file`()
        async throws
    {
        let server = try await TestServer()
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["alice"])
        let secret = [UInt8](repeating: 9, count: 20)
        _ = try await connection.ask(
            "TOKEN ADD", [],
            ["kind": "hotp", "secret": Base64URL.encode(secret), "user": "alice"])
        let key = try TokenKey(
            secret: secret, parameters: TokenParameters(.hotp(.six), hash: .sha1))
        let other = try await server.connect()
        async let rotations: [Bool] = {
            var done: [Bool] = []
            for _ in 0..<5 { done.append(try await other.ask("KEYS ROTATE").isSuccess) }
            return done
        }()
        for counter in 0..<60 {
            let code = try #require(oneTimePassword(key, movingFactor: UInt64(counter)))
            let reply = try await connection.ask("VERIFY", ["alice", code])
            #expect(reply.isSuccess, "\(counter): \(reply)")
        }
        #expect(try await rotations == [true, true, true, true, true])
        #expect(server.program.end() == 0)
        let file = server.scratch.file("data/secrets.keys")
        let ring = try String(contentsOfFile: file, encoding: .utf8)
        #expect(ring.split(separator: "\n").count == 2 && ring.contains("\n6 "), "\(ring)")

        try await server.startAgain()
        let again = try await server.connect()
        let code = try #require(oneTimePassword(key, movingFactor: 60))
        #expect(try await again.ask("VERIFY", ["alice", code]).isSuccess)
        #expect(server.program.end() == 0)

        // Another's keys, and none: the server does not start, and makes no new ones.
        for contents in ["countersign keys 1\n6 " + String(repeating: "ab", count: 32) + "\n", nil]
        {
            try FileManager.default.removeItem(atPath: file)
            if let contents {
                try Data(contents.utf8).write(to: URL(fileURLWithPath: file))
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o600], ofItemAtPath: file)
            }
            let refused = try await Program.run([
                "serve", "--data", server.scratch.file("data"), "--socket",
                server.scratch.file("s.sock"), "--rp", "example.org",
            ])
            #expect(refused.status == 78, "\(refused.complaints)")
            #expect(refused.complaints.contains("secrets.keys"))
            #expect(FileManager.default.fileExists(atPath: file) == (contents != nil))
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `strangers who guess are made to wait, and the user at home is not`() async throws {
        let server = try await TestServer()
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["alice"])
        let secret = [UInt8](repeating: 3, count: 20)
        _ = try await connection.ask(
            "TOKEN ADD", [],
            ["kind": "hotp", "secret": Base64URL.encode(secret), "user": "alice"])
        let key = try TokenKey(
            secret: secret, parameters: TokenParameters(.hotp(.six), hash: .sha1))
        func code(_ counter: UInt64) throws -> String {
            try #require(oneTimePassword(key, movingFactor: counter))
        }
        let home = "2001:db8:1:2::7"
        #expect(
            try await connection.ask("VERIFY", ["alice", try code(0)], ["rip": home]).isSuccess)
        func guess(_ user: String) async throws -> [Reply] {
            var replies: [Reply] = []
            for number in 0..<12 {
                replies.append(
                    try await connection.ask(
                        "VERIFY", [user, "00000\(number % 10)"], ["rip": "198.51.100.\(number)"]))
            }
            return replies
        }
        let known = try await guess("alice")
        let unknown = try await guess("nobody")
        #expect(known.map(\.word) == [ReplyWord](repeating: .no, count: 10) + [.limit, .limit])
        #expect(unknown.map(\.word) == known.map(\.word))
        #expect(known.map { $0.options.map(\.key) } == unknown.map { $0.options.map(\.key) })
        // The right code from somewhere new has to wait too; at home it does not.
        let next = try code(1)
        #expect(
            try await connection.ask("VERIFY", ["alice", next], ["rip": "203.0.113.5"]).word
                == .limit)
        #expect(
            try await connection.ask("VERIFY", ["alice", next], ["rip": "2001:db8:1:2::8"])
                .isSuccess)
        let shown = try await Program.run(["users", "show", "alice", "--socket", server.socket])
        #expect(shown.output.contains("code-guessing"))
        #expect(server.program.end() == 0)
    }
}
