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

    /// A key on P-256 from the point in uncompressed form, 65 bytes, and the private scalar, where there is one.
    ///
    /// OpenSSL checks that the coordinates are in range and that the point lies on the curve.
    static func p256(point: [UInt8], scalar: [UInt8]?) throws(CryptographyError) -> KeyHandle {
        guard point.count == 65, point.first == 4 else { throw .invalidPublicKey }
        guard let builder = unsafe OSSL_PARAM_BLD_new() else {
            throw .openSSL(function: "OSSL_PARAM_BLD_new")
        }
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else {
            throw .openSSL(function: "EVP_PKEY_CTX_new_id")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(
            unsafe OSSL_PARAM_BLD_push_utf8_string(
                builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0),
            "OSSL_PARAM_BLD_push_utf8_string")
        try check(
            unsafe OSSL_PARAM_BLD_push_octet_string(
                builder, OSSL_PKEY_PARAM_PUB_KEY, point, point.count),
            "OSSL_PARAM_BLD_push_octet_string")
        var number: OpaquePointer?
        defer { unsafe BN_clear_free(number) }
        if let scalar {
            unsafe number = BN_secure_new()
            guard
                unsafe number != nil,
                unsafe BN_bin2bn(scalar, Int32(clamping: scalar.count), number) != nil
            else { throw .openSSL(function: "BN_bin2bn") }
            try check(
                unsafe OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number),
                "OSSL_PARAM_BLD_push_BN")
        }
        guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else {
            throw .openSSL(function: "OSSL_PARAM_BLD_to_param")
        }
        defer { unsafe OSSL_PARAM_free(parameters) }
        try check(unsafe EVP_PKEY_fromdata_init(context), "EVP_PKEY_fromdata_init")
        var key: OpaquePointer?
        let selection =
            scalar == nil ? COUNTERSIGN_SELECT_PUBLIC_KEY : COUNTERSIGN_SELECT_KEYPAIR
        guard
            unsafe EVP_PKEY_fromdata(context, &key, selection, parameters) == 1,
            let key = unsafe key
        else {
            ERR_clear_error()
            throw .invalidPublicKey
        }
        return unsafe KeyHandle(owning: key)
    }

    /// The public point of a key on P-256 in uncompressed form: 65 bytes, or `nil` for a key of another kind.
    var p256Point: [UInt8]? {
        var point = [UInt8](repeating: 0, count: 65)
        var length = 0
        guard
            unsafe EVP_PKEY_is_a(pointer, "EC") == 1,
            unsafe EVP_PKEY_get_bits(pointer) == 256,
            groupName == "prime256v1",
            unsafe EVP_PKEY_get_octet_string_param(
                pointer, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &length) == 1,
            length == 65
        else {
            ERR_clear_error()
            return nil
        }
        return point
    }

    private var groupName: String {
        var name = [CChar](repeating: 0, count: 32)
        var length = 0
        guard
            unsafe EVP_PKEY_get_utf8_string_param(
                pointer, OSSL_PKEY_PARAM_GROUP_NAME, &name, name.count, &length) == 1
        else { return "" }
        return String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
