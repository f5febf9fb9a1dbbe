import StrictYAML
import Testing

struct YAMLTextTests {
    @Test(arguments: [
        "a: &x 1", "a: *x", "a: !!binary AA", "a: [&x 1]", "a: {b:*x}", "{\"a\":&x 1}", "&x a: 1",
        "a: 1 # see *x", "- &x", "a: \"\n  # \", &x b: 1", "a: b,&x", "é: 1\u{2028}&x b: 1",
        "a: !<tag:x> 1", "<<: *x", "a: 'quoted &x'", "a: 'quoted *x'", "a: '&x'", "a: \"!x\"",
        "a: \"b\" *x",
    ])
    func `refuses anchors, aliases and tags before reading the document`(text: String) {
        let line = text.hasPrefix("a: \"\n") ? 2 : 1
        #expect(throws: YAMLError.anchorAliasOrTag(FilePosition(file: "f", line: line))) {
            try YAMLText.parse(text, file: "f")
        }
    }

    @Test(arguments: ["a: 'x'*b", "a: ['x'*b]", "? 'x'*b\n: 1", "'x'*b: 1", "- 'x'*b"])
    func `refuses what stands where an alias would, behind a quotation mark`(text: String) {
        #expect(throws: YAMLError.self) { try YAMLText.parse(text, file: "f") }
    }

    @Test(arguments: ["\"*x*\"", "'*x'", "x*y", "'*'"])
    func `lets an asterisk pass that a quotation mark precedes`(value: String) throws {
        let text = try #require(try YAMLText.parse("a: \(value)", file: "f")["a"]).text()
        #expect(text == value.filter { $0 != "\"" && $0 != "'" })
    }

    @Test(arguments: ["Research & Development", "R&D", "a * b", "Wow! Yes", "https://x/?a=b&c=d"])
    func `lets honest punctuation pass`(name: String) throws {
        let value = try #require(try YAMLText.parse("a: \(name)", file: "f")["a"])
        #expect(try value.text() == name)
    }

    @Test func `reads no more bytes than its limit`() throws {
        #expect(try YAMLText.decode([0x61, 0x62], file: "f", limit: 2) == "ab")
        #expect(throws: YAMLError.documentTooLarge(file: "f", bytes: 3, limit: 2)) {
            try YAMLText.decode([0x61, 0x62, 0x63], file: "f", limit: 2)
        }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: YAMLError.invalidUTF8(file: "f")) {
            try YAMLText.decode([0x61, 0xC3], file: "f", limit: 9)
        }
    }

    @Test func `refuses nothing, a second document and what is not a mapping`() {
        let first = FilePosition(file: "f", line: 1)
        #expect(throws: YAMLError.malformedYAML(first, problem: "it is empty")) {
            try YAMLText.parse("", file: "f")
        }
        #expect(
            throws: YAMLError.malformedYAML(
                FilePosition(file: "f", line: 2), problem: "but found another document")
        ) { try YAMLText.parse("a: 1\n---\nb: 2\n", file: "f") }
        #expect(
            throws: YAMLError.wrongType(
                first, field: "the document", expected: "a mapping of keys to values")
        ) { try YAMLText.parse("- a\n- b\n", file: "f") }
        #expect(
            throws: YAMLError.wrongType(
                first, field: "the document", expected: "a mapping whose keys are words")
        ) { try YAMLText.parse("? [a]\n: 1\n", file: "f") }
    }

    @Test func `counts lines from where the document starts in the file`() {
        #expect(
            throws: YAMLError.duplicateKey(FilePosition(file: "f", line: 11), key: "b")
        ) { try YAMLText.parse("a: 1\nb: 2\nb: 3\n", file: "f", firstLine: 10) }
    }

    @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "[[a]: ", "{? [", "\"", "|\n", "%", "\u{85}"])
    func `survives deep and endless nesting`(unit: String) {
        for count in [10, 999, 1_001, 60_000 / unit.utf8.count] {
            #expect(throws: YAMLError.self) {
                try YAMLText.parse(String(repeating: unit, count: count), file: "f")
            }
        }
    }
}
