import Cryptography
import PIV

/// The key of a slot.
struct CardKey: Hashable, Sendable {
    /// The private key.
    enum PrivateKey: Hashable, Sendable {
        /// The scalar, 32 bytes.
        case p256([UInt8])
        /// The scalar, 48 bytes.
        case p384([UInt8])
        /// The DER of RFC 8017's RSAPrivateKey, with a modulus of 2048 bits.
        case rsa2048([UInt8])
    }

    let privateKey: PrivateKey
    let publicKey: CardPublicKey
    let pinPolicy: PINPolicy
    let touchPolicy: TouchPolicy
    /// Whether it was made in the card.
    let isGenerated: Bool

    /// Takes a private key in. The policies must be resolved.
    init(
        _ privateKey: PrivateKey, pinPolicy: PINPolicy, touchPolicy: TouchPolicy, isGenerated: Bool
    ) throws(CryptographyError) {
        self.privateKey = privateKey
        publicKey = try privateKey.publicKey
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
        self.isGenerated = isGenerated
    }

    var algorithm: PIVAlgorithm { publicKey.algorithm }
}

extension CardKey.PrivateKey {
    /// A fresh key, or `nil` where the card has not the algorithm. RSA keys are OpenSSL's in every bit; a seeded source
    /// does not repeat them.
    static func generate(
        _ algorithm: PIVAlgorithm, random: RandomSource
    ) throws(CryptographyError) -> CardKey.PrivateKey? {
        switch algorithm {
        case .p256: .p256(try random.privateKey().rawRepresentation)
        case .p384: .p384(try random.p384PrivateKey().rawRepresentation)
        case .rsa2048: .rsa2048(try RSAPrivateKey(bits: 2048).derRepresentation)
        default: nil
        }
    }

    /// The public half.
    var publicKey: CardPublicKey {
        get throws(CryptographyError) {
            switch self {
            case .p256(let scalar):
                let key = try P256PrivateKey(rawRepresentation: scalar)
                guard let point = key.publicKey.p256Point else { throw .invalidPrivateKey }
                return .p256(point: point)
            case .p384(let scalar):
                let key = try P384PrivateKey(rawRepresentation: scalar)
                guard let point = key.publicKey.p384Point else { throw .invalidPrivateKey }
                return .p384(point: point)
            case .rsa2048(let der):
                let key = try RSAPrivateKey(derRepresentation: der)
                guard
                    let modulus = key.publicKey.rsaModulus, modulus.count == 256,
                    let exponent = key.publicKey.rsaExponent
                else { throw .invalidPrivateKey }
                return .rsa(modulus: modulus, exponent: exponent)
            }
        }
    }

    /// Signs what a client prepared: a digest, filled up in front to the length of the key, or a padded block.
    ///
    /// - Throws: ``CryptographyError/invalidLength`` where it has not the length of the key,
    ///   ``CryptographyError/invalidBlock`` for a block that is not below the modulus.
    func signature(over input: [UInt8]) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .p256(let scalar):
            try P256PrivateKey(rawRepresentation: scalar).signature(forDigest: input)
        case .p384(let scalar):
            try P384PrivateKey(rawRepresentation: scalar).signature(forDigest: input)
        case .rsa2048(let der):
            try RSAPrivateKey(derRepresentation: der).privateOperation(block: input)
        }
    }

    /// The abscissa of the point shared with whoever has the key to `point`; `nil` for a key that agrees on nothing.
    func sharedSecret(with point: [UInt8]) throws(CryptographyError) -> [UInt8]? {
        switch self {
        case .p256(let scalar):
            try P256PrivateKey(rawRepresentation: scalar)
                .sharedSecret(with: try PublicKey(p256Point: point))
        case .p384(let scalar):
            try P384PrivateKey(rawRepresentation: scalar)
                .sharedSecret(with: try PublicKey(p384Point: point))
        case .rsa2048: nil
        }
    }
}

extension CardPublicKey {
    /// The key for OpenSSL.
    var publicKey: PublicKey {
        get throws(CryptographyError) {
            switch self {
            case .p256(let point): try PublicKey(p256Point: point)
            case .p384(let point): try PublicKey(p384Point: point)
            case .rsa(let modulus, let exponent):
                try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
        }
    }
}

extension RandomSource {
    /// A fresh key on P-384.
    func p384PrivateKey() throws(CryptographyError) -> P384PrivateKey {
        // A random 48-byte string is practically never out of range.
        while true {
            do {
                return try P384PrivateKey(rawRepresentation: bytes(48))
            } catch .invalidPrivateKey {
                continue
            }
        }
    }
}
