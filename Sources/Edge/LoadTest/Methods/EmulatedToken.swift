import Cryptography
import Encoding
import LineProtocol
package import OATH
import VerificationCore

/// A token whose codes an authenticator app would show: SHA-1, six digits, 20 bytes of secret.
package struct EmulatedToken: Sendable {
    private let key: TokenKey
    /// The lowest moving factor whose code has not been given.
    package private(set) var next: UInt64 = 0

    /// A token with a secret.
    ///
    /// - Throws: `MalformedOATH.secretLength`.
    package init(secret: [UInt8], _ mechanism: TokenParameters.Mechanism) throws(MalformedOATH) {
        key = try TokenKey(
            secret: secret, parameters: TokenParameters(mechanism, hash: .sha1))
    }

    /// The code of the lowest factor that is not below `least` and has not been given. The token moves past it.
    package mutating func nextCode(from least: UInt64 = 0) -> String? {
        let factor = max(next, least)
        guard factor < .max else { return nil }
        next = factor + 1
        return oneTimePassword(key, movingFactor: factor)
    }

    /// Moves back by one factor.
    package mutating func takeBack() { next -= next > 0 ? 1 : 0 }
}

extension EmulatedToken {
    /// A token of a fresh secret, added as of a batch and given to a user.
    static func enrolled(
        _ kind: TokenKind, _ mechanism: TokenParameters.Mechanism, for user: String,
        over control: Control
    ) async throws(LoadTestError) -> EmulatedToken {
        let secret = SecureRandom.bytes(20)
        let token: EmulatedToken
        do throws(MalformedOATH) {
            token = try EmulatedToken(secret: secret, mechanism)
        } catch {
            throw .cryptography(code: error.code)
        }
        _ = try await control.demand(
            "TOKEN ADD", [],
            ["kind": kind.rawValue, "secret": Base64URL.encode(secret), "user": user])
        return token
    }

    /// The request by which a user signs in with this token's next code.
    mutating func request(
        of user: String, _ kind: TokenKind, from least: UInt64 = 0
    ) throws(LoadTestError) -> RequestLine {
        guard let code = nextCode(from: least) else { throw .cryptography(code: "no-code") }
        return try requestLine("VERIFY", [user, code], ["method": kind.rawValue])
    }

    /// OpenSSL's HMAC over as many moving factors as a server compares a code with, unless configured otherwise.
    static func baseline(windowOf codes: UInt64) -> Baseline {
        let key = SecureRandom.bytes(20)
        return Baseline(name: "OpenSSL HMAC-SHA1", unit: "windows of \(codes) codes") {
            for factor in 0..<codes {
                let code = MessageAuthentication.hmac(
                    MovingFactor.message(factor), key: key, with: .sha1)
                guard code.count == HashAlgorithm.sha1.byteCount else { return nil }
            }
            return 1
        }
    }
}
