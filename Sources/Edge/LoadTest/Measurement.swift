import LineClient
import LineProtocol
import NIOCore

/// A load test without its clean-up: enrolment, rounds, report.
struct Measurement: Sendable {
    let plan: LoadPlan
    let roster: Roster
    let group: any EventLoopGroup
    let progress: @Sendable (LoadProgress) -> Void

    private static let slices = 10

    func run() async throws(LoadTestError) -> LoadReport {
        let server = try await checkWindow()
        let control = try await Control.connect(plan, on: group)
        do throws(LoadTestError) {
            let report = try await run(over: control, server: server)
            await control.close()
            return report
        } catch {
            await control.close()
            throw error
        }
    }

    /// Asks the server for its window before anything is written.
    private func checkWindow() async throws(LoadTestError) -> String {
        let probe = try await BatchConnection.connect(plan, on: group)
        await probe.close()
        guard plan.depth <= probe.window else {
            throw .windowTooNarrow(depth: plan.depth, window: probe.window)
        }
        return probe.server
    }

    private func run(
        over control: Control, server: String
    ) async throws(LoadTestError) -> LoadReport {
        // What the client may not ask for is found before anything is written.
        _ = try await control.status()
        return try await measure(plan.loadMethod, over: control, server: server)
    }

    private func measure(
        _ method: some LoadMethod, over control: Control, server: String
    ) async throws(LoadTestError) -> LoadReport {
        let (credentials, enrolment) = try await enrol(by: method, over: control)
        var baseline = try method.baseline()
        progress(LoadProgress(phase: .calibrating, fraction: 0, text: "OpenSSL on one core"))
        try baseline.measure(slices: Self.slices)
        let connections = try await connect()
        var rounds = Rounds(
            plan: plan, method: method, connections: connections, credentials: credentials)
        do throws(LoadTestError) {
            try await rounds.run(over: control, progress)
        } catch {
            await close(connections)
            throw error
        }
        await close(connections)
        progress(LoadProgress(phase: .calibrating, fraction: 0.5, text: "OpenSSL on one core"))
        try baseline.measure(slices: Self.slices)
        return report(of: rounds, server: server, enrolment, baseline)
    }

    private func report(
        of rounds: Rounds<some LoadMethod>, server: String, _ enrolment: LoadReport.Enrolment,
        _ baseline: Baseline
    ) -> LoadReport {
        var report = LoadReport()
        report.setting.endpoint = plan.endpoint.description
        report.setting.server = server
        report.setting.method = plan.method
        report.setting.connections = plan.connections
        report.setting.depth = plan.depth
        report.setting.rate = plan.rate
        report.enrolment = enrolment
        report.requests = rounds.tally.answered
        report.seconds = rounds.seconds
        report.rounds = rounds.count
        report.accepted = rounds.tally.accepted
        report.latency = rounds.tally.latencies.summary
        report.refusals = rounds.tally.sortedRefusals
        report.server = rounds.work
        report.baseline.name = baseline.name
        report.baseline.unit = baseline.unit
        report.baseline.rate = baseline.medianRate
        return report
    }

    private func enrol<Method: LoadMethod>(
        by method: Method, over control: Control
    ) async throws(LoadTestError) -> ([Method.Credential], LoadReport.Enrolment) {
        let counter = ReplyCounter()
        async let _: Void = reportRegularly {
            progress(.counting(.enrolling, counter.value, of: plan.credentials))
        }
        let start = ContinuousClock.now
        let credentials = try await Enrolment(plan: plan, roster: roster)
            .enrol(by: method, over: control, counter: counter)
        var result = LoadReport.Enrolment()
        result.credentials = credentials.count
        result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return (credentials, result)
    }

    private func connect() async throws(LoadTestError) -> [BatchConnection] {
        var connections: [BatchConnection] = []
        do throws(LoadTestError) {
            for _ in 0..<plan.connections {
                connections.append(try await BatchConnection.connect(plan, on: group))
            }
            return connections
        } catch {
            await close(connections)
            throw error
        }
    }

    private func close(_ connections: [BatchConnection]) async {
        for connection in connections { await connection.close() }
    }
}
