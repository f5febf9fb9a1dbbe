import Glibc

/// How fast OpenSSL does the heart of a verification on one core of this machine, through the same call as the rest of
/// the program. The yardstick for figures of different machines.
struct Baseline: Sendable {
    /// What is done, as the report names it.
    let name: String
    /// What is counted: some of these a second.
    let unit: String
    /// Does it some times and says how often; `nil` if the result was wrong.
    private let work: @Sendable () -> Int?
    /// So many a second of processor time, one for each slice.
    private(set) var rates: [Double] = []

    init(name: String, unit: String, work: @escaping @Sendable () -> Int?) {
        self.name = name
        self.unit = unit
        self.work = work
    }

    /// Measures some slices of 50 ms of processor time. Keeps one thread busy for as long.
    mutating func measure(slices: Int) throws(LoadTestError) {
        for _ in 0..<slices { rates.append(try slice(seconds: 0.05)) }
    }

    /// The median slice.
    var medianRate: Double {
        guard !rates.isEmpty else { return 0 }
        let sorted = rates.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private func slice(seconds: Double) throws(LoadTestError) -> Double {
        let start = Self.threadTime()
        var count = 0
        while true {
            // Asking for the time costs about as much as an HMAC.
            for _ in 0..<16 {
                guard let done = work() else { throw .cryptography(code: "self-check") }
                count += done
            }
            let elapsed = Self.threadTime() - start
            if elapsed >= seconds || count >= 10_000_000 {
                return elapsed > 0 ? Double(count) / elapsed : 0
            }
        }
    }

    /// The processor time of the calling thread, in seconds.
    private static func threadTime() -> Double {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
