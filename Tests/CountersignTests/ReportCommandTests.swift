import Encoding
import Foundation
import LineClient
import LineProtocol
import Testing

/// Reports as the identity team asks for them.
@Suite struct ReportCommandTests {
    /// What the command prints as JSON.
    private func json(_ arguments: [String], _ server: TestServer) async throws -> JSON {
        let outcome = try await Program.run(arguments + ["--json", "--socket", server.socket])
        try #require(outcome.status == 0, "\(outcome.complaints)")
        return try JSON.decode(Array(outcome.output.utf8))
    }

    @Test(.timeLimit(.minutes(2)))
    func `sign-ins and what was done to users come out in each form`() async throws {
        let server = try await TestServer()
        let connection = try await server.connect()
        var alice = try await Member("alice", on: connection)
        _ = try await connection.ask("USER ADD", ["bob"])
        let right = try await connection.request(alice.answer(on: connection))
        #expect(right.isSuccess)
        let wrong = try await connection.request(
            alice.answer(on: connection, origin: "https://example.com"))
        #expect(wrong.word == .no)
        _ = try await connection.ask("PASSWORD RESET", ["bob"])

        let volume = try await json(["report", "sign-in-volume"], server)
        #expect(volume["report"]?.stringValue == "sign-in-volume")
        let figures = ["sign-ins", "succeeded", "failed"].map { volume["figures"]?[$0]?.intValue }
        #expect(figures == [2, 1, 1])

        let resets = try await json(["report", "audit-password-resets", "--since", "1d"], server)
        let rows = resets["tables"]?["resets"]?["rows"]?.arrayValue
        #expect(rows?.map { $0["user"]?.stringValue } == ["bob"])

        let pattern = try await json(["report", "sign-in-pattern", "--user", "alice"], server)
        #expect(pattern["parameters"]?["user"]?.stringValue == "alice")
        #expect(pattern["tables"]?["latest"]?["rows"]?.arrayValue?.count == 2)

        let log = try await json(["signins", "--user", "alice", "--outcome", "failure"], server)
        let found = log["tables"]?["sign-ins"]?["rows"]?.arrayValue ?? []
        #expect(found.map { $0["user"]?.stringValue } == ["alice"])
        #expect(found.map { $0["method"]?.stringValue } == ["webauthn"])
        #expect(found.map { $0["reason"]?.stringValue } == ["wrong-origin"])

        let csv = try await Program.run(
            ["report", "sign-in-failures", "--csv", "--socket", server.socket])
        #expect(csv.output.hasPrefix("user,failed,last,reasons\r\nalice,1,"))
        #expect(csv.output.hasSuffix(",wrong-origin 1\r\n"))

        let table = try await Program.run(
            ["report", "method-registration", "--socket", server.socket])
        #expect(table.output.contains("Users without any method\n  User"))

        let page = server.scratch.file("report.html")
        let written = try await Program.run(
            ["report", "sign-in-volume", "--html", page, "--socket", server.socket])
        #expect(written.status == 0)
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("<svg"))
        await connection.close()
        #expect(server.program.end() == 0)
    }

    @Test(.timeLimit(.minutes(2)))
    func `what cannot be asked is said before the server is`() async throws {
        let list = try await Program.run(["report", "list"])
        #expect(list.status == 0)
        #expect(list.output.contains("  sign-in-pattern --user\n"))
        for (arguments, status, words) in [
            (["report", "nothing"], 78, "there is no report 'nothing'"),
            (["report", "sign-in-pattern"], 78, "needs --user"),
            (["report", "sign-in-volume", "--user", "alice"], 78, "takes no --user"),
            (["report", "sign-in-volume", "--since", "soon"], 78, "'soon' is no moment"),
            (["report", "sign-in-volume", "--by", "year"], 78, "--by is day, week or month"),
            (["report", "sign-in-volume", "--csv", "--table", "x"], 78, "no table 'x'"),
            (["report", "sign-in-volume", "--json", "--csv"], 64, "Choose one"),
            (["signins", "--limit", "0"], 64, "--limit"),
        ] as [([String], Int32, String)] {
            let outcome = try await Program.run(arguments + ["--socket", "/nonexistent"])
            #expect(outcome.status == status)
            #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
        }
    }
}
