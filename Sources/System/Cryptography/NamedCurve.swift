import COpenSSL

/// The curves of NIST SP 800-186 whose keys this module makes and takes.
enum NamedCurve: Sendable {
    case p256
    case p384

    /// The length of a coordinate, of a scalar and of a digest that is signed, in bytes.
    var byteCount: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        }
    }

    /// The length of a point in uncompressed form (SEC 1 §2.3.3).
    var pointByteCount: Int { 1 + 2 * byteCount }

    /// OpenSSL's name.
    var groupName: String {
        switch self {
        case .p256: "prime256v1"
        case .p384: "secp384r1"
        }
    }

    /// OpenSSL's number.
    var identifier: Int32 {
        switch self {
        case .p256: NID_X9_62_prime256v1
        case .p384: NID_secp384r1
        }
    }

    /// What stands before the point in a SubjectPublicKeyInfo with the curve by its name (RFC 5480 §2): the
    /// lengths, id-ecPublicKey, the curve, and the head of the BIT STRING.
    var subjectPublicKeyInfoPrefix: [UInt8] {
        switch self {
        case .p256:
            [
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
                0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
            ]
        case .p384:
            [
                0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
                0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00,
            ]
        }
    }
}
