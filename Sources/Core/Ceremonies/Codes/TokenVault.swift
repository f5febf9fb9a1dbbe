import Accounts
import CredentialStore
import OATH
import Secrets
import VerificationCore
import WebAuthn

/// Tokens' secrets as they lie in the store, and as they are verified with.
struct TokenVault: Sendable {
    let vault: SecretVault

    /// Seals a secret for a token of a user, or of nobody.
    func seal(
        _ secret: [UInt8], of token: CredentialID, owner: User?
    ) throws(SecretError) -> [UInt8] {
        try vault.seal(secret, at: Self.place(of: token, owner: owner))
    }

    /// Opens the secret of a token.
    func secret(of token: Token) throws(SecretError) -> [UInt8] {
        try vault.open(token.sealedSecret, at: Self.place(of: token.id, owner: token.owner))
    }

    /// The key of a token; `nil` where its secret does not open.
    func key(of token: Token) -> TokenKey? {
        guard let secret = try? secret(of: token) else { return nil }
        return try? TokenKey(secret: secret, parameters: token.parameters)
    }

    private static func place(of token: CredentialID, owner: User?) -> SecretPlace {
        SecretPlace(use: .token, row: token.bytes, user: owner?.handle.bytes ?? [])
    }
}

extension CodePolicy {
    /// The counters or time steps in which a typed code of a token would be in time.
    func window(of token: Token, at now: Timestamp) -> ClosedRange<UInt64>? {
        switch token.parameters.mechanism {
        case .hotp: return counters(from: token.nextFactor)
        case .totp(_, let period):
            return steps(period, drift: token.drift, around: timeStepWindow, at: now)
        case .ocra, .challengeResponse: return nil
        }
    }

    /// The counters or time steps among which a token that has gone astray is looked for.
    func resynchronisationWindow(of token: Token, at now: Timestamp) -> ClosedRange<UInt64>? {
        switch token.parameters.mechanism {
        case .hotp: return token.nextFactor...token.nextFactor.clampedSum(resynchronisationWindow)
        case .totp(_, let period):
            return steps(period, drift: 0, around: resynchronisationWindow / 2, at: now)
        case .ocra, .challengeResponse: return nil
        }
    }

    /// The counters that a token may have come to.
    func counters(from next: UInt64) -> ClosedRange<UInt64> {
        next...next.clampedSum(lookAheadWindow)
    }

    /// Time steps to both sides of the one that a clock with this drift shows.
    func steps(
        _ period: Int, drift: Int, around width: UInt64, at now: Timestamp
    ) -> ClosedRange<UInt64>? {
        guard
            let step = MovingFactor.timeStep(atMilliseconds: now.milliseconds, period: period),
            let centre = UInt64(exactly: Int64(clamping: step).addingClamped(Int64(drift)))
        else { return nil }
        return (centre - min(centre, width))...centre.clampedSum(width)
    }
}

extension TokenParameters {
    /// By how many time steps a clock is ahead that shows the code of `factor` now; 0 for tokens without one.
    func drift(of factor: UInt64, at now: Timestamp) -> Int {
        guard
            case .totp(_, let period) = mechanism,
            let step = MovingFactor.timeStep(atMilliseconds: now.milliseconds, period: period)
        else { return 0 }
        return Int(clamping: Int64(clamping: factor) - Int64(clamping: step))
    }
}

extension UInt64 {
    /// The sum, at most what a signed number of 64 bits can be, less one.
    fileprivate func clampedSum(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return Swift.max(
            self, overflow ? UInt64(Int64.max - 1) : Swift.min(sum, UInt64(Int64.max - 1)))
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}
