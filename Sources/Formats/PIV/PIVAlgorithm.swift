/// An algorithm identifier, P1 of GENERAL AUTHENTICATE (NIST SP 800-78-4 §6.2), with those that vendors added.
public enum PIVAlgorithm: UInt8, Hashable, Sendable, CaseIterable {
    /// 03: three-key triple DES, of the management key.
    case tripleDES = 0x03
    /// 05: RSA with 3 072 bits.
    case rsa3072 = 0x05
    /// 06: RSA with 1 024 bits. Known so that it can be refused.
    case rsa1024 = 0x06
    /// 07: RSA with 2 048 bits.
    case rsa2048 = 0x07
    /// 08: AES-128, of the management key.
    case aes128 = 0x08
    /// 0A: AES-192, of the management key.
    case aes192 = 0x0A
    /// 0C: AES-256, of the management key.
    case aes256 = 0x0C
    /// 11: ECDSA and ECDH on P-256.
    case p256 = 0x11
    /// 14: ECDSA and ECDH on P-384.
    case p384 = 0x14
    /// 16: RSA with 4 096 bits; Yubico's.
    case rsa4096 = 0x16
    /// E0: Ed25519; Yubico's.
    case ed25519 = 0xE0
    /// E1: X25519; Yubico's.
    case x25519 = 0xE1

    /// How many bytes a card signs: a digest for ECDSA, a padded block for RSA. `nil` where it signs none or any number.
    public var signatureInputLength: Int? {
        switch self {
        case .p256: 32
        case .p384: 48
        case .rsa1024: 128
        case .rsa2048: 256
        case .rsa3072: 384
        case .rsa4096: 512
        case .tripleDES, .aes128, .aes192, .aes256, .ed25519, .x25519: nil
        }
    }

    /// How many bytes a management key of this algorithm has; `nil` where none can be.
    public var managementKeyLength: Int? {
        switch self {
        case .tripleDES, .aes192: 24
        case .aes128: 16
        case .aes256: 32
        default: nil
        }
    }

    /// How many bytes the challenges for a management key of this algorithm have; `nil` where none can be.
    public var blockLength: Int? {
        switch self {
        case .tripleDES: 8
        case .aes128, .aes192, .aes256: 16
        default: nil
        }
    }
}

extension PIVAlgorithm: LosslessStringConvertible {
    /// The name, such as `p256` or `rsa2048`.
    public var description: String {
        switch self {
        case .tripleDES: "3des"
        case .rsa1024: "rsa1024"
        case .rsa2048: "rsa2048"
        case .rsa3072: "rsa3072"
        case .rsa4096: "rsa4096"
        case .aes128: "aes128"
        case .aes192: "aes192"
        case .aes256: "aes256"
        case .p256: "p256"
        case .p384: "p384"
        case .ed25519: "ed25519"
        case .x25519: "x25519"
        }
    }

    /// The algorithm of this name.
    public init?(_ text: String) {
        guard let algorithm = Self.allCases.first(where: { $0.description == text }) else {
            return nil
        }
        self = algorithm
    }
}
