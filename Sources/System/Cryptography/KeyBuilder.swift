import COpenSSL

/// The parts of a key, collected for OpenSSL to make the key from.
@safe struct KeyBuilder: ~Copyable {
    private let builder: OpaquePointer
    // OpenSSL refers to what it is given, names too, until the key is made, so that must stay where it is.
    private var copies: [UnsafeMutableRawBufferPointer] = unsafe []
    private var numbers: [OpaquePointer] = unsafe []

    init() throws(CryptographyError) {
        guard let builder = unsafe OSSL_PARAM_BLD_new() else {
            throw failure(of: "OSSL_PARAM_BLD_new")
        }
        unsafe self.builder = builder
    }

    deinit {
        unsafe OSSL_PARAM_BLD_free(builder)
        unsafe copies.forEach { unsafe $0.deallocate() }
        unsafe numbers.forEach { unsafe BN_clear_free($0) }
    }

    /// Adds a text, such as the name of a curve.
    mutating func add(_ name: String, text: String) throws(CryptographyError) {
        try check(
            unsafe OSSL_PARAM_BLD_push_utf8_string(
                builder, keep(name), keep(text), text.utf8.count),
            "OSSL_PARAM_BLD_push_utf8_string")
    }

    /// Adds bytes that are public.
    mutating func add(_ name: String, bytes: [UInt8]) throws(CryptographyError) {
        try check(
            unsafe OSSL_PARAM_BLD_push_octet_string(
                builder, keep(name), keep(bytes).baseAddress, bytes.count),
            "OSSL_PARAM_BLD_push_octet_string")
    }

    /// Adds a number, big-endian, which may be secret.
    mutating func add(_ name: String, number bytes: [UInt8]) throws(CryptographyError) {
        guard let number = unsafe BN_secure_new() else {
            throw failure(of: "BN_secure_new")
        }
        unsafe numbers.append(number)
        guard unsafe BN_bin2bn(bytes, Int32(clamping: bytes.count), number) != nil else {
            throw failure(of: "BN_bin2bn")
        }
        try check(
            unsafe OSSL_PARAM_BLD_push_BN(builder, keep(name), number), "OSSL_PARAM_BLD_push_BN")
    }

    /// The key of OpenSSL's kind `type`, such as `EVP_PKEY_EC`.
    consuming func key(type: Int32, selection: Int32) throws(CryptographyError) -> KeyHandle {
        guard let context = unsafe EVP_PKEY_CTX_new_id(type, nil) else {
            throw failure(of: "EVP_PKEY_CTX_new_id")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else {
            throw failure(of: "OSSL_PARAM_BLD_to_param")
        }
        defer { unsafe OSSL_PARAM_free(parameters) }
        try check(unsafe EVP_PKEY_fromdata_init(context), "EVP_PKEY_fromdata_init")
        var key: OpaquePointer?
        guard
            unsafe EVP_PKEY_fromdata(context, &key, selection, parameters) == 1,
            let key = unsafe key
        else {
            ERR_clear_error()
            throw .invalidPublicKey
        }
        return unsafe KeyHandle(owning: key)
    }

    private mutating func keep(_ text: String) -> UnsafePointer<CChar>? {
        let copy = unsafe keep(Array(text.utf8) + [0]).bindMemory(to: CChar.self)
        return unsafe UnsafePointer(copy.baseAddress)
    }

    private mutating func keep(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(
            byteCount: bytes.count, alignment: 1)
        unsafe copy.copyBytes(from: bytes)
        unsafe copies.append(copy)
        return unsafe copy
    }
}
