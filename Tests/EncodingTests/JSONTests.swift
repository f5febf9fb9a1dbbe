import Encoding
import Testing
import TestSupport

struct JSONTests {
    @Test(
        arguments: [
            ("null", .null), ("true", true), ("false", false), ("0", 0), ("-1", -1),
            ("1.5e+10", .number("1.5e+10")), ("-0.0E-7", .number("-0.0E-7")),
            (#""""#, ""), (#""a""#, "a"), ("[]", []), ("{}", [:]),
            ("[1,[2,{}],\"a\"]", [1, [2, [:]], "a"]),
            (#"{"a":{"b":[null]},"c":1}"#, ["a": ["b": [.null]], "c": 1]),
            (" \t\r\n[ 1 , 2 ] \n", [1, 2]), ("{ \"a\" :\n1 }", ["a": 1]),
            ("\u{FEFF}{}", [:]), ("\u{FEFF} 1", 1),
        ] as [(String, JSON)])
    func `values decode`(text: String, value: JSON) throws {
        #expect(try JSON.decode(Array(text.utf8)) == value)
        #expect(try JSON.decode(Array(value.encoded().utf8)) == value)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
        (#""\ud83d\ude00""#, "😀"), (#""😀""#, "😀"), (#""\u0000""#, "\u{0}"),
        (#""https:\/\/example.org""#, "https://example.org"),
        ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
    ])
    func `escapes decode`(text: String, value: String) throws {
        #expect(try JSON.decode(Array(text.utf8)) == .string(value))
    }

    @Test(
        arguments: [
            ("'a'", 0), ("nul1", 3), ("nullx", nil), ("True", 0), ("NaN", 0), ("+1", 0), (".5", 0),
            ("-a", 1), ("1.a", 2), ("1ea", 2), ("[1 2]", 3), ("[1,]", 3), ("[,1]", 1), ("{a:1}", 1),
            ("{\"a\" 1}", 5), ("{\"a\":1,}", 7), ("{,}", 1), ("{\"a\":1;}", 6), ("{1:1}", 1),
            (#""\x""#, 2), (#""\u00g0""#, 5), (#""\ud83d""#, 7), (#""\ud83dx""#, 7),
            (#""\ud83d\n""#, 8), ("\"\n\"", 1), ("\"\u{0}\"", 1), ("\"\u{1F}\"", 1),
            ("\u{A0}1", 0), ("//x\n1", 0), ("\u{FEFF}\u{FEFF}1", 3), ("[1]]", nil), ("01", nil),
            ("1 2", nil), ("{}{}", nil), ("1\u{FEFF}", nil), ("null\u{0}", nil), ("0x1", nil),
        ] as [(String, Int?)])
    func `what the grammar does not allow is refused where it stands`(
        text: String, offset: Int?
    ) {
        do throws(MalformedEncoding) {
            let value = try JSON.decode(Array(text.utf8))
            Issue.record("\(text) decoded as \(value)")
        } catch {
            if let offset {
                #expect(error == .invalidCharacter(offset: offset))
            } else {
                #expect(error.code == "trailing-bytes")
            }
        }
    }

    @Test(arguments: [
        "", " ", "\u{FEFF}", "n", "-", "1.", "1e", "1e+", "\"", "\"a", #""\"#, #""\u12"#,
        #""\ud83d\"#, "[", "[1", "[1,", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
    ])
    func `what ends too early is truncated`(text: String) {
        #expect(throws: MalformedEncoding.truncated) { try JSON.decode(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x28, 0x22], [0x22, 0xC0, 0x80, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC3, 0x22],
        ] as [[UInt8]])
    func `strings are UTF-8`(bytes: [UInt8]) {
        #expect(throws: MalformedEncoding.invalidUTF8) { try JSON.decode(bytes) }
    }

    @Test(arguments: [#""\ude00""#, #""\ud83d\u0041""#, #""\ud83d\ud83d""#])
    func `surrogates come in pairs`(text: String) {
        #expect(throws: MalformedEncoding.invalidUTF8) { try JSON.decode(Array(text.utf8)) }
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"[{"x":{"a":1,"a":2}}]"#,
        #"{"":1,"":2}"#, #"{"\u00e9":1,"e\u0301":2}"#,
    ])
    func `no member occurs twice, however it is written`(text: String) {
        #expect(throws: MalformedEncoding.duplicateKey) { try JSON.decode(Array(text.utf8)) }
    }

    @Test func `sixteen levels are the default`() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> [UInt8] {
                let inner = open == "[" ? "[]" : "{}"
                return Array(
                    (String(repeating: open, count: depth - 1) + inner
                        + String(repeating: close, count: depth - 1)).utf8)
            }
            #expect(throws: Never.self) { try JSON.decode(nested(16)) }
            #expect(throws: MalformedEncoding.nestedTooDeeply) { try JSON.decode(nested(17)) }
            #expect(throws: MalformedEncoding.nestedTooDeeply) { try JSON.decode(nested(100_000)) }
            #expect(throws: MalformedEncoding.nestedTooDeeply) {
                try JSON.decode(nested(3), maximumDepth: 2)
            }
        }
    }

    @Test func `numbers without fraction or exponent that fit are integers`() throws {
        #expect(JSON.number("9223372036854775807").intValue == .max)
        #expect(JSON.number("-9223372036854775808").intValue == .min)
        for text in ["9223372036854775808", "1.0", "1e2", "1E0"] {
            #expect(try JSON.decode(Array(text.utf8)).intValue == nil)
        }
        #expect(JSON.string("1").intValue == nil)
    }

    @Test func `accessors answer for their kind alone`() {
        let value: JSON = ["a": ["x"], "b": true]
        #expect(value["a"]?.arrayValue == ["x"])
        #expect(value["b"]?.boolValue == true)
        #expect(value["c"] == nil)
        #expect(value["a"]?["x"] == nil)
        #expect(value.objectValue?.count == 2)
        #expect(value.arrayValue == nil)
        #expect(value.stringValue == nil)
        #expect((0 as JSON).boolValue == nil)
        #expect(JSON.null.stringValue == nil)
        #expect(JSON.integer(UInt64.max) == .number("18446744073709551615"))
    }

    @Test func `members are written in order and controls escaped`() {
        let value: JSON = ["b": [1, .null, false], "a": "\"\\/\n\u{1F}é\u{7F}"]
        #expect(
            value.encoded() == #"{"a":"\"\\/\u000a\u001f"# + "é\u{7F}" + #"","b":[1,null,false]}"#)
    }

    @Test func `random values come out as they went in`() throws {
        var random = SplitMix64(seed: 6)
        for _ in 0..<3_000 {
            let value = JSON.random(depth: 5, using: &random)
            #expect(try JSON.decode(Array(value.encoded().utf8)) == value)
        }
    }

    @Test func `random text never traps`() {
        var random = SplitMix64(seed: 7)
        let alphabet = Array(#"{}[]":,\u0123456789abtrfnle-+.E /"#.utf8) + [0x00, 0x80, 0xC3, 0xFF]
        var decoded = 0
        for _ in 0..<100_000 {
            let count = Int.random(in: 0...12, using: &random)
            let bytes = (0..<count).map { _ in
                alphabet[Int(random.next() % UInt64(alphabet.count))]
            }
            guard let value = try? JSON.decode(bytes) else { continue }
            decoded += 1
            guard (try? JSON.decode(Array(value.encoded().utf8))) != value else { continue }
            Issue.record("\(Hex.encode(bytes))")
        }
        #expect(decoded > 1000)
    }
}

extension JSON {
    /// A value of at most `depth` levels.
    static func random(depth: Int, using random: inout SplitMix64) -> JSON {
        switch Int.random(in: 0...(depth > 0 ? 5 : 3), using: &random) {
        case 0: return .integer(Int64(bitPattern: random.next()))
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .null
        case 3: return .string(.random(using: &random))
        case 4:
            let count = Int.random(in: 0...5, using: &random)
            return .array((0..<count).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            var members: [String: JSON] = [:]
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                members[.random(using: &random)] = .random(depth: depth - 1, using: &random)
            }
            return .object(members)
        }
    }
}

extension String {
    fileprivate static func random(using random: inout SplitMix64) -> String {
        let alphabet = Array("ab\"\\/\u{0}\n\u{1F}\u{7F}é\u{0301}水😀".unicodeScalars)
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            text.unicodeScalars.append(alphabet[Int(random.next() % UInt64(alphabet.count))])
        }
        return text
    }
}
