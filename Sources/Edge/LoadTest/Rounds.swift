import NIOCore

/// The rounds of a load test: each prepares its requests, then has them verified, timed.
struct Rounds<Method: LoadMethod> {
    private let plan: LoadPlan
    private let method: Method
    private let connections: [BatchConnection]
    private var credentials: [Method.Credential]
    private var schedule: Schedule
    private var extent: RoundExtent
    private var nextID = 1

    /// What the replies were.
    private(set) var tally = Tally()
    /// The timed seconds.
    private(set) var seconds = 0.0
    /// How many rounds there were.
    private(set) var count = 0
    /// What the server did in them.
    private(set) var work = LoadReport.ServerWork()

    init(
        plan: LoadPlan, method: Method, connections: [BatchConnection],
        credentials: [Method.Credential]
    ) {
        self.plan = plan
        self.method = method
        self.connections = connections
        self.credentials = credentials
        schedule = Schedule(credentials: credentials.count, connections: connections.count)
        extent = RoundExtent(
            goal: plan.goal, rate: plan.rate, connections: connections.count,
            largest: plan.largestRound)
    }

    /// Runs rounds until the goal is reached.
    mutating func run(
        over control: Control, _ progress: @escaping @Sendable (LoadProgress) -> Void
    ) async throws(LoadTestError) {
        while let requests = extent.next(answered: tally.answered, seconds: seconds) {
            let round = schedule.round(of: requests)
            let text = "\(Figures.grouped(requests)) requests, round \(count + 1)"
            progress(
                LoadProgress(
                    phase: .preparing,
                    fraction: extent.fraction(answered: tally.answered, seconds: seconds),
                    text: text))
            let began = NIODeadline.now().uptimeNanoseconds
            let counter = ReplyCounter()
            let ready = try await Preparation(
                plan: plan, method: method, connections: connections
            ).prepare(round, with: &credentials, firstID: nextID, counter: counter)
            nextID += round.map(\.count).max() ?? 0
            let before = try await control.status()
            let outcomes = try await time(ready, since: began, counter, progress)
            let after = try await control.status()
            work.add(before: before, after: after, again: try await control.status())
            try note(outcomes, of: round, lifetime: ready.lifetime)
        }
    }

    /// Sends what is ready on all connections at once.
    private func time(
        _ ready: Preparation<Method>.Round, since began: UInt64, _ counter: ReplyCounter,
        _ progress: @escaping @Sendable (LoadProgress) -> Void
    ) async throws(LoadTestError) -> [BatchOutcome] {
        // A little ahead, so that every connection has its batch when the first request is due.
        let start = NIODeadline.now().uptimeNanoseconds + 2_000_000
        let expiry = ready.lifetime.map { began + UInt64($0) * 800_000 } ?? .max
        let deadline = min(expiry, extent.end(start: start, seconds: seconds))
        let jobs = ready.batches.enumerated().map { (index: $0.offset, batch: $0.element) }
        let (extent, answered, seconds) = (extent, tally.answered, seconds)
        async let _: Void = reportRegularly {
            let now = NIODeadline.now().uptimeNanoseconds
            let elapsed = seconds + (now > start ? Double(now - start) / 1e9 : 0)
            progress(extent.progress(answered: answered + counter.value, seconds: elapsed))
        }
        let (plan, connections, schedule) = (plan, connections, schedule)
        let outcomes = try await inParallel(jobs, lanes: jobs.count) {
            (job) async throws(LoadTestError) -> BatchOutcome in
            let window = SendWindow(
                requests: job.batch.count, depth: plan.depth, span: schedule.span(of: job.index),
                pace: plan.pace(of: job.index, start: start), deadline: deadline)
            return try await connections[job.index].run(job.batch, window: window)
        }
        return outcomes
    }

    private mutating func note(
        _ outcomes: [BatchOutcome], of round: [[Int]], lifetime: Int?
    ) throws(LoadTestError) {
        let used = outcomes.filter { $0.sent > 0 }
        for (index, outcome) in outcomes.enumerated() {
            schedule.advance(index, by: outcome.sent)
            tally.merge(outcome.tally)
            for credential in round[index].dropFirst(outcome.sent) {
                method.takeBack(&credentials[credential])
            }
        }
        if let first = used.map(\.startedAt).min(), let last = used.map(\.finishedAt).max() {
            seconds += last > first ? Double(last - first) / 1e9 : 0
        }
        count += 1
        let sent = used.map(\.sent).reduce(0, +)
        guard extent.note(sent: sent, of: round.map(\.count).reduce(0, +)) else {
            throw .challengesExpire(milliseconds: lifetime ?? 0)
        }
    }
}

extension LoadPlan {
    /// When the requests of a connection go out in a round that starts at `start`.
    func pace(of connection: Int, start: UInt64) -> SendWindow.Pace {
        guard let rate else { return .closedLoop }
        let interval = 1e9 / rate
        return .openLoop(
            first: start + UInt64(Double(connection) * interval),
            interval: interval * Double(connections))
    }
}
