import COpenSSL

/// How a signature is made from a message.
public enum SignatureScheme: Sendable, Hashable {
    /// ECDSA over SHA-256, the signature as the DER of `SEQUENCE { r, s }` (RFC 3279 §2.2.3).
    case ecdsaSHA256
}

/// A public key that is known to be valid: for a key on an elliptic curve, that its point lies on the curve.
public final class PublicKey: Sendable {
    let handle: KeyHandle

    init(handle: consuming KeyHandle) {
        self.handle = handle
    }

    /// The key on P-256 with these affine coordinates, 32 bytes each, big-endian.
    public convenience init(p256X x: [UInt8], y: [UInt8]) throws(CryptographyError) {
        guard x.count == 32, y.count == 32 else { throw .invalidPublicKey }
        self.init(handle: try KeyHandle.p256(point: [4] + x + y, scalar: nil))
    }

    /// The key on P-256 with this point in uncompressed form, 65 bytes (SEC 1 §2.3.3).
    public convenience init(p256Point point: [UInt8]) throws(CryptographyError) {
        self.init(handle: try KeyHandle.p256(point: point, scalar: nil))
    }

    /// The point in uncompressed form, 65 bytes, where this is a key on P-256.
    public var p256Point: [UInt8]? { handle.p256Point }

    /// Whether `signature` over `message` verifies under this key. Its time depends on the values, all of which are
    /// public.
    ///
    /// A signature that is not strict DER, or for another kind of key, is not valid; it is no error.
    public func isValidSignature(
        _ signature: [UInt8], for message: [UInt8], scheme: SignatureScheme
    ) -> Bool {
        switch scheme {
        case .ecdsaSHA256: isValidSignature(signature, digest: SHA256.hash(message))
        }
    }

    private func isValidSignature(_ signature: [UInt8], digest: [UInt8]) -> Bool {
        guard unsafe EVP_PKEY_is_a(handle.pointer, "EC") == 1,
            let context = unsafe EVP_PKEY_CTX_new(handle.pointer, nil)
        else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard
            unsafe EVP_PKEY_verify_init(context) == 1,
            unsafe EVP_PKEY_verify(
                context, signature, signature.count, digest, digest.count) == 1
        else {
            ERR_clear_error()
            return false
        }
        return true
    }
}
