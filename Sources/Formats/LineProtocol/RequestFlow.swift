/// The rules by which the requests of one connection are let in and their replies let out.
///
/// It does no I/O. For each decoded request `admit` says what to do and hands out a ticket; each
/// ticket is finished once, in any order, and the replies come out in the order that was negotiated.
///
/// - A first request from the network is HELLO, AUTH or PING.
/// - Without negotiation no byte may follow a request before its reply.
/// - With it, ids are mandatory and unique among the outstanding requests.
public struct RequestFlow: Sendable {
    /// Where the connection comes from.
    public enum Arrival: Sendable, Hashable {
        /// A Unix socket: the kernel says who the peer is.
        case local
        /// A network: nothing is known of the peer.
        case network
    }

    /// What HELLO agreed on.
    public enum Negotiation: Sendable, Hashable {
        /// One request at a time.
        case none
        /// HELLO 2 or 3: pipelining, and a request that is alone needs no id.
        case redis
        /// Pipelining, replies in the order of the requests.
        case pipelined
        /// Pipelining, replies as they come.
        case outOfOrder
    }

    /// How much may be outstanding before the server stops reading.
    public struct Window: Sendable, Hashable {
        /// Requests let in and not yet answered.
        public var requests: Int
        /// Octets of replies that wait for an earlier one.
        public var replyOctets: Int

        /// A window of that size.
        public init(requests: Int, replyOctets: Int) {
            self.requests = requests
            self.replyOctets = replyOctets
        }

        /// 128 requests, 256 KiB of replies.
        public static let standard = Window(requests: 128, replyOctets: 256 * 1024)
    }

    /// The right to one reply.
    public struct Ticket: Sendable, Hashable {
        /// The id that the reply echoes.
        public let id: RequestID?
        let sequence: UInt64
        let isOrdered: Bool
    }

    /// What to do with a request.
    public enum Admission: Sendable, Hashable {
        /// Carry it out and finish the ticket.
        case accepted(Request, Ticket)
        /// Finish the ticket with this error.
        case refused(ArgumentError, Ticket)
        /// Send the error's line when all outstanding requests are answered, and close.
        case closing(FramingError)
    }

    /// What was negotiated. HELLO sets it.
    public var negotiation: Negotiation = .none
    /// The window in force.
    public var window: Window
    /// How many requests are let in and not yet answered.
    public private(set) var outstanding = 0
    /// Octets of replies that wait for an earlier one.
    public private(set) var heldOctets = 0
    /// Whether the last reply is out: the connection can close.
    public private(set) var isOver = false

    private let arrival: Arrival
    private var isIntroduced: Bool
    private var conclusion: Conclusion = .none
    private var outstandingIDs: Set<RequestID> = []
    private var slots: [[UInt8]?] = []
    private var head = 0
    private var firstSequence: UInt64 = 0

    private enum Conclusion {
        case none
        case line([UInt8])
    }

    /// The rules for a new connection.
    public init(arrival: Arrival, window: Window = .standard) {
        self.arrival = arrival
        self.window = window
        isIntroduced = arrival == .local
    }

    /// Whether another request may be let in now.
    public var mayAdmit: Bool {
        !isConcluded && outstanding < window.requests && heldOctets <= window.replyOctets
    }

    /// Whether so much of the window is free again that reading should go on: two thirds.
    public var mayResume: Bool {
        !isConcluded && outstanding <= window.requests / 3 && heldOctets <= window.replyOctets / 3
    }

    /// Whether no further request will be let in.
    public var isConcluded: Bool {
        if case .none = conclusion { false } else { true }
    }

    /// The error if bytes may not arrive now.
    public var objectionToBytes: FramingError? {
        negotiation == .none && outstanding > 0 ? .unnegotiatedPipelining : nil
    }

    /// Lets a request in, or says why not.
    ///
    /// - Parameters:
    ///   - subject: What the verb is about; `.named` when the verb could not be read.
    ///   - framing: How the request was framed.
    ///   - isFollowed: Whether further bytes have arrived after the request.
    public mutating func admit(
        _ decoded: DecodedRequest, subject: VerbSyntax.Subject, framing: Framing = .line,
        isFollowed: Bool
    ) -> Admission {
        if !isIntroduced {
            guard let verb = decoded.verb, ["HELLO", "AUTH", "PING"].contains(verb) else {
                return .closing(.notIntroduced)
            }
            isIntroduced = true
        }
        let mayBeFollowed = framing == .array && Self.isRedisGreeting(decoded)
        if negotiation == .none, isFollowed && !mayBeFollowed || outstanding > 0 {
            return .closing(.unnegotiatedPipelining)
        }
        if let id = decoded.id {
            // A second request of that id would make both replies ambiguous, so its refusal has none.
            guard outstandingIDs.insert(id).inserted else {
                return .refused(.duplicateID, ticket(id: nil))
            }
        }
        switch decoded {
        case .refusal(let refusal): return .refused(refusal.error, ticket(id: refusal.id))
        case .request(let request):
            if request.id == nil, subject == .named, needsID {
                return .refused(.missingID, ticket(id: nil))
            }
            return .accepted(request, ticket(id: request.id))
        }
    }

    /// Ends the connection: nothing more is let in, and when all is answered the line goes out last.
    /// Only the first call counts.
    public mutating func conclude(with reply: Reply? = nil, into output: inout [UInt8]) {
        guard !isConcluded else { return }
        var line: [UInt8] = []
        reply?.encode(into: &line)
        conclusion = .line(line)
        finishIfOver(into: &output)
    }

    /// Answers a request. What may go out now is appended to the output.
    ///
    /// - Precondition: The ticket is this connection's and was not finished before.
    public mutating func finish(
        _ ticket: Ticket, with reply: Reply, redis: RedisProtocol = .resp2,
        into output: inout [UInt8]
    ) {
        var reply = reply
        reply.id = ticket.id
        outstanding -= 1
        if let id = ticket.id { outstandingIDs.remove(id) }
        if ticket.isOrdered {
            let index = Int(ticket.sequence - firstSequence)
            precondition(slots[head + index] == nil, "a request is answered once")
            if index == 0 {
                reply.encode(into: &output, redis: redis)
                advance(into: &output)
            } else {
                var bytes: [UInt8] = []
                reply.encode(into: &bytes, redis: redis)
                heldOctets += bytes.count
                slots[head + index] = bytes
            }
        } else {
            reply.encode(into: &output, redis: redis)
        }
        finishIfOver(into: &output)
    }

    /// HELLO 2 or 3. Redis clients send it and their first requests at once, which in arrays is safe:
    /// lengths, not line ends, say where each ends, so nothing typed by a user can be one of them.
    private static func isRedisGreeting(_ decoded: DecodedRequest) -> Bool {
        guard case .request(let request) = decoded, request.verb == "HELLO" else { return false }
        return request.positionals.first == "2" || request.positionals.first == "3"
    }

    private var needsID: Bool {
        switch negotiation {
        case .none: false
        case .redis: outstanding > 0
        case .pipelined, .outOfOrder: true
        }
    }

    private mutating func ticket(id: RequestID?) -> Ticket {
        outstanding += 1
        guard negotiation != .outOfOrder else {
            return Ticket(id: id, sequence: 0, isOrdered: false)
        }
        slots.append(nil)
        let sequence = firstSequence + UInt64(slots.count - head - 1)
        return Ticket(id: id, sequence: sequence, isOrdered: true)
    }

    /// Drops the first slot, whose reply is out, and lets out the replies that waited for it.
    private mutating func advance(into output: inout [UInt8]) {
        repeat {
            head += 1
            firstSequence += 1
            guard head < slots.count, let bytes = slots[head] else { break }
            output.append(contentsOf: bytes)
            heldOctets -= bytes.count
        } while true
        if head == slots.count {
            slots.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 256 {
            slots.removeFirst(head)
            head = 0
        }
    }

    private mutating func finishIfOver(into output: inout [UInt8]) {
        guard outstanding == 0, !isOver, case .line(let line) = conclusion else { return }
        output.append(contentsOf: line)
        isOver = true
    }
}
