/// A set of policies, by their places in the order of the files.
struct PolicyBits: Sendable {
    private var words: [UInt64]

    /// The empty set out of `count` policies.
    init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

    /// Whether nothing is in it.
    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// How many are in it.
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The words, for comparing.
    var signature: [UInt64] { words }

    /// Puts a policy in. `place` is below the count.
    mutating func insert(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }

    /// Takes a policy out. `place` is below the count.
    mutating func remove(_ place: Int) { words[place >> 6] &= ~(1 << UInt64(place & 63)) }

    /// Puts policies in.
    mutating func insert(_ places: [Int]?) {
        for place in places ?? [] { insert(place) }
    }

    /// Takes policies out.
    mutating func remove(_ places: [Int]?) {
        for place in places ?? [] { remove(place) }
    }

    /// Keeps what is in `other` too, a set out of as many.
    mutating func keep(_ other: PolicyBits) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    /// Calls `body` with each place in order.
    func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var left = word
            while left != 0 {
                body(index << 6 + left.trailingZeroBitCount)
                left &= left &- 1
            }
        }
    }
}
