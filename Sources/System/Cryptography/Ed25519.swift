import COpenSSL

/// A public key for Ed25519 (RFC 8032 §5.1).
///
/// OpenSSL decodes the point when it verifies, not before: 32 bytes that are no point make a key under which nothing
/// verifies. A point of small order, or one whose ordinate is not reduced, is taken as OpenSSL takes it; whoever chooses
/// such a key can make signatures that fit several messages, so a key must come from somebody who is trusted to sign.
public final class Ed25519PublicKey: Sendable {
    private let handle: KeyHandle

    /// The encoded point: 32 bytes.
    public let rawRepresentation: [UInt8]

    /// The key with this encoded point: 32 bytes.
    public init(rawRepresentation: [UInt8]) throws(CryptographyError) {
        guard rawRepresentation.count == 32 else { throw .invalidLength }
        let key = unsafe EVP_PKEY_new_raw_public_key(
            EVP_PKEY_ED25519, nil, rawRepresentation, rawRepresentation.count)
        guard let key = unsafe key else { throw failure(of: "EVP_PKEY_new_raw_public_key") }
        handle = unsafe KeyHandle(owning: key)
        self.rawRepresentation = rawRepresentation
    }

    /// Whether `signature`, 64 bytes, over `message` verifies under this key. Its time depends on the values, all of
    /// which are public.
    ///
    /// The equation is the one without the cofactor, and the scalar must be below the order of the group: of a signature
    /// that verifies no second form does. A signature of another length is not valid; it is no error.
    public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == 64, let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard
            unsafe EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer) == 1,
            unsafe EVP_DigestVerify(
                context, signature, signature.count, message, message.count) == 1
        else {
            ERR_clear_error()
            return false
        }
        return true
    }
}

/// A private key for Ed25519 (RFC 8032 §5.1). Signing is OpenSSL's, deterministic and constant-time.
public final class Ed25519PrivateKey: Sendable {
    private let handle: KeyHandle

    /// The seed that the key is made from: 32 bytes. Secret.
    public let rawRepresentation: [UInt8]

    /// The public half.
    public let publicKey: Ed25519PublicKey

    /// A fresh random key.
    public convenience init() throws(CryptographyError) {
        try self.init(rawRepresentation: SecureRandom.bytes(32))
    }

    /// The key with this seed: any 32 bytes.
    public init(rawRepresentation seed: [UInt8]) throws(CryptographyError) {
        guard seed.count == 32 else { throw .invalidLength }
        let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        guard let key = unsafe key else { throw failure(of: "EVP_PKEY_new_raw_private_key") }
        handle = unsafe KeyHandle(owning: key)
        var point = [UInt8](repeating: 0, count: 32)
        var length = point.count
        try check(
            unsafe EVP_PKEY_get_raw_public_key(handle.pointer, &point, &length),
            "EVP_PKEY_get_raw_public_key")
        guard length == point.count else { throw .invalidLength }
        publicKey = try Ed25519PublicKey(rawRepresentation: point)
        rawRepresentation = seed
    }

    /// Signs `message`; the signature has 64 bytes and is always the same.
    public func signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw failure(of: "EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        try check(
            unsafe EVP_DigestSignInit(context, nil, nil, nil, handle.pointer), "EVP_DigestSignInit")
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        try check(
            unsafe EVP_DigestSign(context, &signature, &length, message, message.count),
            "EVP_DigestSign")
        guard length == signature.count else { throw .invalidLength }
        return signature
    }
}
