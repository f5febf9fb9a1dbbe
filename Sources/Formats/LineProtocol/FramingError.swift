/// Why a connection cannot go on: where one request ends and the next begins is in doubt, or a limit
/// is passed. The peer is sent one error line and the connection closes.
public enum FramingError: Error, Sendable, Hashable, CaseIterable {
    /// A request is longer than its client or verb may send.
    case requestTooLong
    /// A request has more tokens than its client may send.
    case tooManyTokens
    /// A carriage return without a line feed, or a NUL, in a line.
    case strayControl
    /// The count of a RESP array is not a number in range.
    case badCount
    /// The length of a RESP bulk string is not a number.
    case badLength
    /// A RESP bulk string is not ended by CRLF.
    case badTerminator
    /// A RESP array on a line connection, or the other way round.
    case mixedFraming
    /// Bytes came before the reply, and pipelining was not negotiated.
    case unnegotiatedPipelining
    /// The first request from the network was none of HELLO, AUTH and PING.
    case notIntroduced

    /// The stable name of the case, for logs and counters.
    public var code: String {
        switch self {
        case .requestTooLong: "request-too-long"
        case .tooManyTokens: "too-many-tokens"
        case .strayControl: "stray-control"
        case .badCount: "bad-count"
        case .badLength: "bad-length"
        case .badTerminator: "bad-terminator"
        case .mixedFraming: "mixed-framing"
        case .unnegotiatedPipelining: "unnegotiated-pipelining"
        case .notIntroduced: "not-introduced"
        }
    }

    /// The line that the peer is sent.
    public var reply: Reply {
        switch self {
        case .requestTooLong: .refusal(.tooBig, text: "request longer than allowed")
        case .tooManyTokens: .refusal(.tooBig, text: "more tokens than allowed")
        case .strayControl: .refusal(.syntax, text: "bare CR or NUL in line")
        case .badCount: .refusal(.syntax, text: "bad array count")
        case .badLength: .refusal(.syntax, text: "bad bulk length")
        case .badTerminator: .refusal(.syntax, text: "bulk string not ended by CRLF")
        case .mixedFraming: .refusal(.syntax, text: "line and array framing mixed")
        case .unnegotiatedPipelining:
            .refusal(
                .outOfSync, text: "bytes follow the line but pipelining was not negotiated")
        case .notIntroduced: .refusal(.noAuthentication, text: "say HELLO or AUTH first")
        }
    }
}
