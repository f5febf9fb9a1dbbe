import COpenSSL

/// The hash functions that one-time passwords, key derivations and key containers may name (FIPS 180-4).
///
/// SHA-1 has collisions, and is for HMAC and formats that prescribe it; nothing of ours is signed over it.
public enum HashAlgorithm: Sendable, Hashable, CaseIterable {
    /// SHA-1, 20 bytes.
    case sha1
    /// SHA-256, 32 bytes.
    case sha256
    /// SHA-512, 64 bytes.
    case sha512

    /// How long a digest is.
    public var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// OpenSSL's description of it, which lives as long as the library.
    var implementation: OpaquePointer? {
        switch self {
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe EVP_sha256()
        case .sha512: unsafe EVP_sha512()
        }
    }
}

/// A digest with a hash function that is chosen as the program runs. Takes a time that depends on the length alone.
public enum Digest {
    /// The digest of `message`: ``HashAlgorithm/byteCount`` bytes.
    public static func hash(_ message: [UInt8], with algorithm: HashAlgorithm) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { digest, count in
            let status = unsafe EVP_Digest(
                message, message.count, digest.baseAddress, nil, algorithm.implementation, nil)
            // It fails for want of memory or of a provider alone, and a digest of nothing would be taken for one.
            precondition(status == 1, "OpenSSL's EVP_Digest failed")
            count = algorithm.byteCount
        }
    }
}

/// HMAC (RFC 2104, FIPS 198-1) with a hash function that is chosen as the program runs. Takes a time that depends on
/// the lengths alone.
public enum MessageAuthentication {
    /// The authentication code of `message` under `key`: ``HashAlgorithm/byteCount`` bytes. Both may be empty.
    public static func hmac(
        _ message: [UInt8], key: [UInt8], with algorithm: HashAlgorithm
    ) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { code, count in
            let result = unsafe HMAC(
                algorithm.implementation, key, Int32(clamping: key.count), message,
                message.count, code.baseAddress, nil)
            // It fails for want of memory or of a provider alone, and an empty code would equal an empty answer.
            precondition(unsafe result != nil, "OpenSSL's HMAC failed")
            count = algorithm.byteCount
        }
    }
}
