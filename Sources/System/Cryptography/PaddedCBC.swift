import COpenSSL

/// AES in CBC mode (NIST SP 800-38A §6.2) with padding, as XML Encryption has it (§5.2): the initialisation vector stands
/// before the ciphertext, and the last byte of the last block says how many bytes of padding it ends with.
///
/// It hides; it does not authenticate. Who decrypts what a stranger may have written verifies a MAC first, and tells no
/// one whether it was the padding that was wrong.
public enum PaddedCBC {
    /// Encrypts under a key of 16, 24 or 32 bytes. All bytes of padding have its length (PKCS #7).
    ///
    /// - Parameter initializationVector: 16 bytes that cannot be foretold.
    /// - Returns: the initialisation vector and, behind it, the ciphertext: one to sixteen bytes longer than the plaintext.
    public static func encrypt(
        _ plaintext: [UInt8], key: [UInt8], initializationVector: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let padding = 16 - plaintext.count % 16
        let padded = plaintext + [UInt8](repeating: UInt8(clamping: padding), count: padding)
        return try initializationVector
            + apply(
                padded, key: key, initializationVector: initializationVector, encrypting: 1)
    }

    /// Decrypts what `encrypt` made, and what other implementations of XML Encryption make: of the padding only the last
    /// byte counts, for the others may be anything.
    ///
    /// - Throws: ``CryptographyError/invalidLength`` for a key or a message of another length than there can be,
    ///   ``CryptographyError/authenticationFailed`` for padding that there cannot be.
    public static func decrypt(
        _ message: [UInt8], key: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard message.count >= 32, message.count % 16 == 0 else { throw .invalidLength }
        let padded = try apply(
            Array(message.dropFirst(16)), key: key,
            initializationVector: Array(message.prefix(16)), encrypting: 0)
        guard let padding = padded.last, (1...16).contains(padding) else {
            throw .authenticationFailed
        }
        return Array(padded.dropLast(Int(padding)))
    }

    private static func apply(
        _ blocks: [UInt8], key: [UInt8], initializationVector: [UInt8], encrypting: Int32
    ) throws(CryptographyError) -> [UInt8] {
        guard initializationVector.count == 16, let length = Int32(exactly: blocks.count) else {
            throw .invalidLength
        }
        let context = try CipherContext()
        try check(
            unsafe EVP_CipherInit_ex(
                context.pointer, cipher(key), nil, key, initializationVector, encrypting),
            "EVP_CipherInit_ex")
        try check(
            unsafe EVP_CIPHER_CTX_set_padding(context.pointer, 0), "EVP_CIPHER_CTX_set_padding")
        var output = [UInt8](repeating: 0, count: blocks.count + 16)
        var written: Int32 = 0
        try check(
            unsafe EVP_CipherUpdate(context.pointer, &output, &written, blocks, length),
            "EVP_CipherUpdate")
        output.removeLast(output.count - Int(written))
        return output
    }

    private static func cipher(_ key: [UInt8]) throws(CryptographyError) -> OpaquePointer? {
        switch key.count {
        case 16: unsafe EVP_aes_128_cbc()
        case 24: unsafe EVP_aes_192_cbc()
        case 32: unsafe EVP_aes_256_cbc()
        default: throw .invalidLength
        }
    }
}
