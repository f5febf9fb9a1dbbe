public import Accounts
import CredentialStore
import Cryptography
public import OATH

/// Challenges that tokens answer with an HMAC.
enum TokenChallenge {
    /// The slot that YubiKeys answer from as a rule.
    static let usualSlot = 2

    /// 32 random bytes that do not end in a zero, which YubiKeys would take for filling.
    static func fresh() -> [UInt8] {
        while true {
            let bytes = SecureRandom.bytes(32)
            if bytes.last != 0 { return bytes }
        }
    }
}

/// Questions that tokens answer with a code (RFC 6287 §6.3).
enum OCRAQuestion {
    /// The suite that somebody who has none seems to have: the RFC's first.
    static let usualSuite: OCRASuite? = try? OCRASuite("OCRA-1:HOTP-SHA1-6:QN08")

    /// A question of the suite's form and full length that follows from a challenge's bytes.
    static func text(from challenge: [UInt8], for suite: OCRASuite?) -> String {
        let format = suite?.questionFormat ?? .numeric
        let length = suite?.questionLength ?? 8
        let alphabet: [UInt8] =
            switch format {
            case .numeric: Array("0123456789".utf8)
            case .hexadecimal: Array("0123456789ABCDEF".utf8)
            case .alphanumeric: Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
            }
        var text: [UInt8] = []
        var block = 0
        let limit = 256 - 256 % alphabet.count
        while text.count < length {
            let bytes = SHA256.hash(challenge + [UInt8(truncatingIfNeeded: block)])
            for byte in bytes where text.count < length && Int(byte) < limit {
                text.append(alphabet[Int(byte) % alphabet.count])
            }
            block += 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension TokenParameters {
    /// The suite, where the token has one.
    var suite: OCRASuite? {
        guard case .ocra(let suite) = mechanism else { return nil }
        return suite
    }
}

extension TokenKind {
    /// What a sign-in with such a token is called.
    public var signInMethod: SignInMethod {
        switch self {
        case .totp: .totp
        case .hotp: .hotp
        case .ocra: .ocra
        case .hmac: .hmac
        }
    }
}
