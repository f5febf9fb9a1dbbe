public import LineProtocol
public import NIOCore

/// What one connection, and all of them together, may take of the server.
public struct Limits: Sendable {
    /// Request sizes before the client is known.
    public var unauthenticated = RequestLimits.unauthenticated
    /// Request sizes after.
    public var authenticated = RequestLimits.authenticated
    /// Outstanding requests, and octets of replies that the client has not read: when it is full,
    /// the server stops reading from the client until it is down to a third.
    public var window = RequestFlow.Window.standard
    /// Connections at a time; one more is answered `-BUSY`.
    public var connections = 16384
    /// From the connection to the end of its first request.
    public var firstRequest = TimeAmount.seconds(5)
    /// From the first byte of a request to its last.
    public var request = TimeAmount.seconds(10)
    /// Without a byte of the replies taken by the client.
    public var write = TimeAmount.seconds(30)
    /// Without a request or a reply.
    public var idle = TimeAmount.seconds(300)
    /// From the last reply to the close, for the client to read it and to stop sending.
    public var linger = TimeAmount.seconds(1)
    /// From the start of a graceful stop to the close of what is left.
    public var stop = TimeAmount.seconds(10)

    /// The reference's defaults.
    public init() {}

    /// What a client may send, and how far ahead, once it is known or not.
    func requests(isAuthenticated: Bool) -> RequestLimits {
        isAuthenticated ? authenticated : unauthenticated
    }
}
