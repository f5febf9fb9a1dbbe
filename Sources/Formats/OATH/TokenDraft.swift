/// A token as an import yields it: all that enrolling it takes. Its text says nothing of the secret.
public struct TokenDraft: Sendable, Hashable, CustomStringConvertible {
    /// The number on the token's case.
    public var serial: String?
    /// The secret: 10 to 128 bytes.
    public let secret: [UInt8]
    /// What the token computes with it.
    public let parameters: TokenParameters
    /// The next counter; zero for tokens that follow the clock.
    public var counter: UInt64
    /// By how many time steps the token's clock is known to be ahead of the right time.
    public var drift: Int
    /// Whose it is.
    public var user: String?
    /// Who issued the key.
    public var issuer: String?
    /// Who made the token.
    public var manufacturer: String?
    /// The maker's name for its kind.
    public var model: String?
    /// From when the token may be used, in seconds since 1970.
    public var startAt: Int64?
    /// Until when, likewise.
    public var expiresAt: Int64?

    /// The furthest that a clock may be off: 1 000 time steps.
    public static let drifts = -1_000...1_000

    /// A token of a secret and what is done with it; the rest is set afterwards.
    ///
    /// - Throws: ``MalformedOATH/secretLength``.
    public init(secret: [UInt8], parameters: TokenParameters) throws(MalformedOATH) {
        guard TokenParameters.secretLengths.contains(secret.count) else { throw .secretLength }
        self.secret = secret
        self.parameters = parameters
        counter = 0
        drift = 0
    }

    /// Kind and serial number.
    public var description: String {
        "\(parameters.kind.rawValue) token \(serial ?? "without a serial number")"
    }
}
