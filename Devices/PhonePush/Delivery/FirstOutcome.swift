package import NIOCore
import Synchronization

/// What one task waits for and others may bring about; whatever comes first counts. The end of the time and the task's
/// cancellation are outcomes too.
package final class FirstOutcome<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<Value, PushFailure>, Never>)
        case settled(Result<Value, PushFailure>)
    }

    private let state = Mutex<State>(.open)

    package var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    /// Settles it; `false` where another was first.
    @discardableResult
    package func settle(_ outcome: Result<Value, PushFailure>) -> Bool {
        let previous = state.withLock { state in
            let previous = state
            if case .settled = state {} else { state = .settled(outcome) }
            return previous
        }
        switch previous {
        case .open: return true
        case .awaited(let continuation):
            continuation.resume(returning: outcome)
            return true
        case .settled: return false
        }
    }

    /// Waits for it. One task may, once.
    ///
    /// - Parameter loop: Keeps the time.
    package func value(until deadline: NIODeadline, on loop: any EventLoop)
        async throws(PushFailure)
        -> Value
    {
        let timer = loop.scheduleTask(deadline: deadline) { self.settle(.failure(.timedOut)) }
        defer { timer.cancel() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled = state.withLock { state -> Result<Value, PushFailure>? in
                    switch state {
                    case .settled(let outcome): return outcome
                    case .open, .awaited:
                        state = .awaited(continuation)
                        return nil
                    }
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            settle(.failure(.cancelled))
        }
        return try outcome.get()
    }
}
