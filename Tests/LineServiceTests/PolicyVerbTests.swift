import Accounts
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import Encoding
import LineClient
import LineProtocol
import LineService
import Testing

/// The verbs about policies, each test with a service of its own. One at a time: a service takes a while to start.
@Suite(.serialized) struct PolicyVerbTests {
    private static let staff = """
        schema: 1
        policies:
          - id: staff-mfa
            state: on
            users: { include: { groups: [staff] } }
            applications: all
            grant: { all: [mfa] }

        """

    private static let nobody = """
        schema: 1
        policies:
          - id: nobody
            state: on
            users: all
            applications: all
            grant: block

        """

    @Test func `files are sent in parts, checked, applied, listed and shown`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            let sent = try await connection.send(Self.staff, as: "staff.yaml", partLength: 30)
            #expect(sent.word == .ok)
            #expect(sent["file"] == "staff.yaml")
            #expect(sent["bytes"] == String(Self.staff.utf8.count))
            let check = try await connection.items("POLICY CHECK")
            #expect(
                check == [
                    [
                        "kind": "summary", "policies": "1", "files": "1", "problems": "0",
                        "more": "no", "warnings": "0", "locked-out": "none",
                    ]
                ])
            #expect(server.desk.documents == [])
            let applied = try await connection.ask("POLICY APPLY")
            #expect(applied.word == .ok)
            #expect(applied["policies"] == "1")
            #expect(applied["added"] == "1")
            // What was sent is used up.
            #expect(try await connection.ask("POLICY APPLY")["reason"] == "no-draft")
            let list = try await connection.items("POLICY LIST")
            #expect(
                list == [
                    ["kind": "summary", "policies": "1", "source": "apply", "files": "1"],
                    [
                        "kind": "policy", "policy": "staff-mfa", "state": "on",
                        "file": "staff.yaml", "line": "3", "users": "group:staff",
                        "applications": "all", "grant": "all: mfa",
                    ],
                ])
            let shown = try await connection.items("POLICY SHOW", [], ["file": "staff.yaml"])
            #expect(shown.first == ["file": "staff.yaml"])
            let yaml = try shown.dropFirst().flatMap { item in
                try Base64URL.decode(item["yaml"] ?? "")
            }
            #expect(String(decoding: yaml, as: UTF8.self) == Self.staff)
            #expect(try await connection.ask("POLICY SHOW", [], ["file": "x"]).word == .no)
            await connection.connection.close()
        }
    }

    @Test func `the act and the administrator's connection are on record`() async throws {
        try await PolicyServer.run { server in
            let count = try server.store.auditHead().count
            let connection = try await server.connect()
            try await connection.send(Self.staff)
            _ = try await connection.ask("POLICY APPLY")
            _ = try await connection.ask("POLICY STATE", ["staff-mfa"], ["state": "off"])
            let records = try server.store.auditRows(after: count, limit: 9).compactMap(\.record)
            #expect(records.map(\.entry.activity) == [.applyPolicies, .setPolicyState])
            #expect(records.map(\.origin.actor) == ["client:console", "client:console"])
            await connection.connection.close()
        }
    }

    @Test func `problems come with file, line and text`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            try await connection.send(
                Self.staff.replacing("[staff]", with: "[stuff]"), as: "a b.yaml")
            let items = try await connection.items("POLICY CHECK")
            #expect(items.first?["problems"] == "1")
            #expect(items.last?["kind"] == "problem")
            #expect(items.last?["code"] == "unknown-reference")
            #expect(items.last?["file"] == "a b.yaml")
            #expect(items.last?["line"] == "5")
            #expect(items.last?["text"]?.hasPrefix("there is no group ‘stuff’") == true)
            let refused = try await connection.ask("POLICY APPLY")
            #expect(refused.word == .conflict)
            #expect(refused["reason"] == "policies-refused")
            #expect(refused["problems"] == "1")
            // What was refused can be looked at again, or dropped.
            #expect(try await connection.ask("POLICY DROP")["files"] == "1")
            #expect(try await connection.ask("POLICY CHECK")["reason"] == "no-draft")
            await connection.connection.close()
        }
    }

    @Test func `a lock-out needs a reason`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            try await connection.send(Self.nobody)
            let items = try await connection.items("POLICY CHECK")
            #expect(items.first?["locked-out"] == "all")
            #expect(
                items.last == ["kind": "locked-out", "user": "alice", "policies": "nobody"])
            let refused = try await connection.ask("POLICY APPLY")
            #expect(refused["reason"] == "locks-out-administrators")
            #expect(refused.word == .conflict)
            let empty = try await connection.ask("POLICY APPLY", [], ["force": ""])
            #expect(empty.word == .badArgument)
            let forced = try await connection.ask("POLICY APPLY", [], ["force": "a drill"])
            #expect(forced.word == .ok)
            #expect(forced["locked-out"] == "1")
            await connection.connection.close()
        }
    }

    @Test func `a draft is its connection's, and ends with it`() async throws {
        try await PolicyServer.run { server in
            let first = try await server.connect()
            let second = try await server.connect()
            try await first.send(Self.staff)
            #expect(try await second.ask("POLICY CHECK")["reason"] == "no-draft")
            await first.connection.close()
            // Sixteen connections can have one each, so each that ends must give its up.
            for _ in 0..<20 {
                let next = try await server.connect()
                var reply = try await next.send(Self.staff)
                // The server may hear of an end after the next beginning.
                while reply.word == .busy { reply = try await next.send(Self.staff) }
                #expect(reply["files"] == "1")
                await next.connection.close()
            }
            await second.connection.close()
        }
    }

    @Test func `names and bytes that are none are refused`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            for (file, yaml) in [("a:1", "eA"), ("", "eA"), ("a", "e A")] {
                let reply = try await connection.ask(
                    "POLICY DRAFT", [], ["file": file, "yaml": yaml])
                #expect(reply.word == .badArgument)
            }
            #expect(try await connection.ask("POLICY CHECK")["reason"] == "no-draft")
            await connection.connection.close()
        }
    }

    @Test func `a policy is switched`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            try await connection.send(Self.staff)
            _ = try await connection.ask("POLICY APPLY")
            let reply = try await connection.ask(
                "POLICY STATE", ["staff-mfa"], ["state": "report-only"])
            #expect(reply["state"] == "report-only")
            #expect(server.desk.book.current.policies.map(\.state) == [.reportOnly])
            let again = try await connection.ask(
                "POLICY STATE", ["staff-mfa"], ["state": "report-only"])
            #expect(again["reason"] == "policy-unchanged")
            let missing = try await connection.ask("POLICY STATE", ["x"], ["state": "on"])
            #expect(missing.word == .no)
            for (policy, state) in [("X", "on"), ("staff-mfa", "maybe")] {
                let wrong = try await connection.ask(
                    "POLICY STATE", [policy], ["state": state])
                #expect(wrong.word == .badArgument)
            }
            await connection.connection.close()
        }
    }

    @Test func `policies read from files are not the wire's to change`() async throws {
        try await PolicyServer.run(isReadFromFiles: true) { server in
            let connection = try await server.connect()
            try await connection.send(Self.staff)
            let reply = try await connection.ask("POLICY APPLY")
            #expect(reply.word == .conflict)
            #expect(reply["reason"] == "policies-read-from-files")
            #expect(reply.text?.contains("change those") == true)
            let list = try await connection.items("POLICY LIST")
            #expect(list.first?["source"] == "files")
            await connection.connection.close()
        }
    }

    @Test func `clients without the capability are refused`() async throws {
        try await PolicyServer.run(capabilities: [.verify]) { server in
            let connection = try await server.connect()
            for (verb, positionals) in [
                ("POLICY LIST", []), ("POLICY CHECK", []), ("POLICY APPLY", []),
                ("POLICY WHATIF", ["bob"]),
            ] {
                #expect(try await connection.ask(verb, positionals).word == .noPermission)
            }
            await connection.connection.close()
        }
        // A reader of logs reads, and changes nothing.
        try await PolicyServer.run(capabilities: [.audit]) { server in
            let connection = try await server.connect()
            #expect(try await connection.ask("POLICY LIST").word == .ok)
            #expect(try await connection.ask("POLICY APPLY").word == .noPermission)
            #expect(
                try await connection.ask("POLICY DRAFT", [], ["file": "a", "yaml": "eA"]).word
                    == .noPermission)
            await connection.connection.close()
        }
    }

    @Test func `what-if names every policy`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            try await connection.send(Self.staff)
            _ = try await connection.ask("POLICY APPLY")
            let items = try await connection.items("POLICY WHATIF", ["bob"], ["pw": "ok"])
            let answer = try #require(items.first)
            #expect(answer["outcome"] == "unsatisfied")
            #expect(answer["known"] == "yes")
            #expect(answer["groups"] == "staff")
            #expect(
                items.dropFirst() == [
                    [
                        "kind": "missing", "by": "policy:staff-mfa", "join": "all",
                        "controls": "mfa", "beyond-client": "no",
                    ],
                    [
                        "kind": "policy", "policy": "staff-mfa", "state": "on", "applies": "yes",
                        "result": "failure", "why": "group staff; every application",
                    ],
                ])
            let shown = try await connection.items(
                "POLICY WHATIF", ["bob"], ["with": "webauthn+uv+hw,totp"])
            #expect(shown.first?["outcome"] == "granted")
            let other = try await connection.items("POLICY WHATIF", ["mallory"])
            #expect(other.first?["known"] == "no")
            #expect(other.last?["code"] == "user-not-included")
            #expect(other.last?["why"] == "it does not include the user")
            // A draft in its place.
            try await connection.send(Self.nobody)
            let draft = try await connection.items("POLICY WHATIF", ["bob"], ["draft": "yes"])
            #expect(draft.first?["outcome"] == "blocked")
            #expect(draft.first?["by"] == "nobody")
            let both = try await connection.items(
                "POLICY WHATIF", ["bob"], ["draft": "yes", "add": "yes"])
            #expect(both.compactMap { $0["policy"] } == ["staff-mfa", "nobody"])
            #expect(server.desk.book.current.policies.count == 1)
            await connection.connection.close()
        }
    }

    @Test func `questions that make no sense are refused`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            for (key, value) in [
                ("with", "telepathy"), ("with", "webauthn+nowhere"), ("with", "password"),
                ("with", ""), ("draft", "maybe"), ("add", "yes"), ("enforce", "1"),
                ("user-risk", "extreme"), ("risk", "x"), ("rip", "300.1.1.1"), ("country", "at"),
                ("kind", "browsers"), ("pw", "x"),
            ] {
                let request = try RequestLine(
                    "POLICY WHATIF", ["bob"], options: [LineProtocol.Option(key, value)])
                let reply = try await connection.connection.request(request)
                #expect(reply.word == .badArgument, "\(key)=\(value)")
            }
            await connection.connection.close()
        }
    }

    @Test func `replay counts what policies would have said`() async throws {
        try await PolicyServer.run { server in
            let connection = try await server.connect()
            // Bob signs in with nothing but a password.
            for _ in 0..<2 {
                let begun = try await connection.ask(
                    "BEGIN", ["bob"], ["svc": "mail", "pw": "ok", "kind": "browser"])
                let transaction = try #require(begun["txn"])
                let done = try await connection.ask("CONTINUE", [transaction, "password"])
                #expect(done.word == .ok)
            }
            try await connection.send(Self.staff)
            let items = try await connection.items(
                "POLICY REPLAY", [], ["since": "1d", "until": "9999-01-01", "draft": "yes"])
            let summary = try #require(items.first)
            #expect(summary["rows"] == "2")
            #expect(summary["judged"] == "2")
            #expect(summary["next"] == nil)
            let moment = String(PolicyServer.start.milliseconds)
            #expect(
                items.dropFirst() == [
                    [
                        "kind": "group", "user": "bob", "app": "mail", "was": "let-in",
                        "then": "unable", "count": "2", "first": moment, "last": moment,
                        "example": "2", "policies": "staff-mfa", "missing": "mfa",
                    ]
                ])
            for (key, value) in [("since", "yesterday"), ("after", "1"), ("after", "a.b")] {
                let options: KeyValuePairs =
                    key == "since" ? ["since": value] : ["since": "1d", key: value]
                let reply = try await connection.ask("POLICY REPLAY", [], options)
                #expect(reply.word == .badArgument)
            }
            await connection.connection.close()
        }
    }
}
