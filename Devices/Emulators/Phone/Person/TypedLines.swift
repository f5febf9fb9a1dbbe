import Synchronization

/// The lines that somebody types while the phone asks. What is typed while it asks nothing is thrown away, so that
/// nobody answers a prompt that they have not seen.
public final class TypedLines: Sendable {
    /// What there is to read.
    enum Line: Sendable, Hashable {
        case typed(String)
        /// A newer prompt wants the screen.
        case interrupted
        /// Nobody will type any more, or the reader's task is cancelled.
        case ended
    }

    private struct State {
        var isAsking = false
        var isInterrupted = false
        var hasEnded = false
        var lines: [String] = []
        var waiter: CheckedContinuation<Line, Never>?

        /// What can be read at once.
        mutating func take() -> Line? {
            if isInterrupted { return .interrupted }
            if !lines.isEmpty { return .typed(lines.removeFirst()) }
            return hasEnded ? .ended : nil
        }
    }

    private let state = Mutex(State())

    /// Nothing typed yet.
    public init() {}

    /// Takes a line, without its end.
    public func type(_ line: String) {
        update { state in
            if state.isAsking { state.lines.append(line) }
        }
    }

    /// Says that nobody will type any more.
    public func end() { update { $0.hasEnded = true } }

    /// Begins to ask: from here on lines count.
    func beginAsking() {
        state.withLock { state in
            state.isAsking = true
            state.isInterrupted = false
            state.lines = []
        }
    }

    /// Ends to ask.
    func endAsking() {
        state.withLock { state in
            state.isAsking = false
            state.lines = []
        }
    }

    /// Ends what is asked at the moment.
    func interrupt() { update { $0.isInterrupted = true } }

    /// The next line. There is one reader at a time; cancelling its task ends the wait.
    func next() async -> Line {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let line: Line? = state.withLock { state in
                    if let line = state.take() { return line }
                    if Task.isCancelled || state.waiter != nil { return .ended }
                    state.waiter = continuation
                    return nil
                }
                if let line { continuation.resume(returning: line) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiter.take() }
            waiter?.resume(returning: .ended)
        }
    }

    private func update(_ change: (inout sending State) -> Void) {
        let ready: (CheckedContinuation<Line, Never>, Line)? = state.withLock { state in
            change(&state)
            guard let waiter = state.waiter, let line = state.take() else { return nil }
            state.waiter = nil
            return (waiter, line)
        }
        if let (waiter, line) = ready { waiter.resume(returning: line) }
    }
}
