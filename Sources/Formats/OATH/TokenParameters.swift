/// What a token computes, but for its secret and its moving factor. Only what may be enrolled can be said.
public struct TokenParameters: Sendable, Hashable {
    /// What a token does with its secret, and what is particular to that.
    public enum Mechanism: Sendable, Hashable {
        /// RFC 4226, generalised to the hash functions of RFC 6238.
        case hotp(OATHDigits)
        /// RFC 6238, with time steps of `period` seconds since 1970.
        case totp(OATHDigits, period: Int)
        /// RFC 6287.
        case ocra(OCRASuite)
        /// The HMAC of the challenge, whole.
        case challengeResponse
    }

    /// How long a time step may be, in seconds.
    public static let periods = 15...300

    /// How long a secret may be, in bytes. 80 bits are what old tokens have; RFC 4226 §4 R6 wants 128.
    public static let secretLengths = 10...128

    /// How long a secret must be where we make it, in bytes (RFC 4226 §4 R6).
    public static let leastMadeSecretLength = 16

    /// What the token does.
    public let mechanism: Mechanism
    /// The hash function of the HMAC.
    public let hash: OATHHash

    /// Parameters from their parts.
    ///
    /// - Throws: ``MalformedOATH/period`` for a time step outside ``periods``; ``MalformedOATH/digits`` for a suite
    ///   whose codes have not 6 to 8 digits; ``MalformedOATH/hash`` for a suite of another function, or a
    ///   challenge-response of SHA-512, which no token's slot has.
    public init(_ mechanism: Mechanism, hash: OATHHash) throws(MalformedOATH) {
        switch mechanism {
        case .hotp:
            break
        case .totp(_, let period):
            guard Self.periods.contains(period) else { throw .period }
        case .ocra(let suite):
            _ = try OATHDigits(suite.digits)
            guard suite.hash == hash else { throw .hash }
        case .challengeResponse:
            guard hash != .sha512 else { throw .hash }
        }
        self.mechanism = mechanism
        self.hash = hash
    }

    /// The parameters that a suite implies.
    ///
    /// - Throws: ``MalformedOATH/digits`` where the suite's codes have not 6 to 8 digits.
    public init(_ suite: OCRASuite) throws(MalformedOATH) {
        try self.init(.ocra(suite), hash: suite.hash)
    }

    /// What kind of token it is.
    public var kind: TokenKind {
        switch mechanism {
        case .hotp: .hotp
        case .totp: .totp
        case .ocra: .ocra
        case .challengeResponse: .hmac
        }
    }

    /// How many digits its codes have; `nil` where it makes none.
    public var digits: OATHDigits? {
        switch mechanism {
        case .hotp(let digits), .totp(let digits, _): digits
        case .ocra(let suite): OATHDigits(rawValue: suite.digits)
        case .challengeResponse: nil
        }
    }

    /// How long a secret should be, in bytes: as long as the hash function's value.
    public var recommendedSecretLength: Int { hash.byteCount }
}
