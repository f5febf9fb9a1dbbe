package import NIOCore

/// When a connection has waited long enough for its peer. Pure: told what happened and when, it says
/// what falls due next.
package struct Deadlines {
    package enum Kind: String, CaseIterable {
        case firstRequest = "first-request-deadline"
        case request = "request-deadline"
        case write = "write-deadline"
        case idle = "idle-deadline"
        case linger
    }

    private let limits: Limits
    private let opened: NIODeadline
    private var hadRequest = false
    private var requestBegan: NIODeadline?
    private var writesBlocked: NIODeadline?
    private var lastActivity: NIODeadline
    private var lingering: NIODeadline?

    package init(limits: Limits, now: NIODeadline) {
        self.limits = limits
        opened = now
        lastActivity = now
    }

    /// A whole request was read.
    package mutating func requestRead(_ now: NIODeadline) {
        hadRequest = true
        lastActivity = now
        requestBegan = nil
    }

    /// Bytes of an unfinished request are held, or none are.
    package mutating func partialRequest(isHeld: Bool, _ now: NIODeadline) {
        if !isHeld { requestBegan = nil } else if requestBegan == nil { requestBegan = now }
    }

    /// Replies went to the socket.
    package mutating func writeBegan(_ now: NIODeadline) {
        lastActivity = now
        if writesBlocked == nil { writesBlocked = now }
    }

    /// The peer took replies; whether more wait.
    package mutating func writeProgressed(isMoreWaiting: Bool, _ now: NIODeadline) {
        lastActivity = now
        writesBlocked = isMoreWaiting ? now : nil
        if lingering != nil { lingering = now }
    }

    /// The last reply was written.
    package mutating func lingerBegan(_ now: NIODeadline) { lingering = now }

    /// What falls due first.
    package var next: (kind: Kind, at: NIODeadline) {
        if lingering != nil, writesBlocked == nil {
            return (.linger, (lingering ?? opened) + limits.linger)
        }
        var due = (kind: Kind.idle, at: lastActivity + limits.idle)
        let consider = { (kind: Kind, at: NIODeadline) in if at < due.at { due = (kind, at) } }
        if let writesBlocked { consider(.write, writesBlocked + limits.write) }
        if lingering == nil {
            if !hadRequest { consider(.firstRequest, opened + limits.firstRequest) }
            if let requestBegan { consider(.request, requestBegan + limits.request) }
        }
        return due
    }
}
