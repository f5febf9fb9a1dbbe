public import Encoding

/// A credential's public key as a COSE_Key (RFC 9052 §7), decoded and not yet checked to be a point on its curve.
///
/// One case an algorithm; another algorithm is another case, with its decoding and encoding below.
public enum COSEKey: Sendable, Hashable {
    /// A key for ECDSA on P-256 with SHA-256: its affine coordinates, 32 bytes each.
    case es256(x: [UInt8], y: [UInt8])

    /// The algorithm that the key is for.
    public var algorithm: COSEAlgorithm {
        switch self {
        case .es256: .es256
        }
    }

    /// The labels of RFC 9052 §7.1 and RFC 9053 §7.1.1.
    private enum Label {
        static let keyType = 1
        static let algorithm = 3
        static let curve = -1
        static let x = -2
        static let y = -3
    }

    /// Decodes a key. Parameters that the algorithm does not need are refused (WebAuthn Level 3 §6.5.1), and so are
    /// compressed points (§5.8.5).
    public init(_ value: CBOR) throws(MalformedWebAuthn) {
        guard let parameters = value.mapValue, let algorithm = value[Label.algorithm]?.intValue
        else { throw .credentialPublicKey }
        switch COSEAlgorithm(rawValue: algorithm) {
        case .es256:
            guard
                parameters.count == 5,
                value[Label.keyType]?.intValue == 2,
                value[Label.curve]?.intValue == 1,
                let x = value[Label.x]?.bytesValue, x.count == 32,
                let y = value[Label.y]?.bytesValue, y.count == 32
            else { throw .credentialPublicKey }
            self = .es256(x: x, y: y)
        case let other:
            throw .unsupportedAlgorithm(other)
        }
    }

    /// The COSE_Key.
    public var cbor: CBOR {
        switch self {
        case .es256(let x, let y):
            [
                CBOR(Label.keyType): 2,
                CBOR(Label.algorithm): CBOR(COSEAlgorithm.es256.rawValue),
                CBOR(Label.curve): 1,
                CBOR(Label.x): .bytes(x),
                CBOR(Label.y): .bytes(y),
            ]
        }
    }
}
