/// Why bytes or text about a token are not what they should be.
///
/// No case carries bytes of a secret, a PIN or a code.
public enum MalformedOATH: Error, Hashable, Sendable {
    /// A code is to have a number of digits that it cannot have here.
    case digits
    /// A time step is shorter or longer than it may be, or is none.
    case period
    /// A counter is not a number of 64 bits.
    case counter
    /// A secret is shorter or longer than it may be.
    case secretLength
    /// The hash function is unknown, or not one for this kind of token.
    case hash
    /// An OCRA suite is wrong in the part that is named as RFC 6287 §6 names it.
    case suite(at: String)
    /// An OCRA computation lacks the member that is named as RFC 6287 §5.1 names it, was given one that the suite has
    /// not, or one of another form.
    case dataInput(String)
    /// A secret is not written in the alphabet that it should be, or not as an encoder would have written it.
    case secretText
    /// A key URI is wrong in the member that is named: `scheme`, `type`, `label`, `secret` and so on.
    case uri(member: String)
    /// A file or a line of it has more bytes than `limit`.
    case tooLarge(limit: Int)
    /// A file has more tokens than `limit`.
    case tooManyTokens(limit: Int)
    /// The text is not UTF-8, or holds control characters.
    case encoding
    /// The header's column of this number, from 1, is unknown, or was there before.
    case column(Int)
    /// A line has not as many fields as the header, or a quotation mark where none may be.
    case fields
    /// What is named is not there.
    case missing(String)
    /// What is named is there twice.
    case duplicate(String)
    /// What is named has a value that it may not have.
    case value(String)
    /// What is named is well formed and of a kind that is not supported here.
    case unsupported(String)
    /// The serial number is also that of the token in this line, from 1.
    case repeatedSerial(line: Int)
    /// The document is not XML, or has what no key container needs and an attacker might: a document type, an entity, a
    /// processing instruction, a CDATA section, elements without end.
    case xml(XMLFault)

    /// What is wrong with an XML document. None of it reached an XML parser, but for `malformed`.
    public enum XMLFault: String, Hashable, Sendable, CaseIterable {
        /// The declaration has a version other than 1.0 or an encoding other than UTF-8.
        case declaration
        /// A document type declaration, as every entity needs.
        case documentType = "document-type"
        /// A reference to another entity than XML's own five.
        case entity
        /// A processing instruction.
        case processingInstruction = "processing-instruction"
        /// A CDATA section.
        case characterData = "character-data"
        /// There are more elements than the largest container needs.
        case elements
        /// Elements nest too deeply.
        case depth
        /// An element has too many attributes, or a name or an attribute is too long.
        case tag
        /// The outermost element is not in the name space that it should be.
        case nameSpace = "name-space"
        /// It is no XML.
        case malformed
    }

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .digits: "oath-digits"
        case .period: "oath-period"
        case .counter: "oath-counter"
        case .secretLength: "oath-secret-length"
        case .hash: "oath-hash"
        case .suite: "oath-suite"
        case .dataInput: "oath-data-input"
        case .secretText: "oath-secret-text"
        case .uri: "oath-uri"
        case .tooLarge: "oath-too-large"
        case .tooManyTokens: "oath-too-many-tokens"
        case .encoding: "oath-encoding"
        case .column: "oath-column"
        case .fields: "oath-fields"
        case .missing: "oath-missing"
        case .duplicate: "oath-duplicate"
        case .value: "oath-value"
        case .unsupported: "oath-unsupported"
        case .repeatedSerial: "oath-repeated-serial"
        case .xml: "oath-xml"
        }
    }
}
