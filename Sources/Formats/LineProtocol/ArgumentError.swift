/// Why one request fails. Its bounds are known, so the connection and the other requests live on.
public enum ArgumentError: Error, Sendable, Hashable {
    /// Two spaces in a row, a space at an end, an empty line, or an empty array element.
    case emptyToken
    /// A control character, raw or percent-encoded.
    case controlCharacter
    /// The decoded token is not UTF-8.
    case invalidUTF8
    /// `%` without two hexadecimal digits.
    case badPercentEscape
    /// The verb is not 1 to 16 letters.
    case badVerb
    /// No such verb.
    case unknownVerb
    /// A positional argument is missing; its name in the verb's syntax.
    case missingPositional(String)
    /// More positional arguments than the verb has, or one after an option.
    case extraPositional
    /// An option that the verb does not have and that is no `x-` hint.
    case unknownOption(String)
    /// An option given twice.
    case duplicateOption(String)
    /// An option that the verb demands is missing.
    case missingOption(String)
    /// The value of an argument is out of range; its name.
    case badValue(String)
    /// `id=` is not 1 to 32 of `A-Za-z0-9_-`.
    case badID
    /// `id=` is that of a request still outstanding.
    case duplicateID
    /// Pipelining is negotiated and `id=` is missing.
    case missingID

    /// The stable name of the case, for logs and counters.
    public var code: String {
        switch self {
        case .emptyToken: "empty-token"
        case .controlCharacter: "control-character"
        case .invalidUTF8: "invalid-utf-8"
        case .badPercentEscape: "bad-percent-escape"
        case .badVerb: "bad-verb"
        case .unknownVerb: "unknown-verb"
        case .missingPositional: "missing-positional"
        case .extraPositional: "extra-positional"
        case .unknownOption: "unknown-option"
        case .duplicateOption: "duplicate-option"
        case .missingOption: "missing-option"
        case .badValue: "bad-value"
        case .badID: "bad-id"
        case .duplicateID: "duplicate-id"
        case .missingID: "missing-id"
        }
    }

    /// The reply, without its id. The text repeats no value of the request's.
    public var reply: Reply {
        switch self {
        case .emptyToken: .refusal(.syntax, text: "empty token")
        case .controlCharacter: .refusal(.syntax, text: "control character in token")
        case .invalidUTF8: .refusal(.syntax, text: "token is not UTF-8")
        case .badPercentEscape: .refusal(.syntax, text: "bad percent escape")
        case .badVerb: .refusal(.syntax, text: "a verb is 1 to 16 letters")
        case .unknownVerb: .refusal(.noVerb, text: "no such verb; COMMAND DOCS lists them")
        case .missingPositional(let name): .refusal(.badArgument, text: "\(name) is missing")
        case .extraPositional: .refusal(.badArgument, text: "too many positional arguments")
        case .unknownOption(let key): .refusal(.badArgument, text: "unknown option \(key)=")
        case .duplicateOption(let key): .refusal(.syntax, text: "option \(key)= given twice")
        case .missingOption(let key): .refusal(.badArgument, text: "option \(key)= is missing")
        case .badValue(let name): .refusal(.badArgument, text: "bad value for \(name)")
        case .badID: .refusal(.syntax, text: "an id is 1 to 32 of A-Za-z0-9_-")
        case .duplicateID: .refusal(.syntax, text: "id is that of an outstanding request")
        case .missingID: .refusal(.syntax, text: "pipelined requests need id=")
        }
    }
}
