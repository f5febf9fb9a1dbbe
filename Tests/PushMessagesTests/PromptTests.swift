import PushMessages
import TestSupport
import Testing

struct PromptTests {
    @Test func `the prompt is laid out as documented`() throws {
        try survives(Samples.promptBytes, Samples.prompt(), Prompt.init(decoding:)) {
            $0.encoded()
        }
        #expect(Array(Samples.promptBytes[0..<16]) == Samples.promptIDBytes)
        #expect(Array(Samples.promptBytes[16..<48]) == Samples.challenge)
        #expect(Array(Samples.promptBytes[48..<64]) == Samples.phoneBytes)
        #expect(Samples.promptBytes[80] == 2)
        #expect(Samples.promptBytes[81] == 3)
    }

    @Test func `a prompt without choices and without a place is read as it was made`() throws {
        let prompt = try Samples.prompt(
            digits: 6, choices: [],
            shown: Prompt.Shown(server: "S", user: "u", application: "a"))
        #expect(try Prompt(decoding: prompt.encoded()) == prompt)
        #expect(prompt.encoded().count == 82 + 2 + 2 + 2 + 1 + 1 + 1)
    }

    @Test func `the longest prompt has the length that is promised`() throws {
        let prompt = try Samples.prompt(
            digits: 6, choices: ["000000", "111111", "222222"],
            shown: Prompt.Shown(
                server: String(repeating: "s", count: 64),
                user: String(repeating: "u", count: 128),
                application: String(repeating: "a", count: 64),
                detail: String(repeating: "d", count: 255),
                address: String(repeating: "1", count: 64), country: "NL"))
        #expect(prompt.encoded().count == Prompt.maximumLength)
        #expect(try Prompt(decoding: prompt.encoded()) == prompt)
        // Of a Web Push message of 4 096 bytes, 103 are not the message's (RFC 8291 §4).
        #expect(SignedPrompt.maximumLength <= 3993)
    }

    @Test(arguments: [
        (1, [String]()), (7, []), (0, []), (2, ["11"]), (2, ["11", "22"]),
        (2, ["11", "22", "33", "44"]), (2, ["11", "22", "11"]), (2, ["11", "22", "3"]),
        (2, ["11", "22", "3a"]), (2, ["11", "22", "٣"]),
    ])
    func `numbers that do not fit are refused`(digits: Int, choices: [String]) {
        let name = (2...6).contains(digits) ? "choices" : "digits"
        #expect(throws: MalformedPush.value(name)) {
            try Samples.prompt(digits: digits, choices: choices)
        }
    }

    @Test(arguments: [
        "line\nbreak", "nul\0", "c1\u{85}", "sep\u{2028}", "bidi\u{202E}gnp", "iso\u{2066}",
        "mark\u{200F}", "alm\u{61C}", "del\u{7F}",
    ])
    func `texts that would not read as they are drawn are refused`(text: String) {
        for (name, change) in Self.fields {
            var shown = Samples.shown
            change(&shown, text)
            #expect(throws: MalformedPush.value(name)) { try Samples.prompt(shown: shown) }
        }
    }

    @Test func `texts have the lengths that their places hold`() {
        for (name, limit) in [
            ("server", 64), ("user", 128), ("application", 64), ("detail", 255), ("address", 64),
        ] {
            for (field, change) in Self.fields where field == name {
                var shown = Samples.shown
                change(&shown, String(repeating: "a", count: limit))
                #expect(throws: Never.self) { try Samples.prompt(shown: shown) }
                change(&shown, String(repeating: "a", count: limit + 1))
                #expect(throws: MalformedPush.value(name)) { try Samples.prompt(shown: shown) }
            }
        }
        for name in ["server", "user", "application"] {
            for (field, change) in Self.fields where field == name {
                var shown = Samples.shown
                change(&shown, "")
                #expect(throws: MalformedPush.value(name)) { try Samples.prompt(shown: shown) }
            }
        }
    }

    @Test(arguments: ["nl", "N", "NLD", "N1", "É"])
    func `a country is two capital letters`(country: String) {
        var shown = Samples.shown
        shown.country = country
        #expect(throws: MalformedPush.value("country")) { try Samples.prompt(shown: shown) }
    }

    @Test func `times go forward and are not before 1970`() {
        #expect(throws: MalformedPush.value("issued")) { try Samples.prompt(issuedAt: -1) }
        #expect(throws: MalformedPush.value("expires")) {
            try Samples.prompt(issuedAt: 5, expiresAt: 5)
        }
        let huge = Array(Samples.promptBytes[..<64]) + [UInt8](repeating: 0xFF, count: 8)
        #expect(throws: MalformedPush.value("issued")) {
            try Prompt(decoding: huge + Samples.promptBytes[72...])
        }
    }

    @Test func `other lengths of challenges and identifiers are refused`() throws {
        #expect(throws: MalformedPush.value("challenge")) {
            try Samples.prompt(challenge: [UInt8](repeating: 0, count: 31))
        }
        #expect(PromptID(bytes: [UInt8](repeating: 0, count: 15)) == nil)
        #expect(PhoneID(bytes: [UInt8](repeating: 0, count: 17)) == nil)
        #expect(try PhoneID("EBESExQVFhcYGRobHB0eHw") == Samples.phone())
        #expect(try Samples.phone().text == "EBESExQVFhcYGRobHB0eHw")
        for text in [
            "", "EBESExQVFhcYGRobHB0eHx", "EBESExQVFhcYGRobHB0e", "EBESExQVFhcYGRobHB0eHw==",
        ] {
            #expect(throws: MalformedPush.value("phone")) { try PhoneID(text) }
        }
    }

    @Test func `names that Unicode holds to be the same make different prompts`() throws {
        var shown = Samples.shown
        shown.user = "zoe\u{308}"
        #expect(try Samples.prompt(shown: shown) != Samples.prompt())
    }

    private static let fields: [(String, @Sendable (inout Prompt.Shown, String) -> Void)] = [
        ("server", { $0.server = $1 }), ("user", { $0.user = $1 }),
        ("application", { $0.application = $1 }), ("detail", { $0.detail = $1 }),
        ("address", { $0.address = $1 }),
    ]
}

struct SignedPromptTests {
    @Test func `a signed prompt is a prompt and 64 bytes`() throws {
        let signed = try SignedPrompt(prompt: Samples.prompt(), signature: Samples.signature)
        try survives(
            Samples.promptBytes + Samples.signature, signed, SignedPrompt.init(decoding:)
        ) { $0.encoded() }
    }

    @Test func `what the server signs begins with its context`() throws {
        let signed = try SignedPrompt(prompt: Samples.prompt(), signature: Samples.signature)
        #expect(
            signed.message
                == Samples.padding + "countersign push prompt, version 1".bytes + [0]
                + Samples.promptBytes)
    }

    @Test func `a signature has 64 bytes`() throws {
        let prompt = try Samples.prompt()
        for count in [0, 63, 65] {
            #expect(throws: MalformedPush.value("sig")) {
                try SignedPrompt(prompt: prompt, signature: [UInt8](repeating: 0, count: count))
            }
        }
        #expect(throws: MalformedPush.truncated) {
            try SignedPrompt(decoding: Samples.signature)
        }
    }

    @Test func `the reply to a poll holds it in base64url`() throws {
        let signed = try SignedPrompt(prompt: Samples.prompt(), signature: Samples.signature)
        let reply = PolledPrompt(signed)
        let body = reply.encoded()
        #expect(body.starts(with: #"{"prompt":"QEFC"#.bytes))
        #expect(try PolledPrompt(decoding: body) == reply)
        #expect(throws: MalformedPush.value("prompt")) {
            try PolledPrompt(decoding: #"{"prompt":7}"#.bytes)
        }
        #expect(throws: MalformedPush.truncated) {
            try PolledPrompt(decoding: #"{"prompt":"AAAA"}"#.bytes)
        }
    }
}
