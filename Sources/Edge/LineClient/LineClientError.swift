public import LineProtocol

/// Why there is no reply. After each of these but `.refused` the connection is closed, and everything
/// outstanding on it has failed: a reply that comes late must not be taken for another's.
public enum LineClientError: Error, Sendable, Hashable {
    /// Nothing answers there; the system's words.
    case cannotConnect(place: String, reason: String)
    /// HELLO or AUTH was refused with this reply, or the server lacks a feature asked for.
    case refused(Reply)
    /// The connection is closed.
    case closed
    /// The server ended the connection with this line.
    case ended(Reply)
    /// No reply in time.
    case timedOut
    /// The calling task was cancelled before its reply came.
    case cancelled
    /// What came is no reply.
    case malformedReply(ReplyDecodingError)
    /// A reply for another request than the one it was due for, or for none.
    case mismatchedReply

    /// The stable name of the case.
    public var code: String {
        switch self {
        case .cannotConnect: "cannot-connect"
        case .refused: "refused"
        case .closed: "connection-closed"
        case .ended: "connection-ended"
        case .timedOut: "timed-out"
        case .cancelled: "cancelled"
        case .malformedReply: "malformed-reply"
        case .mismatchedReply: "mismatched-reply"
        }
    }
}
