import Foundation
import NIOCore
import PhoneService
import PushMessages
import Testing

/// curl and openssl, as anybody has them.
@Suite(.timeLimit(.minutes(3))) struct StockClientTests {
    static func exists(_ program: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
    }

    /// A service with TLS; `body` gets it, its folder and curl's form of its pin.
    private func run(_ body: (LiveServer, String, String) async throws -> Void) async throws {
        try await withFolder { folder in
            let identity = try TLSIdentity.kept(
                inFolder: folder, names: ["127.0.0.1"],
                now: Int64(Date.now.timeIntervalSince1970))
            try await LiveServer.run(transport: .tls(identity)) { live in
                let pin = "sha256//" + Data(identity.pin).base64EncodedString()
                try await body(live, folder, pin)
            }
        }
    }

    /// Lets a program run to its end.
    private func output(
        of program: String, _ arguments: [String], input: [UInt8] = []
    ) async throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stdout
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { process in
                let data = stdout.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(
                    returning: (process.terminationStatus, String(decoding: data, as: UTF8.self)))
            }
            do {
                try process.run()
                stdin.fileHandleForWriting.write(Data(input))
                try stdin.fileHandleForWriting.close()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    @Test(.enabled(if: exists("curl"), "curl is not installed"))
    func `curl trusts the pin, and the certificate by its name`() async throws {
        try await run { live, folder, pin in
            let url = "https://127.0.0.1:\(live.port)/v1/server"
            let pinned = try await output(
                of: "curl", ["-sS", "-k", "--pinnedpubkey", pin, url])
            #expect(pinned.status == 0)
            let introduction = try ServerIntroduction(decoding: Array(pinned.text.utf8))
            #expect(introduction.name == "Countersign")

            let named = try await output(
                of: "curl", ["-sS", "--cacert", folder + "/phones.crt", "-w", "%{http_code}", url])
            #expect(named.status == 0)
            #expect(named.text.hasSuffix("}200"))

            let wrong = "sha256//" + Data(repeating: 1, count: 32).base64EncodedString()
            let refused = try await output(
                of: "curl", ["-sS", "-k", "--pinnedpubkey", wrong, url])
            #expect(refused.status == 90, "CURLE_SSL_PINNEDPUBKEYNOTMATCH")
            let unknown = try await output(of: "curl", ["-sS", url])
            #expect(unknown.status == 60, "CURLE_PEER_FAILED_VERIFICATION")
        }
    }

    @Test(.enabled(if: exists("curl"), "curl is not installed"))
    func `curl registers, decides, and is told what is wrong`() async throws {
        try await run { live, _, pin in
            func post(_ path: String, _ body: [UInt8]) async throws -> String {
                try await output(
                    of: "curl",
                    [
                        "-sS", "-k", "--pinnedpubkey", pin, "-H", "Content-Type: application/json",
                        "--data-binary", "@-", "-w", " %{http_code} %{http_version}",
                        "https://127.0.0.1:\(live.port)\(path)",
                    ], input: body
                ).text
            }
            let registered = try await post("/v1/phones", Messages.registration())
            #expect(
                registered
                    == #"{"phone":"AAAAAAAAAAAAAAAAAAAAAA","server":"Countersign","user":"ada"} "#
                    + "201 1.1")
            let decided = try await post("/v1/decisions", Messages.decision())
            #expect(decided == #"{"state":"accepted"} 200 1.1"#)
            let malformed = try await post("/v1/decisions", Array("{}".utf8))
            #expect(malformed == #"{"code":"malformed-request"} 400 1.1"#)
            let updated = try await post("/v1/subscription", Messages.subscription())
            #expect(updated == " 204 1.1")
            let long = [UInt8](repeating: 0x20, count: 2_000_000)
            let tooLong = try await post("/v1/decisions", long)
            #expect(tooLong.contains(#"{"code":"too-long"} 413"#))
        }
    }

    @Test(.enabled(if: exists("curl"), "curl is not installed"))
    func `a curl that is killed while it waits ends its poll at once`() async throws {
        try await run { live, folder, pin in
            var events = live.script.events.makeAsyncIterator()
            let body = folder + "/poll.json"
            try Data(Messages.poll()).write(to: URL(fileURLWithPath: body))
            for _ in 0..<3 {
                let curl = Process()
                curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
                curl.arguments = [
                    "-sS", "-k", "--pinnedpubkey", pin, "-H", "Content-Type: application/json",
                    "--data-binary", "@\(body)", "https://127.0.0.1:\(live.port)/v1/prompts",
                ]
                curl.standardOutput = FileHandle.nullDevice
                curl.standardError = FileHandle.nullDevice
                try curl.run()
                #expect(await events.next() == .polled(wait: 50))
                kill(curl.processIdentifier, SIGKILL)
                #expect(await events.next() == .cancelled)
                curl.waitUntilExit()
            }
            await eventually { live.server.openConnections == 0 }
            #expect(live.server.openConnections == 0)
            #expect(live.server.waitingPolls == 0)
        }
    }

    @Test(.enabled(if: exists("openssl"), "openssl is not installed"))
    func `a client that is frozen does not hold up the stop`() async throws {
        try await withFolder { folder in
            let identity = try TLSIdentity.kept(
                inFolder: folder, names: ["127.0.0.1"], now: LiveServer.now / 1_000)
            var limits = LiveServer.wide
            limits.stop = .milliseconds(100)
            try await LiveServer.run(limits: limits, transport: .tls(identity)) { live in
                var events = live.script.events.makeAsyncIterator()
                let client = Process()
                client.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
                client.arguments = ["s_client", "-quiet", "-connect", "127.0.0.1:\(live.port)"]
                let stdin = Pipe()
                client.standardInput = stdin
                client.standardOutput = FileHandle.nullDevice
                client.standardError = FileHandle.nullDevice
                try client.run()
                let request = try HTTPText.request("POST", "/v1/prompts", body: Messages.poll())
                stdin.fileHandleForWriting.write(Data(request))
                #expect(await events.next() == .polled(wait: 50))
                kill(client.processIdentifier, SIGSTOP)
                let start = ContinuousClock.now
                await live.server.stop()
                // TLS alone would wait five seconds for the goodbye.
                #expect(ContinuousClock.now - start < .seconds(4))
                #expect(live.server.openConnections == 0)
                kill(client.processIdentifier, SIGKILL)
                client.waitUntilExit()
            }
        }
    }

    @Test(.enabled(if: exists("openssl"), "openssl is not installed"))
    func `openssl finds TLS 1.2 and 1.3 and nothing older`() async throws {
        try await run { live, _, _ in
            func handshake(_ options: String...) async throws -> String {
                try await output(
                    of: "openssl", ["s_client", "-connect", "127.0.0.1:\(live.port)"] + options
                ).text
            }
            let modern = try await handshake("-tls1_3")
            #expect(modern.contains("New, TLSv1.3, Cipher is TLS_AES_"))
            let older = try await handshake("-tls1_2", "-alpn", "h2,http/1.1")
            #expect(older.contains("New, TLSv1.2, Cipher is ECDHE-ECDSA-"))
            #expect(older.contains("ALPN protocol: http/1.1"))
            for version in ["-tls1_1", "-tls1"] {
                let refused = try await handshake(version, "-cipher", "DEFAULT@SECLEVEL=0")
                #expect(refused.contains("alert protocol version"))
                #expect(refused.contains("Cipher is (NONE)"))
            }
            let weak = try await handshake(
                "-tls1_2", "-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-SHA")
            #expect(weak.contains("Cipher is (NONE)"))
        }
    }

    @Test(.enabled(if: exists("openssl"), "openssl is not installed"))
    func `openssl computes the same pin, and reads the key`() async throws {
        try await run { live, folder, pin in
            let info = try await output(
                of: "openssl", ["x509", "-in", folder + "/phones.crt", "-noout", "-pubkey"])
            let der = info.text.split(separator: "\n").dropFirst().dropLast().joined()
            let path = folder + "/spki.der"
            try #require(Data(base64Encoded: der)).write(to: URL(fileURLWithPath: path))
            let digest = try await output(of: "openssl", ["dgst", "-sha256", "-r", path])
            let bytes = try #require(Data(base64Encoded: String(pin.dropFirst(8))))
            #expect(digest.text.hasPrefix(bytes.map { String(format: "%02x", $0) }.joined()))

            let key = try await output(
                of: "openssl",
                ["pkey", "-in", folder + "/phones.key", "-pubout", "-noout", "-text"])
            #expect(key.text.contains("NIST CURVE: P-256"))
            let verified = try await output(
                of: "openssl",
                ["verify", "-CAfile", folder + "/phones.crt", folder + "/phones.crt"])
            #expect(verified.text.hasSuffix("phones.crt: OK\n"))
        }
    }

    @Test(.enabled(if: exists("openssl"), "openssl is not installed"))
    func `a handshake that does not come is not waited for`() async throws {
        try await withFolder { folder in
            let identity = try TLSIdentity.kept(inFolder: folder, names: ["127.0.0.1"], now: 0)
            var limits = LiveServer.wide
            limits.requestTime = .milliseconds(100)
            try await LiveServer.run(limits: limits, transport: .tls(identity)) { live in
                let silent = try await live.exchange("")
                #expect(silent == "")
                let begun = try await live.exchange([0x16, 0x03, 0x01, 0x02, 0x00])
                #expect(begun == "")
            }
            try await LiveServer.run(transport: .tls(identity)) { live in
                let heard = try await live.exchange("GET /v1/server HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(!heard.contains("HTTP"), "plain words get an alert at most")
                await eventually { live.server.openConnections == 0 }
                #expect(live.server.openConnections == 0)
            }
        }
    }
}
