import COpenSSL

/// An OpenSSL key.
///
/// Sendable without a lock: once made it is only read, and OpenSSL 3 lets threads share a key for that
/// (openssl-threads(7)); what an operation changes lives in a context of its own.
@safe struct KeyHandle: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over `pointer`.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// A key on `curve` from the point in uncompressed form and the private scalar, where there is one.
    ///
    /// OpenSSL checks that the coordinates are in range and that the point lies on the curve.
    static func onCurve(
        _ curve: NamedCurve, point: [UInt8], scalar: [UInt8]?
    ) throws(CryptographyError) -> KeyHandle {
        guard point.count == curve.pointByteCount, point.first == 4 else {
            throw .invalidPublicKey
        }
        var builder = try KeyBuilder()
        try builder.add(OSSL_PKEY_PARAM_GROUP_NAME, text: curve.groupName)
        try builder.add(OSSL_PKEY_PARAM_PUB_KEY, bytes: point)
        guard let scalar else {
            return try builder.key(type: EVP_PKEY_EC, selection: COUNTERSIGN_SELECT_PUBLIC_KEY)
        }
        try builder.add(OSSL_PKEY_PARAM_PRIV_KEY, number: scalar)
        return try builder.key(type: EVP_PKEY_EC, selection: COUNTERSIGN_SELECT_KEYPAIR)
    }

    /// The DER of the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    func subjectPublicKeyInfo() throws(CryptographyError) -> [UInt8] {
        try unsafe encoded("i2d_PUBKEY") { start in unsafe i2d_PUBKEY(pointer, start) }
    }

    /// A number that is part of the key, big-endian without leading zeros, or `nil` where the key has none of that
    /// name.
    func number(_ name: String) -> [UInt8]? {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1 else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe BN_clear_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe (BN_num_bits(number) + 7) / 8))
        let length = unsafe BN_bn2bin(number, &bytes)
        return Int(length) == bytes.count ? bytes : nil
    }
}

/// What one of OpenSSL's `i2d` functions writes.
func encoded(
    _ function: StaticString,
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
) throws(CryptographyError) -> [UInt8] {
    var start: UnsafeMutablePointer<UInt8>?
    let length = unsafe encode(&start)
    guard length > 0, let start = unsafe start else {
        throw failure(of: function)
    }
    defer { unsafe CRYPTO_clear_free(start, Int(length), nil, 0) }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(length)))
}
