/// What a load test found.
public struct LoadReport: Sendable, Hashable {
    /// Where and how it was run.
    public struct Setting: Sendable, Hashable {
        /// The server's socket, or host and port.
        public var endpoint: String
        /// The server's name and version, as it gives them.
        public var server: String
        /// Connections.
        public var connections: Int
        /// Requests outstanding on each.
        public var depth: Int
        /// Requests a second in an open loop; `nil` in a closed one.
        public var rate: Double?
    }

    /// The credentials that were enrolled for it.
    public struct Enrolment: Sendable, Hashable {
        /// How many.
        public var credentials: Int
        /// How long it took.
        public var seconds: Double
        /// Credentials a second.
        public var rate: Double { seconds > 0 ? Double(credentials) / seconds : 0 }
    }

    /// Latencies in nanoseconds, three digits exact. A closed loop counts from the write of a request to its reply, an
    /// open one from when the request should have been written.
    public struct Latency: Sendable, Hashable {
        /// Half of the requests were answered in this time.
        public var p50: UInt64
        /// 90 in 100.
        public var p90: UInt64
        /// 99 in 100.
        public var p99: UInt64
        /// 999 in 1 000.
        public var p999: UInt64
        /// All.
        public var max: UInt64
    }

    /// Replies that were no yes, of one kind.
    public struct Refusal: Sendable, Hashable {
        /// The word of the reply, and the server's reason where it gave one: `NO counter-not-ahead`.
        public var reason: String
        /// How many.
        public var count: Int
    }

    /// What the server says of the timed part.
    public struct ServerWork: Sendable, Hashable {
        /// Its processor time, all threads, in milliseconds.
        public var processorMilliseconds: Int
        /// Assertions that it verified.
        public var verified: Int
        /// The batches in which it verified them.
        public var batches: Int
        /// Decisions that it wrote down.
        public var committed: Int
        /// The transactions in which it did.
        public var commits: Int
        /// Rows of accepted sign-ins that it has on disk more than before.
        public var rowsAccepted: Int

        /// Processor time for one verification, in microseconds.
        public var microsecondsPerVerification: Double {
            verified > 0 ? Double(processorMilliseconds) * 1000 / Double(verified) : 0
        }
        /// Assertions in a batch.
        public var meanBatch: Double { batches > 0 ? Double(verified) / Double(batches) : 0 }
        /// Decisions in a transaction.
        public var meanCommit: Double { commits > 0 ? Double(committed) / Double(commits) : 0 }
    }

    /// Where and how.
    public var setting: Setting
    /// The credentials.
    public var enrolment: Enrolment
    /// Requests that were sent and answered.
    public var requests: Int
    /// Timed seconds, all rounds together.
    public var seconds: Double
    /// The rounds in which requests were prepared and timed.
    public var rounds: Int
    /// Replies that said yes.
    public var accepted: Int
    /// The latencies of all replies.
    public var latency: Latency
    /// The replies that were no yes, the most frequent first.
    public var refusals: [Refusal]
    /// The server's side.
    public var server: ServerWork
    /// P-256 verifications a second by OpenSSL on one core, in the same run: the median of the slices.
    public var baselineRate: Double
    /// Users that could not be deleted afterwards.
    public var usersLeft: Int

    /// Yeses a second of the timed part.
    public var throughput: Double { seconds > 0 ? Double(accepted) / seconds : 0 }
    /// The throughput as a multiple of ``baselineRate``.
    public var ratio: Double { baselineRate > 0 ? throughput / baselineRate : 0 }
    /// Whether every yes is a row on disk and every row was a yes, and there were some. Otherwise the run has failed,
    /// whatever its figures. (Sign-ins of others during the run count as rows too: test a server that is idle.)
    public var isSound: Bool { server.rowsAccepted == accepted && accepted > 0 }
}
