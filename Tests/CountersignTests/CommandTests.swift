import Accounts
import CredentialStore
import Foundation
import Testing

/// The command as a person meets it.
@Suite struct CommandTests {
    @Test func `help teaches the first session`() async throws {
        let outcome = try await Program.run(["--help"])
        #expect(outcome.status == 0)
        for word in ["serve", "devices", "enroll", "verify", "emulate", "loadtest", "demo"] {
            #expect(outcome.output.contains("  \(word)"), "\(word) is not in the help")
        }
    }

    @Test func `enrols and verifies a software key, and says no afterwards`() async throws {
        let server = try await TestServer()
        let device = ["--device", "emulator:\(server.scratch.file("key"))"]
        let place = ["--socket", server.socket]
        let unknown = try await Program.run(["enroll", "alice"] + device + place)
        #expect(unknown.status == 1)
        #expect(unknown.complaints.contains("--add-user"))

        let enrolled = try await Program.run(
            ["enroll", "alice", "--add-user", "--label", "blue key"] + device + place)
        #expect(enrolled.status == 0, "\(enrolled.complaints)")
        #expect(
            enrolled.output.contains("countersign-software-key")
                || enrolled.output.contains("software"))
        #expect(enrolled.output.contains("packed, certificate"))

        let again = try await Program.run(["enroll", "alice"] + device + place)
        #expect(again.status == 1)
        #expect(again.complaints.contains("registered for the account already"))

        let verified = try await Program.run(["verify", "alice", "--json"] + device + place)
        #expect(verified.status == 0, "\(verified.complaints)")
        #expect(verified.output.contains("\"user\":\"alice\""))
        #expect(verified.output.contains("\"uv\":\"yes\""))
        #expect(verified.output.contains("\"label\":\"blue key\""))

        let phished = try await Program.run(
            ["verify", "alice", "--origin", "https://evil.example"] + device + place)
        #expect(phished.status == 1)
        #expect(phished.complaints.contains("-NO user=alice"))
        #expect(!phished.complaints.contains("wrong-origin"))

        #expect(server.program.end() == 0)
        #expect(try server.signIns().map(\.reason) == ["wrong-origin", "ok"])
    }

    @Test func `shows what a key is, from the key and from the catalogue`() async throws {
        let scratch = try Scratch()
        let outcome = try await Program.run(["devices", "info", "emulator:\(scratch.file("key"))"])
        #expect(outcome.status == 0, "\(outcome.complaints)")
        #expect(outcome.output.contains("c0de51a4-7e57-4b1e-9a5e-0c5ec0de0001"))
        #expect(outcome.output.contains("(software)"))
        #expect(outcome.output.contains("FIDO_2_1"))
        #expect(outcome.output.contains("1.0.0"))
    }

    @Test func `says what to do when no server is there`() async throws {
        let scratch = try Scratch()
        let outcome = try await Program.run([
            "verify", "alice", "--device", "emulator:\(scratch.file("key"))", "--socket",
            scratch.file("nothing.sock"),
        ])
        #expect(outcome.status == 69)
        #expect(outcome.complaints.contains("countersign serve"))
    }

    @Test func `says what to do when the path is no device`() async throws {
        let outcome = try await Program.run(["devices", "info", "/dev/null"])
        #expect(outcome.status == 69)
        #expect(outcome.complaints.contains("devices list"))
    }

    @Test(
        arguments: [
            ("relying-parties: [{id: example.org}]\nsokcet: /tmp/x\n", "c.yaml:2"),
            ("relying-parties: [{id: Example.org}]\n", "c.yaml:1"),
            ("socket: /tmp/x\n", "c.yaml:1"),
            ("relying-parties: [{id: a.example, origins: [https://a.example/path]}]\n", "c.yaml:1"),
            (
                "relying-parties: [{id: a.example}]\nclients:\n  - {name: x, uid: 1, capabilities: [all]}\n",
                "c.yaml:3"
            ),
        ])
    func `refuses a wrong configuration with file and line`(
        text: String, place: String
    ) async throws {
        let scratch = try Scratch()
        let file = try scratch.write(text, to: "c.yaml")
        let outcome = try await Program.run(["serve", "--config", file])
        #expect(outcome.status == 78)
        #expect(outcome.complaints.contains(place), "\(outcome.complaints)")
    }

    @Test func `refuses a data folder that others can read`() async throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.file("data"), withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
        let outcome = try await Program.run([
            "serve", "--data", scratch.file("data"), "--socket", scratch.file("s"), "--rp",
            "example.org",
        ])
        #expect(outcome.status == 78)
        #expect(outcome.complaints.contains("chmod 700"))
    }

    @Test func `refuses to listen beyond this machine`() async throws {
        let scratch = try Scratch()
        let outcome = try await Program.run([
            "serve", "--data", scratch.file("data"), "--socket", scratch.file("s"), "--rp",
            "example.org", "--tcp", "0.0.0.0:0",
        ])
        #expect(outcome.status == 78)
    }

    @Test func `refuses a second server on the same data`() async throws {
        let server = try await TestServer()
        let outcome = try await Program.run([
            "serve", "--data", server.scratch.file("data"), "--socket", server.scratch.file("t"),
            "--rp", "example.org",
        ])
        #expect(outcome.status == 78)
        #expect(outcome.complaints.contains("another process"))
        #expect(server.program.end() == 0)
    }
}
