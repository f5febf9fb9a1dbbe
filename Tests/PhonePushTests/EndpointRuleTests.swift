import Addresses
import Cryptography
import PhonePush
import Testing

struct EndpointRuleTests {
    private static func verdict(
        _ rule: String, _ url: String, _ addresses: String...
    ) throws -> PushFailure? {
        let endpoint = try PushEndpoint(url)
        let addresses = try addresses.map { try IPAddress($0) }
        do throws(PushFailure) {
            try EndpointRule(rule).check(addresses, of: endpoint)
            return nil
        } catch {
            return error
        }
    }

    @Test func `by itself a rule allows public addresses at port 443`() throws {
        let rule = EndpointRule.publicInternet.description
        #expect(rule == "any")
        #expect(try Self.verdict(rule, "https://push.example/", "8.8.8.8", "2003::1") == nil)
        #expect(try Self.verdict(rule, "https://8.8.8.8/", "8.8.8.8") == nil)
        #expect(
            try Self.verdict(rule, "https://push.example:8443/", "8.8.8.8")
                == .hostNotAllowed(origin: "https://push.example:8443"))
        for text in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"] {
            #expect(
                try Self.verdict(rule, "https://push.example/", "8.8.8.8", text)
                    == .addressNotAllowed(IPAddress(text)))
            #expect(
                try Self.verdict(rule, "https://push.example/", text, "8.8.8.8")
                    == .addressNotAllowed(IPAddress(text)))
        }
        #expect(
            try Self.verdict(rule, "http://127.0.0.1/", "127.0.0.1")
                == .hostNotAllowed(origin: "http://127.0.0.1"))
    }

    @Test func `hosts are named exactly, or by what they are below`() throws {
        let rule = "up.example,.push.example"
        for host in ["up.example", "a.push.example", "a.b.push.example"] {
            #expect(try Self.verdict(rule, "https://\(host)/", "8.8.8.8") == nil)
        }
        for host in [
            "push.example", "apush.example", "x.up.example", "up.example.com", "8.8.8.8",
            "a.push.example.com",
        ] {
            #expect(
                try Self.verdict(rule, "https://\(host)/", "8.8.8.8")
                    == .hostNotAllowed(origin: "https://\(host)"))
        }
    }

    @Test func `a host that is named may have public addresses alone`() throws {
        #expect(
            try Self.verdict("up.example", "https://up.example/", "10.0.0.1")
                == .addressNotAllowed(IPAddress("10.0.0.1")))
        #expect(
            try Self.verdict("up.example@10.0.0.0/24", "https://up.example/", "10.0.0.1") == nil)
        #expect(
            try Self.verdict("up.example@10.0.0.0/24", "https://up.example/", "8.8.8.8")
                == .addressNotAllowed(IPAddress("8.8.8.8")))
        #expect(
            try Self.verdict("up.example@10.0.0.0/24", "https://x.example/", "10.0.0.1")
                == .hostNotAllowed(origin: "https://x.example"))
    }

    @Test func `a network is named for all hosts`() throws {
        let rule = "10.0.0.0/24:any,[fd00::/8]:8443,10.9.9.9"
        #expect(try Self.verdict(rule, "https://a.example:1/", "10.0.0.255") == nil)
        #expect(try Self.verdict(rule, "https://10.0.0.1/", "10.0.0.1") == nil)
        #expect(try Self.verdict(rule, "https://[fd00::1]:8443/", "fd00::1") == nil)
        #expect(try Self.verdict(rule, "https://a.example/", "10.9.9.9") == nil)
        #expect(
            try Self.verdict(rule, "https://a.example/", "10.0.1.0")
                == .addressNotAllowed(IPAddress("10.0.1.0")))
        #expect(
            try Self.verdict(rule, "https://a.example:443/", "fd00::1")
                == .addressNotAllowed(IPAddress("fd00::1")))
        // What carries an address of the network is another address.
        for text in ["64:ff9b::10.0.0.1", "2002:a00:1::1", "::10.0.0.1"] {
            #expect(
                try Self.verdict(rule, "https://a.example:1/", text)
                    == .addressNotAllowed(IPAddress(text)))
        }
    }

    @Test func `plaintext goes to this machine alone, whatever the rule`() throws {
        let rule = EndpointRule.anywhere.description
        #expect(rule == "0.0.0.0/0:any,[::/0]:any")
        #expect(try Self.verdict(rule, "http://localhost:80/", "127.0.0.1", "::1") == nil)
        for text in ["10.0.0.1", "8.8.8.8", "::2"] {
            #expect(
                try Self.verdict(rule, "http://localhost/", text)
                    == .plaintextNotAllowed(IPAddress(text)))
        }
        #expect(try Self.verdict(rule, "https://a.example:9/", "8.8.8.8", "10.0.0.1") == nil)
    }

    @Test func `what can be told without looking up is told`() throws {
        let rule = try EndpointRule("any,10.1.0.0/16,127.0.0.1:any")
        for url in [
            "https://push.example/", "https://8.8.8.8/", "https://10.1.2.3/",
            "http://127.0.0.1:99/", "http://localhost:99/",
        ] {
            #expect(try rule.allowsLookUp(of: PushEndpoint(url)), "\(url)")
        }
        for url in ["https://10.2.0.1/", "https://[::1]/", "https://127.0.0.2:99/"] {
            #expect(try !rule.allowsLookUp(of: PushEndpoint(url)), "\(url)")
        }
    }

    @Test func `without entries nothing is allowed`() throws {
        let endpoint = try PushEndpoint("https://8.8.8.8/")
        #expect(!EndpointRule([]).allowsLookUp(of: endpoint))
        #expect(throws: PushFailure.hostNotAllowed(origin: "https://8.8.8.8")) {
            try EndpointRule([]).check([], of: endpoint)
        }
    }

    @Test(arguments: [
        "any", "any:any", "any:8443", "push.example", ".push.example", ".push.example:8443",
        "push.example:any", "10.0.0.0/8", "10.0.0.0/8:any", "10.1.2.3", "10.1.2.3:80", "[fd00::/8]",
        "[fd00::/8]:8443", "[::1]:any", "a.example@10.0.0.0/8", ".example@[fd00::1]:1",
        "push.example,.b.example:1,[::/0]:any",
    ])
    func `a rule is written as it is read`(text: String) throws {
        #expect(try EndpointRule(text).description == text)
    }

    @Test(arguments: [
        "", " ", "..", ".", "*", "*.*", "a.*", "*.a.example", ":any", "A.example", "a.example.",
        "a b", "a..b",
        "a.example:", "a.example:0", "a.example:65536", "a.example:080", "a.example:x", "a:1:2",
        "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "/8", "10.0.0.0/8/8", "10.0.0/8", "127.1",
        "0x7f.0.0.1", "2130706433", "fd00::/8", "[fd00::/8", "fd00::/8]", "[fd00::/129]",
        "[10.0.0.0/8]", "[fd00::]x", "[fd00::/8]:", "@10.0.0.0/8", "a.example@",
        "a.example@b.example", "a@b@10.0.0.0/8", "10.0.0.0/8@10.0.0.0/8", "https://a.example",
        "a.example/path",
    ])
    func `another text is no entry`(text: String) {
        #expect(throws: PushFailure.invalidRule(entry: text)) { try EndpointRule(text) }
    }

    @Test func `an empty entry among others is none`() {
        #expect(throws: PushFailure.invalidRule(entry: "")) { try EndpointRule("any,,a.example") }
        #expect(throws: PushFailure.invalidRule(entry: "")) { try EndpointRule("any,") }
    }
}

struct PushFailureTests {
    @Test func `codes are unique and in kebab case`() throws {
        let address = try IPAddress("10.0.0.1")
        let failures: [PushFailure] = [
            .invalidEndpoint(.host), .invalidPublicKey, .invalidAuthenticationSecret(byteCount: 1),
            .invalidSubject, .invalidTopic, .invalidRule(entry: ""), .invalidPin(byteCount: 1),
            .invalidRoots(reason: ""), .invalidRequest, .messageTooLong(byteCount: 1),
            .malformedMessage, .messageNotAuthentic, .malformedAuthorization,
            .authorizationNotInTime(expiresAt: 1), .wrongAudience(""), .invalidSignature,
            .cryptography(.invalidLength), .hostNotAllowed(origin: ""),
            .addressNotAllowed(address), .plaintextNotAllowed(address), .unresolved(host: ""),
            .busy, .cannotConnect(reason: ""), .untrustedServer(reason: ""),
            .secureChannelFailed(reason: ""), .connectionClosed, .malformedResponse(reason: ""),
            .responseTooLong, .timedOut, .cancelled,
        ]
        let outcomes: [PushOutcome] = [
            .accepted, .gone, .tooLarge, .retryLater(status: 503, after: nil),
            .refused(status: 400), .unreachable(.busy),
        ]
        let codes = failures.map(\.code) + outcomes.map(\.code)
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }, "\(code)")
        }
    }
}
