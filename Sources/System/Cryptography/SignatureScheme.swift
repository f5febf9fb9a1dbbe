import COpenSSL

/// How a signature is made from a message.
public enum SignatureScheme: Sendable, Hashable {
    /// ECDSA on P-256 over SHA-256, the signature as the DER of `SEQUENCE { r, s }` (RFC 3279 §2.2.3).
    case ecdsaSHA256
    /// ECDSA on P-384 over SHA-384, the signature likewise.
    case ecdsaSHA384
    /// RSASSA-PKCS1-v1_5 over SHA-256 (RFC 8017 §8.2).
    case rsaPKCS1SHA256
    /// RSASSA-PKCS1-v1_5 over SHA-384.
    case rsaPKCS1SHA384
    /// RSASSA-PSS over SHA-256, with MGF1 over SHA-256 and a salt of 32 bytes (RFC 8017 §8.1).
    case rsaPSSSHA256

    /// What is signed of `message`.
    fileprivate func digest(of message: [UInt8]) -> [UInt8] {
        switch self {
        case .ecdsaSHA256, .rsaPKCS1SHA256, .rsaPSSSHA256: SHA256.hash(message)
        case .ecdsaSHA384, .rsaPKCS1SHA384: SHA384.hash(message)
        }
    }

    fileprivate func isMade(by kind: PublicKey.Kind) -> Bool {
        switch (self, kind) {
        case (.ecdsaSHA256, .p256), (.ecdsaSHA384, .p384): true
        case (.rsaPKCS1SHA256, .rsa), (.rsaPKCS1SHA384, .rsa), (.rsaPSSSHA256, .rsa): true
        default: false
        }
    }
}

extension PublicKey {
    /// Whether `signature` over `message` verifies under this key. Its time depends on the values, all of which are
    /// public.
    ///
    /// A signature that is not strict DER, is longer or shorter than the modulus, or is for another kind of key or
    /// another curve, is not valid; it is no error.
    public func isValidSignature(
        _ signature: [UInt8], for message: [UInt8], scheme: SignatureScheme
    ) -> Bool {
        guard scheme.isMade(by: kind) else { return false }
        do throws(CryptographyError) {
            return try verifies(signature, digest: scheme.digest(of: message), scheme: scheme)
        } catch {
            return false
        }
    }

    private func verifies(
        _ signature: [UInt8], digest: [UInt8], scheme: SignatureScheme
    ) throws(CryptographyError) -> Bool {
        let context = try KeyContext(handle)
        try check(unsafe EVP_PKEY_verify_init(context.pointer), "EVP_PKEY_verify_init")
        switch scheme {
        case .ecdsaSHA256, .ecdsaSHA384: break
        case .rsaPKCS1SHA256:
            try unsafe Self.prepare(context, padding: RSA_PKCS1_PADDING, EVP_sha256())
        case .rsaPKCS1SHA384:
            try unsafe Self.prepare(context, padding: RSA_PKCS1_PADDING, EVP_sha384())
        case .rsaPSSSHA256:
            try unsafe Self.prepare(context, padding: RSA_PKCS1_PSS_PADDING, EVP_sha256())
            try check(
                unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context.pointer, EVP_sha256()),
                "EVP_PKEY_CTX_set_rsa_mgf1_md")
            try check(
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(context.pointer, 32),
                "EVP_PKEY_CTX_set_rsa_pss_saltlen")
        }
        if case .rsa(let bits) = kind, signature.count != (bits + 7) / 8 { return false }
        let isValid = unsafe EVP_PKEY_verify(
            context.pointer, signature, signature.count, digest, digest.count)
        if isValid != 1 { ERR_clear_error() }
        return isValid == 1
    }

    private static func prepare(
        _ context: borrowing KeyContext, padding: Int32, _ hash: OpaquePointer?
    ) throws(CryptographyError) {
        try check(
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.pointer, padding),
            "EVP_PKEY_CTX_set_rsa_padding")
        try check(
            unsafe EVP_PKEY_CTX_set_signature_md(context.pointer, hash),
            "EVP_PKEY_CTX_set_signature_md")
    }
}
