public import NIOCore

extension PhoneServer {
    /// What one connection, one subscriber and all of them together may take of the service.
    public struct Limits: Sendable {
        /// The body of a request, in bytes; longer is answered 413.
        public var body = 16_384
        /// The names and values of a request's header fields together, in bytes; more is answered 431.
        public var headers = 8_192
        /// How many header fields a request may have.
        public var headerFields = 64
        /// All of a request with the framing of its chunks, in bytes.
        public var request = 40_960
        /// From the connection to the end of its first request, TLS handshake and all, and from the first byte of any
        /// later one to its last.
        public var requestTime = TimeAmount.seconds(10)
        /// Between a reply and the next request.
        public var idle = TimeAmount.seconds(60)
        /// From a request to its reply, besides what a poll may wait.
        public var replyTime = TimeAmount.seconds(10)
        /// From the last reply to the close, for the client to read it and to stop sending.
        public var linger = TimeAmount.seconds(1)
        /// From the start of a graceful stop to the close of what is left.
        public var stop = TimeAmount.seconds(8)
        /// Connections at a time; one more is closed unanswered.
        public var connections = 8_192
        /// Connections of one subscriber at a time: an IPv4 address, or 64 bits of an IPv6 one.
        public var connectionsPerSubscriber = 512
        /// Polls that wait at a time; one more is answered 503.
        public var polls = 8_192
        /// Requests and connections of one subscriber a second in the long run; one more is answered 429, or closed.
        public var ratePerSubscriber = 50
        /// Requests and connections of one subscriber at once.
        public var burstPerSubscriber = 200
        /// Subscribers whose rate is counted one by one. Beyond that newcomers share one allowance.
        public var countedSubscribers = 16_384

        /// The defaults.
        public init() {}
    }
}
