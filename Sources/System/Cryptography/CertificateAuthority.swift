/// Issues certificates for the software authenticators and for tests: their attestation roots and batch
/// certificates (WebAuthn Level 3 §8.2.1), and what an organisation puts on its cards.
public struct CertificateAuthority: Sendable {
    /// The authority's own certificate; signed by itself unless another authority issued it.
    public let certificate: Certificate
    let key: SigningKey

    /// Makes a root certificate for `key`.
    public init(
        subject: Subject, key: P256PrivateKey, validity: Validity
    ) throws(CryptographyError) {
        try self.init(subject: subject, key: SigningKey.p256(key), validity: validity)
    }

    /// Makes a root certificate for `key`, of any kind.
    public init(
        subject: Subject, key: SigningKey, validity: Validity
    ) throws(CryptographyError) {
        let draft = try CertificateDraft(
            subject: subject, key: key.publicKey, validity: validity, serialNumber: nil)
        try draft.setIssuerToSubject()
        try draft.addAuthorityExtensions()
        try key.sign(draft.handle)
        self.key = key
        certificate = try Certificate(derRepresentation: draft.encoded())
    }

    /// An authority that issued before: its certificate and key.
    public init(certificate: Certificate, key: P256PrivateKey) {
        self.init(certificate: certificate, key: .p256(key))
    }

    /// An authority that issued before: its certificate and key, of any kind.
    public init(certificate: Certificate, key: SigningKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Issues a certificate that is not an authority's.
    ///
    /// - Parameter aaguid: 16 bytes for the extension id-fido-gen-ce-aaguid, or `nil` to leave it out.
    public func issue(
        to subject: Subject, key subjectKey: PublicKey, aaguid: [UInt8]?, validity: Validity
    ) throws(CryptographyError) -> Certificate {
        var profile = Profile()
        if let aaguid {
            guard aaguid.count == 16 else { throw .invalidLength }
            profile.extensions.append(
                Extension("1.3.6.1.4.1.45724.1.1.4", [0x04, 0x10] + aaguid))
        }
        return try issue(to: subject, key: subjectKey, profile: profile, validity: validity)
    }

    /// Issues a certificate that is not an authority's, with what `profile` asks for.
    public func issue(
        to subject: Subject, key subjectKey: PublicKey, profile: Profile, validity: Validity
    ) throws(CryptographyError) -> Certificate {
        let draft = try CertificateDraft(
            subject: subject, key: subjectKey, validity: validity,
            serialNumber: profile.serialNumber)
        try draft.setIssuer(to: certificate)
        try draft.add(Extension("2.5.29.19", DER.element(0x30, []), isCritical: true))
        for item in try profile.allExtensions() { try draft.add(item) }
        try key.sign(draft.handle)
        return try Certificate(derRepresentation: draft.encoded())
    }

    /// Issues the certificate of another authority, and gives that authority.
    ///
    /// - Parameter serialNumber: from 1 to 20 bytes, big-endian, or `nil` for a random one.
    public func issueAuthority(
        to subject: Subject, key subjectKey: SigningKey, serialNumber: [UInt8]? = nil,
        validity: Validity
    ) throws(CryptographyError) -> CertificateAuthority {
        let draft = try CertificateDraft(
            subject: subject, key: subjectKey.publicKey, validity: validity,
            serialNumber: serialNumber)
        try draft.setIssuer(to: certificate)
        try draft.addAuthorityExtensions()
        try key.sign(draft.handle)
        return CertificateAuthority(
            certificate: try Certificate(derRepresentation: draft.encoded()), key: subjectKey)
    }
}
