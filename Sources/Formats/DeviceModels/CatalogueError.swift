public import WebAuthn

/// A line of a file of the catalogue. Lines count from 1.
public struct FilePosition: Sendable, Hashable, CustomStringConvertible {
    /// The file's name, as the caller gave it.
    public let file: String
    /// The line.
    public let line: Int

    /// The place `line` in `file`.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `file:line`, as compilers write it.
    public var description: String { "\(file):\(line)" }
}

/// Why the catalogue or a file of it was refused. The text of each says what to do about it.
public enum CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is longer than any honest entry.
    case documentTooLarge(file: String, bytes: Int, limit: Int)
    /// The file is not UTF-8.
    case invalidUTF8(file: String)
    /// The note does not start with front matter between two lines `---`.
    case missingFrontMatter(file: String)
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
    /// An entry has neither AAGUIDs nor a section on PIV, so nothing would ever find it.
    case noApplication(FilePosition)
    /// No source supports a fact.
    case unsourcedFact(FilePosition, field: String)
    /// A source supports a field that the entry does not have.
    case sourceWithoutFact(FilePosition, field: String)
    /// Two entries have one id.
    case repeatedModel(ModelID)
    /// Two notes have one id.
    case repeatedAdvisory(AdvisoryID)
    /// Two models claim one AAGUID.
    case contestedAAGUID(AAGUID, ModelID, ModelID)
    /// A note names a model that the catalogue does not have.
    case unknownModel(AdvisoryID, ModelID)
    /// A note names an application of a model that the model does not have.
    case unknownApplication(AdvisoryID, ModelID, ModelApplication)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .documentTooLarge: "document-too-large"
        case .invalidUTF8: "invalid-utf8"
        case .missingFrontMatter: "missing-front-matter"
        case .anchorAliasOrTag: "anchor-alias-or-tag"
        case .malformedYAML: "malformed-yaml"
        case .duplicateKey: "duplicate-key"
        case .unknownKey: "unknown-key"
        case .missingKey: "missing-key"
        case .wrongType: "wrong-type"
        case .invalidValue: "invalid-value"
        case .repeatedValue: "repeated-value"
        case .noApplication: "no-application"
        case .unsourcedFact: "unsourced-fact"
        case .sourceWithoutFact: "source-without-fact"
        case .repeatedModel: "repeated-model"
        case .repeatedAdvisory: "repeated-advisory"
        case .contestedAAGUID: "contested-aaguid"
        case .unknownModel: "unknown-model"
        case .unknownApplication: "unknown-application"
        }
    }

    /// Where, what and what to do, in a line.
    public var description: String {
        switch self {
        case .documentTooLarge(let file, let bytes, let limit):
            "\(file): \(bytes) bytes, and \(limit) are allowed; cut it down"
        case .invalidUTF8(let file):
            "\(file): not UTF-8; save it as UTF-8"
        case .missingFrontMatter(let file):
            "\(file):1: start the note with a line ---, the front matter, and a line ---"
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
        case .noApplication(let place):
            "\(place): neither ‘aaguids’ nor ‘piv’ is there; add what the model is told by"
        case .unsourcedFact(let place, let field):
            "\(place): no source supports ‘\(field)’; name one under ‘sources’, or drop the fact"
        case .sourceWithoutFact(let place, let field):
            "\(place): a source supports ‘\(field)’, which is not in the file; "
                + "take it out of ‘supports’"
        case .repeatedModel(let id):
            "two models have the id \(id); rename the newer one"
        case .repeatedAdvisory(let id):
            "two notes have the id \(id); merge them"
        case .contestedAAGUID(let aaguid, let first, let second):
            "\(first) and \(second) both claim the AAGUID \(aaguid); "
                + "keep it where its source puts it"
        case .unknownModel(let advisory, let model):
            "the note \(advisory) names the model \(model), which the catalogue does not have; "
                + "add the model or correct the note"
        case .unknownApplication(let advisory, let model, let application):
            "the note \(advisory) names the application \(application.rawValue) of \(model), of "
                + "which the catalogue knows nothing; add it to the model or correct the note"
        }
    }
}
