import Synchronization

/// Lets what waits for the sake of a connection be told when the connection ends.
public final class ConnectionLife: Sendable {
    private struct State {
        var hasEnded = false
        var next = 0
        var closures: [Int: @Sendable () -> Void] = [:]
    }

    /// What was registered, to be struck off.
    public struct Registration: Sendable {
        fileprivate let number: Int
    }

    private let state = Mutex(State())

    /// A connection that lives.
    public init() {}

    /// How many wait.
    package var count: Int { state.withLock { $0.closures.count } }

    /// Has `closure` called when the connection ends, from any thread; at once where it has ended.
    public func atEnd(_ closure: @escaping @Sendable () -> Void) -> Registration {
        let number: Int? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.next += 1
            state.closures[state.next] = closure
            return state.next
        }
        if number == nil { closure() }
        return Registration(number: number ?? 0)
    }

    /// Lets go what was registered. Doing so twice, or after the end, does nothing.
    public func strike(_ registration: Registration) {
        // What is let go may hold much: not under the lock.
        _ = state.withLock { $0.closures.removeValue(forKey: registration.number) }
    }

    /// The connection has ended.
    package func end() {
        let closures = state.withLock { state in
            state.hasEnded = true
            defer { state.closures = [:] }
            return state.closures
        }
        for closure in closures.values { closure() }
    }
}
