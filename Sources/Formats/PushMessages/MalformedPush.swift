public import Encoding

/// Why a message between server and phone could not be decoded or made.
public enum MalformedPush: Error, Hashable, Sendable {
    /// The bytes end before what their lengths promise.
    case truncated
    /// Bytes are left where nothing may follow.
    case trailingBytes
    /// The message does not begin with the padding and the context of its kind.
    case context
    /// A JSON body or an enrolment ticket is longer than any can be.
    case tooLong
    /// A body is not JSON, or names a member twice.
    case json(MalformedEncoding)
    /// An enrolment ticket is not a URI of our scheme.
    case ticket
    /// A required member or parameter is absent.
    case missing(String)
    /// A member or parameter is there that nothing defines.
    case unknown(String)
    /// A parameter of an enrolment ticket occurs twice.
    case duplicate(String)
    /// A field, member or parameter has a value that it may not have.
    case value(String)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .truncated: "push-truncated"
        case .trailingBytes: "push-trailing-bytes"
        case .context: "push-context"
        case .tooLong: "push-too-long"
        case .json: "push-json"
        case .ticket: "push-ticket"
        case .missing: "push-missing-member"
        case .unknown: "push-unknown-member"
        case .duplicate: "push-duplicate-member"
        case .value: "push-value"
        }
    }
}
