/// The rules by which the requests of one batch go out on one connection, and from when their latencies count.
///
/// It does no I/O and reads no clock: times are nanoseconds of one monotonic clock, given by the caller. Requests are
/// numbered from 0 and sent in order; replies may come in any order.
///
/// Two rules keep a credential from being asked twice at a time, where request *n* belongs to credential *n* mod `span`:
/// at most `depth` requests are outstanding, and no request is sent while the one `span` before it, or an earlier one,
/// is. With `depth` ≤ `span` and replies in order the second never holds a request back.
package struct SendWindow: Sendable {
    /// When requests go out.
    package enum Pace: Sendable, Hashable {
        /// As soon as there is room. Latencies count from the write.
        case closedLoop
        /// Request *n* at `first` + *n* · `interval`, or when there is room after that. Latencies count from when it
        /// was due, so that a server which stalls is not spared the requests it kept from being sent.
        case openLoop(first: UInt64, interval: Double)
    }

    /// What a reply meant.
    package enum Answer: Sendable, Hashable {
        /// It answers an outstanding request, so many nanoseconds after that counts.
        case latency(UInt64)
        /// No request of this number is outstanding.
        case unexpected
    }

    package let requests: Int
    package let depth: Int
    package let span: Int
    package let pace: Pace
    /// No request is sent from then on.
    package let deadline: UInt64
    /// How many are sent and not answered.
    package private(set) var outstanding = 0
    /// How many have been sent.
    package private(set) var sent = 0
    private var oldest = 0
    private var isStopped = false
    /// From when each request's latency counts; `answered` once it has its reply.
    private var counted: [UInt64] = []
    private static let answered = UInt64.max

    /// A window for so many requests; `deadline` ends the sending, not the waiting.
    ///
    /// - Precondition: `depth` and `span` are positive, `depth` ≤ `span`.
    package init(requests: Int, depth: Int, span: Int, pace: Pace, deadline: UInt64 = .max) {
        precondition(depth > 0 && depth <= span, "a credential would answer twice at a time")
        self.requests = requests
        self.depth = depth
        self.span = span
        self.pace = pace
        self.deadline = deadline
        counted.reserveCapacity(requests)
    }

    /// Whether all is answered that will be sent.
    package var isFinished: Bool { outstanding == 0 && (sent == requests || isStopped) }

    /// Takes the requests that are to be written now: consecutive numbers, none if there is no room or none is due.
    package mutating func take(at now: UInt64) -> Range<Int> {
        guard sent < requests, !isStopped else { return sent..<sent }
        guard now < deadline else {
            isStopped = true
            return sent..<sent
        }
        let first = sent
        while hasRoom, due(sent) <= now {
            counted.append(pace == .closedLoop ? now : due(sent))
            sent += 1
            outstanding += 1
        }
        return first..<sent
    }

    /// When the next request is due or the sending ends; `nil` where only a reply makes room, or nothing is left.
    package var nextEvent: UInt64? {
        guard sent < requests, !isStopped else { return nil }
        return hasRoom ? min(due(sent), deadline) : nil
    }

    /// Notes the reply to a request.
    package mutating func answer(_ number: Int, at now: UInt64) -> Answer {
        guard counted.indices.contains(number), counted[number] != Self.answered else {
            return .unexpected
        }
        let from = counted[number]
        counted[number] = Self.answered
        outstanding -= 1
        while oldest < sent, counted[oldest] == Self.answered { oldest += 1 }
        return .latency(now > from ? now - from : 0)
    }

    private var hasRoom: Bool {
        sent < requests && outstanding < depth && sent - oldest < span
    }

    private func due(_ number: Int) -> UInt64 {
        switch pace {
        case .closedLoop: 0
        case .openLoop(let first, let interval): first + UInt64(Double(number) * interval)
        }
    }
}
