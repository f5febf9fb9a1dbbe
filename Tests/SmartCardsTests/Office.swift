import Cryptography

/// An authority of nobody's.
enum Office {
    /// A certificate for a key, by the authority that everybody here has.
    static func issue(_ publicKey: [UInt8]) throws -> [UInt8] {
        let validity = CertificateAuthority.Validity(
            notBefore: 1_700_000_000, notAfter: 1_900_000_000)
        let authority = try CertificateAuthority(
            subject: ["CN": "Example CA"], key: P256PrivateKey(), validity: validity)
        return try authority.issue(
            to: ["CN": "alice"], key: PublicKey(subjectPublicKeyInfo: publicKey),
            profile: .init(), validity: validity
        ).derRepresentation
    }
}
