/// Why bytes that a card sent, or was to be sent, are not what they should be.
///
/// No case carries bytes of the data: they may be a PIN.
public enum MalformedCardData: Error, Hashable, Sendable {
    /// The bytes end before what their lengths promise.
    case truncated
    /// Bytes are left where nothing may follow.
    case trailingBytes
    /// A length is not allowed where it stands, or there is more data than its place can hold.
    case length
    /// A tag is not allowed where it stands, or is no tag at all.
    case tag
    /// A tag occurs twice in a template that has it once.
    case duplicateTag
    /// A required member is absent. Its name is the specification's.
    case missing(String)
    /// A member has the right form and a value that it may not have. Its name is the specification's.
    case value(String)
    /// A response came where no command had been sent.
    case unexpectedResponse

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .truncated: "card-data-truncated"
        case .trailingBytes: "card-data-trailing-bytes"
        case .length: "card-data-length"
        case .tag: "card-data-tag"
        case .duplicateTag: "card-data-duplicate-tag"
        case .missing: "card-data-missing"
        case .value: "card-data-value"
        case .unexpectedResponse: "card-unexpected-response"
        }
    }
}
