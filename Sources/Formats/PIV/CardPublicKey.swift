public import ISO7816

/// A public key as a card gives it: the template 7F49 (NIST SP 800-73-4 Part 2 §3.3.2, table 11).
///
/// No key is checked to be one: neither points to be on their curve nor moduli to be products of two primes.
public enum CardPublicKey: Hashable, Sendable {
    /// An uncompressed point on P-256: 65 bytes, the first of them 04.
    case p256(point: [UInt8])
    /// An uncompressed point on P-384: 97 bytes, the first of them 04.
    case p384(point: [UInt8])
    /// An RSA key, both numbers big-endian and without leading zeros: 256 bytes of modulus for RSA-2048.
    case rsa(modulus: [UInt8], exponent: [UInt8])

    private static let templateTag: UInt32 = 0x7F49
    private static let modulusTag: UInt32 = 0x81
    private static let exponentTag: UInt32 = 0x82
    private static let pointTag: UInt32 = 0x86

    /// Decodes a whole template, the response to GENERATE ASYMMETRIC KEY PAIR.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        let object = try TLV.decode(bytes)
        guard object.tag == Self.templateTag else { throw .tag }
        try self.init(template: object.value)
    }

    /// Decodes what is inside the template, which is also the form of the key in a slot's metadata.
    ///
    /// Leading zeros of modulus and exponent are dropped.
    ///
    /// - Throws: ``MalformedCardData/value(_:)`` for a point of another length or form, a modulus that has not 1 024,
    ///   2 048, 3 072 or 4 096 bits, and an exponent that is even, 1 or above 64 bits.
    public init(template: [UInt8]) throws(MalformedCardData) {
        let members = try TLV.decodeTemplate(template)
        if let point = members[Self.pointTag] {
            guard members.count == 1 else { throw .tag }
            switch (point.count, point.first) {
            case (65, 4): self = .p256(point: point)
            case (97, 4): self = .p384(point: point)
            default: throw .value("point")
            }
            return
        }
        guard members.keys.allSatisfy({ $0 == Self.modulusTag || $0 == Self.exponentTag }) else {
            throw .tag
        }
        guard let modulus = members[Self.modulusTag]?.drop(while: { $0 == 0 }) else {
            throw .missing("modulus")
        }
        guard let exponent = members[Self.exponentTag]?.drop(while: { $0 == 0 }) else {
            throw .missing("exponent")
        }
        guard [128, 256, 384, 512].contains(modulus.count), (modulus.first ?? 0) >= 0x80 else {
            throw .value("modulus")
        }
        guard (1...8).contains(exponent.count), (exponent.last ?? 0) & 1 == 1, exponent != [1]
        else { throw .value("exponent") }
        self = .rsa(modulus: Array(modulus), exponent: Array(exponent))
    }

    /// What is inside the template.
    public var template: [UInt8] {
        switch self {
        case .p256(let point), .p384(let point): TLV(Self.pointTag, point).encoded()
        case .rsa(let modulus, let exponent):
            TLV(Self.modulusTag, modulus).encoded() + TLV(Self.exponentTag, exponent).encoded()
        }
    }

    /// The whole template.
    public func encoded() -> [UInt8] {
        TLV(Self.templateTag, template).encoded()
    }

    /// The algorithm that the key is for; for RSA by the length of the modulus.
    public var algorithm: PIVAlgorithm {
        switch self {
        case .p256: .p256
        case .p384: .p384
        case .rsa(let modulus, _):
            switch modulus.count {
            case ...128: .rsa1024
            case ...256: .rsa2048
            case ...384: .rsa3072
            default: .rsa4096
            }
        }
    }
}
