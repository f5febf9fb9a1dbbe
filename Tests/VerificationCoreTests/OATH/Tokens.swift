import OATH
import VerificationCore

/// The tokens of the RFCs' test vectors.
enum Tokens {
    /// The digits 1234567890, again and again.
    static func secret(_ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(ascii: "0") + UInt8(($0 + 1) % 10) }
    }

    /// RFC 4226 appendix D.
    static func hotp(_ digits: OATHDigits = .six) throws -> TokenKey {
        try TokenKey(
            secret: secret(20), parameters: TokenParameters(.hotp(digits), hash: .sha1))
    }

    /// RFC 6238 appendix B, with the secrets of its reference implementation.
    static func totp(_ hash: OATHHash) throws -> TokenKey {
        try TokenKey(
            secret: secret(hash.byteCount),
            parameters: TokenParameters(.totp(.eight, period: 30), hash: hash))
    }

    /// RFC 6287 appendix C.
    static func ocra(_ suite: String) throws -> TokenKey {
        let parameters = try TokenParameters(OCRASuite(suite))
        return try TokenKey(secret: secret(parameters.hash.byteCount), parameters: parameters)
    }

    /// One of each kind.
    static func all() throws -> [TokenKind: TokenKey] {
        [
            .hotp: try hotp(), .totp: try totp(.sha1),
            .ocra: try ocra("OCRA-1:HOTP-SHA1-6:QN08"),
            .hmac: try TokenKey(
                secret: secret(20), parameters: TokenParameters(.challengeResponse, hash: .sha1)),
        ]
    }
}
