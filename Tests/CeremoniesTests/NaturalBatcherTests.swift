import Ceremonies
import Dispatch
import Synchronization
import Testing

struct NaturalBatcherTests {
    /// What a batcher under test was given, and a way to wait for it.
    private final class Log: Sendable {
        private let batches = Mutex<[[Int]]>([])
        private let running = Mutex<(now: Int, most: Int)>((0, 0))
        private let each = DispatchSemaphore(value: 0)

        var all: [[Int]] { batches.withLock { $0 } }
        var mostAtOnce: Int { running.withLock { $0.most } }

        func note(_ batch: [Int]) {
            running.withLock { running in
                running.now += 1
                running.most = max(running.most, running.now)
            }
            batches.withLock { $0.append(batch) }
            running.withLock { $0.now -= 1 }
            for _ in batch { each.signal() }
        }

        func wait(for count: Int) {
            for _ in 0..<count { each.wait() }
        }
    }

    @Test func `a batch is what arrived while the last one was worked on`() {
        let log = Log()
        let started = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let batcher = NaturalBatcher<Int>(label: "test", workers: 1, maximumBatch: 100) { batch in
            started.signal()
            gate.wait()
            log.note(batch)
        }
        batcher.submit(0)
        started.wait()
        for element in 1...10 { batcher.submit(element) }
        #expect(batcher.counts.waiting == 10)
        gate.signal()
        started.wait()
        #expect(batcher.counts.waiting == 0)
        batcher.submit(11)
        gate.signal()
        started.wait()
        gate.signal()
        log.wait(for: 12)
        #expect(log.all == [[0], Array(1...10), [11]])
        #expect(batcher.counts.batches == 3)
        #expect(batcher.counts.elements == 12)
    }

    @Test func `no batch is greater than the limit, and one worker keeps the order`() {
        let log = Log()
        let started = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let batcher = NaturalBatcher<Int>(label: "test", workers: 1, maximumBatch: 64) { batch in
            if batch.first == 0 {
                started.signal()
                gate.wait()
            }
            log.note(batch)
        }
        batcher.submit(0)
        started.wait()
        for element in 1...1000 { batcher.submit(element) }
        gate.signal()
        log.wait(for: 1001)
        #expect(log.all.flatMap(\.self) == Array(0...1000))
        #expect(log.all.map(\.count) == [1] + Array(repeating: 64, count: 15) + [40])
    }

    @Test(arguments: [1, 2, 4])
    func `nothing is lost or doubled under many submitters`(_ workers: Int) {
        let log = Log()
        let batcher = NaturalBatcher<Int>(
            label: "test", workers: workers, maximumBatch: 16, work: log.note)
        DispatchQueue.concurrentPerform(iterations: 8) { submitter in
            for number in 0..<2000 { batcher.submit(submitter * 2000 + number) }
        }
        log.wait(for: 16_000)
        #expect(log.all.flatMap(\.self).sorted() == Array(0..<16_000))
        #expect(log.all.allSatisfy { (1...16).contains($0.count) })
        #expect(log.mostAtOnce <= workers)
        #expect(batcher.counts.elements == 16_000)
        #expect(batcher.counts.waiting == 0)
        // With one worker, what one submitter hands over stays in its order.
        guard workers == 1 else { return }
        for submitter in 0..<8 {
            let own = log.all.flatMap(\.self).filter { $0 / 2000 == submitter }
            #expect(own == own.sorted())
        }
    }

    @Test func `an element that is handed over alone, again and again, is never left behind`() {
        // Each comes as the last worker may be about to leave.
        let log = Log()
        let batcher = NaturalBatcher<Int>(
            label: "test", workers: 2, maximumBatch: 4, work: log.note)
        for number in 0..<5000 {
            batcher.submit(number)
            log.wait(for: 1)
        }
        #expect(log.all.flatMap(\.self) == Array(0..<5000))
    }

    @Test func `as many batches are worked on at once as there are workers`() {
        let bothAreIn = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let log = Log()
        let batcher = NaturalBatcher<Int>(label: "test", workers: 2, maximumBatch: 1) { batch in
            bothAreIn.signal()
            gate.wait()
            log.note(batch)
        }
        for number in 0..<3 { batcher.submit(number) }
        bothAreIn.wait()
        bothAreIn.wait()
        #expect(batcher.counts.waiting == 1)
        for _ in 0..<3 { gate.signal() }
        log.wait(for: 3)
        #expect(log.all.flatMap(\.self).sorted() == [0, 1, 2])
    }

    @Test func `work may submit more work`() {
        let log = Log()
        let second = NaturalBatcher<Int>(
            label: "second", workers: 1, maximumBatch: 8, work: log.note)
        let first = NaturalBatcher<Int>(label: "first", workers: 2, maximumBatch: 8) { batch in
            for element in batch { second.submit(element + 1) }
        }
        for number in 0..<1000 { first.submit(number) }
        log.wait(for: 1000)
        #expect(log.all.flatMap(\.self).sorted() == Array(1...1000))
    }
}
