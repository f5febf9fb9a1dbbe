import Yams

/// Reads one YAML document in a small dialect: no anchors, aliases or tags, no key twice.
package enum YAMLText {
    /// The text of a file, if it has `limit` bytes at most and is UTF-8.
    package static func decode(
        _ bytes: [UInt8], file: String, limit: Int
    ) throws(YAMLError) -> String {
        guard bytes.count <= limit else {
            throw .documentTooLarge(file: file, bytes: bytes.count, limit: limit)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalidUTF8(file: file)
        }
        return text
    }

    /// The mapping that the document `text` is. `firstLine` is where `text` starts in `file`.
    package static func parse(
        _ text: String, file: String, firstLine: Int = 1
    ) throws(YAMLError) -> YAMLMapping {
        if let line = lineOfAnchorAliasOrTag(in: text) {
            throw .anchorAliasOrTag(FilePosition(file: file, line: firstLine + line))
        }
        let root: Node?
        do {
            root = try Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw refusal(error, file: file, firstLine: firstLine)
        } catch {
            throw .malformedYAML(
                FilePosition(file: file, line: firstLine), problem: "it cannot be read")
        }
        guard let root else {
            throw .malformedYAML(
                FilePosition(file: file, line: firstLine), problem: "it is empty")
        }
        return try YAMLValue(node: root, file: file, firstLine: firstLine, field: "the document")
            .mapping()
    }

    /// The line, counted from 0, of the first `&`, `*` or `!` that could start an anchor, an alias
    /// or a tag. It looks at no context, so quoted text and comments count too: what YAML would
    /// take for one is found whatever stands around it. Only `*` directly behind a quotation mark
    /// is let pass: there YAML has an alias nowhere, and patterns begin so.
    static func lineOfAnchorAliasOrTag(in text: String) -> Int? {
        var line = 0
        var previous = UInt8(ascii: "\n")
        var canStart = false
        for character in text.utf8 {
            if canStart, !isSpace(character) { return line }
            canStart =
                [UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!")].contains(character)
                && !isInsideWord(previous)
                && !(character == UInt8(ascii: "*") && isQuotationMark(previous))
            if character == UInt8(ascii: "\n") { line += 1 }
            previous = character
        }
        return nil
    }

    private static func isSpace(_ character: UInt8) -> Bool {
        [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
            .contains(character)
    }

    private static func isQuotationMark(_ character: UInt8) -> Bool {
        character == UInt8(ascii: "\"") || character == UInt8(ascii: "'")
    }

    /// Whether a character after `previous` goes on with a word, in YAML's eyes.
    private static func isInsideWord(_ previous: UInt8) -> Bool {
        switch previous {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "+"),
            UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    private static func refusal(
        _ error: YamlError, file: String, firstLine: Int
    ) -> YAMLError {
        func place(_ mark: Mark) -> FilePosition {
            FilePosition(file: file, line: max(firstLine, firstLine + mark.line - 1))
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return .malformedYAML(place(mark), problem: problem)
        case .duplicatedKeysInMapping(let keys, let context):
            return .duplicateKey(place(context.mark), key: keys.first ?? "")
        case .reader(let problem, _, _, _):
            return .malformedYAML(FilePosition(file: file, line: firstLine), problem: problem)
        default:
            return .malformedYAML(
                FilePosition(file: file, line: firstLine), problem: "it cannot be read")
        }
    }
}
