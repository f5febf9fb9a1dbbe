import StrictYAML
import Testing

struct YAMLValueTests {
    private enum Colour: String, CaseIterable {
        case red, green
    }

    private let place = FilePosition(file: "f", line: 1)

    private func value(_ text: String) throws -> YAMLValue {
        try #require(try YAMLText.parse("a: \(text)", file: "f")["a"])
    }

    @Test func `knows what it is and where it stands`() throws {
        let root = try YAMLText.parse("b: 1\na:\n  - x\n", file: "f")
        let list = try #require(root["a"])
        #expect(root.keys == ["a", "b"])
        #expect(list.isList && !list.isMapping)
        #expect(try list.list().map(\.location.line) == [3])
        #expect(try value("{b: 1}").isMapping)
        #expect(try !value("x").isList && !value("x").isMapping)
        #expect("\(list.location)" == "f:3")
    }

    @Test func `reads text, words and truth`() throws {
        #expect(try value("'on'").text() == "on")
        #expect(try value("on").text() == "on")
        #expect(try value("green").word(of: Colour.self) == .green)
        #expect(try value("true").bool())
        #expect(
            try value("[1, 2]").set { (element) throws(YAMLError) in try element.text() } == [
                "1", "2",
            ])
    }

    @Test func `refuses values of another kind`() throws {
        let text = YAMLError.wrongType(place, field: "a", expected: "text")
        #expect(throws: text) { try value("[b]").text() }
        let paragraph = YAMLError.wrongType(
            place, field: "a", expected: "text in one paragraph")
        #expect(throws: paragraph) { try value("\"b\\u0007\"").text() }
        #expect(throws: paragraph) { try value("' b'").text() }
        #expect(throws: paragraph) { try value("''").text() }
        let list = YAMLError.wrongType(place, field: "a", expected: "a list that is not empty")
        #expect(throws: list) { try value("[]").list() }
        #expect(throws: list) { try value("b").list() }
        let bool = YAMLError.wrongType(place, field: "a", expected: "true or false")
        #expect(throws: bool) { try value("'true'").bool() }
        #expect(throws: bool) { try value("yes").bool() }
        let mapping = YAMLError.wrongType(
            place, field: "a", expected: "a mapping of keys to values")
        #expect(throws: mapping) { try value("b").mapping() }
    }

    @Test func `refuses values that are none of those allowed`() throws {
        #expect(
            throws: YAMLError.invalidValue(
                place, field: "a", value: "blue", expected: "one of: red, green")
        ) { try value("blue").word(of: Colour.self) }
        #expect(
            throws: YAMLError.invalidValue(place, field: "a", value: "x", expected: "a number")
        ) { try value("x").decoded("a number") { Int($0) } }
        #expect(throws: YAMLError.repeatedValue(place, field: "a", value: "x")) {
            try value("[x, y, x]").set { (element) throws(YAMLError) in try element.text() }
        }
    }

    @Test func `refuses keys that are missing, strange or there twice`() throws {
        let root = try YAMLText.parse("a: 1\nb: 2\n", file: "f")
        #expect(throws: YAMLError.missingKey(place, key: "c")) { try root.require("c") }
        #expect(
            throws: YAMLError.unknownKey(
                FilePosition(file: "f", line: 2), key: "b", allowed: ["a", "c"])
        ) { try root.allow(only: ["a", "c"]) }
        #expect(throws: YAMLError.duplicateKey(place, key: "a")) {
            try YAMLText.parse("a: 1\na: 2\n", file: "f")
        }
        #expect(throws: YAMLError.self) { try YAMLText.parse("a: 1\n\"a\": 2\n", file: "f") }
    }

    @Test func `gives every error a code and a text of its own`() {
        let errors: [YAMLError] = [
            .documentTooLarge(file: "f", bytes: 2, limit: 1), .invalidUTF8(file: "f"),
            .anchorAliasOrTag(place), .malformedYAML(place, problem: "p"),
            .duplicateKey(place, key: "k"), .unknownKey(place, key: "k", allowed: ["a"]),
            .missingKey(place, key: "k"), .wrongType(place, field: "f", expected: "e"),
            .invalidValue(place, field: "f", value: "v", expected: "e"),
            .repeatedValue(place, field: "f", value: "v"),
        ]
        #expect(
            errors.map(\.code) == [
                "document-too-large", "invalid-utf8", "anchor-alias-or-tag", "malformed-yaml",
                "duplicate-key", "unknown-key", "missing-key", "wrong-type", "invalid-value",
                "repeated-value",
            ])
        #expect(Set(errors.map(\.description)).count == errors.count)
        #expect(
            errors[8].description == "f:1: ‘f’ cannot be ‘v’; write e")
    }
}
