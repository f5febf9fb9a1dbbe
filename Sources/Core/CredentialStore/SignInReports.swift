/// How many sign-ins came to what.
public struct OutcomeCounts: Sendable, Hashable {
    /// Those that were let in.
    public var succeeded: Int
    /// Those that were not.
    public var failed: Int
    /// Those that were not finished.
    public var interrupted: Int

    /// Counts from their parts.
    public init(succeeded: Int = 0, failed: Int = 0, interrupted: Int = 0) {
        self.succeeded = succeeded
        self.failed = failed
        self.interrupted = interrupted
    }

    /// All of them.
    public var total: Int { succeeded + failed + interrupted }

    mutating func add(_ count: Int, _ outcome: SignInOutcome) {
        switch outcome {
        case .success: succeeded += count
        case .failure: failed += count
        case .interrupted: interrupted += count
        }
    }
}

/// The sign-ins of a day.
public struct DailyVolume: Sendable, Hashable {
    /// The day, counted from 1970-01-01, UTC.
    public var day: Int64
    /// What they came to.
    public var counts: OutcomeCounts
}

/// A name, and how many sign-ins there were of it.
public struct NamedCounts: Sendable, Hashable {
    /// An application, a method, a country…; empty where it is not known.
    public var name: String
    /// What they came to.
    public var counts: OutcomeCounts
    /// When the last one was, where that is kept.
    public var lastAt: Timestamp?
}

/// How many sign-ins failed for a reason.
public struct ReasonCount: Sendable, Hashable {
    /// The code of the check that failed.
    public var reason: String
    /// How many.
    public var count: Int

    /// So many for this reason.
    public init(reason: String, count: Int) {
        self.reason = reason
        self.count = count
    }
}

/// What failed, for whom, and why.
public struct FailureReport: Sendable, Hashable {
    /// An account whose sign-ins failed.
    public struct Account: Sendable, Hashable {
        /// The user's name, which need not be that of a user; empty where none was given.
        public var user: String
        /// How many.
        public var count: Int
        /// For what reasons, the most frequent first.
        public var reasons: [ReasonCount]
        /// When the last one was.
        public var lastAt: Timestamp
    }

    /// The reasons, the most frequent first.
    public var reasons: [ReasonCount]
    /// The accounts with the most failures.
    public var accounts: [Account]
    /// How many accounts there are in all.
    public var accountCount: Int
    /// How many failures there were in all.
    public var failureCount: Int
}

/// Who signs in to an application.
public struct ApplicationReport: Sendable, Hashable {
    /// A user of the application.
    public struct Account: Sendable, Hashable {
        /// The user's name; empty where none was given.
        public var user: String
        /// What the sign-ins came to.
        public var counts: OutcomeCounts
        /// When the user was first let in; `nil` where that never happened.
        public var firstAt: Timestamp?
        /// When the user was last let in.
        public var lastAt: Timestamp?
    }

    /// Those who were let in most often first.
    public var accounts: [Account]
    /// How many accounts there are in all.
    public var accountCount: Int
    /// How many of them were let in at least once.
    public var signedInCount: Int
    /// What the sign-ins of all of them came to.
    public var counts: OutcomeCounts
}

/// How often each method was used.
public struct MethodReport: Sendable, Hashable {
    /// A method on a day.
    public struct Day: Sendable, Hashable {
        /// The day, counted from 1970-01-01, UTC.
        public var day: Int64
        /// The method.
        public var method: String
        /// How many sign-ins with it were let in.
        public var succeeded: Int
    }

    /// In all, the most successful first.
    public var methods: [NamedCounts]
    /// By day.
    public var days: [Day]
}
