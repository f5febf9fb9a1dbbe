import NIOCore
import NIOPosix

/// A load test, to be run once.
public struct LoadRun: Sendable {
    private let plan: LoadPlan
    private let roster = Roster()

    /// A run of this plan.
    public init(_ plan: LoadPlan) { self.plan = plan }

    /// Users that were added and are not known to be deleted. After a run that failed: what it left behind, their names
    /// beginning with the plan's prefix.
    public var usersLeft: Int { roster.all.count }

    /// Enrols, measures, cleans up and reports.
    ///
    /// Cancelling the task ends the run early; it still deletes its users before it throws `.cancelled`.
    ///
    /// - Parameter progress: Called from any thread, some ten times a second.
    public func run(
        progress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) async throws(LoadTestError) -> LoadReport {
        // One thread sends and reads: on a small machine the server needs the other cores more.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<LoadReport, LoadTestError>
        do throws(LoadTestError) {
            let measurement = Measurement(
                plan: plan, roster: roster, group: group, progress: progress)
            result = .success(try await measurement.run())
        } catch {
            result = .failure(error)
        }
        // In a task of its own, which the cancellation of this one does not reach.
        let left = await Task { await cleanUp(on: group, progress) }.value
        // The threads end with the process at the latest.
        try? await group.shutdownGracefully()
        var report = try result.get()
        report.usersLeft = left
        return report
    }

    /// Deletes the users that were added, as far as the server answers and in bounded time.
    ///
    /// - Returns: how many are left.
    private func cleanUp(
        on group: any EventLoopGroup, _ progress: @escaping @Sendable (LoadProgress) -> Void
    ) async -> Int {
        let users = roster.all.count
        guard users > 0, let control = try? await Control.connect(plan, on: group) else {
            return users
        }
        let counter = ReplyCounter()
        async let _: Void = reportRegularly {
            progress(.counting(.cleaning, counter.value, of: users))
        }
        let enrolment = Enrolment(plan: plan, roster: roster)
        // A minute, and longer for many: a user costs the server a transaction.
        let patience = Duration.seconds(60) + .milliseconds(20) * users
        async let _: Void = closing(control, after: patience)
        let left = await enrolment.cleanUp(over: control, counter: counter)
        await control.close()
        return left
    }

    private func closing(_ control: Control, after patience: Duration) async {
        do { try await Task.sleep(for: patience) } catch { return }
        await control.close()
    }
}

/// Calls `report` now and then until the task is cancelled.
func reportRegularly(_ report: @Sendable () -> Void) async {
    while !Task.isCancelled {
        report()
        do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
    }
}

extension LoadProgress {
    static func counting(_ phase: Phase, _ done: Int, of all: Int) -> LoadProgress {
        LoadProgress(
            phase: phase, fraction: all > 0 ? Double(done) / Double(all) : 1,
            text: "\(Figures.grouped(done)) of \(Figures.grouped(all))")
    }
}
