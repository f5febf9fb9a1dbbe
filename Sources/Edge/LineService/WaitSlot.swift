import Ceremonies
import Synchronization

/// Somebody who waits, tied to the connection that they wait by: when it ends, the wait is dropped and costs nothing more.
final class WaitSlot: Sendable {
    private struct State {
        var hasFinished = false
        var registration: ConnectionLife.Registration?
    }

    private let connection: ConnectionLife
    private let state = Mutex(State())

    init(_ connection: ConnectionLife) { self.connection = connection }

    /// Takes the wait, which may be over already.
    func began(_ wait: PushWait) {
        let registration = connection.atEnd { wait.cancel() }
        let isOver = state.withLock { state in
            if !state.hasFinished { state.registration = registration }
            return state.hasFinished
        }
        if isOver { connection.strike(registration) }
    }

    /// The wait is over.
    func finish() {
        let registration = state.withLock { state in
            state.hasFinished = true
            return state.registration
        }
        if let registration { connection.strike(registration) }
    }
}
