import Addresses
import Cryptography
import PhonePush
import Testing
import TestSupport

struct PushEndpointTests {
    @Test(arguments: [
        ("https://push.example.net", "https://push.example.net", 443, "/"),
        ("https://push.example.net/", "https://push.example.net", 443, "/"),
        (
            "https://push.example.net:443/p/a?b=c&d", "https://push.example.net", 443,
            "/p/a?b=c&d"
        ),
        ("https://a.b:8443/x%2Fy//", "https://a.b:8443", 8_443, "/x%2Fy//"),
        ("https://xn--bcher-kva.example/x:y@z", "https://xn--bcher-kva.example", 443, "/x:y@z"),
        ("https://192.0.2.7:1/", "https://192.0.2.7:1", 1, "/"),
        ("https://[2001:db8::1]:65535/m", "https://[2001:db8::1]:65535", 65_535, "/m"),
        ("https://[2001:db8::1]/m", "https://[2001:db8::1]", 443, "/m"),
        ("http://127.0.0.1:8080/up", "http://127.0.0.1:8080", 8_080, "/up"),
        ("http://127.8.9.10/up", "http://127.8.9.10", 80, "/up"),
        ("http://[::1]/", "http://[::1]", 80, "/"),
        ("http://localhost:99/", "http://localhost:99", 99, "/"),
        ("https://0x7f.example/", "https://0x7f.example", 443, "/"),
        ("https://1.example1/", "https://1.example1", 443, "/"),
    ])
    func `a URL has its parts`(text: String, origin: String, port: Int, target: String) throws {
        let endpoint = try PushEndpoint(text)
        #expect(endpoint.text == text)
        #expect(endpoint.origin == origin)
        #expect(endpoint.port == port)
        #expect(endpoint.target == target)
        #expect(endpoint.isSecure == text.hasPrefix("https"))
    }

    @Test(arguments: [
        ("", PushEndpoint.Flaw.length),
        ("push.example", .scheme), ("ftp://push.example/", .scheme), ("HTTPS://a.b/", .scheme),
        ("https:/a.b/", .scheme), ("//a.b/", .scheme), ("https:\\\\a.b/", .scheme),
        (" https://a.b/", .characters), ("https://a.b/\r\nX: y", .characters),
        ("https://a.b/\u{0}", .characters), ("https://a.b/ä", .characters),
        ("https://a\u{3002}b/", .characters), ("https://a.b/ ", .characters),
        ("https://a.b/\u{7F}", .characters),
        ("https://a.b/#", .fragment), ("https://a.b#x/", .fragment),
        ("https://user@a.b/", .userInformation), ("https://@a.b/", .userInformation),
        ("https://a.b:443@c.d/", .userInformation), ("https://u:p@a.b", .userInformation),
        ("https://", .host), ("https:///x", .host), ("https://:443/", .host),
        ("https://A.b/", .host), ("https://a.b./", .host), ("https://.a.b/", .host),
        ("https://a..b/", .host), ("https://-a.b/", .host), ("https://a-.b/", .host),
        ("https://a_b.c/", .host), ("https://a%2eb/", .host), ("https://a\\b/", .host),
        ("https://a.b;c/", .host), ("https://*.a.b/", .host),
        ("https://\(String(repeating: "a", count: 64)).b/", .host),
        ("https://\(String(repeating: "a.", count: 127))a/", .host),
        // What resolvers would take for an address.
        ("https://1/", .host), ("https://2130706433/", .host), ("https://0x7f000001/", .host),
        ("https://0x7f.1/", .host), ("https://127.1/", .host), ("https://127.0.1/", .host),
        ("https://0177.0.0.1/", .host), ("https://127.0.0.01/", .host),
        ("https://127.0.0.0x1/", .host), ("https://a.0x/", .host), ("https://a.1/", .host),
        ("https://256.0.0.1/", .host), ("https://1.2.3.4.5/", .host),
        ("https://127.0.0.1./", .host),
        ("https://[::1/", .host), ("https://[]/", .host), ("https://::1/", .host),
        ("https://[2001:DB8::1]/", .host), ("https://[2001:db8:0:0:0:0:0:1]/", .host),
        ("https://[2001:0db8::1]/", .host), ("https://[fe80::1%25eth0]/", .host),
        ("https://[fe80::1%eth0]/", .host), ("https://[::ffff:10.0.0.1]/", .host),
        ("https://[::ffff:a00:1]/", .host), ("https://[127.0.0.1]/", .host),
        ("https://[v1.x]/", .host), ("https://[[::1]]/", .host),
        ("https://a.b:/", .port), ("https://a.b:0/", .port), ("https://a.b:0443/", .port),
        ("https://a.b:65536/", .port), ("https://a.b:99999999999999999999/", .port),
        ("https://a.b:+1/", .port), ("https://a.b:-1/", .port), ("https://a.b:1:2/", .port),
        ("https://a.b:4a/", .port),
        ("https://a.b?x", .target), ("https://[::1]x/", .target), ("https://a.b/%", .target),
        ("https://a.b/%2", .target), ("https://a.b/%zz", .target), ("https://a.b/<", .target),
        ("https://a.b/\"", .target), ("https://a.b/\\", .target), ("https://a.b/`", .target),
        ("https://a.b/{}", .target), ("https://a.b/[", .target), ("https://a.b/^|", .target),
        ("http://a.b/", .plaintext), ("http://10.0.0.1/", .plaintext),
        ("http://[::2]/", .plaintext), ("http://localhost.a/", .plaintext),
        ("http://128.0.0.1/", .plaintext), ("http://0.0.0.0/", .plaintext),
    ])
    func `other spellings are refused`(text: String, flaw: PushEndpoint.Flaw) {
        #expect(throws: PushFailure.invalidEndpoint(flaw)) { try PushEndpoint(text) }
    }

    @Test func `a URL has 1024 bytes at most`() throws {
        let text = "https://push.example/"
        let longest = text + String(repeating: "x", count: 1_024 - text.utf8.count)
        #expect(try PushEndpoint(longest).text == longest)
        #expect(throws: PushFailure.invalidEndpoint(.length)) { try PushEndpoint(longest + "x") }
    }

    @Test func `only the origin is ever printed`() throws {
        let endpoint = try PushEndpoint("https://push.example:444/secret?token")
        let point = try PushVectors.receiver().publicKey.p256Point ?? []
        let subscription = try PushSubscription(
            endpoint: endpoint, publicKey: point,
            authenticationSecret: [UInt8](repeating: 7, count: 16))
        for text in [
            "\(endpoint)", String(reflecting: endpoint), "\(subscription)",
            String(reflecting: subscription),
        ] {
            #expect(text == "https://push.example:444")
        }
        for value: Any in [endpoint, subscription] {
            var dumped = ""
            dump(value, to: &dumped)
            #expect(!dumped.contains("secret") && !dumped.contains("7"), "\(dumped)")
        }
    }

    @Test func `a subscription has a key on the curve and a secret of 16 bytes`() throws {
        let endpoint = try PushEndpoint("https://push.example/")
        let point = try #require(try PushVectors.receiver().publicKey.p256Point)
        let secret = [UInt8](repeating: 7, count: 16)
        for count in [0, 15, 17, 32] {
            #expect(throws: PushFailure.invalidAuthenticationSecret(byteCount: count)) {
                try PushSubscription(
                    endpoint: endpoint, publicKey: point,
                    authenticationSecret: [UInt8](repeating: 7, count: count))
            }
        }
        let bent = Array(point.singleBitFlips) + Array(point.properPrefixes) + [point + [0]]
        for key in bent {
            #expect(throws: PushFailure.invalidPublicKey) {
                try PushSubscription(
                    endpoint: endpoint, publicKey: key, authenticationSecret: secret)
            }
        }
    }
}
