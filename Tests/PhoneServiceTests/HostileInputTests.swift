import Foundation
import Logging
import NIOCore
import PhoneService
import PushMessages
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct HostileInputTests {
    private static let filler = String(repeating: "a", count: 9_000)

    @Test(arguments: [
        ("GET /v1/server HTTP/1.1\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/1.1\r\nHost : a\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", 400, "malformed-request"),
        ("GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/2.0\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/0.9\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server HTTP/9.9\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /v1/server\r\n\r\n", 400, "malformed-request"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed-request"),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}", 400, "malformed-request"),
        ("BREW /v1/server HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("get /v1/server HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400, nil),
        ("POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Length: 1e3\r\n\r\n", 400, nil),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
            400, nil
        ),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
            400, nil
        ),
        ("POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\n", 413, "too-long"),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Length: 2\r\n\r\n", 400, nil
        ),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400,
            nil
        ),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                + "Transfer-Encoding: identity\r\n\r\n", 400, nil
        ),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, nil
        ),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400, nil
        ),
        (
            "POST /v1/phones HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                + "\r\n", 417, "expectation"
        ),
        ("GET /\(filler) HTTP/1.1\r\nHost: a\r\n\r\n", 431, "headers-too-long"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(filler)\r\n\r\n", 431, "headers-too-long"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(filler): x\r\n\r\n", 431, "headers-too-long"),
        (
            "GET / HTTP/1.1\r\nHost: a\r\n"
                + String(repeating: "X: y\r\n", count: 64) + "\r\n", 431, "headers-too-long"
        ),
    ])
    func `answers what is no request, and closes`(
        text: String, status: Int, code: String?
    ) async throws {
        try await LiveServer.run { live in
            let reply = try HTTPReply(await live.exchange(text))
            #expect(reply.status == status)
            #expect(reply.fields["connection"] == "close")
            #expect(reply.fields["content-type"] == "application/json")
            let error = try ErrorReply(decoding: Array(reply.body.utf8))
            if let code { #expect(error.code == code) }
            #expect(error.message == nil)
            #expect(live.script.calls == 0)
        }
    }

    @Test(arguments: [
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/server HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        "POST /v1/phones HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n"
            + "Content-Length: 2\r\n\r\n{}",
        "GET /v1/server HTTP/1.1\r\nHost: a\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\n\r\n",
        "GET /v1/server HTTP/1.0\r\n\r\n",
        "GET /v1/server HTTP/1.0\r\nConnection: close\r\n\r\n",
        "GET /v1/server HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
        "GET /v1/server HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\n\r\n",
    ])
    func `answers odd requests once, and closes`(text: String) async throws {
        try await LiveServer.run { live in
            let reply = try HTTPReply(await live.exchange(text))
            #expect([200, 400, 404, 405, 415].contains(reply.status))
            #expect(reply.fields["connection"] == "close")
        }
    }

    @Test func `what is torn off at any byte reaches nobody`() async throws {
        try await LiveServer.run { live in
            let request = try HTTPText.request(
                "POST", "/v1/decisions", body: Messages.decision())
            for prefix in request.properPrefixes {
                let wire = try await live.connect()
                wire.send(prefix)
                wire.finish()
                let heard = await wire.closed()
                #expect(heard.isEmpty || heard.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            }
            #expect(live.script.calls == 0)
            await eventually { live.server.openConnections == 0 }
            #expect(live.server.openConnections == 0)
        }
    }

    @Test func `takes a request byte by byte`() async throws {
        try await LiveServer.run { live in
            let wire = try await live.connect()
            for byte in try HTTPText.request(
                "POST", "/v1/decisions", fields: ["Connection: close"], body: Messages.decision())
            {
                wire.send([byte])
            }
            #expect(try HTTPReply(await wire.closed()).status == 200)
        }
    }

    // MARK: Bodies

    private func chunked(_ body: [UInt8], by size: Int) -> [UInt8] {
        var text = Array(
            ("POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n").utf8)
        for start in stride(from: 0, to: body.count, by: size) {
            let chunk = body[start..<min(start + size, body.count)]
            text += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
        }
        return text + Array("0\r\n\r\n".utf8)
    }

    @Test func `takes a body in chunks of any size`() async throws {
        try await LiveServer.run { live in
            let body = try Messages.decision()
            for size in [1, 2, 7, 100, body.count] {
                let reply = try HTTPReply(await live.exchange(chunked(body, by: size)))
                #expect(reply.status == 200)
            }
        }
    }

    @Test func `reads no more of a body in chunks than it may have`() async throws {
        try await LiveServer.run { live in
            let white = [UInt8](repeating: 0x20, count: 16_384)
            // The whole of it is white space: within the limit it is no message, beyond it is too long.
            let fits = try HTTPReply(await live.exchange(chunked(white, by: 4_096)))
            #expect(fits.status == 400)
            let over = try HTTPReply(await live.exchange(chunked(white + [0x20], by: 4_096)))
            #expect(over.status == 413)
            #expect(over.body == #"{"code":"too-long"}"#)
            #expect(over.fields["connection"] == "close")
            let endless = [UInt8](repeating: 0x20, count: 4_000_000)
            let cut = try HTTPReply(await live.exchange(chunked(endless, by: 65_536)))
            #expect(cut.status == 413)
            // Small chunks: the framing is longer than what it frames.
            let framed = try HTTPReply(await live.exchange(chunked(white, by: 1)))
            #expect(framed.status == 413)
            // A chunk's extension is no part of the body, and nothing else either.
            let wire = try await live.connect()
            wire.send(
                "POST /v1/decisions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=")
            wire.send([UInt8](repeating: 0x61, count: 50_000))
            #expect(try [400, 413, 415].contains(HTTPReply(await wire.closed()).status))
            #expect(live.script.calls == 0)
        }
    }

    @Test(arguments: [
        "", "{", "null", "[]", "\"x\"", "{}", "{\"message\":\"\",\"sig\":\"\"}",
        "{\"message\":null,\"sig\":null}", "\u{FEFF}{}", "{\"message\":1e999999999}",
        String(repeating: "[", count: 16_000), "{\"a\":" + String(repeating: "[", count: 10_000),
    ])
    func `answers JSON that is no message with one word`(text: String) async throws {
        try await LiveServer.run { live in
            for path in ["/v1/phones", "/v1/prompts", "/v1/decisions", "/v1/subscription"] {
                let reply = try await live.request("POST", path, body: Array(text.utf8))
                #expect(reply.status == 400)
                #expect(reply.body == #"{"code":"malformed-request"}"#)
            }
            #expect(live.script.calls == 0)
        }
    }

    @Test func `refuses a member named twice, an unknown one and bytes that are no UTF-8`()
        async throws
    {
        try await LiveServer.run { live in
            let good = String(decoding: try Messages.decision(), as: UTF8.self)
            #expect(good.hasSuffix("}"))
            let open = good.dropLast()
            let signature = String(repeating: "A", count: 86)
            let bad: [[UInt8]] = [
                Array("\(open),\"sig\":\"\(signature)\"}".utf8),
                Array("\(open),\"s\\u0069g\":\"\(signature)\"}".utf8),
                Array("\(open),\"extra\":1}".utf8),
                Array("\(good)\(good)".utf8),
                Array("\(open),\"\u{FF}\":1}".utf8),
                Array(open.utf8) + Array(",\"x".utf8) + [0xFF] + Array("\":1}".utf8),
                Array(good.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
            ]
            for body in bad {
                let reply = try await live.request("POST", "/v1/decisions", body: body)
                #expect(reply.status == 400)
            }
            #expect(live.script.calls == 0)
            let fine = try await live.request("POST", "/v1/decisions", body: Array(good.utf8))
            #expect(fine.status == 200)
        }
    }

    @Test func `a flipped bit of a body is refused or makes another message`() async throws {
        try await LiveServer.run { live in
            let good = try Messages.poll(wait: 0)
            live.script.change { $0.poll = .success(nil) }
            var taken = 0
            for (number, body) in good.singleBitFlips.enumerated() where number % 7 == 0 {
                let reply = try await live.request("POST", "/v1/prompts", body: body)
                #expect([204, 400].contains(reply.status))
                guard reply.status == 204 else { continue }
                taken += 1
                let poll = try SignedPoll(decoding: body)
                #expect(try poll != SignedPoll(decoding: good))
            }
            #expect(live.script.calls == taken)
        }
    }

    @Test func `logs nothing of what a request says`() async throws {
        let lines = KeptLog()
        var logger = Logger(label: "tests") { _ in lines }
        logger.logLevel = .trace
        try await LiveServer.run(logger: logger) { live in
            let marker = "SESAME"
            for text in [
                "GET /\(marker) HTTP/1.1\r\nHost: \(marker)\r\nConnection: close\r\n\r\n",
                "\(marker) / HTTP/1.1\r\n\r\n", "GET / HTTP/\(marker)\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\(marker)\r\n\r\n",
                "POST /v1/phones HTTP/1.1\r\nHost: a\r\nContent-Length: \(marker)\r\n\r\n",
            ] { _ = try await live.exchange(text) }
            for body in ["{\"\(marker)\":1}", "{\"ticket\":\"\(marker)\"}", marker] {
                _ = try await live.request("POST", "/v1/phones", body: Array(body.utf8))
            }
            #expect(!lines.text.isEmpty)
            #expect(!lines.text.contains(marker))
        }
    }

    // MARK: Pipelining and floods

    @Test func `answers the first of several requests sent at once, and closes`() async throws {
        try await LiveServer.run { live in
            let one = try HTTPText.request("POST", "/v1/decisions", body: Messages.decision())
            let heard = try await live.exchange(one + one + one)
            let reply = try HTTPReply(heard)
            #expect(reply.status == 200)
            #expect(reply.fields["connection"] == "close")
            #expect(live.script.calls == 1)
        }
    }

    @Test func `a request hidden in another's body is a body`() async throws {
        try await LiveServer.run { live in
            let hidden = try HTTPText.request("POST", "/v1/decisions", body: Messages.decision())
            let reply = try await live.request("POST", "/v1/phones", body: hidden)
            #expect(reply.status == 400)
            #expect(live.script.calls == 0)
            // Where the body is not read, what follows is not taken for a request either.
            let unread = HTTPText.request("POST", "/nowhere", body: hidden) + hidden
            let first = try HTTPReply(await live.exchange(unread))
            #expect(first.status == 404)
            #expect(live.script.calls == 0)
        }
    }

    @Test func `survives ten thousand bad requests, and answers the next good one`() async throws {
        try await LiveServer.run { live in
            let good = try HTTPText.request(
                "POST", "/v1/decisions", fields: ["Connection: close"], body: Messages.decision())
            let processor = processorTime()
            try await withThrowingTaskGroup { group in
                for lane in 0..<20 {
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(lane))
                        for _ in 0..<500 {
                            let bad = Self.spoilt(good, &random)
                            let wire = try await live.connect()
                            wire.send(bad)
                            wire.finish()
                            let heard = await wire.closed()
                            #expect(
                                heard.isEmpty || heard.hasPrefix("HTTP/1.1 "),
                                "seed \(lane): \(heard)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(processorTime() - processor < .seconds(60))
            await eventually { live.server.openConnections == 0 }
            #expect(live.server.openConnections == 0)
            #expect(try HTTPReply(await live.exchange(good)).status == 200)
        }
    }

    /// The request with bytes changed, taken out, put in, doubled or cut off.
    private static func spoilt(_ request: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = request
        for _ in 0...Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
            guard place < bytes.count else { break }
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2:
                let count = Int.random(in: 1...64, using: &random)
                bytes.insert(contentsOf: random.bytes(count), at: place)
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(200), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
