import OATH

/// How many moving factors are looked at, at most.
///
/// A guess at random is right for as many codes as there are factors, and each costs an HMAC.
public let movingFactorWindowLimit: UInt64 = 2_000

/// The code of a token for a moving factor: a counter for HOTP (RFC 4226 §5.2), a time step for TOTP (RFC 6238 §4.2).
///
/// For those who may see it: the time may depend on the code. `nil` for a token of another kind.
public func oneTimePassword(_ key: TokenKey, movingFactor: UInt64) -> String? {
    key.codeDigits.map { digits in
        let value = key.value(of: MovingFactor.message(movingFactor), digits: digits)
        return DynamicTruncation.text(value, digits: digits)
    }
}

/// The lowest moving factor in `window` whose code is `code`.
///
/// The codes of all factors are computed and compared, in a time that depends on the size of the window, the hash
/// function and the number of digits alone: not on the secret, on whether the code is right, or on where it is. Text
/// that is not as many ASCII digits as the token's codes have matches nothing, after the same work.
///
/// Of a window wider than ``movingFactorWindowLimit`` the rest is not looked at. `nil` too for a token that makes no
/// such codes. That a code has not been used before is for the caller to see to, as is which factors are in time.
public func findMovingFactor(
    of code: String, _ key: TokenKey, in window: ClosedRange<UInt64>
) -> UInt64? {
    searchMovingFactor(of: code, key, in: window).revealed
}

/// ``findMovingFactor(of:_:in:)`` up to its verdict. Never inlined, so that what the timing check examines is what
/// runs.
@inline(never)
package func searchMovingFactor(
    of code: String, _ key: TokenKey, in window: ClosedRange<UInt64>
) -> LowestMatch {
    var match = LowestMatch()
    guard let digits = key.codeDigits else { return match }
    let typed = TypedCode(code, digits: digits)
    for factor in limited(window) {
        let value = key.value(of: MovingFactor.message(factor), digits: digits)
        match.consider(factor, if: typed.equals(value))
    }
    return match
}

/// The moving factor of `second`, where `first` is the code of the factor before it, and both are in `window`: to
/// resynchronise a token by two codes that follow each other (RFC 4226 §7.4). The lowest, where there are several.
///
/// Time, limit and absence are as those of ``findMovingFactor(of:_:in:)``.
public func findConsecutive(
    _ first: String, _ second: String, _ key: TokenKey, in window: ClosedRange<UInt64>
) -> UInt64? {
    searchConsecutive(first, second, key, in: window).revealed
}

/// ``findConsecutive(_:_:_:in:)`` up to its verdict. Never inlined, for the same reason.
@inline(never)
package func searchConsecutive(
    _ first: String, _ second: String, _ key: TokenKey, in window: ClosedRange<UInt64>
) -> LowestMatch {
    var match = LowestMatch()
    guard let digits = key.codeDigits else { return match }
    let typedFirst = TypedCode(first, digits: digits)
    let typedSecond = TypedCode(second, digits: digits)
    var wasFirst = Choice.no
    for factor in limited(window) {
        let value = key.value(of: MovingFactor.message(factor), digits: digits)
        match.consider(factor, if: wasFirst & typedSecond.equals(value))
        wasFirst = typedFirst.equals(value)
    }
    return match
}

/// As much of a window as is looked at.
func limited(
    _ window: ClosedRange<UInt64>, to limit: UInt64 = movingFactorWindowLimit
) -> ClosedRange<UInt64> {
    let (lowest, highest) = (window.lowerBound, window.upperBound)
    // What is longer than the limit ends below the largest number.
    return highest - lowest < limit ? window : lowest...(lowest + (limit - 1))
}
