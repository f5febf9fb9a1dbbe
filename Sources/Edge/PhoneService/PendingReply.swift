import Synchronization

/// A reply that is awaited without a thread. What settles it first, from any thread, counts.
package final class PendingReply<Outcome: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
        case taken
    }

    private let state = Mutex(State.open)

    package init() {}

    /// Settles it; later calls do nothing.
    package func settle(_ outcome: Outcome) {
        let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            switch state {
            case .open:
                state = .settled(outcome)
                return nil
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .settled, .taken: return nil
            }
        }
        waiting?.resume(returning: outcome)
    }

    /// Waits for the outcome.
    ///
    /// - Precondition: It is called once.
    package func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state -> Outcome? in
                switch state {
                case .open:
                    state = .awaited(continuation)
                    return nil
                case .settled(let outcome):
                    state = .taken
                    return outcome
                case .awaited, .taken: preconditionFailure("a reply is awaited once")
                }
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
