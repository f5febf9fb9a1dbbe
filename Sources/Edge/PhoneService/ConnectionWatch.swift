import Synchronization

/// Tells whoever answers a request what becomes of its connection meanwhile.
package final class ConnectionWatch: Sendable {
    /// What can become of a connection; later cases outweigh earlier ones.
    package enum Event: Int, Sendable, Hashable {
        /// The service stops.
        case stopping
        /// The client sends no more; it may still read.
        case inputEnded
        /// There is nobody to answer.
        case closed
    }

    package typealias Observer = @Sendable (Event) -> Void

    private let state = Mutex<(last: Event?, observer: Observer?)>((nil, nil))

    package init() {}

    /// Calls `observer` for what has happened and for what happens until ``forget()``; there is one at a time.
    package func observe(_ observer: @escaping Observer) {
        let last = state.withLock { state in
            state.observer = observer
            return state.last
        }
        if let last { observer(last) }
    }

    /// Lets go of the observer.
    package func forget() { state.withLock { $0.observer = nil } }

    /// Something happened.
    package func note(_ event: Event) {
        let observer = state.withLock { state in
            if event.rawValue > state.last?.rawValue ?? -1 { state.last = event }
            return state.observer
        }
        observer?(event)
    }
}
