import NIOCore
import Synchronization

/// The connections that are open, within the limits of their number.
final class ConnectionRegistry: Sendable {
    private struct State {
        var cuts: [ObjectIdentifier: @Sendable () -> Void] = [:]
        var counts: [Origin: Int] = [:]
        var isClosed = false
    }

    private let maximum: Int
    private let maximumPerSubscriber: Int
    private let state = Mutex(State())

    init(maximum: Int, perSubscriber: Int) {
        self.maximum = maximum
        maximumPerSubscriber = perSubscriber
    }

    /// How many there are.
    var count: Int { state.withLock { $0.cuts.count } }

    /// Takes a connection in until it closes; says whether there was room.
    ///
    /// - Parameter cut: Closes it at once.
    func admits(
        _ channel: any Channel, _ origin: Origin, cut: @escaping @Sendable () -> Void
    ) -> Bool {
        let id = ObjectIdentifier(channel)
        let isAdmitted = state.withLock { state in
            guard
                !state.isClosed, state.cuts.count < maximum,
                state.counts[origin, default: 0] < maximumPerSubscriber
            else { return false }
            state.cuts[id] = cut
            state.counts[origin, default: 0] += 1
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { state in
                state.cuts[id] = nil
                let count = state.counts[origin, default: 0]
                state.counts[origin] = count > 1 ? count - 1 : nil
            }
        }
        return true
    }

    /// Takes no more in.
    func close() { state.withLock { $0.isClosed = true } }

    /// Closes all that are left.
    func cut() {
        for cut in state.withLock({ Array($0.cuts.values) }) { cut() }
    }
}
