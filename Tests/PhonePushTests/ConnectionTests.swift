import Addresses
import Cryptography
import Dispatch
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import PhonePush
import Synchronization
import Testing

/// Where a client connects to, and whom it trusts.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ConnectionTests {
    private static let accepting: [ScriptedServer.Step] = [
        .awaitRequest, .send("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"),
    ]

    private static func failure(
        of client: HTTPSClient, at text: String, within time: Duration = .seconds(20)
    ) async throws -> PushFailure? {
        let endpoint = try PushEndpoint(text)
        do throws(PushFailure) {
            _ = try await client.send(
                HTTPRequest(method: .POST, body: [1]), to: endpoint, within: time)
            return nil
        } catch {
            return error
        }
    }

    private static func resolver(_ addresses: String...) throws -> HostResolver {
        let addresses = try addresses.map { try IPAddress($0) }
        return HostResolver { _ in addresses }
    }

    // MARK: Looking up

    @Test func `the connection goes to the address that was checked`() async throws {
        let identity = try TestIdentity()
        try await ScriptedServer.run(Self.accepting, tls: identity.context) { server in
            let counter = Counter()
            // A name that means another address a moment later.
            let loopback = try IPAddress("127.0.0.1")
            let other = try IPAddress("10.0.0.1")
            let client = try HTTPSClient(
                trust: .roots([identity.root]), rule: EndpointRule("push.test@127.0.0.1:any"),
                resolver: HostResolver { _ in counter.next() == 0 ? [loopback] : [other] })
            let url = "https://push.test:\(server.port)/"
            #expect(try await Self.failure(of: client, at: url) == nil)
            #expect(counter.value == 1)
            #expect(server.connectionCount == 1)
            #expect(try await Self.failure(of: client, at: url) == .addressNotAllowed(other))
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `one address that is not allowed is enough to go nowhere`() async throws {
        let identity = try TestIdentity()
        try await ScriptedServer.run(Self.accepting, tls: identity.context) { server in
            for addresses in [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"]] {
                let client = try HTTPSClient(
                    trust: .roots([identity.root]), rule: EndpointRule("push.test@127.0.0.1:any"),
                    resolver: Self.resolver(addresses[0], addresses[1]))
                let failure = try await Self.failure(
                    of: client, at: "https://push.test:\(server.port)/")
                #expect(try failure == .addressNotAllowed(IPAddress("10.0.0.1")))
            }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `a host that no entry names is not even looked up`() async throws {
        let counter = Counter()
        let client = try HTTPSClient(
            trust: .roots([]), rule: EndpointRule("push.test"),
            resolver: HostResolver { _ in
                _ = counter.next()
                return []
            })
        for url in ["https://other.test/", "https://push.test:8443/"] {
            let origin = String(url.dropLast())
            #expect(try await Self.failure(of: client, at: url) == .hostNotAllowed(origin: origin))
        }
        #expect(counter.value == 0)
        #expect(
            try await Self.failure(of: client, at: "https://push.test/")
                == .unresolved(host: "push.test"))
        #expect(counter.value == 1)
    }

    @Test func `without a rule of its operator's own a sender leaves this network alone`()
        async throws
    {
        try await ScriptedServer.run(Self.accepting) { server in
            let client = try HTTPSClient(
                trust: .roots([]), rule: .publicInternet,
                resolver: Self.resolver("127.0.0.1"))
            let loopback = try IPAddress("127.0.0.1")
            #expect(
                try await Self.failure(of: client, at: "http://127.0.0.1:\(server.port)/")
                    == .hostNotAllowed(origin: "http://127.0.0.1:\(server.port)"))
            for url in ["https://push.test/", "https://127.0.0.1/"] {
                #expect(
                    try await Self.failure(of: client, at: url) == .addressNotAllowed(loopback))
            }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `an address at which nobody listens gives way to the next`() async throws {
        let identity = try TestIdentity()
        try await ScriptedServer.run(Self.accepting, tls: identity.context) { server in
            let client = try HTTPSClient(
                trust: .roots([identity.root]), rule: .anywhere,
                resolver: Self.resolver("127.0.0.2", "127.0.0.3", "127.0.0.1"))
            let url = "https://push.test:\(server.port)/"
            #expect(try await Self.failure(of: client, at: url) == nil)
            let impatient = try HTTPSClient(
                trust: .roots([identity.root]), rule: .anywhere,
                resolver: Self.resolver("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"))
            guard case .cannotConnect? = try await Self.failure(of: impatient, at: url) else {
                Issue.record("a fourth address was tried")
                return
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `a look-up that hangs is left behind`() async throws {
        let hung = DispatchSemaphore(value: 0)
        defer { hung.signal() }
        let client = try HTTPSClient(
            trust: .roots([]), rule: .anywhere,
            resolver: HostResolver { _ in
                hung.wait()
                return []
            })
        #expect(
            try await Self.failure(
                of: client, at: "https://push.test/", within: .milliseconds(200)) == .timedOut)
    }

    @Test func `a cancelled task leaves its look-up behind`() async throws {
        let hung = DispatchSemaphore(value: 0)
        defer { hung.signal() }
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let client = try HTTPSClient(
            trust: .roots([]), rule: .anywhere,
            resolver: HostResolver { _ in
                continuation.yield()
                hung.wait()
                return []
            })
        let task = Task { try await Self.failure(of: client, at: "https://push.test/") }
        for await _ in started { break }
        task.cancel()
        #expect(try await task.value == .cancelled)
    }

    @Test func `a look-up's failure is told`() async throws {
        let client = try HTTPSClient(
            trust: .roots([]), rule: .anywhere,
            resolver: HostResolver { host throws(PushFailure) in throw .unresolved(host: host) })
        #expect(
            try await Self.failure(of: client, at: "https://push.test/")
                == .unresolved(host: "push.test"))
    }

    @Test func `the machine's resolver knows this machine and no host that cannot be`()
        async throws
    {
        try await ScriptedServer.run(Self.accepting) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let failure = try await Self.failure(
                of: client, at: "http://localhost:\(server.port)/")
            #expect(failure == nil)
            #expect(
                try await Self.failure(of: client, at: "https://host.invalid/")
                    == .unresolved(host: "host.invalid"))
        }
    }

    // MARK: Trust

    private static func failure(
        _ trust: ServerTrust, _ identity: TestIdentity, host: String = "push.test",
        address: String = "127.0.0.1"
    ) async throws -> PushFailure? {
        try await ScriptedServer.run(accepting, tls: identity.context) { server in
            let client = try HTTPSClient(
                trust: trust, rule: .anywhere, resolver: Self.resolver(address))
            let failure = try await Self.failure(
                of: client, at: "https://\(host):\(server.port)/")
            // Who is not trusted gets nothing of the request.
            if failure != nil {
                for await event in server.events {
                    if case .request = event { Issue.record("the request was sent") }
                    if event == .closed { break }
                }
            }
            return failure
        }
    }

    @Test func `a certificate for the host from a root that is trusted will do`() async throws {
        let identity = try TestIdentity()
        #expect(try await Self.failure(.roots([identity.root]), identity) == nil)
        #expect(
            try await Self.failure(.roots([identity.root]), identity, host: "127.0.0.1") == nil)
    }

    @Test func `the machine's roots and others do not vouch for it`() async throws {
        let identity = try TestIdentity()
        let refused = PushFailure.untrustedServer(reason: "the certificate does not verify")
        for trust in [ServerTrust.systemRoots, .roots([]), .roots([try TestIdentity().root])] {
            #expect(try await Self.failure(trust, identity) == refused)
        }
    }

    @Test func `a certificate for another host is refused`() async throws {
        let refused = PushFailure.untrustedServer(reason: "the certificate is for another host")
        let named = try TestIdentity(name: "other.test")
        #expect(try await Self.failure(.roots([named.root]), named) == refused)
        let addressed = try TestIdentity(address: [127, 0, 0, 2])
        #expect(
            try await Self.failure(.roots([addressed.root]), addressed, host: "127.0.0.1")
                == refused)
    }

    @Test func `neither an address nor a common name stands in for the host's name`() async throws {
        let refused = PushFailure.untrustedServer(reason: "the certificate is for another host")
        let nameless = try TestIdentity(name: nil, commonName: "push.test")
        #expect(try await Self.failure(.roots([nameless.root]), nameless) == refused)
        let bare = try TestIdentity(name: nil, address: nil, commonName: "push.test")
        #expect(try await Self.failure(.roots([bare.root]), bare) == refused)
    }

    @Test func `a star stands for one label`() async throws {
        let refused = PushFailure.untrustedServer(reason: "the certificate is for another host")
        let identity = try TestIdentity(name: "*.Push.test")
        let roots = ServerTrust.roots([identity.root])
        #expect(try await Self.failure(roots, identity, host: "a.push.test") == nil)
        for host in ["push.test", "a.b.push.test", "a.other.test"] {
            #expect(try await Self.failure(roots, identity, host: host) == refused)
        }
        let broad = try TestIdentity(name: "*.test")
        #expect(try await Self.failure(.roots([broad.root]), broad) == refused)
    }

    @Test func `a certificate out of its time is refused`() async throws {
        for validity in [
            CertificateAuthority.Validity(notBefore: 0, notAfter: 1),
            .init(notBefore: 4_000_000_000, notAfter: 4_102_444_800),
        ] {
            let identity = try TestIdentity(validity: validity)
            #expect(
                try await Self.failure(.roots([identity.root]), identity)
                    == .untrustedServer(reason: "the certificate does not verify"))
        }
    }

    @Test func `a pin asks for the key and nothing else`() async throws {
        let identity = try TestIdentity(
            name: "other.test", address: [1, 2, 3, 4], validity: .init(notBefore: 0, notAfter: 1))
        let pin = PublicKeyPin(of: identity.key.publicKey)
        #expect(try await Self.failure(.pinned(pin), identity) == nil)
        #expect(try await Self.failure(.pinned(pin), identity, host: "127.0.0.1") == nil)
        let other = PublicKeyPin(of: try P256PrivateKey().publicKey)
        guard case .untrustedServer? = try await Self.failure(.pinned(other), identity) else {
            Issue.record("a server with another key was trusted")
            return
        }
        // The certificate's issuer is not the server.
        let issuer = PublicKeyPin(of: try #require(identity.root.publicKey))
        guard case .untrustedServer? = try await Self.failure(.pinned(issuer), identity) else {
            Issue.record("the key of the issuer was taken for the server's")
            return
        }
    }

    @Test func `a pin has 32 bytes`() throws {
        for count in [0, 20, 31, 33, 64] {
            #expect(throws: PushFailure.invalidPin(byteCount: count)) {
                try PublicKeyPin(digest: [UInt8](repeating: 0, count: count))
            }
        }
        let key = try P256PrivateKey().publicKey
        #expect(
            try PublicKeyPin(digest: SHA256.hash(key.subjectPublicKeyInfo)) == PublicKeyPin(of: key)
        )
    }

    @Test func `old versions of TLS are refused, and servers without it`() async throws {
        for version in [TLSVersion.tlsv1, .tlsv11] {
            let identity = try TestIdentity(maximumVersion: version)
            guard
                case .secureChannelFailed? = try await Self.failure(
                    .roots([identity.root]), identity)
            else {
                Issue.record("\(version) was taken")
                continue
            }
        }
        let identity = try TestIdentity(maximumVersion: .tlsv12)
        #expect(try await Self.failure(.roots([identity.root]), identity) == nil)
        try await ScriptedServer.run([.send("HTTP/1.1 201 Created\r\n\r\n")]) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let url = "https://127.0.0.1:\(server.port)/"
            guard case .secureChannelFailed? = try await Self.failure(of: client, at: url) else {
                Issue.record("plaintext was taken for TLS")
                return
            }
        }
    }

    @Test(arguments: [
        [ScriptedServer.Step.flood("\u{16}\u{3}\u{3}")], [.flood("\0")], [.close], [],
        [.send("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{28}")], [.drip("\u{16}\u{3}\u{3}\0\u{4}\u{2}")],
    ])
    func `a handshake that goes wrong does no harm`(script: [ScriptedServer.Step]) async throws {
        try await ScriptedServer.run(script) { server in
            let client = try HTTPSClient(trust: .roots([]), rule: .anywhere)
            let failure = try await Self.failure(
                of: client, at: "https://127.0.0.1:\(server.port)/", within: .milliseconds(400))
            switch failure {
            case .secureChannelFailed, .timedOut, .connectionClosed, .responseTooLong: break
            default: Issue.record("\(String(describing: failure))")
            }
            for await event in server.events where event == .closed { break }
        }
    }

    @Test func `no end of TLS records ends too`() async throws {
        let identity = try TestIdentity()
        try await ScriptedServer.run(
            [.awaitRequest, .flood("HTTP/1.1 100 Continue\r\n\r\n")], tls: identity.context
        ) { server in
            let client = try HTTPSClient(
                trust: .roots([identity.root]), rule: .anywhere,
                resolver: Self.resolver("127.0.0.1"))
            #expect(
                try await Self.failure(of: client, at: "https://push.test:\(server.port)/")
                    == .responseTooLong)
            for await event in server.events where event == .closed { break }
        }
    }
}
