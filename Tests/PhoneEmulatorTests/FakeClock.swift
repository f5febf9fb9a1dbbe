import PhoneEmulator
import Synchronization

/// A clock that stands still until a test sets it forward.
final class FakeClock: Sendable {
    private struct Sleeper {
        let identifier: Int
        let end: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Watcher {
        let end: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Int64
        var lastIdentifier = 0
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
    }

    private let state: Mutex<State>

    init(_ now: Int64) { state = Mutex(State(now: now)) }

    var now: Int64 { state.withLock { $0.now } }

    var clock: PhoneClock {
        PhoneClock(now: { self.now }, sleep: { await self.sleep($0) })
    }

    /// Waits until somebody sleeps until `end`.
    func sleeper(until end: Int64) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.contains(where: { $0.end == end }) { return true }
                state.watchers.append(Watcher(end: end, continuation: continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func set(_ now: Int64) {
        let awake = state.withLock { state in
            state.now = now
            defer { state.sleepers.removeAll { $0.end <= now } }
            return state.sleepers.filter { $0.end <= now }
        }
        for sleeper in awake { sleeper.continuation.resume() }
    }

    private func sleep(_ duration: Duration) async {
        let milliseconds =
            duration.components.seconds * 1_000
            + duration.components.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return }
        let identifier = state.withLock { state in
            state.lastIdentifier += 1
            return state.lastIdentifier
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let watchers: [Watcher]? = state.withLock { state in
                    if Task.isCancelled { return nil }
                    let end = state.now + milliseconds
                    state.sleepers.append(
                        Sleeper(identifier: identifier, end: end, continuation: continuation))
                    defer { state.watchers.removeAll { $0.end == end } }
                    return state.watchers.filter { $0.end == end }
                }
                guard let watchers else { return continuation.resume() }
                for watcher in watchers { watcher.continuation.resume() }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                defer { state.sleepers.removeAll { $0.identifier == identifier } }
                return state.sleepers.filter { $0.identifier == identifier }
            }
            for sleeper in cancelled { sleeper.continuation.resume() }
        }
    }
}
