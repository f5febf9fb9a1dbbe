import COpenSSL

/// A private key that signs certificates and revocation lists.
public enum SigningKey: Sendable {
    /// Signs with ECDSA over SHA-256.
    case p256(P256PrivateKey)
    /// Signs with ECDSA over SHA-384.
    case p384(P384PrivateKey)
    /// Signs with RSASSA-PKCS1-v1_5 over SHA-256.
    case rsa(RSAPrivateKey)

    /// The public half.
    public var publicKey: PublicKey {
        switch self {
        case .p256(let key): key.publicKey
        case .p384(let key): key.publicKey
        case .rsa(let key): key.publicKey
        }
    }

    /// Signs a certificate in place.
    func sign(_ certificate: borrowing CertificateHandle) throws(CryptographyError) {
        let length =
            switch self {
            case .p256(let key):
                unsafe X509_sign(certificate.pointer, key.handle.pointer, EVP_sha256())
            case .p384(let key):
                unsafe X509_sign(certificate.pointer, key.handle.pointer, EVP_sha384())
            case .rsa(let key):
                unsafe X509_sign(certificate.pointer, key.handle.pointer, EVP_sha256())
            }
        try check(length > 0 ? 1 : 0, "X509_sign")
    }

    /// Signs a revocation list in place.
    func sign(_ list: borrowing RevocationListHandle) throws(CryptographyError) {
        let length =
            switch self {
            case .p256(let key):
                unsafe X509_CRL_sign(list.pointer, key.handle.pointer, EVP_sha256())
            case .p384(let key):
                unsafe X509_CRL_sign(list.pointer, key.handle.pointer, EVP_sha384())
            case .rsa(let key):
                unsafe X509_CRL_sign(list.pointer, key.handle.pointer, EVP_sha256())
            }
        try check(length > 0 ? 1 : 0, "X509_CRL_sign")
    }
}
