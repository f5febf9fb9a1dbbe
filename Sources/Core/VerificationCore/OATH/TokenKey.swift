import Cryptography
public import OATH

/// A token's secret, ready to verify with.
public struct TokenKey: Sendable {
    /// What the token computes.
    public let parameters: TokenParameters
    private let secret: [UInt8]

    /// A key from its parts.
    ///
    /// - Throws: ``MalformedOATH/secretLength`` for a secret outside ``TokenParameters/secretLengths``.
    public init(secret: [UInt8], parameters: TokenParameters) throws(MalformedOATH) {
        guard TokenParameters.secretLengths.contains(secret.count) else { throw .secretLength }
        self.secret = secret
        self.parameters = parameters
    }

    /// The HMAC of `message`.
    func authenticationCode(of message: [UInt8]) -> [UInt8] {
        MessageAuthentication.hmac(message, key: secret, with: HashAlgorithm(parameters.hash))
    }

    /// The number that the code for `message` consists of.
    func value(of message: [UInt8], digits: OATHDigits) -> UInt32 {
        DynamicTruncation.value(of: authenticationCode(of: message), digits: digits)
    }

    /// How many digits a code has that follows a counter or the clock; `nil` where the token makes no such codes.
    var codeDigits: OATHDigits? {
        switch parameters.mechanism {
        case .hotp(let digits), .totp(let digits, _): digits
        case .ocra, .challengeResponse: nil
        }
    }
}

/// No text form shows the secret.
extension TokenKey: CustomStringConvertible, CustomReflectable {
    /// The kind of token.
    public var description: String { "TokenKey(\(parameters.kind.rawValue))" }

    /// The parameters alone.
    public var customMirror: Mirror { Mirror(self, children: ["parameters": parameters]) }
}

extension HashAlgorithm {
    /// The function of a token.
    init(_ hash: OATHHash) {
        switch hash {
        case .sha1: self = .sha1
        case .sha256: self = .sha256
        case .sha512: self = .sha512
        }
    }
}
