package import NIOCore

/// Token buckets, one a subscriber, in bounded memory. Pure: told who and when, it says whether they may.
package struct RateBudget {
    /// In thousandths of a request.
    private struct Bucket {
        var tokens: Int64
        var at: NIODeadline

        mutating func refill(_ budget: RateBudget, _ now: NIODeadline) {
            let elapsed = max(0, (now - at).nanoseconds / 1_000_000)
            // A bucket is full long before the product overflows.
            let gained = min(elapsed, budget.fillTime) * budget.rate
            tokens = min(budget.size, tokens + gained)
            // What is less than a millisecond counts the next time.
            at = max(at, at + .milliseconds(elapsed))
        }

        mutating func take() -> Bool {
            guard tokens >= 1_000 else { return false }
            tokens -= 1_000
            return true
        }
    }

    private let rate: Int64
    private let size: Int64
    private let capacity: Int
    private var buckets: [Origin: Bucket] = [:]
    /// What newcomers share while there are as many buckets as there may be.
    private var shared: Bucket
    private var swept: NIODeadline

    /// Milliseconds in which any bucket fills up.
    private var fillTime: Int64 { size / rate + 1 }

    /// A budget of `rate` requests a second and `burst` at once, both at least 1, for each of `capacity` subscribers.
    package init(rate: Int, burst: Int, capacity: Int, now: NIODeadline) {
        self.rate = Int64(min(max(rate, 1), 1_000_000))
        size = Int64(min(max(burst, 1), 1_000_000)) * 1_000
        self.capacity = capacity
        shared = Bucket(tokens: size, at: now)
        swept = now
    }

    /// How many subscribers are counted one by one at present.
    package var subscribers: Int { buckets.count }

    /// Takes one request from a subscriber's allowance; says whether there was one.
    package mutating func take(_ origin: Origin, now: NIODeadline) -> Bool {
        if var bucket = buckets[origin] {
            bucket.refill(self, now)
            defer { buckets[origin] = bucket }
            return bucket.take()
        }
        if buckets.count >= capacity { sweep(now) }
        guard buckets.count < capacity else {
            shared.refill(self, now)
            return shared.take()
        }
        var bucket = Bucket(tokens: size, at: now)
        defer { buckets[origin] = bucket }
        return bucket.take()
    }

    /// Forgets the buckets that are full again, which say nothing. Once a second at most, so that newcomers do not each
    /// cost a walk through all.
    private mutating func sweep(_ now: NIODeadline) {
        guard now - swept >= .seconds(1) else { return }
        swept = now
        buckets = buckets.filter { _, bucket in
            var bucket = bucket
            bucket.refill(self, now)
            return bucket.tokens < size
        }
    }
}
