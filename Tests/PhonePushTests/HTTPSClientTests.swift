import Addresses
import Cryptography
import NIOCore
import NIOHTTP1
import NIOPosix
import PhonePush
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(2)))
struct HTTPSClientTests {
    private typealias Step = ScriptedServer.Step

    private static let crlf = "\r\n"

    /// What a client without TLS makes of a server's script.
    private static func response(
        to script: [ScriptedServer.Step], method: HTTPMethod = .POST, body: String = "body",
        reading: ResponseReading = .body(maximumByteCount: 1_000),
        within time: Duration = .seconds(20)
    ) async throws -> Result<HTTPResponse, PushFailure> {
        try await ScriptedServer.run(script) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let endpoint = try PushEndpoint("http://127.0.0.1:\(server.port)/path?query")
            let request = HTTPRequest(
                method: method, headers: ["X-Test": "1"], body: Array(body.utf8))
            let result: Result<HTTPResponse, PushFailure>
            do throws(PushFailure) {
                result = .success(
                    try await client.send(request, to: endpoint, reading: reading, within: time))
            } catch {
                result = .failure(error)
            }
            // However it ended, the connection does.
            var closed = false
            for await event in server.events where event == .closed {
                closed = true
                break
            }
            #expect(closed)
            return result
        }
    }

    private static func failure(
        of script: [ScriptedServer.Step], reading: ResponseReading = .body(maximumByteCount: 1_000)
    ) async throws -> PushFailure? {
        switch try await response(to: script, reading: reading) {
        case .success: nil
        case .failure(let failure): failure
        }
    }

    // MARK: What is well formed

    @Test func `a request is what was asked for and a response what came`() async throws {
        let answer = "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nx-a: 1\r\nX-A: 2\r\n\r\nhello"
        try await ScriptedServer.run([.awaitRequest, .send(answer)]) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let endpoint = try PushEndpoint("http://127.0.0.1:\(server.port)/path?query")
            let response = try await client.send(
                HTTPRequest(
                    method: .POST,
                    headers: [
                        "TTL": "60", "Host": "other", "Content-Length": "9",
                        "Transfer-Encoding": "chunked",
                    ],
                    body: Array("body".utf8)),
                to: endpoint, within: .seconds(20))
            #expect(response.status == 201)
            #expect(response.headers["X-A"] == ["1", "2"])
            #expect(response.body == Array("hello".utf8))
            var events = server.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            let expected = """
                POST /path?query HTTP/1.1
                TTL: 60
                Host: 127.0.0.1:\(server.port)
                Connection: close
                Content-Length: 4
                """.replacing("\n", with: "\r\n")
            #expect(await events.next() == .request(expected, Array("body".utf8)))
            #expect(await events.next() == .closed)
            #expect(server.connectionCount == 1)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""),
        ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, ""),
        (
            "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 301,
            ""
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n",
            200, "abcd"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 500 No\r\n\r\n", 200, "abc"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x"),
        (
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
            503, ""
        ),
    ])
    func `responses of many forms are read`(text: String, status: Int, body: String) async throws {
        for script in [[Step.awaitRequest, .send(text)], [.awaitRequest, .drip(text)]] {
            let response = try await Self.response(to: script).get()
            #expect(response.status == status)
            #expect(response.body == Array(body.utf8))
        }
    }

    @Test func `a body without a length ends with the connection`() async throws {
        let response = try await Self.response(
            to: [.awaitRequest, .send("HTTP/1.0 200 OK\r\n\r\nabc"), .send("def"), .close]
        ).get()
        #expect(response.body == Array("abcdef".utf8))
    }

    @Test func `a GET has no body and no length`() async throws {
        try await ScriptedServer.run(
            [.awaitRequest, .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
        ) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            _ = try await client.send(
                HTTPRequest(method: .GET), to: PushEndpoint("http://localhost:\(server.port)"),
                within: .seconds(20))
            var events = server.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            let expected =
                "GET / HTTP/1.1\r\nHost: localhost:\(server.port)\r\nConnection: close"
            #expect(await events.next() == .request(expected, []))
        }
    }

    @Test func `who wants the head alone has it before the body comes`() async throws {
        let head = "HTTP/1.1 201 Created\r\nContent-Length: 100000\r\nX-A: 1\r\n\r\n"
        for tail in [[], [Step.flood("x")]] {
            let response = try await Self.response(
                to: [.awaitRequest, .send(head)] + tail, reading: .head
            ).get()
            #expect(response.status == 201)
            #expect(response.body == [])
        }
    }

    // MARK: What is hostile

    @Test(arguments: [
        "", "HTTP", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ])
    func `a torn response is told`(text: String) async throws {
        #expect(
            try await Self.failure(of: [.awaitRequest, .send(text), .close]) == .connectionClosed)
    }

    @Test(arguments: [
        "\r\n\r\n\r\n\u{1}", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP\r\n", "\u{16}\u{3}\u{1}",
        "HTTP/2.0 200 OK\r\n\r\n", "HTTP/0.9 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nBad Header: 1\r\n\r\n", "HTTP/1.1 200 OK\r\n: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", "HTTP/1.1 200 OK\r\nX\r\n\r\n",
    ])
    func `what is no response of HTTP is refused`(text: String) async throws {
        let failure = try await Self.failure(of: [.awaitRequest, .send(text)])
        guard case .malformedResponse = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func `no damage to a response does harm`() async throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nab"
        var random = SplitMix64(seed: 3)
        for _ in 0..<150 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // ASCII, so that the script stays text.
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                    in: 0...127, using: &random)
            }
            let script = [
                Step.awaitRequest, .send(String(decoding: bytes, as: UTF8.self)), .close,
            ]
            _ = try await Self.response(to: script)
        }
    }

    @Test(arguments: [
        [Step.flood("x")],
        [.send("HTTP/1.1 200 OK\r\n"), .flood("X-Header: value\r\n")],
        [.send("HTTP/1.1 200 OK\r\nX: "), .flood("y")],
        [.send("HTTP/1.1 200 OK\r\n"), .flood("X: \(String(repeating: "y", count: 60_000))\r\n")],
        [.flood("HTTP/1.1 100 Continue\r\n\r\n")],
        [
            .flood(
                "HTTP/1.1 103 Early Hints\r\nLink: \(String(repeating: "y", count: 9_000))\r\n\r\n")
        ],
        [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood("body")],
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"), .flood("body")],
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"), .flood("b")],
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), .flood("1\r\nx\r\n")],
        [
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .flood("1;\(String(repeating: "y", count: 9_000))\r\nx\r\n"),
        ],
        [
            .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
            .flood("X-Trailer: 1\r\n"),
        ],
        [.flood("\r\n")],
    ])
    func `no response goes on for ever`(tail: [ScriptedServer.Step]) async throws {
        let failure = try await Self.failure(of: [.awaitRequest] + tail)
        switch failure {
        case .responseTooLong, .malformedResponse: break
        default: Issue.record("\(String(describing: failure))")
        }
    }

    @Test func `a body of the greatest length is read, and none longer`() async throws {
        for (count, isRead) in [(999, true), (1_000, true), (1_001, false), (20_000, false)] {
            let body = String(repeating: "x", count: count)
            for head in ["Content-Length: \(count)\r\n\r\n", "\r\n"] {
                let result = try await Self.response(
                    to: [.awaitRequest, .send("HTTP/1.1 200 OK\r\n\(head)\(body)"), .close])
                if isRead {
                    #expect(try result.get().body.count == count)
                } else {
                    #expect(throws: PushFailure.responseTooLong) { try result.get() }
                }
            }
        }
    }

    @Test(arguments: [
        [], [ScriptedServer.Step.awaitRequest],
        [.awaitRequest, .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")],
        [.awaitRequest, .send("HTTP/1.1 100 Continue\r\n\r\n")],
    ])
    func `silence ends with the time`(script: [ScriptedServer.Step]) async throws {
        let result = try await Self.response(to: script, within: .milliseconds(250))
        #expect(throws: PushFailure.timedOut) { try result.get() }
    }

    @Test func `a server that closes at once is told`() async throws {
        #expect(try await Self.failure(of: [.close]) == .connectionClosed)
    }

    @Test func `a cancelled task ends the connection`() async throws {
        try await ScriptedServer.run([.awaitRequest]) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let endpoint = try PushEndpoint("http://127.0.0.1:\(server.port)/")
            let task = Task { () -> PushFailure? in
                do throws(PushFailure) {
                    _ = try await client.send(
                        HTTPRequest(method: .POST), to: endpoint, within: .seconds(100))
                    return nil
                } catch {
                    return error
                }
            }
            var events = server.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            guard case .request = await events.next() else {
                Issue.record("no request came")
                return
            }
            task.cancel()
            #expect(await events.next() == .closed)
            #expect(await task.value == .cancelled)
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        try await ScriptedServer.run([.awaitRequest]) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let endpoint = try PushEndpoint("http://127.0.0.1:\(server.port)/")
            let task = Task { () -> PushFailure? in
                // Ends when the task is cancelled.
                for await _ in AsyncStream<Void>.makeStream().stream {}
                do throws(PushFailure) {
                    _ = try await client.send(
                        HTTPRequest(method: .POST), to: endpoint, within: .seconds(100))
                    return nil
                } catch {
                    return error
                }
            }
            task.cancel()
            #expect(await task.value == .cancelled)
        }
    }

    @Test(arguments: [
        ("X-A", "1\r\nX-B: 2"), ("X-A", "a\u{0}b"), ("X-A", "\u{7F}"), ("X-A", "ä"), ("X A", "1"),
        ("X:A", "1"), ("X\r\nB", "1"), ("", "1"),
    ])
    func `headers that would be others are not sent`(name: String, value: String) async throws {
        try await ScriptedServer.run([.awaitRequest]) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let endpoint = try PushEndpoint("http://127.0.0.1:\(server.port)/")
            var headers = HTTPHeaders()
            headers.add(name: name, value: value)
            let request = HTTPRequest(method: .POST, headers: headers)
            await #expect(throws: PushFailure.invalidRequest) {
                try await client.send(request, to: endpoint, within: .seconds(20))
            }
            #expect(server.connectionCount == 0)
        }
    }
}
