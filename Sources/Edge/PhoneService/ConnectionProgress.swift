package import NIOCore

/// How far a connection has come with its request, and how long it may take. Pure: told what happened and when, it says
/// what to do.
///
/// There is one exchange at a time. What a client sends before it has its reply is dropped, and the connection closed
/// after the reply (RFC 9112 §9.3.2 lets it), so that what a connection holds is bounded without the service ceasing to
/// read, which is how it learns that a client has gone.
package struct ConnectionProgress {
    /// Why a request is answered before the routes see it.
    package enum Refusal: Sendable, Hashable {
        case malformed
        case bodyTooLong
        case headersTooLong
        case tooSlow
        case unknownExpectation
    }

    package enum Phase: Sendable, Hashable {
        /// Nothing of a request is there.
        case silent
        /// Part of a request is there.
        case reading
        /// A whole request is there, and not all of its reply.
        case answering
        /// The last reply is written; waiting for the peer to close.
        case lingering
    }

    /// What to do with what arrived.
    package enum Arrival: Sendable, Hashable {
        case pass
        case drop
        case refuse(Refusal)
    }

    /// What to do about an event.
    package enum Action: Sendable, Hashable {
        case none
        /// Close the connection now.
        case close
        /// Answer, and linger.
        case refuse(Refusal)
        /// Close the way out when everything is written, and linger.
        case linger
    }

    private let limits: PhoneServer.Limits
    package private(set) var phase = Phase.silent
    /// When the present phase has lasted too long.
    package private(set) var due: NIODeadline
    private var isFirst = true
    private var octets = 0
    private var isHeadRead = false
    private var isReplyBegun = false
    private var isLast = false

    /// A connection that was just made.
    package init(limits: PhoneServer.Limits, now: NIODeadline) {
        self.limits = limits
        due = now + limits.requestTime
    }

    /// Whether a reply can be written.
    package var takesReply: Bool { phase == .reading || phase == .answering }

    // MARK: What the client sends

    /// Some bytes came.
    package mutating func octetsArrived(_ count: Int, _ now: NIODeadline) -> Arrival {
        switch phase {
        case .silent:
            phase = .reading
            if !isFirst { due = now + limits.requestTime }
            octets = 0
        case .reading: break
        case .answering:
            isLast = true
            return .drop
        case .lingering: return .drop
        }
        octets += count
        return octets > limits.request ? .refuse(.bodyTooLong) : .pass
    }

    /// The head of a request was read.
    package mutating func headArrived(_ facts: RequestHeadFacts, _ now: NIODeadline) -> Arrival {
        switch phase {
        case .silent, .reading:
            phase = .reading
            isHeadRead = true
            if facts.isLast { isLast = true }
            return facts.refusal.map { .refuse($0) } ?? .pass
        case .answering:
            isLast = true
            return .drop
        case .lingering: return .drop
        }
    }

    /// Part of a body was read.
    package var bodyArrival: Arrival { phase == .reading && isHeadRead ? .pass : .drop }

    /// The end of a request was read.
    package mutating func endArrived(_ now: NIODeadline) -> Arrival {
        guard phase == .reading, isHeadRead else { return .drop }
        phase = .answering
        // Longer than any poll may wait; what answers has a limit of its own.
        due = now + limits.replyTime + .seconds(60)
        return .pass
    }

    /// What was read is no HTTP.
    package mutating func parserFailed(_ refusal: Refusal) -> Action {
        switch phase {
        case .silent, .reading: return isReplyBegun ? .close : .refuse(refusal)
        case .answering:
            isLast = true
            return .none
        case .lingering: return .none
        }
    }

    /// The client sends no more.
    package mutating func inputEnded() -> Action {
        guard phase == .answering else { return .close }
        isLast = true
        return .none
    }

    // MARK: What the service does

    /// The service stops: the exchange under way is the last.
    package mutating func stopping() -> Action {
        isLast = true
        return phase == .silent ? .close : .none
    }

    /// The head of the reply is written. Says whether the reply is the last.
    package mutating func replyBegan() -> Bool {
        isReplyBegun = true
        // The rest of a request that is answered already is not worth reading.
        if phase == .reading { isLast = true }
        return isLast
    }

    /// The end of the reply is written.
    package mutating func replyEnded(_ now: NIODeadline) -> Action {
        guard !isLast else {
            refused(now)
            return .linger
        }
        phase = .silent
        due = now + limits.idle
        isFirst = false
        isHeadRead = false
        isReplyBegun = false
        return .none
    }

    /// The last reply is written.
    package mutating func refused(_ now: NIODeadline) {
        phase = .lingering
        due = now + limits.linger
    }

    /// Time has passed.
    package mutating func timePassed(_ now: NIODeadline) -> Action {
        guard now >= due else { return .none }
        return phase == .reading && !isReplyBegun ? .refuse(.tooSlow) : .close
    }
}
