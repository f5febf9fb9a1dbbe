import Accounts
import CredentialStore
import Emulators
import Foundation
import LineClient
import LineProtocol
import TestSupport
import Testing
import WebAuthn

/// The program against clients that nobody here wrote.
@Suite struct PeerTests {
    @Test(.needs("fido2-token"), .timeLimit(.minutes(2)))
    func `the stock fido2-tools are satisfied with the software key`() async throws {
        let outcome = try await Self.round("/bin/bash", "fido2_tools_round.sh")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaints)")
        #expect(outcome.output.contains("PASS"))
        #expect(!outcome.output.contains("FAIL"))
    }

    @Test(
        .enabled(if: Peer.python != nil, "python-fido2 is not installed; 'make test' installs it"),
        .timeLimit(.minutes(2)))
    func `python-fido2 is satisfied with the software key`() async throws {
        let outcome = try await Self.round(#require(Peer.python), "python_fido2_round.py")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaints)")
        #expect(outcome.output.contains("PASS"))
    }

    @Test(
        .enabled(if: Peer.mustBePresent || CardService.isHere, "\(CardService.absence)"),
        .timeLimit(.minutes(4)))
    func `OpenSC, yubico-piv-tool and OpenSSH are satisfied with the software card`() async throws {
        let service = try CardService.shared.get()
        let scratch = try Scratch()
        let card = try await RunningProgram(
            [
                "emulate", "card", "--vpcd", "127.0.0.1:\(service.port(0))",
                "--attestation-root", scratch.file("root.der"),
            ], readiness: "in the reader")
        let listed = try await Program.run(["cards", "list"])
        #expect(listed.output.contains(service.reader(0)))
        let outcome = try await Program.run(
            [Peer.script("card_round.sh"), service.reader(0), scratch.file("root.der")],
            executable: "/bin/bash")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaints)")
        #expect(outcome.output.contains("PASS"))
        #expect(!outcome.output.contains("FAIL"))
        #expect(card.end() == 0)
    }

    /// Runs a script with host and port of a fresh software key.
    private static func round(
        _ interpreter: String, _ script: String
    ) async throws -> Program.Outcome {
        let key = try await RunningProgram(
            ["emulate", "key", "--udp", "127.0.0.1:0", "--reset-any-time"],
            readiness: "udp:127.0.0.1:")
        let port = try #require(key.announcement.split(separator: ":").last)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let outcome = try await Program.run(
            [Peer.script(script), "127.0.0.1", port], executable: interpreter)
        #expect(key.end() == 0)
        return outcome
    }

    @Test(.needs("nc"))
    func `netcat is a client`() async throws {
        let server = try await TestServer()
        let outcome = try await Program.run(
            ["-N", "-U", server.socket], executable: #require(Peer.path("nc")),
            input: "USER ADD alice display=Alice%20Adams\n")
        #expect(outcome.output == "+OK user=alice\r\n")
        #expect(server.program.end() == 0)
    }

    @Test(.needs("redis-cli"))
    func `redis-cli is a client`() async throws {
        let server = try await TestServer()
        let redis = try #require(Peer.path("redis-cli"))
        let transcript: [([String], String)] = [
            (["PING"], "PONG\n"),
            (["USER", "ADD", "alice"], "OK user=alice\n"),
            (
                ["USER", "ADD", "alice"],
                "CONFLICT user=alice :user alice exists already\n\n"
            ),
            (["CRED", "LIST", "alice"], "\n"),
            (
                ["CRED", "DEL", "alice", "AAAA"],
                "NO user=alice :the user has no such credential\n\n"
            ),
        ]
        for (arguments, expected) in transcript {
            let outcome = try await Program.run(
                ["-s", server.socket] + arguments, executable: redis)
            #expect(outcome.output == expected)
        }
        let challenge = try await Program.run(
            ["-s", server.socket, "CHALLENGE", "nobody", "kind=webauthn"], executable: redis)
        #expect(challenge.output.hasPrefix("OK txn="))
        let status = try await Program.run(["-s", server.socket, "STATUS"], executable: redis)
        #expect(status.output.contains(" users=1 credentials=0 accepted=0 refused=0 "))
        #expect(server.program.end() == 0)
    }

    @Test func `an unknown transaction is refused and recorded`() async throws {
        let server = try await TestServer()
        let connection = try await server.connect()
        var member = try await Member("alice", on: connection)
        let good = try await member.answer(on: connection)
        #expect(try await connection.request(good).isSuccess)
        let reply = try await connection.ask(
            "ASSERT", ["AAAA"],
            ["cred": member.credential.id.text, "cdj": "e30", "ad": "AA", "sig": "AA"])
        #expect(reply.word == .noTransaction)
        #expect(server.program.end() == 0)
        #expect(try server.signIns().map(\.reason) == ["unknown-transaction", "ok"])
    }
}
