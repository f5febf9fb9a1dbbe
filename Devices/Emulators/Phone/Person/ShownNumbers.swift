import Synchronization

/// The numbers that front ends show, handed to a scripted person one after the other: the first is for the first prompt
/// that the phone shows, the second for the second, whether or not the person wants them.
///
/// Whoever asks the server for a prompt calls ``show(_:)``, before or after the phone has the prompt.
public final class ShownNumbers: Sendable {
    private struct Waiter {
        let ordinal: Int
        let identifier: Int
        let continuation: CheckedContinuation<String?, Never>
    }

    private struct State {
        var numbers: [String] = []
        var isFinished = false
        var waiters: [Waiter] = []
        var lastIdentifier = 0

        mutating func takeWaiters(_ isChosen: (Waiter) -> Bool) -> [Waiter] {
            defer { waiters.removeAll(where: isChosen) }
            return waiters.filter(isChosen)
        }
    }

    private let state = Mutex(State())

    /// None yet.
    public init() {}

    /// Adds the number of the next prompt.
    public func show(_ number: String) {
        resume { state in
            state.numbers.append(number)
            let count = state.numbers.count
            return state.takeWaiters { $0.ordinal < count }
        }
    }

    /// Says that there will be no more: whoever waits has waited in vain.
    public func finish() {
        resume { state in
            state.isFinished = true
            return state.takeWaiters { _ in true }
        }
    }

    /// The number for a prompt, by how many the phone has shown before it. Waits for it; `nil` where none will come or
    /// the task is cancelled.
    public func number(_ ordinal: Int) async -> String? {
        let identifier = state.withLock { state in
            state.lastIdentifier += 1
            return state.lastIdentifier
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // The check for cancellation is under the lock too: whoever cancels comes before or finds the waiter.
                let known: String?? = state.withLock { state in
                    if state.numbers.indices.contains(ordinal) { return state.numbers[ordinal] }
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    state.waiters.append(
                        Waiter(
                            ordinal: ordinal, identifier: identifier, continuation: continuation))
                    return nil
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            resume { state in state.takeWaiters { $0.identifier == identifier } }
        }
    }

    /// Changes the state, and lets those go on whom the change took out of it.
    private func resume(_ change: (inout sending State) -> [Waiter]) {
        let (waiters, numbers) = state.withLock { state in
            let waiters = change(&state)
            return (waiters, state.numbers)
        }
        for waiter in waiters {
            let isThere = numbers.indices.contains(waiter.ordinal)
            waiter.continuation.resume(returning: isThere ? numbers[waiter.ordinal] : nil)
        }
    }
}
