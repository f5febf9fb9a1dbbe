import Dispatch
import Synchronization

/// Works off what is submitted in batches: a batch is whatever arrived while the last one was worked on.
///
/// No timer makes a lone element wait. With more than one worker, batches may be worked on, and end, in any order.
package final class NaturalBatcher<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var workers = 0
        var batches = 0
        var elements = 0
    }

    private let state = Mutex(State())
    private let queue: DispatchQueue
    private let maximumWorkers: Int
    private let maximumBatch: Int
    private let work: @Sendable ([Element]) -> Void

    /// Calls `work` on threads of its own, so it may block there; `workers` of them at most at a time.
    package init(
        label: String, workers: Int, maximumBatch: Int,
        work: @escaping @Sendable ([Element]) -> Void
    ) {
        queue = DispatchQueue(label: label, attributes: .concurrent)
        maximumWorkers = workers
        self.maximumBatch = maximumBatch
        self.work = work
    }

    /// How many batches and elements have been taken, and how many elements wait.
    package var counts: (batches: Int, elements: Int, waiting: Int) {
        state.withLock { ($0.batches, $0.elements, $0.waiting.count) }
    }

    /// Hands an element over. Returns at once.
    package func submit(_ element: Element) {
        let needsWorker = state.withLock { state in
            state.waiting.append(element)
            guard state.workers < maximumWorkers else { return false }
            state.workers += 1
            return true
        }
        if needsWorker { queue.async { self.drain() } }
    }

    private func drain() {
        while let batch = take() { work(batch) }
    }

    /// The next batch; with none left the worker is counted out under the same lock, so that no element is left behind.
    private func take() -> [Element]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.workers -= 1
                return nil
            }
            let batch: [Element]
            if state.waiting.count <= maximumBatch {
                batch = state.waiting
                state.waiting = []
            } else {
                batch = Array(state.waiting.prefix(maximumBatch))
                state.waiting.removeFirst(maximumBatch)
            }
            state.batches += 1
            state.elements += batch.count
            return batch
        }
    }
}
