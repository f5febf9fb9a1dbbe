/// Why a document was refused. The text of each says what to do about it.
public enum YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is longer than any honest one.
    case documentTooLarge(file: String, bytes: Int, limit: Int)
    /// The file is not UTF-8.
    case invalidUTF8(file: String)
    /// An anchor, an alias or a tag, or text that could be taken for one.
    case anchorAliasOrTag(FilePosition)
    /// The text is not YAML, or not one document.
    case malformedYAML(FilePosition, problem: String)
    /// A mapping has a key twice.
    case duplicateKey(FilePosition, key: String)
    /// A key that the schema does not have.
    case unknownKey(FilePosition, key: String, allowed: [String])
    /// A key that the schema demands is not there.
    case missingKey(FilePosition, key: String)
    /// The value of `field` is of another kind than `expected`.
    case wrongType(FilePosition, field: String, expected: String)
    /// The value of `field` is of the right kind, but none of those allowed.
    case invalidValue(FilePosition, field: String, value: String, expected: String)
    /// A list holds a value twice.
    case repeatedValue(FilePosition, field: String, value: String)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .documentTooLarge: "document-too-large"
        case .invalidUTF8: "invalid-utf8"
        case .anchorAliasOrTag: "anchor-alias-or-tag"
        case .malformedYAML: "malformed-yaml"
        case .duplicateKey: "duplicate-key"
        case .unknownKey: "unknown-key"
        case .missingKey: "missing-key"
        case .wrongType: "wrong-type"
        case .invalidValue: "invalid-value"
        case .repeatedValue: "repeated-value"
        }
    }

    /// Where, what and what to do, in a line.
    public var description: String {
        switch self {
        case .documentTooLarge(let file, let bytes, let limit):
            "\(file): \(bytes) bytes, and \(limit) are allowed; cut it down"
        case .invalidUTF8(let file):
            "\(file): not UTF-8; save it as UTF-8"
        case .anchorAliasOrTag(let place):
            "\(place): a word starts with &, * or !; anchors, aliases and tags are not allowed, "
                + "so write the value out, and text without such a word"
        case .malformedYAML(let place, let problem):
            "\(place): not YAML: \(problem); mend the line or the one before it"
        case .duplicateKey(let place, let key):
            "\(place): ‘\(key)’ is there twice; remove one"
        case .unknownKey(let place, let key, let allowed):
            "\(place): ‘\(key)’ is not a key here; remove it or use one of: "
                + allowed.joined(separator: ", ")
        case .missingKey(let place, let key):
            "\(place): ‘\(key)’ is missing; add it"
        case .wrongType(let place, let field, let expected):
            "\(place): make ‘\(field)’ \(expected)"
        case .invalidValue(let place, let field, let value, let expected):
            "\(place): ‘\(field)’ cannot be ‘\(value)’; write \(expected)"
        case .repeatedValue(let place, let field, let value):
            "\(place): ‘\(field)’ has ‘\(value)’ twice; remove one"
        }
    }
}
