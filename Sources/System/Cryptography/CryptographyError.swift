import COpenSSL

/// Why a cryptographic operation could not be carried out. That a signature does not verify is no error but an
/// answer.
public enum CryptographyError: Error, Hashable, Sendable {
    /// OpenSSL reported a failure of its own, such as a want of memory; `function` names its call.
    case openSSL(function: String)
    /// An argument has not the length that the operation needs.
    case invalidLength
    /// The bytes are not a public key: a point off the curve, at infinity, or with a coordinate out of range; an RSA
    /// modulus or exponent out of bounds; an encoding that is not strict DER.
    case invalidPublicKey
    /// The bytes are not a private key: zero, or not below the order of the group; RSA numbers that do not fit
    /// together.
    case invalidPrivateKey
    /// The ciphertext was not sealed with this key, nonce and associated data.
    case authenticationFailed
    /// The bytes are not one DER certificate, read to the end.
    case invalidCertificate
    /// The bytes are not one DER certificate revocation list, read to the end.
    case invalidRevocationList
    /// The block is not as long as the RSA modulus, or not below it as a number.
    case invalidBlock

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .openSSL: "openssl"
        case .invalidLength: "invalid-length"
        case .invalidPublicKey: "invalid-public-key"
        case .invalidPrivateKey: "invalid-private-key"
        case .authenticationFailed: "authentication-failed"
        case .invalidCertificate: "invalid-certificate"
        case .invalidRevocationList: "invalid-revocation-list"
        case .invalidBlock: "invalid-block"
        }
    }
}

/// Throws for an OpenSSL status that is not one.
func check(_ status: Int32, _ function: StaticString) throws(CryptographyError) {
    guard status == 1 else { throw failure(of: function) }
}

/// The error for a call of OpenSSL's that failed. Empties OpenSSL's queue of errors, which is the thread's and would
/// otherwise reach whoever looks next.
func failure(of function: StaticString) -> CryptographyError {
    ERR_clear_error()
    return .openSSL(function: "\(function)")
}
