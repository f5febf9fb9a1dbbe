import Foundation
import LineProtocol
import LineService
import Testing

/// netcat and redis-cli, as anybody has them.
@Suite struct StockClientTests {
    private static func exists(_ program: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
    }

    @Test(.enabled(if: exists("nc"), "netcat is not installed"))
    func `netcat speaks lines and gets its reply after it has closed`() async throws {
        try await LiveServer.run { live in
            let heard = try await live.run(
                "nc", ["-N", "-U", live.path], input: "VERIFY alice 123456\n")
            #expect(heard == "+OK user=alice\r\n")
            let list = try await live.run("nc", ["-N", "-U", live.path], input: "CRED LIST 2\n")
            #expect(list == "*2\r\n+cred=0\r\n+cred=1\r\n")
            let two = try await live.run("nc", ["-N", "-U", live.path], input: "PING\nPING\n")
            #expect(two == "-SYNC :bytes follow the line but pipelining was not negotiated\r\n")
        }
    }

    @Test(.enabled(if: exists("redis-cli"), "redis-cli is not installed"))
    func `redis-cli is a client`() async throws {
        try await LiveServer.run { live in
            let transcript: [([String], String)] = [
                (["PING"], "PONG\n"),
                (["VERIFY", "al ice", "123456"], "OK user=al%20ice\n"),
                (["VERIFY", "alice", "1"], "NO user=alice\n\n"),
                (["CRED", "LIST", "2"], "cred=0\ncred=1\n"),
            ]
            for (arguments, expected) in transcript {
                let heard = try await live.run("redis-cli", ["-s", live.path] + arguments)
                #expect(heard == expected)
            }
            let hello = try await live.run("redis-cli", ["-3", "-s", live.path, "HELLO", "3"])
            #expect(hello.contains("server countersign\n"))
        }
    }

    @Test(.enabled(if: exists("redis-cli"), "redis-cli is not installed"))
    func `redis-cli has help for the verbs`() async throws {
        try await LiveServer.run { live in
            let help = try await live.run(
                "redis-cli", ["-s", live.path], input: "help verify\nhelp cred list\n")
            let lines = help.replacing(/\u{1B}\[[0-9]+m/, with: "").split(
                whereSeparator: \.isNewline
            )
            .map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(
                lines == [
                    "VERIFY user code [svc=value]", "summary: Check a code", "since: 1.0",
                    "group: countersign",
                    "CRED LIST count", "summary: List credentials", "since: 1.0",
                    "group: countersign",
                ])
        }
    }

    @Test(.enabled(if: exists("redis-benchmark"), "redis-benchmark is not installed"))
    func `redis-benchmark runs its course`() async throws {
        try await LiveServer.run { live in
            let heard = try await live.run(
                "redis-benchmark",
                ["-s", live.path, "-n", "2000", "-c", "4", "-q", "VERIFY", "alice", "123456"])
            #expect(heard.contains("requests per second"))
            let pipelined = try await live.run(
                "redis-benchmark",
                ["-3", "-s", live.path, "-n", "2000", "-c", "4", "-P", "16", "-q", "PING"])
            #expect(pipelined.contains("requests per second"))
            #expect(live.server.counters.requests >= 2000)
            #expect(live.server.counters.errors[.noVerb, default: 0] <= 1, "CONFIG GET, once")
        }
    }
}
