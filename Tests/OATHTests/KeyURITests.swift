import OATH
import TestSupport
import Testing

struct KeyURITests {
    private static let secret = Array("Hello!".utf8) + [0xDE, 0xAD, 0xBE, 0xEF]
    private static let honest =
        "otpauth://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example"

    private static func error(_ text: String) -> MalformedOATH? {
        do throws(MalformedOATH) {
            _ = try KeyURI(text)
            return nil
        } catch {
            return error
        }
    }

    /// The example of the page on which the format was first written down.
    @Test func `reads the format's own example`() throws {
        let uri = try KeyURI(Self.honest)
        #expect(uri.issuer == "Example")
        #expect(uri.account == "alice@google.com")
        #expect(uri.secret == Self.secret)
        #expect(uri.parameters == (try TokenParameters(.totp(.six, period: 30), hash: .sha1)))
        #expect(uri.counter == 0)
    }

    @Test func `reads all members`() throws {
        let totp = try KeyURI(
            """
            otpauth://totp/ACME%20Co:john.doe@email.com?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME%20Co\
            &algorithm=SHA512&digits=8&period=60
            """)
        #expect(totp.issuer == "ACME Co")
        #expect(totp.parameters == (try TokenParameters(.totp(.eight, period: 60), hash: .sha512)))
        let hotp = try KeyURI(
            "OTPAUTH://HOTP/bob?Secret=jbswy3dpehpk3pxp&Algorithm=sha256&Counter=18446744073709551615"
        )
        #expect(hotp.issuer == nil)
        #expect(hotp.account == "bob")
        #expect(hotp.counter == .max)
        #expect(hotp.parameters == (try TokenParameters(.hotp(.six), hash: .sha256)))
        let draft = try hotp.draft()
        #expect(draft.user == "bob")
        #expect(draft.counter == .max)
        #expect(draft.secret == Self.secret)
    }

    @Test(arguments: [
        ("Example:alice", "Example", "alice"), ("Example%3Aalice", "Example", "alice"),
        ("Example:%20alice", "Example", "alice"), ("Example%3A%20alice", "Example", "alice"),
        ("Example:a:b", "Example", "a:b"), ("Gr%C3%BC%C3%9Fe:%E6%97%A5", "Grüße", "日"),
        ("Grüße:日", "Grüße", "日"), ("Example:a/b%3Fc%23d%26e%3Df%25", "Example", "a/b?c#d&e=f%"),
        ("Example:a+b", "Example", "a+b"),
    ])
    func `reads labels`(label: String, issuer: String, account: String) throws {
        let uri = try KeyURI("otpauth://totp/\(label)?secret=JBSWY3DPEHPK3PXP")
        #expect(uri.issuer == issuer)
        #expect(uri.account == account)
    }

    @Test func `passes over what is not for it`() throws {
        let uri = try KeyURI(
            Self.honest
                + "&image=https%3A%2F%2Fexample.org%2Flogo.png&counter=nonsense&color=red&lock=")
        #expect(uri == (try KeyURI(Self.honest)))
        #expect(try KeyURI("otpauth://totp/a?&secret=JBSWY3DPEHPK3PXP&&issuer=&").issuer == nil)
        #expect(
            try KeyURI("otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=1&period=x").counter == 1)
    }

    @Test(arguments: [
        ("", MalformedOATH.uri(member: "scheme")), ("otpauth:/totp/a", .uri(member: "scheme")),
        ("http://totp/a?secret=JBSWY3DPEHPK3PXP", .uri(member: "scheme")),
        ("otpauth-migration://offline?data=AA", .uri(member: "scheme")),
        ("otpauth://totp/a", .uri(member: "secret")), ("otpauth://totp/a?", .uri(member: "secret")),
        ("otpauth://totp?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/x:?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/:x?secret=JBSWY3DPEHPK3PXP", .uri(member: "issuer")),
        ("otpauth://totp/%?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/%4?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/%G0?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/%+1?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/%FF?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/%C0%AF?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/%00?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/a%0Ab?secret=JBSWY3DPEHPK3PXP", .uri(member: "label")),
        ("otpauth://totp/a b?secret=JBSWY3DPEHPK3PXP", .uri(member: "text")),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\n", .uri(member: "text")),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP#x", .uri(member: "fragment")),
        ("otpauth://yaotp/a?secret=JBSWY3DPEHPK3PXP", .uri(member: "type")),
        ("otpauth://ocra/a?secret=JBSWY3DPEHPK3PXP", .uri(member: "type")),
        ("otpauth://totp/a?secret", .uri(member: "parameter")),
        ("otpauth://totp/a?secret=%", .uri(member: "parameter")),
        ("otpauth://totp/a?secret=", .secretLength),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PX1", .secretText),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PX", .secretText),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3P", .secretText),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK2", .secretLength),
        ("otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP", .uri(member: "counter")),
    ])
    func `refuses what is no key URI`(text: String, error: MalformedOATH) {
        #expect(Self.error(text) == error)
    }

    @Test(arguments: [
        ("secret=JBSWY3DPEHPK3PXP", MalformedOATH.uri(member: "parameter")),
        ("SECRET=JBSWY3DPEHPK3PXP", .uri(member: "parameter")),
        ("s%65cret=JBSWY3DPEHPK3PXP", .uri(member: "parameter")),
        ("issuer=Example", .uri(member: "parameter")), ("x=1&x=1", .uri(member: "parameter")),
        ("digits=5", .digits), ("digits=9", .digits), ("digits=", .uri(member: "digits")),
        ("digits=-6", .uri(member: "digits")), ("digits=+6", .uri(member: "digits")),
        ("digits=6.0", .uri(member: "digits")), ("digits=٦", .uri(member: "digits")),
        ("digits=18446744073709551615", .uri(member: "digits")),
        ("digits=99999999999999999999999", .uri(member: "digits")),
        ("period=0", .period), ("period=14", .period), ("period=301", .period),
        ("period=-30", .uri(member: "period")),
        ("period=99999999999999999999", .uri(member: "period")),
        ("algorithm=MD5", .uri(member: "algorithm")), ("algorithm=", .uri(member: "algorithm")),
        ("algorithm=SHA-1", .uri(member: "algorithm")),
    ])
    func `refuses members that are there twice or cannot be`(member: String, error: MalformedOATH) {
        #expect(Self.error("\(Self.honest)&\(member)") == error)
    }

    @Test(arguments: ["issuer=Other", "issuer=example", "issuer=Example%20", "issuer=Ex%61mplf"])
    func `refuses two issuers`(member: String) {
        let text = "otpauth://totp/Example:a?secret=JBSWY3DPEHPK3PXP&\(member)"
        #expect(Self.error(text) == .uri(member: "issuer"))
    }

    @Test func `refuses a text too long`() {
        let long = Self.honest + "&x=" + String(repeating: "a", count: 2_048)
        #expect(Self.error(long) == .tooLarge(limit: 2_048))
    }

    @Test func `writes what it reads`() throws {
        let secret = [UInt8](1...20)
        let totp = try KeyURI(
            issuer: "Grüße & Co", account: "a:b c+d@example.org?#%", secret: secret,
            parameters: TokenParameters(.totp(.seven, period: 45), hash: .sha256))
        #expect(
            totp.text
                == """
                otpauth://totp/Gr%C3%BC%C3%9Fe%20%26%20Co:a%3Ab%20c%2Bd%40example.org%3F%23%25?\
                secret=AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU&issuer=Gr%C3%BC%C3%9Fe%20%26%20Co&algorithm=SHA256\
                &digits=7&period=45
                """)
        #expect(try KeyURI(totp.text) == totp)
        let hotp = try KeyURI(
            issuer: nil, account: "bob", secret: secret,
            parameters: TokenParameters(.hotp(.six), hash: .sha1), counter: .max)
        #expect(
            hotp.text
                == """
                otpauth://hotp/bob?secret=AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU&algorithm=SHA1&digits=6\
                &counter=18446744073709551615
                """)
        #expect(try KeyURI(hotp.text) == hotp)
    }

    @Test func `makes no URI that would be read as another`() throws {
        let totp = try TokenParameters(.totp(.six, period: 30), hash: .sha1)
        let cases: [(issuer: String?, account: String, counter: UInt64, error: String)] = [
            ("a:b", "c", 0, "issuer"), ("", "c", 0, "issuer"), ("a\n", "c", 0, "issuer"),
            (nil, "a:b", 0, "label"), (nil, "", 0, "label"), ("a", " b", 0, "label"),
            ("a", "b\u{7F}", 0, "label"), ("a", "b", 1, "counter"),
        ]
        for (issuer, account, counter, member) in cases {
            #expect(throws: MalformedOATH.uri(member: member)) {
                try KeyURI(
                    issuer: issuer, account: account, secret: Self.secret, parameters: totp,
                    counter: counter)
            }
        }
        #expect(throws: MalformedOATH.uri(member: "type")) {
            try KeyURI(
                issuer: nil, account: "a", secret: Self.secret,
                parameters: TokenParameters(.challengeResponse, hash: .sha1))
        }
        #expect(throws: MalformedOATH.secretLength) {
            try KeyURI(issuer: nil, account: "a", secret: [1], parameters: totp)
        }
    }

    @Test func `says nothing of its secret`() throws {
        let uri = try KeyURI(Self.honest)
        #expect("\(uri)" == "totp key Example:alice@google.com")
        #expect("\(try uri.draft())" == "totp token without a serial number")
    }

    /// A prefix may be a URI of its own, of a shorter issuer.
    @Test func `no prefix and no flipped bit brings it down, or leaves all as it was`() throws {
        let honest = try KeyURI(Self.honest)
        let bytes = Array(Self.honest.utf8)
        for prefix in bytes.properPrefixes {
            if let uri = try? KeyURI(String(decoding: prefix, as: UTF8.self)) {
                #expect(prefix.count > bytes.count - "&issuer=Example".count - 1)
                #expect(uri.issuer == "Example")
            }
        }
        for (bit, flipped) in bytes.singleBitFlips.enumerated() {
            guard let uri = try? KeyURI(String(decoding: flipped, as: UTF8.self)), uri == honest
            else { continue }
            // Nothing but the case of a letter of the scheme, the type, a name or the secret; and the name of the issuer,
            // which the label has too.
            let place = bit / 8
            #expect(
                bit % 8 == 5 || Self.honest.utf8.count - place <= "issuer=Example".utf8.count + 1)
        }
    }

    @Test func `reads a file of URIs line by line`() throws {
        let file = "\u{FEFF}\(Self.honest)\r\n\r\nnonsense\n\(Self.honest)x\notpauth://totp/\u{1}\n"
        let lines = try KeyURI.decodeLines(Array(file.utf8))
        #expect(lines.map(\.number) == [1, 3, 4, 5])
        #expect(try lines[0].outcome.get().secret == Self.secret)
        let errors = lines.dropFirst().map { line -> MalformedOATH? in
            if case .failure(let error) = line.outcome { error } else { nil }
        }
        #expect(errors == [.uri(member: "scheme"), .uri(member: "issuer"), .encoding])
    }
}
