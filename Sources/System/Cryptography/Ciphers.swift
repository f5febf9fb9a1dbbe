import COpenSSL

/// An OpenSSL cipher operation under way.
@safe struct CipherContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let pointer = unsafe EVP_CIPHER_CTX_new() else {
            throw failure(of: "EVP_CIPHER_CTX_new")
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(pointer)
    }
}

/// AES-256 in CBC mode without padding, as PIN/UV auth protocols one and two use it (CTAP 2.1 §6.5.6). It hides;
/// it does not authenticate.
public enum AES256CBC {
    /// Encrypts whole blocks of 16 bytes under a key of 32 bytes and an initialisation vector of 16.
    public static func encrypt(
        _ plaintext: [UInt8], key: [UInt8], initializationVector: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try apply(plaintext, key: key, initializationVector: initializationVector, encrypting: 1)
    }

    /// Decrypts what `encrypt` made.
    public static func decrypt(
        _ ciphertext: [UInt8], key: [UInt8], initializationVector: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try apply(ciphertext, key: key, initializationVector: initializationVector, encrypting: 0)
    }

    private static func apply(
        _ input: [UInt8], key: [UInt8], initializationVector: [UInt8], encrypting: Int32
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == 32, initializationVector.count == 16, input.count % 16 == 0 else {
            throw .invalidLength
        }
        let context = try CipherContext()
        try check(
            unsafe EVP_CipherInit_ex(
                context.pointer, EVP_aes_256_cbc(), nil, key, initializationVector, encrypting),
            "EVP_CipherInit_ex")
        try check(
            unsafe EVP_CIPHER_CTX_set_padding(context.pointer, 0), "EVP_CIPHER_CTX_set_padding")
        var output = [UInt8](repeating: 0, count: input.count + 16)
        var written: Int32 = 0
        try check(
            unsafe EVP_CipherUpdate(
                context.pointer, &output, &written, input, Int32(clamping: input.count)),
            "EVP_CipherUpdate")
        output.removeLast(output.count - Int(written))
        return output
    }
}

/// AES-256 in Galois/counter mode (NIST SP 800-38D) with nonces of 12 bytes and tags of 16.
public enum AES256GCM {
    /// Encrypts `plaintext` under a key of 32 bytes and authenticates it together with `associated`. A nonce must never
    /// serve one key twice.
    ///
    /// - Returns: the ciphertext, as long as the plaintext, and the tag of 16 bytes behind it.
    public static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticating associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try GaloisCounterMode.aes256.seal(plaintext, key, nonce, associated)
    }

    /// Opens what `seal` made, or fails with ``CryptographyError/authenticationFailed``.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try GaloisCounterMode.aes256.open(sealed, key, nonce, associated)
    }
}

/// AES-128 in Galois/counter mode (NIST SP 800-38D) with nonces of 12 bytes and tags of 16, as Web Push has it
/// (RFC 8188 §2).
public enum AES128GCM {
    /// Encrypts `plaintext` under a key of 16 bytes and authenticates it together with `associated`. A nonce must never
    /// serve one key twice.
    ///
    /// - Returns: the ciphertext, as long as the plaintext, and the tag of 16 bytes behind it.
    public static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticating associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try GaloisCounterMode.aes128.seal(plaintext, key, nonce, associated)
    }

    /// Opens what `seal` made, or fails with ``CryptographyError/authenticationFailed``.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try GaloisCounterMode.aes128.open(sealed, key, nonce, associated)
    }
}

/// What the two have in common.
private enum GaloisCounterMode {
    case aes128
    case aes256

    private var cipher: OpaquePointer? {
        switch self {
        case .aes128: unsafe EVP_aes_128_gcm()
        case .aes256: unsafe EVP_aes_256_gcm()
        }
    }

    private var keyByteCount: Int {
        switch self {
        case .aes128: 16
        case .aes256: 32
        }
    }

    func seal(
        _ plaintext: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let context = try prepare(key, nonce, encrypting: 1)
        try authenticate(associated, in: context)
        var output = [UInt8](repeating: 0, count: plaintext.count)
        var written: Int32 = 0
        try check(
            unsafe EVP_CipherUpdate(
                context.pointer, &output, &written, plaintext, Int32(clamping: plaintext.count)),
            "EVP_CipherUpdate")
        var rest = [UInt8](repeating: 0, count: 16)
        try check(
            unsafe EVP_CipherFinal_ex(context.pointer, &rest, &written), "EVP_CipherFinal_ex")
        var tag = [UInt8](repeating: 0, count: 16)
        try check(
            unsafe EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_GET_TAG, 16, &tag),
            "EVP_CIPHER_CTX_ctrl")
        return output + tag
    }

    func open(
        _ sealed: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.count >= 16 else { throw .invalidLength }
        let ciphertext = Array(sealed.dropLast(16))
        var tag = Array(sealed.suffix(16))
        let context = try prepare(key, nonce, encrypting: 0)
        try authenticate(associated, in: context)
        var output = [UInt8](repeating: 0, count: ciphertext.count)
        var written: Int32 = 0
        try check(
            unsafe EVP_CipherUpdate(
                context.pointer, &output, &written, ciphertext, Int32(clamping: ciphertext.count)),
            "EVP_CipherUpdate")
        try check(
            unsafe EVP_CIPHER_CTX_ctrl(context.pointer, EVP_CTRL_AEAD_SET_TAG, 16, &tag),
            "EVP_CIPHER_CTX_ctrl")
        var rest = [UInt8](repeating: 0, count: 16)
        guard unsafe EVP_CipherFinal_ex(context.pointer, &rest, &written) == 1 else {
            ERR_clear_error()
            throw .authenticationFailed
        }
        return output
    }

    private func prepare(
        _ key: [UInt8], _ nonce: [UInt8], encrypting: Int32
    ) throws(CryptographyError) -> CipherContext {
        guard key.count == keyByteCount, nonce.count == 12 else { throw .invalidLength }
        let context = try CipherContext()
        try check(
            unsafe EVP_CipherInit_ex(context.pointer, cipher, nil, key, nonce, encrypting),
            "EVP_CipherInit_ex")
        return context
    }

    private func authenticate(
        _ associated: [UInt8], in context: borrowing CipherContext
    ) throws(CryptographyError) {
        guard !associated.isEmpty else { return }
        var written: Int32 = 0
        try check(
            unsafe EVP_CipherUpdate(
                context.pointer, nil, &written, associated, Int32(clamping: associated.count)),
            "EVP_CipherUpdate")
    }
}
