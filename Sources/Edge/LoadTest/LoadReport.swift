/// What a load test found.
public struct LoadReport: Sendable, Hashable {
    /// Where and how it was run.
    public struct Setting: Sendable, Hashable {
        package init() {}

        /// The server's socket, or host and port.
        public package(set) var endpoint = ""
        /// The server's name and version, as it gives them.
        public package(set) var server = ""
        /// How the users signed in.
        public package(set) var method = LoadPlan.Method.webauthn
        /// Connections.
        public package(set) var connections = 0
        /// Requests outstanding on each.
        public package(set) var depth = 0
        /// Requests a second in an open loop; `nil` in a closed one.
        public package(set) var rate: Double?
    }

    /// The credentials that were enrolled for it.
    public struct Enrolment: Sendable, Hashable {
        package init() {}

        /// How many.
        public package(set) var credentials = 0
        /// How long it took.
        public package(set) var seconds: Double = 0
        /// Credentials a second.
        public var rate: Double { seconds > 0 ? Double(credentials) / seconds : 0 }
    }

    /// Latencies in nanoseconds, three digits exact. A closed loop counts from the write of a request to its reply, an
    /// open one from when the request should have been written.
    public struct Latency: Sendable, Hashable {
        package init() {}

        /// Half of the requests were answered in this time.
        public package(set) var p50: UInt64 = 0
        /// 90 in 100.
        public package(set) var p90: UInt64 = 0
        /// 99 in 100.
        public package(set) var p99: UInt64 = 0
        /// 999 in 1 000.
        public package(set) var p999: UInt64 = 0
        /// All.
        public package(set) var max: UInt64 = 0
    }

    /// Replies that were no yes, of one kind.
    public struct Refusal: Sendable, Hashable {
        /// The word of the reply, and the server's reason where it gave one: `NO counter-not-ahead`.
        public package(set) var reason = ""
        /// How many.
        public package(set) var count = 0
        /// Whether the server judged the answer, rather than had no time for it. As all answers are right, it must not.
        public package(set) var isJudgement = false

        package init(reason: String, count: Int, isJudgement: Bool) {
            self.reason = reason
            self.count = count
            self.isJudgement = isJudgement
        }
    }

    /// What the server says of the timed part.
    public struct ServerWork: Sendable, Hashable {
        package init() {}

        /// Its processor time, all threads, in milliseconds.
        public package(set) var processorMilliseconds = 0
        /// Answers that it verified.
        public package(set) var verified = 0
        /// The batches in which it verified them.
        public package(set) var batches = 0
        /// Decisions that it wrote down.
        public package(set) var committed = 0
        /// The transactions in which it did.
        public package(set) var commits = 0
        /// Rows of accepted sign-ins that it has on disk more than before.
        public package(set) var rowsAccepted = 0

        /// Processor time for one verification, in microseconds.
        public var microsecondsPerVerification: Double {
            verified > 0 ? Double(processorMilliseconds) * 1000 / Double(verified) : 0
        }
        /// Answers in a batch.
        public var meanBatch: Double { batches > 0 ? Double(verified) / Double(batches) : 0 }
        /// Decisions in a transaction.
        public var meanCommit: Double { commits > 0 ? Double(committed) / Double(commits) : 0 }
    }

    /// What the throughput is compared with: the heart of a verification, done by OpenSSL alone.
    public struct Baseline: Sendable, Hashable {
        package init() {}

        /// What is done.
        public package(set) var name = ""
        /// What is counted.
        public package(set) var unit = ""
        /// So many a second on one core, in the same run: the median of the slices.
        public package(set) var rate: Double = 0
    }

    package init() {}

    /// Where and how.
    public package(set) var setting = Setting()
    /// The credentials.
    public package(set) var enrolment = Enrolment()
    /// Requests that were sent and answered.
    public package(set) var requests = 0
    /// Timed seconds, all rounds together.
    public package(set) var seconds: Double = 0
    /// The rounds in which requests were prepared and timed.
    public package(set) var rounds = 0
    /// Replies that said yes.
    public package(set) var accepted = 0
    /// The latencies of all replies.
    public package(set) var latency = Latency()
    /// The replies that were no yes, the most frequent first.
    public package(set) var refusals: [Refusal] = []
    /// The server's side.
    public package(set) var server = ServerWork()
    /// What OpenSSL does on the same machine.
    public package(set) var baseline = Baseline()
    /// Users that could not be deleted afterwards.
    public package(set) var usersLeft = 0

    /// Yeses a second of the timed part.
    public var throughput: Double { seconds > 0 ? Double(accepted) / seconds : 0 }
    /// The throughput as a multiple of the ``baseline``.
    public var ratio: Double { baseline.rate > 0 ? throughput / baseline.rate : 0 }
    /// Whether every yes is a row on disk and every row was a yes, there were some, and no answer was judged wrong.
    /// Otherwise the run has failed, whatever its figures. (Sign-ins of others during the run count as rows too: test a
    /// server that is idle.)
    public var isSound: Bool {
        server.rowsAccepted == accepted && accepted > 0 && !refusals.contains(where: \.isJudgement)
    }
}
