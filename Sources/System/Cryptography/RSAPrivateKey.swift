import COpenSSL

/// An RSA private key, for the software card, its certificates and tests.
public final class RSAPrivateKey: Sendable {
    let handle: KeyHandle

    /// The DER of RFC 8017's RSAPrivateKey (§A.1.2). Secret.
    public let derRepresentation: [UInt8]

    /// The public half.
    public let publicKey: PublicKey

    /// The length of the modulus, and so of a block and of a signature, in bytes.
    public let blockLength: Int

    /// Makes a random key with a modulus of 2048, 3072 or 4096 bits and the exponent 65537. Takes tens of
    /// milliseconds, or seconds for the longest.
    public convenience init(bits: Int = 2048) throws(CryptographyError) {
        guard let length = Int32(exactly: bits), [2048, 3072, 4096].contains(bits) else {
            throw .invalidLength
        }
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil) else {
            throw failure(of: "EVP_PKEY_CTX_new_id")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        try check(
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, length),
            "EVP_PKEY_CTX_set_rsa_keygen_bits")
        var key: OpaquePointer?
        try check(unsafe EVP_PKEY_keygen(context, &key), "EVP_PKEY_keygen")
        guard let key = unsafe key else { throw failure(of: "EVP_PKEY_keygen") }
        try self.init(handle: unsafe KeyHandle(owning: key))
    }

    /// Decodes what ``derRepresentation`` gave: the numbers must fit together, and the key be one that
    /// ``PublicKey/Kind/rsa(bits:)`` names.
    public convenience init(derRepresentation der: [UInt8]) throws(CryptographyError) {
        let key = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var next = buffer.baseAddress
            return unsafe d2i_PrivateKey(EVP_PKEY_RSA, nil, &next, buffer.count)
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .invalidPrivateKey
        }
        try self.init(handle: unsafe KeyHandle(owning: key))
        // This also sees to it that nothing follows.
        guard ConstantTime.areEqual(derRepresentation, der) else { throw .invalidPrivateKey }
        let context = try KeyContext(handle)
        guard unsafe EVP_PKEY_check(context.pointer) == 1 else {
            ERR_clear_error()
            throw .invalidPrivateKey
        }
    }

    private init(handle: consuming KeyHandle) throws(CryptographyError) {
        guard
            let bits = handle.usableModulusBits,
            let modulus = handle.number(OSSL_PKEY_PARAM_RSA_N),
            let exponent = handle.number(OSSL_PKEY_PARAM_RSA_E)
        else { throw .invalidPrivateKey }
        blockLength = (bits + 7) / 8
        publicKey = try PublicKey(rsaModulus: modulus, exponent: exponent)
        let pointer = unsafe handle.pointer
        derRepresentation = try unsafe encoded("i2d_PrivateKey") { start in
            unsafe i2d_PrivateKey(pointer, start)
        }
        self.handle = handle
    }

    /// The bare RSA operation on a block that is already padded, as a card does it (RFC 8017 §5.2.1, RSASP1):
    /// `block` to the private exponent, modulo the modulus. Blinded against timing.
    ///
    /// - Parameter block: as many bytes as the modulus has, and below it as a number; else
    ///   ``CryptographyError/invalidBlock``.
    public func privateOperation(block: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard block.count == blockLength else { throw .invalidBlock }
        let context = try KeyContext(handle)
        try check(unsafe EVP_PKEY_decrypt_init(context.pointer), "EVP_PKEY_decrypt_init")
        try check(
            unsafe EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_NO_PADDING),
            "EVP_PKEY_CTX_set_rsa_padding")
        var result = [UInt8](repeating: 0, count: blockLength)
        var length = result.count
        guard
            unsafe EVP_PKEY_decrypt(
                context.pointer, &result, &length, block, block.count) == 1,
            length == blockLength
        else {
            // All else being given, what is left to go wrong is a number that is not below the modulus.
            ERR_clear_error()
            throw .invalidBlock
        }
        return result
    }
}
