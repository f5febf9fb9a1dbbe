import COpenSSL

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// The digest of `message`: 32 bytes.
    public static func hash(_ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            _ = unsafe COpenSSL.SHA256(message, message.count, digest.baseAddress)
            count = 32
        }
    }
}

/// SHA-384 (FIPS 180-4).
public enum SHA384 {
    /// The digest of `message`: 48 bytes.
    public static func hash(_ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 48) { digest, count in
            _ = unsafe COpenSSL.SHA384(message, message.count, digest.baseAddress)
            count = 48
        }
    }
}

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1). Takes a time that depends on the lengths alone.
public enum HMACSHA256 {
    /// The authentication code of `message` under `key`: 32 bytes.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { code, count in
            var length: UInt32 = 0
            _ = unsafe HMAC(
                EVP_sha256(), key, Int32(clamping: key.count), message, message.count,
                code.baseAddress, &length)
            count = Int(length)
        }
    }
}

/// HKDF with SHA-256 (RFC 5869).
public enum HKDFSHA256 {
    /// Derives `length` bytes from `secret`.
    public static func derive(
        secret: [UInt8], salt: [UInt8], info: [UInt8], length: Int
    ) throws(CryptographyError) -> [UInt8] {
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else {
            throw failure(of: "EVP_PKEY_CTX_new_id")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_derive_init(context), "EVP_PKEY_derive_init")
        try check(
            unsafe EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()), "EVP_PKEY_CTX_set_hkdf_md")
        try check(
            unsafe EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(clamping: salt.count)),
            "EVP_PKEY_CTX_set1_hkdf_salt")
        try check(
            unsafe EVP_PKEY_CTX_set1_hkdf_key(context, secret, Int32(clamping: secret.count)),
            "EVP_PKEY_CTX_set1_hkdf_key")
        try check(
            unsafe EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(clamping: info.count)),
            "EVP_PKEY_CTX_add1_hkdf_info")
        var output = [UInt8](repeating: 0, count: length)
        var written = length
        try check(unsafe EVP_PKEY_derive(context, &output, &written), "EVP_PKEY_derive")
        guard written == length else { throw .invalidLength }
        return output
    }
}

/// Comparison of secrets.
public enum ConstantTime {
    /// Whether two byte strings are equal, in a time that depends on their lengths alone.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }
}

/// Random bytes for keys, nonces and challenges.
public enum SecureRandom {
    /// `count` bytes from OpenSSL's generator, which the kernel seeds.
    public static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = unsafe RAND_bytes(&bytes, Int32(clamping: count))
        // Without randomness nothing here is safe, and no caller could go on.
        precondition(status == 1, "OpenSSL's random generator failed")
        return bytes
    }
}
