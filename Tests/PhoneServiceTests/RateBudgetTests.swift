import Addresses
import NIOCore
import PhoneService
import TestSupport
import Testing

@Suite struct RateBudgetTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func origin(_ number: Int) throws -> Origin {
        .subscriber(try IPNetwork("10.0.\(number / 256).\(number % 256)"))
    }

    private func taken(
        _ budget: inout RateBudget, _ origin: Origin, at time: NIODeadline, tries: Int
    ) -> Int {
        (0..<tries).count { _ in budget.take(origin, now: time) }
    }

    @Test func `gives a burst at once and then so many a second`() throws {
        var budget = RateBudget(rate: 10, burst: 5, capacity: 8, now: start)
        let one = try origin(1)
        #expect(taken(&budget, one, at: start, tries: 20) == 5)
        #expect(taken(&budget, one, at: start + .milliseconds(99), tries: 20) == 0)
        #expect(taken(&budget, one, at: start + .milliseconds(100), tries: 20) == 1)
        #expect(taken(&budget, one, at: start + .milliseconds(400), tries: 20) == 3)
        #expect(taken(&budget, one, at: start + .hours(1), tries: 20) == 5)
    }

    @Test func `loses no allowance to fractions of a millisecond`() throws {
        var budget = RateBudget(rate: 10, burst: 5, capacity: 8, now: start)
        let one = try origin(1)
        _ = taken(&budget, one, at: start, tries: 5)
        var gained = 0
        for step in 1...10_000 {
            let time = start + .nanoseconds(Int64(step) * 100_000)
            if budget.take(one, now: time) { gained += 1 }
        }
        #expect(gained == 10, "in one second")
    }

    @Test func `counts subscribers apart`() throws {
        var budget = RateBudget(rate: 1, burst: 2, capacity: 8, now: start)
        #expect(try taken(&budget, origin(1), at: start, tries: 9) == 2)
        #expect(try taken(&budget, origin(2), at: start, tries: 9) == 2)
        #expect(taken(&budget, .unknown, at: start, tries: 9) == 2)
    }

    @Test func `remembers so many, lets newcomers share, and forgets who has been quiet`() throws {
        var budget = RateBudget(rate: 1, burst: 2, capacity: 100, now: start)
        for number in 0..<100 {
            let origin = try origin(number)
            #expect(taken(&budget, origin, at: start, tries: 1) == 1)
        }
        #expect(budget.subscribers == 100)
        var given = 0
        for number in 100..<1_000 {
            if budget.take(try origin(number), now: start) { given += 1 }
        }
        #expect(given == 2)
        #expect(budget.subscribers == 100)
        // Two seconds fill every bucket.
        let late = try origin(1_000)
        #expect(taken(&budget, late, at: start + .seconds(2), tries: 1) == 1)
        #expect(budget.subscribers == 1)
    }

    @Test func `a clock that stands still or runs back gives nothing`() throws {
        var budget = RateBudget(rate: 1_000_000, burst: 1, capacity: 8, now: start)
        let one = try origin(1)
        #expect(taken(&budget, one, at: start, tries: 1) == 1)
        #expect(taken(&budget, one, at: start, tries: 1) == 0)
        #expect(taken(&budget, one, at: start - .milliseconds(900), tries: 1) == 0)
    }

    @Test func `never gives more than its rate, whatever comes when`() throws {
        var random = SplitMix64(seed: 4)
        for _ in 0..<50 {
            let rate = Int.random(in: 1...100, using: &random)
            let burst = Int.random(in: 1...100, using: &random)
            var budget = RateBudget(rate: rate, burst: burst, capacity: 2, now: start)
            let one = try origin(1)
            var elapsed: Int64 = 0
            var given = 0
            for _ in 0..<2_000 {
                elapsed += Int64.random(in: 0...50_000_000, using: &random)
                if budget.take(one, now: start + .nanoseconds(elapsed)) { given += 1 }
                #expect(given <= burst + Int(elapsed) * rate / 1_000_000_000)
            }
        }
    }
}
