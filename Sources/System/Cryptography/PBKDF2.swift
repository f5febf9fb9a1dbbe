import COpenSSL

/// PBKDF2 with HMAC (RFC 8018 §5.2): a key from a passphrase, as slowly as asked.
public enum PBKDF2 {
    /// Derives `length` bytes.
    ///
    /// - Parameters:
    ///   - password: any bytes, also none.
    ///   - salt: any bytes, also none.
    ///   - iterations: 1 to 10 000 000; the caller sets a bound of its own where a stranger names the number, for the time
    ///     grows with it.
    ///   - length: 1 to 1 024 bytes.
    /// - Throws: ``CryptographyError/invalidLength`` for an argument out of its bounds.
    public static func derive(
        password: [UInt8], salt: [UInt8], iterations: Int, length: Int, with hash: HashAlgorithm
    ) throws(CryptographyError) -> [UInt8] {
        guard
            (1...10_000_000).contains(iterations), (1...1_024).contains(length),
            let passwordLength = Int32(exactly: password.count),
            let saltLength = Int32(exactly: salt.count)
        else { throw .invalidLength }
        var key = [UInt8](repeating: 0, count: length)
        let status = unsafe PKCS5_PBKDF2_HMAC(
            password.map { CChar(bitPattern: $0) }, passwordLength, salt, saltLength,
            Int32(clamping: iterations), hash.implementation, Int32(clamping: length), &key)
        try check(status, "PKCS5_PBKDF2_HMAC")
        return key
    }
}
