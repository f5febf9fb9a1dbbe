import Accounts
import CredentialStore
import Foundation
import LineClient
import LineProtocol
import Testing

/// Phones as people meet them: a QR code to scan, a prompt, a number; each phone in a process of its own.
@Suite struct PhoneCommandTests {
    /// A server that phones reach, whose prompts live a quarter of a minute.
    private static func server(_ phones: String = "") async throws -> TestServer {
        let scratch = try Scratch()
        let file = try scratch.write(
            """
            relying-parties: [{id: example.org}]
            phones: {listen: "127.0.0.1:0", name: Example, lifetime: 15, \
            endpoints: ["127.0.0.1:any"]\(phones)}
            clients:
              - {name: tests, uid: \(getuid()), capabilities: [verify, enroll, administer, stats, reasons]}

            """, to: "c.yaml")
        let server = try await TestServer(options: ["--config", file])
        try #require(server.program.announcement.contains("https://127.0.0.1:"))
        return server
    }

    /// Runs a phone to the end of its script. What it says of each prompt is on the lines that it gives.
    private static func phone(
        in folder: String, _ name: String, _ options: [String]
    ) async throws -> Program.Outcome {
        try await Program.run(
            ["emulate", "phone", "--state", "\(folder)/\(name).phone"] + options)
    }

    /// Adds a user and enrols a phone for it.
    private static func enrol(
        _ user: String, _ server: TestServer, _ connection: LineConnection
    ) async throws {
        _ = try await connection.ask("USER ADD", [user])
        let begun = try await connection.ask("ENROLL BEGIN", [user], ["kind": "push"])
        let uri = try #require(begun["uri"])
        let folder = server.scratch.path
        let outcome = try await phone(
            in: folder, user, ["--enrol", uri, "--push", "0", "--script", ""])
        try #require(outcome.status == 0, "\(outcome.complaints)")
        let reply = try await connection.ask("ENROLL WAIT", [try #require(begun["txn"])])
        #expect(reply.isSuccess && reply["user"] == user && reply["guard"] == "pin", "\(reply)")
        // The ticket is good once.
        let again = try await phone(
            in: folder, "thief", ["--enrol", uri, "--push", "0", "--script", ""])
        #expect(again.status != 0)
        #expect(again.complaints.contains("ticket-spent"), "\(again.complaints)")
    }

    @Test(.needs("zbarimg"), .timeLimit(.minutes(2)))
    func `a phone scans the QR code, and the user is asked on it`() async throws {
        let server = try await Self.server()
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["alice"])
        let picture = server.scratch.file("code.png")
        let enrolling = try await RunningProgram(
            ["phones", "enroll", "alice", "--png", picture, "--socket", server.socket],
            readiness: "Scan this")
        let scanned = try await Program.run(
            ["--quiet", "--raw", picture], executable: try #require(Peer.path("zbarimg")))
        #expect(scanned.output.hasPrefix("countersign://enrol?"), "\(scanned.complaints)")
        let enrolled = try await Program.run(
            [
                "emulate", "phone", "--state", server.scratch.file("alice.phone"), "--enrol", "-",
                "--push", "0", "--script", "",
            ], input: scanned.output)
        #expect(enrolled.status == 0, "\(enrolled.complaints)")
        #expect(enrolling.wait() == 0)

        let numbers = try server.scratch.write("", to: "numbers")
        let folder = server.scratch.path
        async let phone = Self.phone(
            in: folder, "alice", ["--script", "approve", "--number-from", numbers])
        let asking = try await Program.run(
            [
                "-c",
                """
                "$1" phones ask alice --app sshd --info 'db1' --address 192.0.2.7 --socket "$2" |
                    tee /dev/stderr | sed -un 's/^The number for the phone: //p' >> "$3"
                """, "sh", Program.path, server.socket, numbers,
            ], executable: "/bin/sh")
        #expect(asking.complaints.contains("swk,user,pin,mfa (assurance level 2)"))
        let told = try await phone
        #expect(told.output.contains("approve: accepted"), "\(told.output)\(told.complaints)")
        #expect(server.program.end() == 0)
        let row = try #require(try server.signIns().first)
        #expect(row.method == .push && row.isAccepted && row.service == "sshd")
        #expect(row.address == "192.0.2.7")
    }

    @Test(.timeLimit(.minutes(3)))
    func `each script of the phone ends as it should`() async throws {
        let server = try await Self.server()
        let connection = try await server.connect()
        // The act; what the sign-in record says of the last prompt; what the phone says.
        let cases = [
            ("approve", "ok", "approve: accepted"),
            ("wrong-number", "wrong-number", "refused wrong-number"),
            ("decline", "push-declined", "decline: accepted"),
            ("not-me", "push-not-me", "not-me: accepted"),
            ("ignore", "push-expired", "ignored"),
            ("late", "push-expired", "refused push-expired"),
            ("twice", "ok", "refused push-answered"),
            ("for-another", "push-expired", "refused prompt-unknown"),
            ("approve,replay", "push-expired", "refused push-answered"),
            ("forge-key", "push-expired", "invalid-signature"),
            ("forge-prompt", "push-expired", "refused prompt-altered"),
        ]
        for (index, _) in cases.enumerated() {
            try await Self.enrol("user\(index)", server, connection)
        }
        let (folder, socket) = (server.scratch.path, server.socket)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, (script, reason, said)) in cases.enumerated() {
                let user = "user\(index)"
                group.addTask {
                    let (last, output) = try await Self.play(script, user, folder, socket)
                    #expect(last == reason, "\(script): \(output)")
                    #expect(output.contains(said), "\(script): \(output)")
                }
            }
            try await group.waitForAll()
        }
        let events = try await Program.run(["users", "show", "user3", "--socket", server.socket])
        #expect(events.output.contains("suspicious-activity-reported"))
        #expect(events.output.contains("pushes=stopped"))
        #expect(server.program.end() == 0)
        let rows = try server.signIns()
        #expect(rows.filter(\.isAccepted).count == 3)
        #expect(Set(rows.filter(\.isAccepted).compactMap(\.user)) == ["user0", "user6", "user8"])
    }

    /// Sends a prompt for each act, and gives the reason of the last and what the phone said.
    private static func play(
        _ script: String, _ user: String, _ folder: String, _ socket: String
    ) async throws -> (reason: String, output: String) {
        let connection = try await TestServer.connect(to: socket)
        let numbers = "\(folder)/\(user).numbers"
        try Data().write(to: URL(fileURLWithPath: numbers))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: numbers))
        async let phone = Self.phone(
            in: folder, user, ["--script", script, "--number-from", numbers])
        var reason = ""
        for _ in script.split(separator: ",") {
            let sent = try await connection.ask("PUSH", [user], ["svc": "vpn"])
            try file.write(contentsOf: Data("\(try #require(sent["number"]))\n".utf8))
            let verdict = try await connection.ask("WAIT", [try #require(sent["txn"])])
            reason = verdict.isSuccess ? "ok" : verdict["reason"] ?? "\(verdict)"
        }
        let outcome = try await phone
        return (reason, outcome.output + outcome.complaints)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a phone whose endpoint the server may not call polls, and is asked all the same`()
        async throws
    {
        let server = try await Self.server()
        let connection = try await server.connect()
        _ = try await connection.ask("USER ADD", ["alice"])
        let begun = try await connection.ask("ENROLL BEGIN", ["alice"], ["kind": "push"])
        let folder = server.scratch.path
        let outcome = try await Self.phone(
            in: folder, "alice",
            ["--enrol", try #require(begun["uri"]), "--poll", "--script", "", "--guard", "none"])
        #expect(outcome.status == 0, "\(outcome.complaints)")
        let enrolled = try await connection.ask("ENROLL WAIT", [try #require(begun["txn"])])
        #expect(enrolled["pushes"] == "no")
        let numbers = try server.scratch.write("", to: "numbers")
        async let phone = Self.phone(
            in: folder, "alice", ["--poll", "--script", "approve", "--number-from", numbers])
        let sent = try await connection.ask("PUSH", ["alice"])
        try Data("\(try #require(sent["number"]))\n".utf8).write(
            to: URL(fileURLWithPath: numbers))
        let verdict = try await connection.ask("WAIT", [try #require(sent["txn"])])
        // A key that nothing guards shows possession alone.
        #expect(verdict.isSuccess && verdict["amr"] == "swk,user" && verdict["aal"] == "1")
        _ = try await phone
        #expect(server.program.end() == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a newer prompt takes the place of an older one, and strangers look like users`()
        async throws
    {
        let server = try await Self.server()
        let (first, second) = (try await server.connect(), try await server.connect())
        try await Self.enrol("alice", server, first)
        let old = try await first.ask("PUSH", ["alice"])
        let new = try await first.ask("PUSH", ["alice"])
        let unknown = try await first.ask("PUSH", ["nobody"])
        #expect(new.options.map(\.key) == unknown.options.map(\.key))
        let superseded = try await first.ask("WAIT", [try #require(old["txn"])])
        #expect(superseded["reason"] == "push-superseded")
        async let waiting = second.ask("WAIT", [try #require(new["txn"])])
        #expect(
            try await first.ask("WAIT", [try #require(unknown["txn"])], ["timeout": "1"]).word
                == .wait)
        #expect(try await first.ask("CANCEL", [try #require(new["txn"])]).isSuccess)
        #expect(try await waiting["reason"] == "push-cancelled")
        #expect(
            try await first.ask("WAIT", [try #require(new["txn"])]).word == .noTransaction)
        #expect(server.program.end() == 0)
    }
}
