import COpenSSL

extension KeyHandle {
    /// How many bits a modulus may have: fewer are within reach of factoring, more only cost time.
    private static let modulusBits = 2048...8192

    /// An RSA public key from big-endian numbers without leading zeros.
    static func rsa(
        modulus: [UInt8], exponent: [UInt8]
    ) throws(CryptographyError) -> KeyHandle {
        guard bits(modulus: modulus, exponent: exponent) != nil else { throw .invalidPublicKey }
        var builder = try KeyBuilder()
        try builder.add(OSSL_PKEY_PARAM_RSA_N, number: modulus)
        try builder.add(OSSL_PKEY_PARAM_RSA_E, number: exponent)
        return try builder.key(type: EVP_PKEY_RSA, selection: COUNTERSIGN_SELECT_PUBLIC_KEY)
    }

    /// A key from a SubjectPublicKeyInfo that OpenSSL reads to the end. Whether it is an RSA key, and strict DER,
    /// is for the caller to see.
    static func rsa(subjectPublicKeyInfo der: [UInt8]) throws(CryptographyError) -> KeyHandle {
        // A modulus of 8192 bits needs 1062 bytes.
        guard der.count <= 2048 else { throw .invalidPublicKey }
        let key = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var next = buffer.baseAddress
            guard let key = unsafe d2i_PUBKEY(nil, &next, buffer.count) else { return nil }
            guard unsafe next == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe EVP_PKEY_free(key)
                return nil
            }
            return unsafe key
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .invalidPublicKey
        }
        return unsafe KeyHandle(owning: key)
    }

    /// The bits of the modulus, where this is an RSA key whose numbers are sound.
    var usableModulusBits: Int? {
        guard
            unsafe EVP_PKEY_is_a(pointer, "RSA") == 1,
            let modulus = number(OSSL_PKEY_PARAM_RSA_N),
            let exponent = number(OSSL_PKEY_PARAM_RSA_E)
        else { return nil }
        return Self.bits(modulus: modulus, exponent: exponent)
    }

    private static func bits(modulus: [UInt8], exponent: [UInt8]) -> Int? {
        guard
            let first = modulus.first, first != 0, let last = modulus.last, last & 1 == 1,
            let highest = exponent.first, highest != 0, let lowest = exponent.last, lowest & 1 == 1,
            // 65537 is the least odd number of three bytes that is above 65535.
            (3...8).contains(exponent.count)
        else { return nil }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        return modulusBits.contains(bits) ? bits : nil
    }
}
