import Authenticators
import Dispatch
import Synchronization

/// The thread on which one card is talked to, call after call.
///
/// The libraries below cannot be interrupted while they wait for a card. Who waits for the thread can: the call is then
/// abandoned, and goes on without anybody who listens. What is asked of the thread later waits its turn, so that a card
/// that hangs holds up one thread and not one for each attempt.
final class CardThread: Sendable {
    private enum Call<Value: Sendable> {
        case pending
        case finished(Result<Value, AuthenticatorFailure>)
        case abandoned
    }

    private final class Box<Value: Sendable>: Sendable {
        let call = Mutex(Call<Value>.pending)
        let semaphore = DispatchSemaphore(value: 0)
    }

    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Runs `body` on the thread and waits for it, for `limit` at most.
    ///
    /// - Parameter discard: is given, on the thread, what comes of an abandoned call.
    /// - Throws: ``AuthenticatorFailure/timedOut`` and ``AuthenticatorFailure/cancelled`` where the call was abandoned,
    ///   and what `body` throws.
    func run<Value: Sendable>(
        within limit: Duration, cancellation: Cancellation,
        discard: @escaping @Sendable (Value) -> Void = { _ in },
        _ body: @escaping @Sendable () throws(AuthenticatorFailure) -> Value
    ) throws(AuthenticatorFailure) -> Value {
        guard !cancellation.isRequested else { throw .cancelled }
        let box = Box<Value>()
        queue.async {
            if case .abandoned = box.call.withLock(\.self) { return }
            let result = Result { () throws(AuthenticatorFailure) in try body() }
            let isAbandoned = box.call.withLock { call in
                if case .abandoned = call { return true }
                call = .finished(result)
                return false
            }
            if !isAbandoned {
                box.semaphore.signal()
            } else if case .success(let value) = result {
                discard(value)
            }
        }
        cancellation.waking(box.semaphore) {
            _ = box.semaphore.wait(timeout: .now() + limit.dispatchInterval)
        }
        let call = box.call.withLock { call in
            if case .pending = call { call = .abandoned }
            return call
        }
        guard case .finished(let result) = call else {
            throw cancellation.isRequested ? .cancelled : .timedOut
        }
        return try result.get()
    }

    /// Runs `body` on the thread some time later.
    func post(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }
}

extension Duration {
    /// The same for Dispatch, to the microsecond, and a day at most.
    fileprivate var dispatchInterval: DispatchTimeInterval {
        let (seconds, attoseconds) = max(.zero, min(self, .seconds(86_400))).components
        return .microseconds(Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
    }
}
