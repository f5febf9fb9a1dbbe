import Dispatch
import Synchronization

/// Carries a task's cancellation to the thread that waits for the card.
final class Cancellation: Sendable {
    private struct State {
        var isRequested = false
        var waiting: DispatchSemaphore?
    }

    private let state = Mutex(State())

    /// Whether ``request()`` was called.
    var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Asks the ceremony to end, and wakes whoever waits.
    func request() {
        state.withLock { state in
            state.isRequested = true
            state.waiting?.signal()
        }
    }

    /// Runs `body`, whose wait on `semaphore` ends also when cancellation is requested.
    func waking<Result>(_ semaphore: DispatchSemaphore, _ body: () -> Result) -> Result {
        state.withLock { state in
            state.waiting = semaphore
            if state.isRequested { semaphore.signal() }
        }
        defer { state.withLock { $0.waiting = nil } }
        return body()
    }
}
