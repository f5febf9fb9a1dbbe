import Accounts
package import CredentialStore

/// What happens at which moment, the earliest first. No clock and no timer.
///
/// A binary heap; an entry that was moved or removed stays in it until it comes up or until such are the greater half.
package struct DeadlineQueue<Item: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let at: Timestamp
        let item: Item
    }

    private var moments: [Item: Timestamp] = [:]
    private var heap: [Entry] = []

    /// Nothing.
    package init() {}

    /// How many items there are, and how many entries are held for them.
    package var counts: (items: Int, entries: Int) { (moments.count, heap.count) }

    /// Sets, or moves, the moment of `item`.
    package mutating func set(_ item: Item, at moment: Timestamp) {
        guard moments[item] != moment else { return }
        moments[item] = moment
        heap.append(Entry(at: moment, item: item))
        rise(from: heap.count - 1)
        compact()
    }

    /// Sets the moment of `item` where it has none.
    mutating func setIfAbsent(_ item: Item, at moment: Timestamp) {
        if moments[item] == nil { set(item, at: moment) }
    }

    /// Forgets `item`.
    package mutating func remove(_ item: Item) {
        guard moments.removeValue(forKey: item) != nil else { return }
        compact()
    }

    /// The earliest moment.
    package mutating func next() -> Timestamp? {
        dropStale()
        return heap.first?.at
    }

    /// Takes the earliest item whose moment is not after `now`.
    package mutating func popDue(at now: Timestamp) -> Item? {
        dropStale()
        guard let first = heap.first, first.at <= now else { return nil }
        removeFirst()
        moments[first.item] = nil
        return first.item
    }

    private mutating func dropStale() {
        while let first = heap.first, moments[first.item] != first.at { removeFirst() }
    }

    private mutating func compact() {
        guard heap.count > 2 * moments.count + 16 else { return }
        heap = moments.map { Entry(at: $1, item: $0) }.sorted { $0.at < $1.at }
    }

    private mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        sink()
    }

    private mutating func rise(from start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].at < heap[parent].at else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func sink() {
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < heap.count && heap[child].at < heap[least].at { least = child }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
