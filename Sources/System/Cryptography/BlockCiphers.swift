import COpenSSL

/// The AES block cipher by itself, block by block (FIPS 197; ECB of NIST SP 800-38A §6.1): equal blocks come out
/// equal. It is for the management key's challenge of a PIV card, one random block, and for nothing else.
public enum AESECB {
    /// Enciphers whole blocks of 16 bytes under a key of 16, 24 or 32 bytes.
    public static func encryptBlocks(
        _ blocks: [UInt8], key: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try unsafe applyBlockCipher(cipher(key), blockLength: 16, to: blocks, key, encrypting: 1)
    }

    /// Deciphers what `encryptBlocks` made.
    public static func decryptBlocks(
        _ blocks: [UInt8], key: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try unsafe applyBlockCipher(cipher(key), blockLength: 16, to: blocks, key, encrypting: 0)
    }

    private static func cipher(_ key: [UInt8]) throws(CryptographyError) -> OpaquePointer? {
        switch key.count {
        case 16: unsafe EVP_aes_128_ecb()
        case 24: unsafe EVP_aes_192_ecb()
        case 32: unsafe EVP_aes_256_ecb()
        default: throw .invalidLength
        }
    }
}

/// The Triple DES block cipher by itself, block by block (NIST SP 800-67), likewise for the management key's challenge
/// alone. The parity bits of the key are not looked at, nor whether its thirds differ.
public enum TripleDESECB {
    /// Enciphers whole blocks of 8 bytes under a key of 24.
    public static func encryptBlocks(
        _ blocks: [UInt8], key: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try apply(to: blocks, key, encrypting: 1)
    }

    /// Deciphers what `encryptBlocks` made.
    public static func decryptBlocks(
        _ blocks: [UInt8], key: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try apply(to: blocks, key, encrypting: 0)
    }

    private static func apply(
        to blocks: [UInt8], _ key: [UInt8], encrypting: Int32
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == 24 else { throw .invalidLength }
        return try unsafe applyBlockCipher(
            EVP_des_ede3_ecb(), blockLength: 8, to: blocks, key, encrypting: encrypting)
    }
}

private func applyBlockCipher(
    _ cipher: OpaquePointer?, blockLength: Int, to blocks: [UInt8], _ key: [UInt8],
    encrypting: Int32
) throws(CryptographyError) -> [UInt8] {
    guard let length = Int32(exactly: blocks.count), blocks.count % blockLength == 0 else {
        throw .invalidLength
    }
    let context = try CipherContext()
    try check(
        unsafe EVP_CipherInit_ex(context.pointer, cipher, nil, key, nil, encrypting),
        "EVP_CipherInit_ex")
    try check(
        unsafe EVP_CIPHER_CTX_set_padding(context.pointer, 0), "EVP_CIPHER_CTX_set_padding")
    var output = [UInt8](repeating: 0, count: blocks.count + blockLength)
    var written: Int32 = 0
    try check(
        unsafe EVP_CipherUpdate(context.pointer, &output, &written, blocks, length),
        "EVP_CipherUpdate")
    output.removeLast(output.count - Int(written))
    return output
}
