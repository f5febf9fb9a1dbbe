public import StrictYAML
public import WebAuthn

/// Why the catalogue or a file of it was refused. The text of each says what to do about it.
public enum CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file is not in the form that it has to have.
    case yaml(YAMLError)
    /// The note does not start with front matter between two lines `---`.
    case missingFrontMatter(file: String)
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
        case .yaml(let error): error.code
        case .missingFrontMatter: "missing-front-matter"
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
        case .yaml(let error): error.description
        case .missingFrontMatter(let file):
            "\(file):1: start the note with a line ---, the front matter, and a line ---"
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

extension CatalogueError {
    /// What `body` returns, its error as one of the catalogue's.
    static func wrapping<Value>(
        _ body: () throws(YAMLError) -> Value
    ) throws(CatalogueError) -> Value {
        do {
            return try body()
        } catch {
            throw .yaml(error)
        }
    }
}
