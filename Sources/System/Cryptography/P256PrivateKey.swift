import COpenSSL

/// A private key on P-256, for the software authenticators, their certificates and tests.
///
/// Signing and key agreement are OpenSSL's and constant-time.
public final class P256PrivateKey: Sendable {
    private let handle: KeyHandle

    /// The scalar: 32 bytes, big-endian. Secret.
    public let rawRepresentation: [UInt8]

    /// The public half.
    public let publicKey: PublicKey

    /// A fresh random key.
    public convenience init() throws(CryptographyError) {
        // A random 32-byte string is out of range once in 2^32 times.
        while true {
            do {
                try self.init(rawRepresentation: SecureRandom.bytes(32))
                return
            } catch .invalidPrivateKey {
                continue
            }
        }
    }

    /// The key with this scalar: 32 bytes, big-endian, from 1 to the order of the group less one.
    public init(rawRepresentation scalar: [UInt8]) throws(CryptographyError) {
        guard scalar.count == 32 else { throw .invalidLength }
        let point = try Self.publicPoint(of: scalar)
        handle = try KeyHandle.p256(point: point, scalar: scalar)
        publicKey = try PublicKey(p256Point: point)
        rawRepresentation = scalar
    }

    /// Signs `message` with ECDSA over SHA-256; the signature is DER, 70 to 72 bytes as a rule.
    public func signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let digest = SHA256.hash(message)
        guard let context = unsafe EVP_PKEY_CTX_new(handle.pointer, nil) else {
            throw .openSSL(function: "EVP_PKEY_CTX_new")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_sign_init(context), "EVP_PKEY_sign_init")
        var signature = [UInt8](repeating: 0, count: 80)
        var length = signature.count
        try check(
            unsafe EVP_PKEY_sign(context, &signature, &length, digest, digest.count),
            "EVP_PKEY_sign")
        signature.removeLast(signature.count - length)
        return signature
    }

    /// The abscissa that both sides of a Diffie-Hellman agreement reach: 32 bytes. Secret.
    public func sharedSecret(with peer: PublicKey) throws(CryptographyError) -> [UInt8] {
        guard let context = unsafe EVP_PKEY_CTX_new(handle.pointer, nil) else {
            throw .openSSL(function: "EVP_PKEY_CTX_new")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_derive_init(context), "EVP_PKEY_derive_init")
        try check(
            unsafe EVP_PKEY_derive_set_peer(context, peer.handle.pointer),
            "EVP_PKEY_derive_set_peer")
        var secret = [UInt8](repeating: 0, count: 32)
        var length = secret.count
        try check(unsafe EVP_PKEY_derive(context, &secret, &length), "EVP_PKEY_derive")
        guard length == 32 else { throw .invalidLength }
        return secret
    }

    /// Signs a certificate in place.
    func sign(certificate: OpaquePointer) throws(CryptographyError) {
        guard unsafe X509_sign(certificate, handle.pointer, EVP_sha256()) > 0 else {
            ERR_clear_error()
            throw .openSSL(function: "X509_sign")
        }
    }

    private static func publicPoint(of scalar: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let group = unsafe EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) else {
            throw .openSSL(function: "EC_GROUP_new_by_curve_name")
        }
        defer { unsafe EC_GROUP_free(group) }
        guard let point = unsafe EC_POINT_new(group) else {
            throw .openSSL(function: "EC_POINT_new")
        }
        defer { unsafe EC_POINT_free(point) }
        guard let number = unsafe BN_secure_new() else {
            throw .openSSL(function: "BN_secure_new")
        }
        defer { unsafe BN_clear_free(number) }
        guard unsafe BN_bin2bn(scalar, 32, number) != nil else {
            throw .openSSL(function: "BN_bin2bn")
        }
        guard
            unsafe BN_is_zero(number) == 0,
            unsafe BN_cmp(number, EC_GROUP_get0_order(group)) < 0
        else { throw .invalidPrivateKey }
        unsafe BN_set_flags(number, BN_FLG_CONSTTIME)
        try check(unsafe EC_POINT_mul(group, point, number, nil, nil, nil), "EC_POINT_mul")
        var encoded = [UInt8](repeating: 0, count: 65)
        let length = unsafe EC_POINT_point2oct(
            group, point, POINT_CONVERSION_UNCOMPRESSED, &encoded, encoded.count, nil)
        guard length == 65 else { throw .openSSL(function: "EC_POINT_point2oct") }
        return encoded
    }
}
