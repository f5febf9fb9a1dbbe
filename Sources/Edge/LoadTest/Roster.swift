import Synchronization

/// Which users the load test has added or may have: those whose USER ADD was sent.
final class Roster: Sendable {
    private let indices = Mutex<Set<Int>>([])

    func add(_ index: Int) { _ = indices.withLock { $0.insert(index) } }

    /// The user is another's, or gone.
    func remove(_ index: Int) { _ = indices.withLock { $0.remove(index) } }

    var all: [Int] { indices.withLock { $0.sorted() } }
}
