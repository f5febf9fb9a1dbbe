import Cryptography
import Encoding
import PhonePush
import Testing
import TestSupport

struct VAPIDTests {
    private typealias Vector = PushVectors.Authorization

    private static func verify(
        _ header: String, audience: String = Vector.audience, at time: Int64 = Vector.expiresAt - 1
    ) throws -> [UInt8] {
        try VAPID.verify(header, audience: audience, at: time)
    }

    @Test func `the RFC's authorisation verifies`() throws {
        #expect(try Base64URL.encode(Self.verify(Vector.header)) == Vector.key)
    }

    @Test(arguments: [
        "vapid t=\(Vector.token),k=\(Vector.key)", "vapid k=\(Vector.key), t=\(Vector.token)",
        "VAPID t=\(Vector.token),\tk=\(Vector.key)", "vapid   k=\(Vector.key),t=\(Vector.token)",
    ])
    func `scheme and parameters may be written otherwise`(header: String) throws {
        #expect(try Base64URL.encode(Self.verify(header)) == Vector.key)
    }

    @Test(arguments: [
        "", "vapid", "vapid ", "Bearer \(Vector.token)", "vapid t=\(Vector.token)",
        "vapid k=\(Vector.key)", "vapidt=\(Vector.token),k=\(Vector.key)",
        "vapid t=\(Vector.token),t=\(Vector.token),k=\(Vector.key)",
        "vapid t=\(Vector.token),k=\(Vector.key),k=\(Vector.key)",
        "vapid t=\(Vector.token),k=\(Vector.key),x=1", "vapid t=\(Vector.token),k=\(Vector.key),",
        "vapid t=\"\(Vector.token)\",k=\(Vector.key)", "vapid T=\(Vector.token),k=\(Vector.key)",
        "vapid t=\(Vector.token) ,k=\(Vector.key)", "vapid t=\(Vector.token).,k=\(Vector.key)",
        "vapid t=.\(Vector.token),k=\(Vector.key)", "vapid t=..,k=\(Vector.key)",
        "vapid t=\(Vector.token)=,k=\(Vector.key)", "vapid t=\(Vector.token),k=\(Vector.key)=",
        "vapid t=\(Vector.token),k=\(Vector.key.dropLast())", "vapid t=\(Vector.token),k=BA",
        "vapid t=\(Vector.token),k=\(Vector.key)ä",
        "vapid t=\(Vector.token),k=\(String(repeating: "A", count: 4_096))",
    ])
    func `another form is refused`(header: String) {
        #expect(throws: PushFailure.malformedAuthorization) { try Self.verify(header) }
    }

    @Test func `no prefix verifies`() {
        for count in 0..<Vector.header.count {
            #expect(throws: PushFailure.self) {
                try Self.verify(String(Vector.header.prefix(count)))
            }
        }
    }

    @Test func `no header with a character changed verifies for the same key`() throws {
        let characters = Array(Vector.header)
        for place in characters.indices {
            for other in ["A", "b", "_", "=", ",", " "] as [Character]
            where other != characters[place] {
                var changed = characters
                changed[place] = other
                guard let key = try? Self.verify(String(changed)) else { continue }
                // The space behind the comma and the case of the scheme say nothing.
                #expect(Base64URL.encode(key) == Vector.key)
                #expect(place < 6 || characters[place] == " ", "place \(place)")
            }
        }
    }

    @Test(arguments: [0, 1, 86_401, 10_000_000] as [Int64])
    func `it holds before its end, and for a day at most`(distance: Int64) {
        let time = Vector.expiresAt - distance
        if (1...86_400).contains(distance) {
            #expect(throws: Never.self) { try Self.verify(Vector.header, at: time) }
        } else {
            #expect(
                throws: PushFailure.authorizationNotInTime(expiresAt: Vector.expiresAt)
            ) { try Self.verify(Vector.header, at: time) }
        }
    }

    @Test(arguments: [Int64.min, Int64.max])
    func `no time is too far away to be compared`(time: Int64) {
        #expect(throws: PushFailure.authorizationNotInTime(expiresAt: Vector.expiresAt)) {
            try Self.verify(Vector.header, at: time)
        }
    }

    @Test(arguments: [
        "https://push.example.net:443", "https://push.example.net/", "http://push.example.net",
        "https://push.example.com", "",
    ])
    func `it is for one origin`(audience: String) {
        #expect(throws: PushFailure.wrongAudience(Vector.audience)) {
            try Self.verify(Vector.header, audience: audience)
        }
    }

    private static func header(
        _ head: String, _ claims: String, key: P256PrivateKey? = nil
    ) throws -> String {
        let key = try key ?? P256PrivateKey()
        let signed = [head, claims].map { Base64URL.encode($0.utf8) }.joined(separator: ".")
        let signature = try key.rawSignature(for: Array(signed.utf8))
        let point = try #require(key.publicKey.p256Point)
        return "vapid t=\(signed).\(Base64URL.encode(signature)),k=\(Base64URL.encode(point))"
    }

    @Test(arguments: [
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"typ":"jwt","alg":"ES256"}"#, #"{"aud":"https://a.b","exp":100,"x":null}"#),
        (#"{"alg":"ES256","kid":"1"}"#, #"{"sub":"x","aud":"https://a.b","exp":100}"#),
    ])
    func `other members do no harm`(head: String, claims: String) throws {
        let header = try Self.header(head, claims)
        #expect(throws: Never.self) {
            try VAPID.verify(header, audience: "https://a.b", at: 99)
        }
    }

    @Test(arguments: [
        (#"{"alg":"none"}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"alg":"HS256"}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"alg":"es256"}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"alg":"ES256","alg":"none"}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"alg":"ES256","typ":"at+jwt"}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"alg":"ES256","typ":1}"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"["ES256"]"#, #"{"aud":"https://a.b","exp":100}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":["https://a.b"],"exp":100}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":"100"}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":1e2}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":100.0}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":99999999999999999999}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b"}"#),
        (#"{"alg":"ES256"}"#, #"{"exp":100}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":100,"exp":101}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":100,"sub":5}"#),
        (#"{"alg":"ES256"}"#, #"{"aud":"https://a.b","exp":100} "x""#),
        (#"{"alg":"ES256"}"#, ""), ("", #"{"aud":"https://a.b","exp":100}"#),
    ])
    func `claims of another form are refused`(head: String, claims: String) throws {
        let header = try Self.header(head, claims)
        #expect(throws: PushFailure.malformedAuthorization) {
            try VAPID.verify(header, audience: "https://a.b", at: 99)
        }
    }

    @Test func `another's signature is refused`() throws {
        let claims = #"{"aud":"https://a.b","exp":100}"#
        let header = try Self.header(#"{"alg":"ES256"}"#, claims)
        let other = try #require(P256PrivateKey().publicKey.p256Point)
        let token = try #require(header.split(separator: ",").first)
        #expect(throws: PushFailure.invalidSignature) {
            try VAPID.verify(
                "\(token),k=\(Base64URL.encode(other))", audience: "https://a.b", at: 99)
        }
    }

    @Test func `ours says what the RFC wants`() throws {
        let key = try P256PrivateKey()
        let vapid = try VAPID(key: key, subject: "mailto:push@example.com")
        let endpoint = try PushEndpoint("https://push.example.net:8443/secret")
        let header = try vapid.authorization(for: endpoint, expiresAt: 1_000)
        #expect(!header.contains("secret"))
        let token = try #require(header.dropFirst("vapid t=".count).split(separator: ",").first)
        let parts = token.split(separator: ".")
        #expect(
            try JSON.decode(Base64URL.decode(parts[0])) == ["typ": "JWT", "alg": "ES256"])
        #expect(
            try JSON.decode(Base64URL.decode(parts[1])) == [
                "aud": "https://push.example.net:8443", "exp": 1_000,
                "sub": "mailto:push@example.com",
            ])
        #expect(try VAPID.verify(header, audience: endpoint.origin, at: 1) == vapid.publicKey)
        #expect(vapid.publicKey == key.publicKey.p256Point)
    }

    @Test(arguments: ["mailto:a@b.example", "https://example.com/contact"])
    func `a subject is a way to write to somebody`(subject: String) throws {
        #expect(throws: Never.self) { try VAPID(key: P256PrivateKey(), subject: subject) }
    }

    @Test(arguments: [
        "", "mailto:", "https://", "a@b.example", "http://a.b", "mailto:a b", "mailto:ä@b",
        "mailto:a\r\nX: y", "mailto:" + String(repeating: "a", count: 249),
    ])
    func `any other subject is refused`(subject: String) throws {
        let key = try P256PrivateKey()
        #expect(throws: PushFailure.invalidSubject) { try VAPID(key: key, subject: subject) }
    }
}

struct PushTopicTests {
    @Test(arguments: ["a", "login", "AZaz09-_", String(repeating: "x", count: 32)])
    func `a topic is of the URL-safe alphabet`(text: String) throws {
        #expect(try PushTopic(text).description == text)
    }

    @Test(arguments: [
        "", String(repeating: "x", count: 33), "a b", "a=", "a+", "a/", "ä", "a\r\n", "a.b",
    ])
    func `anything else is none`(text: String) {
        #expect(throws: PushFailure.invalidTopic) { try PushTopic(text) }
    }
}
