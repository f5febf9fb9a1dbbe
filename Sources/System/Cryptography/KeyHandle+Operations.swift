import COpenSSL

/// An OpenSSL operation with a key under way.
@safe struct KeyContext: ~Copyable {
    let pointer: OpaquePointer

    init(_ key: borrowing KeyHandle) throws(CryptographyError) {
        guard let pointer = unsafe EVP_PKEY_CTX_new(key.pointer, nil) else {
            throw failure(of: "EVP_PKEY_CTX_new")
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(pointer)
    }
}

extension KeyHandle {
    /// The ECDSA signature over `digest`, in DER.
    func signature(forDigest digest: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let context = try KeyContext(self)
        try check(unsafe EVP_PKEY_sign_init(context.pointer), "EVP_PKEY_sign_init")
        // The head of a SEQUENCE and of two INTEGERs, their signs, and two numbers of up to 48 bytes.
        var signature = [UInt8](repeating: 0, count: 112)
        var length = signature.count
        try check(
            unsafe EVP_PKEY_sign(
                context.pointer, &signature, &length, digest, digest.count),
            "EVP_PKEY_sign")
        signature.removeLast(signature.count - length)
        return signature
    }

    /// The abscissa that a Diffie-Hellman agreement with `peer` reaches, `length` bytes.
    func sharedSecret(
        with peer: borrowing KeyHandle, length: Int
    ) throws(CryptographyError) -> [UInt8] {
        let context = try KeyContext(self)
        try check(unsafe EVP_PKEY_derive_init(context.pointer), "EVP_PKEY_derive_init")
        try check(
            unsafe EVP_PKEY_derive_set_peer(context.pointer, peer.pointer),
            "EVP_PKEY_derive_set_peer")
        var secret = [UInt8](repeating: 0, count: length)
        var written = length
        try check(unsafe EVP_PKEY_derive(context.pointer, &secret, &written), "EVP_PKEY_derive")
        guard written == length else { throw .invalidLength }
        return secret
    }

    /// The point that belongs to `scalar`, in uncompressed form. Constant-time, as far as OpenSSL is.
    static func publicPoint(
        on curve: NamedCurve, of scalar: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard scalar.count == curve.byteCount else { throw .invalidLength }
        guard let group = unsafe EC_GROUP_new_by_curve_name(curve.identifier) else {
            throw failure(of: "EC_GROUP_new_by_curve_name")
        }
        defer { unsafe EC_GROUP_free(group) }
        guard let point = unsafe EC_POINT_new(group) else {
            throw failure(of: "EC_POINT_new")
        }
        defer { unsafe EC_POINT_free(point) }
        guard let number = unsafe BN_secure_new() else {
            throw failure(of: "BN_secure_new")
        }
        defer { unsafe BN_clear_free(number) }
        guard unsafe BN_bin2bn(scalar, Int32(clamping: scalar.count), number) != nil else {
            throw failure(of: "BN_bin2bn")
        }
        guard
            unsafe BN_is_zero(number) == 0,
            unsafe BN_cmp(number, EC_GROUP_get0_order(group)) < 0
        else { throw .invalidPrivateKey }
        unsafe BN_set_flags(number, BN_FLG_CONSTTIME)
        try check(unsafe EC_POINT_mul(group, point, number, nil, nil, nil), "EC_POINT_mul")
        var encoded = [UInt8](repeating: 0, count: curve.pointByteCount)
        let length = unsafe EC_POINT_point2oct(
            group, point, POINT_CONVERSION_UNCOMPRESSED, &encoded, encoded.count, nil)
        guard length == encoded.count else { throw failure(of: "EC_POINT_point2oct") }
        return encoded
    }
}
