import COpenSSL

/// Issues certificates for the software authenticators and for tests: their attestation roots and batch
/// certificates (WebAuthn Level 3 §8.2.1).
public struct CertificateAuthority: Sendable {
    /// Whom a certificate is about. Country is the two-letter code of ISO 3166.
    public struct Subject: Sendable, Hashable {
        let country: String
        let organization: String
        let organizationalUnit: String
        let commonName: String

        /// A subject with the four attributes that an attestation certificate must have.
        public init(
            country: String, organization: String, organizationalUnit: String, commonName: String
        ) {
            self.country = country
            self.organization = organization
            self.organizationalUnit = organizationalUnit
            self.commonName = commonName
        }

        fileprivate var attributes: [(shortName: String, value: String)] {
            [
                ("C", country), ("O", organization), ("OU", organizationalUnit), ("CN", commonName),
            ]
        }
    }

    /// From when to when a certificate is valid, in seconds since 1970.
    public struct Validity: Sendable, Hashable {
        let notBefore: Int64
        let notAfter: Int64

        /// Valid from the first moment to the last, both included.
        public init(notBefore: Int64, notAfter: Int64) {
            self.notBefore = notBefore
            self.notAfter = notAfter
        }
    }

    /// The authority's own certificate, signed by itself.
    public let certificate: Certificate
    private let key: P256PrivateKey

    /// Makes a root certificate for `key`.
    public init(
        subject: Subject, key: P256PrivateKey, validity: Validity
    ) throws(CryptographyError) {
        let handle = try Self.unsigned(subject: subject, key: key.publicKey, validity: validity)
        let name = unsafe X509_get_subject_name(handle.pointer)
        try check(unsafe X509_set_issuer_name(handle.pointer, name), "X509_set_issuer_name")
        try Self.add(NID_basic_constraints, "critical,CA:TRUE", to: handle)
        try Self.add(NID_key_usage, "critical,keyCertSign,cRLSign", to: handle)
        try unsafe key.sign(certificate: handle.pointer)
        self.key = key
        certificate = try Certificate(derRepresentation: Self.encode(handle))
    }

    /// An authority that issued before: its root certificate and key.
    public init(certificate: Certificate, key: P256PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Issues a certificate that is not an authority's.
    ///
    /// - Parameter aaguid: 16 bytes for the extension id-fido-gen-ce-aaguid, or `nil` to leave it out.
    public func issue(
        to subject: Subject, key subjectKey: PublicKey, aaguid: [UInt8]?, validity: Validity
    ) throws(CryptographyError) -> Certificate {
        let handle = try Self.unsigned(subject: subject, key: subjectKey, validity: validity)
        let issuer = unsafe X509_get_subject_name(certificate.handle.pointer)
        try check(unsafe X509_set_issuer_name(handle.pointer, issuer), "X509_set_issuer_name")
        try Self.add(NID_basic_constraints, "critical,CA:FALSE", to: handle)
        if let aaguid {
            guard aaguid.count == 16 else { throw .invalidLength }
            try Self.add(extension: "1.3.6.1.4.1.45724.1.1.4", [0x04, 0x10] + aaguid, to: handle)
        }
        try unsafe key.sign(certificate: handle.pointer)
        return try Certificate(derRepresentation: Self.encode(handle))
    }

    private static func unsigned(
        subject: Subject, key: PublicKey, validity: Validity
    ) throws(CryptographyError) -> CertificateHandle {
        guard let pointer = unsafe X509_new() else { throw .openSSL(function: "X509_new") }
        let handle = unsafe CertificateHandle(owning: pointer)
        try check(unsafe X509_set_version(pointer, 2), "X509_set_version")
        let serial = unsafe BN_bin2bn([1] + SecureRandom.bytes(15), 16, nil)
        defer { unsafe BN_free(serial) }
        guard unsafe BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(pointer)) != nil else {
            throw .openSSL(function: "BN_to_ASN1_INTEGER")
        }
        guard
            unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(validity.notBefore)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(validity.notAfter)) != nil
        else { throw .openSSL(function: "ASN1_TIME_set") }
        let name = unsafe X509_get_subject_name(pointer)
        for (shortName, value) in subject.attributes {
            try check(
                unsafe X509_NAME_add_entry_by_txt(
                    name, shortName, MBSTRING_UTF8, Array(value.utf8),
                    Int32(clamping: value.utf8.count), -1, 0),
                "X509_NAME_add_entry_by_txt")
        }
        try check(unsafe X509_set_pubkey(pointer, key.handle.pointer), "X509_set_pubkey")
        return handle
    }

    private static func add(
        _ identifier: Int32, _ value: String, to handle: borrowing CertificateHandle
    ) throws(CryptographyError) {
        guard let item = unsafe X509V3_EXT_conf_nid(nil, nil, identifier, value) else {
            throw .openSSL(function: "X509V3_EXT_conf_nid")
        }
        defer { unsafe X509_EXTENSION_free(item) }
        try check(unsafe X509_add_ext(handle.pointer, item, -1), "X509_add_ext")
    }

    private static func add(
        extension objectIdentifier: String, _ value: [UInt8],
        to handle: borrowing CertificateHandle
    ) throws(CryptographyError) {
        guard let object = unsafe OBJ_txt2obj(objectIdentifier, 1) else {
            throw .openSSL(function: "OBJ_txt2obj")
        }
        defer { unsafe ASN1_OBJECT_free(object) }
        guard let octets = unsafe ASN1_OCTET_STRING_new() else {
            throw .openSSL(function: "ASN1_OCTET_STRING_new")
        }
        defer { unsafe ASN1_OCTET_STRING_free(octets) }
        try check(
            unsafe ASN1_OCTET_STRING_set(octets, value, Int32(clamping: value.count)),
            "ASN1_OCTET_STRING_set")
        guard let item = unsafe X509_EXTENSION_create_by_OBJ(nil, object, 0, octets) else {
            throw .openSSL(function: "X509_EXTENSION_create_by_OBJ")
        }
        defer { unsafe X509_EXTENSION_free(item) }
        try check(unsafe X509_add_ext(handle.pointer, item, -1), "X509_add_ext")
    }

    private static func encode(
        _ handle: borrowing CertificateHandle
    ) throws(CryptographyError) -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let length = unsafe i2d_X509(handle.pointer, &start)
        guard length > 0, let start = unsafe start else { throw .openSSL(function: "i2d_X509") }
        defer { unsafe CRYPTO_free(start, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(length)))
    }
}
