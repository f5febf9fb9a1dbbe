import Cryptography
import OATH

/// Whether `response` is the token's HMAC of `challenge`, in a time that depends on the lengths alone. No, for a token
/// of another kind.
///
/// The tools of YubiKeys fill a challenge up to 64 bytes, and the key takes the filling off again; some take zeros that
/// end the challenge itself for filling. A challenge for them has at most 63 bytes and does not end in a zero.
public func isValidResponse(
    _ response: [UInt8], to challenge: [UInt8], _ key: TokenKey
) -> Bool {
    guard case .challengeResponse = key.parameters.mechanism else { return false }
    return ConstantTime.areEqual(response, key.authenticationCode(of: challenge))
}
