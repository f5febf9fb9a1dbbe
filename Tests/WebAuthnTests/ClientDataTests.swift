import Encoding
import Testing
import TestSupport
import WebAuthn

struct ClientDataTests {
    /// The order and the escapes of WebAuthn Level 3 §5.8.1.1.
    @Test func `a client's serialisation decodes and encodes`() throws {
        let json = #"""
            {"type":"webauthn.get","challenge":"AAEC_w","origin":"https://example.org","crossOrigin":false}
            """#
        let data = try ClientData(decoding: Array(json.utf8))
        #expect(
            data
                == ClientData(
                    type: .get, challenge: [0, 1, 2, 255], origin: "https://example.org"))
        #expect(data.encoded() == Array(json.utf8))
    }

    @Test func `a frame's topmost origin is decoded and encoded`() throws {
        let data = try ClientData(decoding: Array(Self.framed.utf8))
        #expect(data.type == .create)
        #expect(data.crossOrigin)
        #expect(data.topOrigin == "https://top.example")
        #expect(data.encoded() == Array(Self.framed.utf8))
    }

    private static let framed = #"""
        {"type":"webauthn.create","challenge":"AAEC_w","origin":"https://example.org",\#
        "crossOrigin":true,"topOrigin":"https://top.example"}
        """#

    @Test func `no proper prefix is client data`() {
        for prefix in Array(Self.framed.utf8).properPrefixes {
            #expect(throws: MalformedWebAuthn.clientDataEncoding(.truncated)) {
                try ClientData(decoding: prefix)
            }
        }
    }

    @Test func `each flipped bit is refused or shows`() throws {
        let whole = try ClientData(decoding: Array(Self.framed.utf8))
        for flipped in Array(Self.framed.utf8).singleBitFlips {
            guard let data = try? ClientData(decoding: flipped) else { continue }
            #expect(data != whole, "\(String(decoding: flipped, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        // White space, members that are not known, of any type and depth.
        " {\n\"type\" : \"webauthn.get\" ,\t\"challenge\":\"AAEC_w\",\r\n\"origin\":\"o\" } ",
        #"{"new":{"a":[1,null,{"b":true}]},"type":"webauthn.get","challenge":"AAEC_w","origin":"o"}"#,
        #"{"type":"webauthn.get","challenge":"AAEC_w","origin":"o","androidPackageName":"a.b"}"#,
        // Escapes that some encoders write.
        #"{"t\u0079pe":"webauthn\u002eget","challenge":"\u0041AEC_w","origin":"\u006F"}"#,
        // A byte order mark.
        "\u{FEFF}{\"type\":\"webauthn.get\",\"challenge\":\"AAEC_w\",\"origin\":\"o\"}",
        // Token binding as Level 1 had it.
        #"{"type":"webauthn.get","challenge":"AAEC_w","origin":"o","tokenBinding":{"status":"supported"}}"#,
        #"""
        {"type":"webauthn.get","challenge":"AAEC_w","origin":"o",\#
        "tokenBinding":{"status":"present","id":"AAAA"}}
        """#,
    ])
    func `what may differ between clients is accepted`(json: String) throws {
        let data = try ClientData(decoding: Array(json.utf8))
        #expect(data == ClientData(type: .get, challenge: [0, 1, 2, 255], origin: "o"))
    }

    @Test func `slashes may be escaped`() throws {
        let json = #"{"type":"webauthn.get","challenge":"","origin":"https:\/\/example.org"}"#
        #expect(try ClientData(decoding: Array(json.utf8)).origin == "https://example.org")
    }

    @Test func `an unknown type is kept`() throws {
        let json = #"{"type":"payment.get","challenge":"","origin":""}"#
        let data = try ClientData(decoding: Array(json.utf8))
        #expect(data.type == ClientData.CeremonyType(rawValue: "payment.get"))
    }

    @Test(
        arguments: [
            ("type", #"{"challenge":"","origin":""}"#),
            ("type", #"{"type":1,"challenge":"","origin":""}"#),
            ("type", #"{"type":null,"challenge":"","origin":""}"#),
            ("type", "[]"), ("type", "null"), ("type", "1"), ("type", #""type""#), ("type", "{}"),
            ("origin", #"{"type":"","challenge":""}"#),
            ("origin", #"{"type":"","challenge":"","origin":["https://example.org"]}"#),
            ("challenge", #"{"type":"","origin":""}"#),
            ("challenge", #"{"type":"","challenge":false,"origin":""}"#),
            ("crossOrigin", #"{"type":"","challenge":"","origin":"","crossOrigin":"true"}"#),
            ("crossOrigin", #"{"type":"","challenge":"","origin":"","crossOrigin":0}"#),
            ("crossOrigin", #"{"type":"","challenge":"","origin":"","crossOrigin":null}"#),
            ("topOrigin", #"{"type":"","challenge":"","origin":"","topOrigin":true}"#),
            ("topOrigin", #"{"type":"","challenge":"","origin":"","topOrigin":null}"#),
        ])
    func `a member that is missing or of another type is named`(
        member: String, json: String
    ) {
        #expect(throws: MalformedWebAuthn.clientDataMember(member)) {
            try ClientData(decoding: Array(json.utf8))
        }
    }

    @Test(arguments: ["AAEC_x", "AAEC/w", "AAEC+w", "AAEC_w==", "AAEC_", "AAEC_w ", " AAEC_w", "é"])
    func `the challenge is strict base64url`(challenge: String) {
        let json = #"{"type":"","challenge":"\#(challenge)","origin":""}"#
        #expect(throws: MalformedWebAuthn.clientDataMember("challenge")) {
            try ClientData(decoding: Array(json.utf8))
        }
    }

    @Test(arguments: [
        "null", "true", #""supported""#, "[]", "{}", #"{"status":"not-supported"}"#,
        #"{"status":"SUPPORTED"}"#, #"{"status":1}"#, #"{"id":"AAAA"}"#,
    ])
    func `token binding is what Level 1 said or absent`(binding: String) {
        let json = #"{"type":"","challenge":"","origin":"","tokenBinding":\#(binding)}"#
        #expect(throws: MalformedWebAuthn.clientDataMember("tokenBinding")) {
            try ClientData(decoding: Array(json.utf8))
        }
    }

    @Test(arguments: [
        #"{"type":"","type":"","challenge":"","origin":""}"#,
        #"{"type":"","t\u0079pe":"x","challenge":"","origin":""}"#,
        #"{"type":"","challenge":"","origin":"","new":1,"new":1}"#,
        #"{"type":"","challenge":"","origin":"","new":{"a":1,"a":2}}"#,
    ])
    func `no member occurs twice, at any depth`(json: String) {
        #expect(throws: MalformedWebAuthn.clientDataEncoding(.duplicateKey)) {
            try ClientData(decoding: Array(json.utf8))
        }
    }

    @Test func `bytes behind the object and other encodings are refused`() {
        let json = Array(#"{"type":"","challenge":"","origin":""}"#.utf8)
        #expect(throws: MalformedWebAuthn.clientDataEncoding(.trailingBytes(count: 1))) {
            try ClientData(decoding: json + [0])
        }
        let invalid = Array(#"{"type":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        #expect(throws: MalformedWebAuthn.clientDataEncoding(.invalidUTF8)) {
            try ClientData(decoding: invalid)
        }
        #expect(throws: MalformedWebAuthn.clientDataEncoding(.invalidCharacter(offset: 0))) {
            try ClientData(decoding: [0xFF, 0xFE] + json.flatMap { [$0, 0] })
        }
    }

    @Test func `random and bent bytes never trap`() {
        var random = SplitMix64(seed: 13)
        let whole = Array(Self.framed.utf8)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = random.bytes(1)[0]
            }
            guard let data = try? ClientData(decoding: bytes) else { continue }
            #expect((try? ClientData(decoding: data.encoded())) == data)
        }
    }
}
