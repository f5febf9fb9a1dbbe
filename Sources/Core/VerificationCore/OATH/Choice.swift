/// A yes or no about secrets, on which nothing branches: all bits are set, or none is.
struct Choice: BitwiseCopyable {
    private let mask: UInt64

    private init(mask: UInt64) {
        self.mask = mask
    }

    /// No.
    static let no = Choice(mask: 0)

    /// Whether two numbers are equal.
    init(_ left: UInt64, equals right: UInt64) {
        let difference = left ^ right
        // Of a number and its negative one has the top bit set, unless the number is zero.
        mask = ((difference | (0 &- difference)) >> 63) &- 1
    }

    /// Whether a number is below 2^63.
    init(isBelowHalf number: UInt64) {
        mask = (number >> 63) &- 1
    }

    /// An answer that is no secret.
    init(_ answer: Bool) {
        mask = answer ? .max : 0
    }

    static func & (left: Choice, right: Choice) -> Choice {
        Choice(mask: left.mask & right.mask)
    }

    static func | (left: Choice, right: Choice) -> Choice {
        Choice(mask: left.mask | right.mask)
    }

    static prefix func ! (choice: Choice) -> Choice {
        Choice(mask: ~choice.mask)
    }

    /// The one number or the other.
    func select(_ yes: UInt64, otherwise no: UInt64) -> UInt64 {
        (yes & mask) | (no & ~mask)
    }

    /// The answer, which ends its being secret.
    var revealed: Bool { mask != 0 }
}

/// The lowest of the numbers that were said to match, found without branching on which did.
///
/// It is as secret as what was compared, until it is ``revealed``: what makes one is what the timing check examines.
package struct LowestMatch: BitwiseCopyable {
    private var isFound = Choice.no
    private var number: UInt64 = 0

    /// Takes a number into account; they come in ascending order.
    mutating func consider(_ candidate: UInt64, if matches: Choice) {
        number = (matches & !isFound).select(candidate, otherwise: number)
        isFound = isFound | matches
    }

    /// The verdict, which ends its being secret.
    package var revealed: UInt64? { isFound.revealed ? number : nil }
}
