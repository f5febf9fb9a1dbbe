extension CertificateAuthority {
    /// What a client calls a TLS server.
    public enum ServerName: Sendable, Hashable {
        /// A DNS name, ASCII, without a dot at its end.
        case host(String)
        /// An address: 4 or 16 bytes.
        case address([UInt8])
    }

    /// Issues the certificate of a TLS server to the server's own key, which clients trust by its pin alone: no
    /// authority stands behind it, and it is none itself.
    ///
    /// - Parameters:
    ///   - names: What the server is called, at least one; the first is the subject's common name too where it fits
    ///     (RFC 5280 allows 64 characters).
    ///   - key: The server's key, which also signs.
    public static func serverCertificate(
        names: [ServerName], key: P256PrivateKey, validity: Validity
    ) throws(CryptographyError) -> Certificate {
        var alternatives: [UInt8] = []
        for name in names {
            switch name {
            case .host(let text):
                alternatives += DER.element(0x82, Array(text.utf8))
            case .address(let bytes):
                guard bytes.count == 4 || bytes.count == 16 else { throw .invalidLength }
                alternatives += DER.element(0x87, bytes)
            }
        }
        guard !alternatives.isEmpty else { throw .invalidLength }
        var subject: Subject = ["CN": "Countersign"]
        if case .host(let text) = names.first, text.utf8.count <= 64 { subject = ["CN": text] }
        var profile = Profile()
        profile.keyUsage = .digitalSignature
        profile.extendedKeyUsages = ["1.3.6.1.5.5.7.3.1"]
        profile.extensions = [Extension("2.5.29.17", DER.element(0x30, alternatives))]
        let issuer = try CertificateAuthority(subject: subject, key: key, validity: validity)
        return try issuer.issue(
            to: subject, key: key.publicKey, profile: profile, validity: validity)
    }
}
