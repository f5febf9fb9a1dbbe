import Accounts
import Addresses
import Ceremonies
import CredentialStore
import Testing

/// Failure budgets on a clock that stands still until a test moves it.
struct FailureBudgetsTests {
    /// Budgets, a clock, and what is tried on them.
    struct Bench {
        var budgets: FailureBudgets
        var now = Timestamp(milliseconds: 1_790_000_000_000)

        init(capacity: Int = 200_000, adjust: (inout FailureLimits) -> Void = { _ in }) {
            var limits = FailureLimits()
            adjust(&limits)
            budgets = FailureBudgets(limits: limits, capacity: capacity)
        }

        mutating func advance(_ duration: Duration) { now = now.advanced(by: duration) }

        mutating func admit(
            _ user: String = "alice", from source: String? = nil, familiar: Bool = false,
            secret: [UInt8]? = nil
        ) throws -> FailureBudgets.Answer {
            budgets.admit(
                try userName(user), from: try source.map { try IPNetwork($0) },
                isFamiliar: familiar, secret: secret, at: now)
        }

        /// A wrong code; gives how long there is to wait, where it was not let in.
        mutating func fail(
            _ user: String = "alice", from source: String? = nil, familiar: Bool = false,
            secret: [UInt8]? = nil
        ) throws -> Duration? {
            try admit(user, from: source, familiar: familiar, secret: secret).wait
        }

        /// So many wrong codes, all of which are let in.
        mutating func fail(
            _ count: Int, _ user: String = "alice", from source: String? = nil,
            familiar: Bool = false
        ) throws {
            for number in 0..<count {
                let wait = try fail(user, from: source, familiar: familiar)
                #expect(wait == nil, "failure \(number + 1)")
            }
        }
    }

    @Test func `ten wrong codes are borne, then the wait doubles up to an hour`() throws {
        var bench = Bench()
        try bench.fail(10)
        for seconds in [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600] {
            #expect(try bench.fail() == .seconds(seconds))
            bench.advance(.seconds(seconds) - .milliseconds(1))
            #expect(try bench.fail() == .milliseconds(1))
            bench.advance(.milliseconds(1))
            #expect(try bench.fail() == nil)
        }
    }

    @Test func `to ask while waiting makes the wait no longer`() throws {
        var bench = Bench()
        try bench.fail(10)
        for second in 0..<60 {
            #expect(try bench.fail(from: "192.0.2.1") == .seconds(60 - second))
            bench.advance(.seconds(1))
        }
        try bench.fail(1)
        #expect(try bench.fail() == .seconds(120))
    }

    @Test func `a right code starts the count anew`() throws {
        var bench = Bench()
        try bench.fail(9)
        bench.budgets.succeed(try #require(try bench.admit().admission))
        try bench.fail(10)
        bench.advance(.seconds(60))
        bench.budgets.succeed(try #require(try bench.admit().admission))
        try bench.fail(10)
        #expect(try bench.fail() == .seconds(60))
    }

    @Test func `a right code that was counted tenth makes nobody wait`() throws {
        var bench = Bench()
        try bench.fail(9)
        let admission = try #require(try bench.admit().admission)
        #expect(try bench.fail() == .seconds(60))
        bench.budgets.succeed(admission)
        #expect(try bench.fail() == nil)
    }

    @Test func `strangers do not shut a user out of where the user is at home`() throws {
        var bench = Bench()
        for number in 0..<10 { try bench.fail(1, from: "198.51.100.\(number)") }
        #expect(try bench.fail(from: "198.51.100.77") == .seconds(60))
        #expect(try bench.fail() == .seconds(60))
        for source in ["192.0.2.1", "192.0.2.2"] {
            try bench.fail(10, from: source, familiar: true)
            #expect(try bench.fail(from: source, familiar: true) == .seconds(60))
        }
        // Nor do they shut another user out.
        try bench.fail(10, "bob")
    }

    @Test func `failures at home do not count as strangers'`() throws {
        var bench = Bench()
        try bench.fail(10, from: "192.0.2.1", familiar: true)
        try bench.fail(10, from: "198.51.100.1")
        #expect(try bench.fail(from: "198.51.100.1") == .seconds(60))
    }

    @Test func `a right code at home leaves strangers' failures where they are`() throws {
        var bench = Bench()
        try bench.fail(10)
        let admission = try bench.admit(from: "192.0.2.1", familiar: true).admission
        bench.budgets.succeed(try #require(admission))
        #expect(try bench.fail() == .seconds(60))
    }

    @Test func `a source is borne a hundred failures over all users, and one each 36 seconds`()
        throws
    {
        var bench = Bench()
        for number in 0..<100 { try bench.fail(1, "user \(number)", from: "192.0.2.1") }
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
        #expect(try bench.fail("another", from: "192.0.2.2") == nil)
        #expect(try bench.fail("user 1", from: "192.0.2.1") == .seconds(36))
        bench.advance(.seconds(36))
        try bench.fail(1, "another", from: "192.0.2.1")
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
        // A user who is at home there does not wait for the office, and counts for it.
        try bench.fail(1, from: "192.0.2.1", familiar: true)
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(72))
        bench.advance(.seconds(3600 + 36))
        for number in 0..<100 { try bench.fail(1, "third \(number)", from: "192.0.2.1") }
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
    }

    @Test func `a right code forgives a source itself alone`() throws {
        var bench = Bench()
        for number in 0..<99 { try bench.fail(1, "user \(number)", from: "192.0.2.1") }
        for _ in 0..<50 {
            let admission = try bench.admit("mallory", from: "192.0.2.1").admission
            bench.budgets.succeed(try #require(admission))
        }
        try bench.fail(1, "another", from: "192.0.2.1")
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
    }

    @Test func `right codes earn a source nothing beyond what it had`() throws {
        var bench = Bench()
        var admissions: [FailureBudgets.Admission] = []
        for number in 0..<50 {
            admissions.append(
                try #require(try bench.admit("user \(number)", from: "192.0.2.1").admission))
        }
        // They are judged long after they drained.
        bench.advance(.seconds(86_400))
        admissions.forEach { bench.budgets.succeed($0) }
        for number in 0..<100 { try bench.fail(1, "user \(number)", from: "192.0.2.1") }
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
    }

    @Test(arguments: [true, false])
    func `an attempt that is taken back leaves no wait behind`(familiar: Bool) throws {
        let source = "192.0.2.1"
        // The tenth, the first of those that only a wait lets in, and a later one.
        for borne in [0, 9, 10, 12] {
            var bench = Bench()
            for _ in 0..<borne {
                try bench.fail(1, from: source, familiar: familiar)
                bench.advance(.seconds(3600))
            }
            var copy = bench
            let answer = try copy.admit(from: source, familiar: familiar)
            copy.budgets.withdraw(try #require(answer.admission))
            // As if it had never been.
            for step in 0..<4 {
                let (left, right) = (
                    try bench.fail(from: source, familiar: familiar),
                    try copy.fail(from: source, familiar: familiar)
                )
                #expect(left == right, "\(borne) borne, step \(step)")
                bench.advance(.seconds(240))
                copy.advance(.seconds(240))
            }
        }
    }

    @Test func `a batch that is taken back whole leaves nothing`() throws {
        var bench = Bench()
        let admissions = try (0..<10).map { _ in
            try #require(try bench.admit(from: "192.0.2.1").admission)
        }
        #expect(try bench.fail() == .seconds(60))
        admissions.forEach { bench.budgets.withdraw($0) }
        try bench.fail(10, from: "192.0.2.1")
        #expect(try bench.fail() == .seconds(60))
    }

    @Test
    func `a secret that cannot be guessed is not counted again while it is one of the last three`()
        throws
    {
        var bench = Bench { $0.perSource = 6 }
        let source = "192.0.2.1"
        for _ in 0..<1000 { #expect(try bench.fail(from: source, secret: [1]) == nil) }
        for _ in 0..<100 {
            for secret in [[1], [2], [3]] as [[UInt8]] {
                #expect(try bench.fail(from: source, secret: secret) == nil)
            }
        }
        // Three were counted. A fourth, and the first again, which has gone from the last three: two more.
        #expect(try bench.fail(from: source, secret: [4]) == nil)
        #expect(try bench.fail(from: source, secret: [1]) == nil)
        #expect(try bench.fail(from: source, secret: [1]) == nil)
        try bench.fail(1, "bob", from: source)
        #expect(try bench.fail("bob", from: source) == .seconds(600))
        // Who has to wait does so with a known secret too, but not where the user is at home.
        #expect(try bench.fail(from: source, secret: [1]) == .seconds(600))
        #expect(try bench.fail(from: source, familiar: true, secret: [1]) == nil)
        #expect(try bench.fail(from: source, familiar: true, secret: [9]) == nil)
    }

    @Test func `what cannot be guessed makes no user wait, nor waits for those who guess`()
        throws
    {
        var bench = Bench()
        for number in 0..<100 as Range<UInt8> {
            let answer = try bench.admit(from: "192.0.2.\(number)", secret: [number])
            #expect(answer.admission?.blocksStrangers == false)
        }
        try bench.fail(10)
        #expect(try bench.fail() == .seconds(60))
        #expect(try bench.fail(secret: [200]) == nil)
        #expect(try bench.fail(from: "198.51.100.1", secret: [201]) == nil)
    }

    @Test func `a right secret settles nothing of what can be guessed`() throws {
        var bench = Bench()
        for _ in 0..<9 {
            try bench.fail(1)
            bench.budgets.succeed(try #require(try bench.admit(secret: [1]).admission))
        }
        try bench.fail(1)
        #expect(try bench.fail() == .seconds(60))
        bench.budgets.succeed(try #require(try bench.admit(secret: [1]).admission))
        #expect(try bench.fail() == .seconds(60))
    }

    @Test func `a secret is known of its user alone, and until a right one`() throws {
        var bench = Bench { $0.perSource = 3 }
        let source = "192.0.2.1"
        #expect(try bench.fail(from: source, secret: [1]) == nil)
        #expect(try bench.fail("bob", from: source, secret: [1]) == nil)
        let right = try bench.admit(from: "192.0.2.9", secret: [2]).admission
        bench.budgets.succeed(try #require(right))
        #expect(try bench.fail(from: source, secret: [1]) == nil)
        #expect(try bench.fail("carol", from: source) == .seconds(1200))
    }

    @Test func `of six at once no more are let in than one after another`() throws {
        var bench = Bench()
        try bench.fail(9)
        let first = try (0..<6).map { _ in try bench.admit().wait }
        #expect(first == [nil] + Array(repeating: .seconds(60), count: 5))
        bench.advance(.seconds(60))
        let second = try (0..<6).map { _ in try bench.admit().wait }
        #expect(second == [nil] + Array(repeating: .seconds(120), count: 5))
    }

    @Test func `the one that makes strangers wait says so, once until a right code`() throws {
        var bench = Bench()
        for number in 1...14 {
            let answer = try bench.admit()
            if let wait = answer.wait {
                bench.advance(wait)
                #expect(try bench.admit().admission?.blocksStrangers == false)
            } else {
                #expect(answer.admission?.blocksStrangers == (number == 10), "\(number)")
            }
        }
        bench.advance(.seconds(3600))
        let right = try #require(try bench.admit().admission)
        #expect(!right.blocksStrangers)
        bench.budgets.succeed(right)
        try bench.fail(9)
        #expect(try bench.admit().admission?.blocksStrangers == true)
        for _ in 0..<10 {
            let answer = try bench.admit("bob", from: "192.0.2.1", familiar: true)
            #expect(answer.admission?.blocksStrangers == false)
        }
    }

    @Test func `a day without a failure is forgiven`() throws {
        var bench = Bench()
        try bench.fail(9)
        bench.advance(.seconds(86_400) - .milliseconds(1))
        try bench.fail(1)
        #expect(try bench.fail() == .seconds(60))
        bench.advance(.seconds(86_400))
        try bench.fail(10)
        #expect(try bench.fail() == .seconds(60))
    }

    @Test func `limits below one count as one`() throws {
        var bench = Bench {
            $0.perUser = 0
            $0.perFamiliarSource = -5
            $0.perSource = 0
        }
        #expect(try bench.admit().admission?.blocksStrangers == true)
        #expect(try bench.fail() == .seconds(60))
        try bench.fail(1, from: "192.0.2.1", familiar: true)
        #expect(try bench.fail(from: "192.0.2.1", familiar: true) == .seconds(60))
        // A source that is borne nothing, an hour for each.
        #expect(try bench.fail("bob", from: "192.0.2.7") == .seconds(3600))
    }

    // MARK: Bounds

    @Test func `what is held is bounded, whoever asks`() throws {
        var bench = Bench(capacity: 200)
        for number in 0..<5000 {
            _ = try bench.fail(
                "user \(number)", from: "10.0.\(number / 200).\(number % 200)",
                familiar: number % 3 == 0)
            #expect(bench.budgets.size <= 200)
            bench.advance(.seconds(1))
        }
    }

    @Test func `a flood of names lifts nobody's wait`() throws {
        var bench = Bench(capacity: 200)
        try bench.fail(10)
        bench.advance(.seconds(60))
        try bench.fail(1)
        for number in 0..<5000 {
            _ = try bench.fail("user \(number)", from: "10.0.\(number / 200).\(number % 200)")
        }
        #expect(try bench.fail() == .seconds(120))
    }

    @Test func `the oldest go of those that failed as often`() throws {
        var bench = Bench(capacity: 100) { $0.perUser = 2 }
        for number in 0..<99 {
            try bench.fail(1, "user \(number)")
            bench.advance(.milliseconds(1))
        }
        try bench.fail(1, "one more")
        // Twelve went: 88 stay, and now the 89th.
        #expect(bench.budgets.size == 88)
        try bench.fail(1, "user 98")
        #expect(try bench.fail("user 98") == .seconds(60))
        try bench.fail(1, "user 0")
        #expect(try bench.fail("user 0") == nil)
    }

    @Test func `what is forgiven makes room first`() throws {
        var bench = Bench(capacity: 100) { $0.perUser = 3 }
        for number in 0..<50 { try bench.fail(2, "old \(number)") }
        bench.advance(.seconds(86_400))
        for number in 0..<60 { try bench.fail(1, "new \(number)") }
        try bench.fail(2, "new 0")
        #expect(try bench.fail("new 0") == .seconds(60))
    }

    // MARK: Clocks

    @Test func `a clock that is set back forgives nothing`() throws {
        var bench = Bench()
        for number in 0..<100 { try bench.fail(1, "user \(number)", from: "192.0.2.1") }
        try bench.fail(10)
        bench.advance(.seconds(-7200))
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
        #expect(try bench.fail() == .seconds(7260))
        bench.advance(.seconds(7200))
        #expect(try bench.fail("another", from: "192.0.2.1") == .seconds(36))
        #expect(try bench.fail() == .seconds(60))
    }
}

extension FailureBudgets.Answer {
    /// How long to wait; `nil` for what is let in.
    var wait: Duration? {
        if case .wait(let delay) = self { delay } else { nil }
    }

    var admission: FailureBudgets.Admission? {
        if case .admitted(let admission) = self { admission } else { nil }
    }
}
