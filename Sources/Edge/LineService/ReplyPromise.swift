public import LineProtocol
import Synchronization

/// The duty to answer one request, once, from any thread.
///
/// The first reply counts. A promise that is let go unfulfilled answers `-INTERNAL` for itself, so
/// that no client waits for ever.
public final class ReplyPromise: Sendable {
    private let isFulfilled = Atomic(false)
    private let deliver: @Sendable (Reply) -> Void

    /// A promise whose reply goes to the closure.
    public init(deliver: @escaping @Sendable (Reply) -> Void) { self.deliver = deliver }

    /// Answers the request; later calls do nothing.
    public func fulfil(_ reply: Reply) {
        guard !isFulfilled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        deliver(reply)
    }

    deinit {
        if !isFulfilled.load(ordering: .acquiring) { deliver(.internalError) }
    }
}
