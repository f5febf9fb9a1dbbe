public import WebAuthn

/// What authenticating with a card takes.
public struct CardAuthenticationRequest: Sendable, Hashable {
    /// The server's challenge: 32 bytes.
    public var challenge: [UInt8]
    /// Whose key is wanted: 1 to 255 bytes.
    public var relyingPartyID: String
    /// The user account's name: 1 to 255 bytes.
    public var userName: String
    /// The keys that will do, by the SHA-256 of their SubjectPublicKeyInfo: 32 bytes each.
    public var allowedKeys: [[UInt8]]
    /// The signature algorithms that are welcome, in any order.
    public var algorithms: [COSEAlgorithm]
    /// How long the card and its person may take. The time in which the PIN is asked for does not count.
    public var timeout: Duration

    /// A request by its parts.
    public init(
        challenge: [UInt8], relyingPartyID: String, userName: String, allowedKeys: [[UInt8]],
        algorithms: [COSEAlgorithm] = [.es256, .es384, .ps256, .rs256],
        timeout: Duration = .seconds(60)
    ) {
        self.challenge = challenge
        self.relyingPartyID = relyingPartyID
        self.userName = userName
        self.allowedKeys = allowedKeys
        self.algorithms = algorithms
        self.timeout = timeout
    }
}

/// A card's answer to a challenge, unverified.
public struct CardAuthenticationAnswer: Sendable, Hashable {
    /// The key that signed: SHA-256 of its SubjectPublicKeyInfo, 32 bytes.
    public let keyIdentifier: [UInt8]
    /// How it signed.
    public let algorithm: COSEAlgorithm
    /// The signature over a `CardSignedMessage` for authentication: for ECDSA the DER of `SEQUENCE { r, s }`, for RSA as
    /// long as the modulus.
    public let signature: [UInt8]
    /// The certificate that the slot has for the key, DER.
    public let certificate: [UInt8]?

    /// An answer by its parts.
    public init(
        keyIdentifier: [UInt8], algorithm: COSEAlgorithm, signature: [UInt8],
        certificate: [UInt8]?
    ) {
        self.keyIdentifier = keyIdentifier
        self.algorithm = algorithm
        self.signature = signature
        self.certificate = certificate
    }
}
