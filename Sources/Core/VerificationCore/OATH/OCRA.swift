public import OATH

/// The moving factors that an OCRA response was computed with.
public struct OCRAMatch: Sendable, Hashable {
    /// The counter, where the suite has one.
    public let counter: UInt64?
    /// The time step, where the suite has the time.
    public let timeStep: UInt64?
}

/// The response of a token to a question (RFC 6287 §5). For those who may see it: the time may depend on it.
///
/// - Returns: `nil` for a token of another kind.
/// - Throws: ``MalformedOATH/dataInput(_:)`` where the suite wants other members.
public func ocraResponse(
    to input: OCRAInput, _ key: TokenKey, counter: UInt64? = nil, timeStep: UInt64? = nil
) throws(MalformedOATH) -> String? {
    guard case .ocra(let suite) = key.parameters.mechanism, let digits = key.parameters.digits
    else { return nil }
    let message = try suite.message(for: input, counter: counter, timeStep: timeStep)
    return DynamicTruncation.text(key.value(of: message, digits: digits), digits: digits)
}

/// Whether `response` is the token's response to a question with just these moving factors.
///
/// Time and errors are as those of ``findOCRAMatch(of:to:_:counters:timeSteps:)``.
public func isValidOCRA(
    _ response: String, to input: OCRAInput, _ key: TokenKey, counter: UInt64? = nil,
    timeStep: UInt64? = nil
) throws(MalformedOATH) -> Bool {
    try findOCRAMatch(
        of: response, to: input, key, counters: counter.map { $0...$0 },
        timeSteps: timeStep.map { $0...$0 }) != nil
}

/// The moving factors with which `response` is the token's response to a question: the lowest counter, and for that the
/// lowest time step.
///
/// All pairs are computed and compared, in a time that depends on their number, the lengths and the suite alone, as
/// with ``findMovingFactor(of:_:in:)``. Of more than ``movingFactorWindowLimit`` pairs the rest is not looked at: time
/// steps beyond the limit first, then counters.
///
/// - Parameters:
///   - counters: for a suite with a counter, and for no other.
///   - timeSteps: for a suite with the time, and for no other.
/// - Returns: `nil` for a response that is none of those, or a token of another kind.
/// - Throws: ``MalformedOATH/dataInput(_:)`` where the suite wants other members.
public func findOCRAMatch(
    of response: String, to input: OCRAInput, _ key: TokenKey,
    counters: ClosedRange<UInt64>? = nil, timeSteps: ClosedRange<UInt64>? = nil
) throws(MalformedOATH) -> OCRAMatch? {
    let pairs = OCRAPairs(counters: counters, timeSteps: timeSteps)
    return try searchOCRAMatch(of: response, to: input, key, among: pairs)
        .revealed.map { pairs[$0] }
}

/// ``findOCRAMatch(of:to:_:counters:timeSteps:)`` up to its verdict, the place of the pair. Never inlined, so that what
/// the timing check examines is what runs.
@inline(never)
package func searchOCRAMatch(
    of response: String, to input: OCRAInput, _ key: TokenKey, among pairs: OCRAPairs
) throws(MalformedOATH) -> LowestMatch {
    var match = LowestMatch()
    guard case .ocra(let suite) = key.parameters.mechanism, let digits = key.parameters.digits
    else { return match }
    let typed = TypedCode(response, digits: digits)
    for place in 0..<pairs.count {
        let pair = pairs[place]
        let message = try suite.message(for: input, counter: pair.counter, timeStep: pair.timeStep)
        match.consider(place, if: typed.equals(key.value(of: message, digits: digits)))
    }
    return match
}

/// The moving factors to look at, in ascending order of the counter and then of the time step.
package struct OCRAPairs {
    private let counters: ClosedRange<UInt64>?
    private let timeSteps: ClosedRange<UInt64>?
    private let stepCount: UInt64
    /// How many pairs there are: 1 up to ``movingFactorWindowLimit``.
    let count: UInt64

    /// Of windows that are `nil` there is one factor, an absent one.
    package init(counters: ClosedRange<UInt64>?, timeSteps: ClosedRange<UInt64>?) {
        let timeSteps = timeSteps.map { limited($0) }
        stepCount = timeSteps.map { $0.upperBound - $0.lowerBound + 1 } ?? 1
        let counterLimit = movingFactorWindowLimit / stepCount
        let counters = counters.map { limited($0, to: counterLimit) }
        count = stepCount * (counters.map { $0.upperBound - $0.lowerBound + 1 } ?? 1)
        self.counters = counters
        self.timeSteps = timeSteps
    }

    /// The pair at a place below ``count``.
    subscript(place: UInt64) -> OCRAMatch {
        OCRAMatch(
            counter: counters.map { $0.lowerBound + place / stepCount },
            timeStep: timeSteps.map { $0.lowerBound + place % stepCount })
    }
}
