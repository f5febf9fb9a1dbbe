import Accounts
package import CredentialStore
import Dispatch
import Synchronization

/// A clock that is never set, and one alarm. It costs no thread while it waits.
package struct SteadyTimer: Sendable {
    /// The time; only differences count.
    package let now: @Sendable () -> Timestamp
    /// Sets the alarm to a moment of ``now``, instead of what it was set to; `nil` switches it off.
    package let set: @Sendable (Timestamp?) -> Void
    /// Says whom the alarm wakes. Called once, before the alarm is set.
    package let start: @Sendable (_ wake: @escaping @Sendable () -> Void) -> Void

    /// A timer from its parts, for tests.
    package init(
        now: @escaping @Sendable () -> Timestamp, set: @escaping @Sendable (Timestamp?) -> Void,
        start: @escaping @Sendable (_ wake: @escaping @Sendable () -> Void) -> Void
    ) {
        self.now = now
        self.set = set
        self.start = start
    }

    /// The machine's own, which calls back on `queue`.
    static func dispatch(on queue: DispatchQueue) -> SteadyTimer {
        let alarm = DispatchAlarm(queue: queue)
        let origin = ContinuousClock.now
        let now: @Sendable () -> Timestamp = {
            Timestamp(milliseconds: 0).advanced(by: ContinuousClock.now - origin)
        }
        return SteadyTimer(
            now: now,
            set: { moment in
                alarm.set(after: moment.map { max(0, $0.milliseconds - now().milliseconds) })
            },
            start: { alarm.start($0) })
    }
}

/// One timer of Dispatch's, which exists as long as this does.
private final class DispatchAlarm: @unchecked Sendable {
    // Guarded by `lock`: Dispatch's timers are not declared to be safe to share.
    private let timer: any DispatchSourceTimer
    private let lock = Mutex(())

    init(queue: DispatchQueue) {
        timer = DispatchSource.makeTimerSource(queue: queue)
    }

    func start(_ wake: @escaping @Sendable () -> Void) {
        lock.withLock { _ in
            timer.setEventHandler(handler: wake)
            timer.schedule(deadline: .distantFuture)
            timer.activate()
        }
    }

    func set(after milliseconds: Int64?) {
        lock.withLock { _ in
            guard let milliseconds else {
                timer.schedule(deadline: .distantFuture)
                return
            }
            // One more, so that it never wakes before the moment.
            timer.schedule(
                deadline: .now() + .milliseconds(Int(clamping: milliseconds) + 1),
                leeway: .milliseconds(5))
        }
    }

    deinit {
        // A source that was never activated must not be released.
        timer.activate()
        timer.cancel()
    }
}
