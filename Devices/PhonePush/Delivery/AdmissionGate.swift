package import NIOCore
import Synchronization

/// Lets so many in at a time, and has so many others wait their turn.
package final class AdmissionGate: Sendable {
    private struct State {
        var inside = 0
        var waiting: [FirstOutcome<Void>] = []
    }

    private let places: Int
    private let seats: Int
    private let state = Mutex(State())

    package init(places: Int, seats: Int) {
        self.places = places
        self.seats = seats
    }

    /// How many wait.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for a place, which is given back by ``leave()``; throws without one.
    package func enter(until deadline: NIODeadline, on loop: any EventLoop)
        async throws(PushFailure)
    {
        let turn = FirstOutcome<Void>()
        let isTurnedAway = state.withLock { state in
            if state.inside < places {
                state.inside += 1
                turn.settle(.success(()))
                return false
            }
            guard state.waiting.count < seats else { return true }
            state.waiting.append(turn)
            return false
        }
        if isTurnedAway { throw .busy }
        do throws(PushFailure) {
            try await turn.value(until: deadline, on: loop)
        } catch {
            state.withLock { state in state.waiting.removeAll { $0 === turn } }
            throw error
        }
    }

    /// Gives the place to the first who still waits.
    package func leave() {
        state.withLock { state in
            while !state.waiting.isEmpty {
                if state.waiting.removeFirst().settle(.success(())) { return }
            }
            state.inside -= 1
        }
    }
}
