import Synchronization

/// Carries a task's cancellation to the thread that waits at the authenticator.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Whether ``request()`` was called.
    var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// Asks the ceremony to end. It notices within ``ReportPipe/slice``.
    func request() { flag.store(true, ordering: .relaxed) }
}
