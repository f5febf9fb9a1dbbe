/// A way in which the phone's push endpoint fails on purpose, so that servers can show that they bear it. Each one
/// meets one request to an endpoint that exists, and the message is not delivered.
public enum EndpointFault: Sendable, Hashable {
    /// 404: there is no such subscription.
    case notFound
    /// 410: there is no such subscription any more.
    case gone
    /// 413: the message is too large.
    case tooLarge
    /// 429, to be tried again after so many seconds.
    case tooMany(retryAfter: Int)
    /// 503.
    case unavailable
    /// 307 to another place.
    case redirect(to: String)
    /// No answer; the connection stays open.
    case stall
    /// 201 with header fields, and a body that never ends.
    case endlessBody
    /// 201 with header fields, and the connection ends in the middle of the body.
    case tornAnswer
}
