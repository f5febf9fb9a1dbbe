import Encoding
import Foundation
import LineClient
import LineProtocol
import Testing

/// Policies as administrators write, try and apply them.
@Suite struct PolicyCommandTests {
    private static let staff = """
        schema: 1
        policies:
          - id: staff-mfa
            state: report-only # at first
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

    private func write(_ yaml: String, _ server: Scratch, _ name: String) throws -> String {
        let path = server.file(name)
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// alice administers, bob is of the staff and signed in to mail with a password.
    private func fill(_ server: TestServer) async throws {
        let connection = try await server.connect()
        for user in ["alice", "bob"] { _ = try await connection.ask("USER ADD", [user]) }
        #expect(try await connection.ask("GROUP ADD", ["staff"]).isSuccess)
        #expect(try await connection.ask("GROUP JOIN", ["staff", "bob"]).isSuccess)
        #expect(try await connection.ask("ROLE ADD", ["global-administrator", "alice"]).isSuccess)
        let begun = try await connection.ask("BEGIN", ["bob"], ["svc": "mail", "pw": "ok"])
        let transaction = try #require(begun["txn"])
        #expect(try await connection.ask("CONTINUE", [transaction, "password"]).isSuccess)
        await connection.close()
    }

    @Test(.timeLimit(.minutes(2)))
    func `policies are checked, tried, applied and switched`() async throws {
        let server = try await TestServer()
        try await fill(server)
        let place = ["--socket", server.socket]
        let path = try write(Self.staff, server.scratch, "policies/staff.yaml")
        let folder = server.scratch.file("policies")

        let check = try await Program.run(["policy", "check", folder] + place)
        #expect(check.status == 0, "\(check.complaints)")
        #expect(check.output == "1 policies are good.\n")

        let asked = try await Program.run(
            ["policy", "what-if", "--user", "bob", "--app", "mail", "--password", "ok"] + place
                + ["--policy", folder, "--enforce"])
        #expect(asked.status == 0, "\(asked.complaints)")
        #expect(asked.output.hasPrefix("bob would be asked for more.\n"))
        #expect(asked.output.contains("policy staff-mfa asks for mfa"))
        #expect(asked.output.contains("the user has nothing that would do"))
        #expect(asked.output.contains("group staff; every application"))

        let replay = try await Program.run(
            ["policy", "replay", "--since", "1d", "--csv", "--enforce"] + place
                + ["--policy", folder])
        #expect(replay.status == 0, "\(replay.complaints)")
        let lines = replay.output.split(whereSeparator: \.isNewline)
        #expect(
            lines.first == "user,application,was,then,count,first,last,row,policies,missing")
        #expect(lines.last?.hasPrefix("bob,mail,let-in,unable,1,") == true)
        #expect(lines.last?.hasSuffix(",1,staff-mfa,mfa") == true)
        let told = try await Program.run(
            ["policy", "replay", "--since", "1d"] + place + ["--policy", folder])
        #expect(told.output.contains("1 would have been let in (1 user)"))

        let applied = try await Program.run(["policy", "apply", path] + place)
        #expect(applied.status == 0, "\(applied.complaints)")
        #expect(applied.output == "1 policies are in force: 1 new, 0 changed, 0 removed.\n")
        let switched = try await Program.run(["policy", "state", "staff-mfa", "on"] + place)
        #expect(switched.output == "Policy staff-mfa is on.\n")
        let shown = try await Program.run(["policy", "show", "staff.yaml"] + place)
        #expect(
            shown.output.contains(Self.staff.replacing("state: report-only #", with: "state: on #"))
        )
        let list = try await Program.run(["policy", "list"] + place)
        #expect(list.output.hasPrefix("staff-mfa  on  (staff.yaml:3)\n"))
        #expect(list.output.contains("group:staff"))
        let json = try await Program.run(["policy", "list", "--json"] + place)
        let items = try JSON.decode(Array(json.output.utf8)).arrayValue
        #expect(items?.last?["policy"]?.stringValue == "staff-mfa")
        #expect(items?.last?["line"]?.intValue == 3)
    }

    @Test(.timeLimit(.minutes(2)))
    func `problems are told as compilers tell them, and lock-out is refused`() async throws {
        let server = try await TestServer()
        try await fill(server)
        let place = ["--socket", server.socket]
        let bad = try write(
            Self.staff.replacing("[staff]", with: "[stuff]"), server.scratch, "bad.yaml")
        let check = try await Program.run(["policy", "check", bad] + place)
        #expect(check.status == 1)
        #expect(check.complaints.contains("\(bad):5: error: there is no group ‘stuff’"))
        let apply = try await Program.run(["policy", "apply", bad] + place)
        #expect(apply.status == 1)

        let nobody = try write(Self.nobody, server.scratch, "nobody.yaml")
        let refused = try await Program.run(["policy", "apply", nobody] + place)
        #expect(refused.status == 1)
        #expect(refused.complaints.contains("alice"))
        #expect(refused.complaints.contains("--force"))
        let forced = try await Program.run(
            ["policy", "apply", nobody, "--force", "a drill"] + place)
        #expect(forced.status == 0, "\(forced.complaints)")
        let missing = try await Program.run(["policy", "check", "/nowhere.yaml"] + place)
        #expect(missing.status == 78)
    }

    @Test(.timeLimit(.minutes(2)))
    func `a server reads a folder of policies, and keeps the last good ones`() async throws {
        let scratch = try Scratch()
        let path = try write(
            Self.staff.replacing("groups: [staff]", with: "roles: [help-desk]"), scratch,
            "policies/staff.yaml")
        let configuration = scratch.file("server.yaml")
        try """
        relying-parties: [{id: example.org}]
        policies: \(scratch.file("policies"))
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let server = try await TestServer(options: ["--config", configuration])
        let place = ["--socket", server.socket]
        let list = try await Program.run(["policy", "list"] + place)
        #expect(list.output.hasPrefix("staff-mfa  report-only  (staff.yaml:3)\n"))
        let apply = try await Program.run(["policy", "apply", path] + place)
        #expect(apply.status == 1)
        #expect(apply.complaints.contains("reads its policies from files"))

        func isListed(_ text: String) async throws -> Bool {
            // The server looks every few seconds.
            for _ in 0..<300 {
                let found = try await Program.run(["policy", "list"] + place)
                if found.output.contains(text) { return true }
            }
            return false
        }
        let good = try String(contentsOfFile: path, encoding: .utf8)
        try "schema: 1\npolicies: [7]\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await isListed("staff-mfa  report-only"))
        let connection = try await server.connect()
        var refusals = 0
        let deadline = ContinuousClock.now + .seconds(60)
        while refusals == 0, ContinuousClock.now < deadline {
            let reply = try await connection.ask(
                "AUDIT LIST", [], ["activity": "policies-refused"])
            if case .list(let items) = reply.body { refusals = items.count }
        }
        #expect(refusals == 1)
        await connection.close()
        #expect(try await isListed("staff-mfa  report-only"))
        try good.replacing("report-only", with: "off").write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(try await isListed("staff-mfa  off"))
    }

    @Test func `an evaluation is measured without a server`() async throws {
        let outcome = try await Program.run(
            ["policy", "measure", "--policies", "50", "--requests", "200", "--json"])
        #expect(outcome.status == 0, "\(outcome.complaints)")
        let json = try JSON.decode(Array(outcome.output.utf8))
        #expect(json["policies"]?.intValue == 50)
        #expect(json["requests"]?.intValue == 200)
    }
}
