import Glibc

/// Time, as the phone has it.
public struct PhoneClock: Sendable {
    /// Milliseconds since 1970, UTC.
    public let now: @Sendable () -> Int64
    /// Waits so long; returns early where the task is cancelled.
    public let sleep: @Sendable (Duration) async -> Void

    /// A clock of somebody's own.
    public init(
        now: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (Duration) async -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's.
    public static let system = PhoneClock(
        now: {
            var time = timespec()
            // It fails for no clock that every system has.
            guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
            return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        },
        sleep: { duration in
            // Whoever is cancelled looks for it.
            try? await Task.sleep(for: duration)
        })

    /// Waits until `time`, in milliseconds since 1970.
    func sleep(until time: Int64) async {
        let (left, isOverflow) = time.subtractingReportingOverflow(now())
        guard left > 0, !isOverflow else { return }
        await sleep(.milliseconds(left))
    }
}
