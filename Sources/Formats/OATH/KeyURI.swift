/// A key URI: what the QR code of an enrolment holds, `otpauth://totp/Issuer:account?secret=…`.
///
/// Apps agree on the form, and no standards body has written it down. Its text says nothing of the secret.
public struct KeyURI: Sendable, Hashable, CustomStringConvertible {
    /// Who issued the key; never empty, without a colon.
    public let issuer: String?
    /// Whose key it is, as the issuer names its users; never empty, and without a colon where there is no issuer.
    public let account: String
    /// The secret: 10 to 128 bytes.
    public let secret: [UInt8]
    /// What the app computes with it: TOTP or HOTP.
    public let parameters: TokenParameters
    /// The next counter; zero for TOTP.
    public let counter: UInt64

    /// The longest text that is decoded, in bytes.
    public static let maximumLength = 2_048

    /// The URI of these parts.
    ///
    /// - Throws: `.uri` with the name of the part that no URI can hold, `.secretLength`.
    public init(
        issuer: String?, account: String, secret: [UInt8], parameters: TokenParameters,
        counter: UInt64 = 0
    ) throws(MalformedOATH) {
        switch parameters.kind {
        case .totp: guard counter == 0 else { throw .uri(member: "counter") }
        case .hotp: break
        case .ocra, .hmac: throw .uri(member: "type")
        }
        if let issuer {
            guard !issuer.isEmpty, !issuer.contains(":"), !issuer.hasControlCharacters else {
                throw .uri(member: "issuer")
            }
        }
        // Spaces at its front are not part of an account: apps write some behind the colon.
        guard !account.isEmpty, !account.hasPrefix(" "), !account.hasControlCharacters,
            issuer != nil || !account.contains(":")
        else { throw .uri(member: "label") }
        guard TokenParameters.secretLengths.contains(secret.count) else { throw .secretLength }
        self.issuer = issuer
        self.account = account
        self.secret = secret
        self.parameters = parameters
        self.counter = counter
    }

    /// The URI as text, all members spelled out. It is as secret as the secret.
    public var text: String {
        let label = (issuer.map { Self.escaped($0) + ":" } ?? "") + Self.escaped(account)
        var members = ["secret=\(Base32.encode(secret))"]
        if let issuer { members.append("issuer=\(Self.escaped(issuer))") }
        members.append("algorithm=\(parameters.hash.name)")
        switch parameters.mechanism {
        case .totp(let digits, let period):
            members += ["digits=\(digits.rawValue)", "period=\(period)"]
        case .hotp(let digits):
            members += ["digits=\(digits.rawValue)", "counter=\(counter)"]
        case .ocra, .challengeResponse:
            break
        }
        return "otpauth://\(parameters.kind.rawValue)/\(label)?\(members.joined(separator: "&"))"
    }

    /// Issuer and account.
    public var description: String {
        "\(parameters.kind.rawValue) key \(issuer.map { "\($0):" } ?? "")\(account)"
    }

    /// The token that the URI is for. Its user is the account.
    public func draft() throws(MalformedOATH) -> TokenDraft {
        var draft = try TokenDraft(secret: secret, parameters: parameters)
        draft.user = account
        draft.issuer = issuer
        draft.counter = counter
        return draft
    }

    /// All but the unreserved characters percent-encoded (RFC 3986 §2.3).
    private static func escaped(_ text: String) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                escaped.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
