internal import Dispatch

/// A serial executor whose jobs may block: each has a thread for as long as it runs, none of the cooperative pool's.
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// An executor with a queue of this name.
    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The closure keeps the executor alive, also where the job gives its actor up.
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
