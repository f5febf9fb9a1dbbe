public import LineProtocol
import Synchronization

/// What a server has done since it started.
public struct Counters: Sendable, Hashable {
    /// Connections accepted.
    public var connections = 0
    /// Connections refused because there were too many.
    public var refusedConnections = 0
    /// Requests read, those refused among them.
    public var requests = 0
    /// Replies that were not yes, by their word; the lines before a close among them.
    public var errors: [ReplyWord: Int] = [:]
    /// Connections closed for a framing error or a deadline, by its code.
    public var closures: [String: Int] = [:]

    /// All zero.
    public init() {}

    /// Adds the figures of another count.
    public static func += (left: inout Counters, right: Counters) {
        left.connections += right.connections
        left.refusedConnections += right.refusedConnections
        left.requests += right.requests
        left.errors.merge(right.errors, uniquingKeysWith: +)
        left.closures.merge(right.closures, uniquingKeysWith: +)
    }
}

/// What the connections of one event loop share. Its lock is that loop's own, but for snapshots.
package final class LoopState: Sendable {
    let mailbox: CompletionMailbox
    private let counters = Mutex(Counters())

    package init(mailbox: CompletionMailbox) { self.mailbox = mailbox }

    package var snapshot: Counters { counters.withLock { $0 } }

    func count(_ delta: Counters) { counters.withLock { $0 += delta } }
}
