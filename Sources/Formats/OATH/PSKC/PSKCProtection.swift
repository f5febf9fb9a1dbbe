/// How the encrypted values of a key container are encrypted and authenticated (RFC 6030 §6). Whether a key opens them is
/// cryptography, and not decided here.
public struct PSKCProtection: Sendable, Hashable {
    /// Where the key comes from.
    public enum KeySource: Sendable, Hashable {
        /// Sender and receiver share it; the sender's name for it, where it gives one (§6.1).
        case preShared(name: String?)
        /// It is derived from a passphrase (§6.2).
        case passphrase(PSKCKeyDerivation)
    }

    /// How values are authenticated: with HMAC over initialisation vector and ciphertext.
    public struct Authentication: Sendable, Hashable {
        /// The hash function of the HMAC.
        public let hash: OATHHash
        /// Its key, encrypted like the values; `nil` where it is the key that encrypts, as in older containers.
        public let key: PSKCCiphertext?

        /// An algorithm and its key.
        public init(hash: OATHHash, key: PSKCCiphertext?) {
            self.hash = hash
            self.key = key
        }
    }

    /// Where the key comes from.
    public let source: KeySource
    /// How values are authenticated; `nil` where the container does not say, and no encrypted value can be opened.
    public let authentication: Authentication?

    /// A protection from its parts.
    public init(source: KeySource, authentication: Authentication?) {
        self.source = source
        self.authentication = authentication
    }
}

/// PBKDF2 with the parameters of a container (RFC 6030 §6.2, RFC 8018 §5.2).
public struct PSKCKeyDerivation: Sendable, Hashable {
    /// The salt: 1 to 1 024 bytes.
    public let salt: [UInt8]
    /// The number of iterations: 1 to ``maximumIterations``.
    public let iterations: Int
    /// How long the key is: 16, 24 or 32 bytes.
    public let keyLength: Int
    /// The hash function of the HMAC.
    public let hash: OATHHash

    /// Beyond it a container would keep the processor for more than seconds.
    public static let maximumIterations = 5_000_000

    /// A derivation.
    ///
    /// - Throws: `.value` with the name of the parameter that is out of its bounds.
    public init(
        salt: [UInt8], iterations: Int, keyLength: Int, hash: OATHHash
    ) throws(MalformedOATH) {
        guard (1...1_024).contains(salt.count) else { throw .value("Salt") }
        guard (1...Self.maximumIterations).contains(iterations) else {
            throw .value("IterationCount")
        }
        guard [16, 24, 32].contains(keyLength) else { throw .value("KeyLength") }
        self.salt = salt
        self.iterations = iterations
        self.keyLength = keyLength
        self.hash = hash
    }
}

/// What AES in CBC mode made of a value (XML Encryption §5.2).
public struct PSKCCiphertext: Sendable, Hashable {
    /// How long the key is: 16, 24 or 32 bytes.
    public let keyLength: Int
    /// The initialisation vector of 16 bytes, and 1 to 63 blocks of 16.
    public let bytes: [UInt8]

    /// A ciphertext.
    ///
    /// - Throws: `.value("CipherValue")` for a length that it cannot have.
    public init(keyLength: Int, bytes: [UInt8]) throws(MalformedOATH) {
        guard (32...1_024).contains(bytes.count), bytes.count % 16 == 0,
            [16, 24, 32].contains(keyLength)
        else { throw .value("CipherValue") }
        self.keyLength = keyLength
        self.bytes = bytes
    }
}

/// A value of a key package (RFC 6030 §4.2), in the clear or not.
public enum PSKCValue<Plain: Sendable & Hashable>: Sendable, Hashable {
    /// The value itself.
    case plain(Plain)
    /// The encrypted value, with the code that authenticates initialisation vector and ciphertext: 20, 32 or 64 bytes.
    case encrypted(PSKCCiphertext, mac: [UInt8])

    /// Whether it takes a key to read it.
    public var isEncrypted: Bool {
        switch self {
        case .plain: false
        case .encrypted: true
        }
    }
}
