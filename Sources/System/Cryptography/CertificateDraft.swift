import COpenSSL

/// A certificate that is being made and not yet signed.
struct CertificateDraft: ~Copyable {
    let handle: CertificateHandle

    init(
        subject: CertificateAuthority.Subject, key: PublicKey,
        validity: CertificateAuthority.Validity, serialNumber: [UInt8]?
    ) throws(CryptographyError) {
        handle = try Self.fill(
            subject: subject, key: key, validity: validity, serialNumber: serialNumber)
    }

    private static func fill(
        subject: CertificateAuthority.Subject, key: PublicKey,
        validity: CertificateAuthority.Validity, serialNumber: [UInt8]?
    ) throws(CryptographyError) -> CertificateHandle {
        let handle = try CertificateHandle()
        let pointer = unsafe handle.pointer
        try check(unsafe X509_set_version(pointer, 2), "X509_set_version")
        let serial = try unsafe makeInteger(serialNumber ?? [1] + SecureRandom.bytes(15))
        defer { unsafe ASN1_INTEGER_free(serial) }
        try check(unsafe X509_set_serialNumber(pointer, serial), "X509_set_serialNumber")
        let notBefore = try unsafe makeTime(validity.notBefore)
        defer { unsafe ASN1_TIME_free(notBefore) }
        try check(unsafe X509_set1_notBefore(pointer, notBefore), "X509_set1_notBefore")
        let notAfter = try unsafe makeTime(validity.notAfter)
        defer { unsafe ASN1_TIME_free(notAfter) }
        try check(unsafe X509_set1_notAfter(pointer, notAfter), "X509_set1_notAfter")
        let name = unsafe X509_get_subject_name(pointer)
        for attribute in subject.attributes {
            let value = Array(attribute.value.utf8)
            try check(
                unsafe X509_NAME_add_entry_by_txt(
                    name, attribute.shortName, MBSTRING_UTF8, value, Int32(clamping: value.count),
                    -1, 0),
                "X509_NAME_add_entry_by_txt")
        }
        try check(unsafe X509_set_pubkey(pointer, key.handle.pointer), "X509_set_pubkey")
        return handle
    }

    /// Names the subject of `certificate` as who will sign.
    borrowing func setIssuer(to certificate: Certificate) throws(CryptographyError) {
        let name = unsafe X509_get_subject_name(certificate.handle.pointer)
        try check(unsafe X509_set_issuer_name(handle.pointer, name), "X509_set_issuer_name")
    }

    /// Names the subject itself as who will sign.
    borrowing func setIssuerToSubject() throws(CryptographyError) {
        let name = unsafe X509_get_subject_name(handle.pointer)
        try check(unsafe X509_set_issuer_name(handle.pointer, name), "X509_set_issuer_name")
    }

    /// Adds what makes it an authority's.
    borrowing func addAuthorityExtensions() throws(CryptographyError) {
        let isAuthority = DER.element(0x30, DER.element(0x01, [0xFF]))
        try add(CertificateAuthority.Extension("2.5.29.19", isAuthority, isCritical: true))
        try add(
            CertificateAuthority.Extension(
                "2.5.29.15", DER.keyUsage([.keyCertSign, .crlSign]), isCritical: true))
    }

    /// Adds an extension behind those that are there.
    borrowing func add(_ item: CertificateAuthority.Extension) throws(CryptographyError) {
        guard let object = unsafe OBJ_txt2obj(item.objectIdentifier, 1) else {
            throw failure(of: "OBJ_txt2obj")
        }
        defer { unsafe ASN1_OBJECT_free(object) }
        guard let octets = unsafe ASN1_OCTET_STRING_new() else {
            throw failure(of: "ASN1_OCTET_STRING_new")
        }
        defer { unsafe ASN1_OCTET_STRING_free(octets) }
        try check(
            unsafe ASN1_OCTET_STRING_set(octets, item.value, Int32(clamping: item.value.count)),
            "ASN1_OCTET_STRING_set")
        guard
            let made = unsafe X509_EXTENSION_create_by_OBJ(
                nil, object, item.isCritical ? 1 : 0, octets)
        else { throw failure(of: "X509_EXTENSION_create_by_OBJ") }
        defer { unsafe X509_EXTENSION_free(made) }
        try check(unsafe X509_add_ext(handle.pointer, made, -1), "X509_add_ext")
    }

    /// The DER, once it is signed.
    borrowing func encoded() throws(CryptographyError) -> [UInt8] {
        let pointer = unsafe handle.pointer
        return try unsafe Cryptography.encoded("i2d_X509") { start in
            unsafe i2d_X509(pointer, start)
        }
    }
}

/// The INTEGER of a serial number of 1 to 20 bytes, big-endian, which the caller frees.
func makeInteger(
    _ serialNumber: [UInt8]
) throws(CryptographyError) -> UnsafeMutablePointer<ASN1_INTEGER> {
    guard (1...20).contains(serialNumber.count) else { throw .invalidLength }
    let number = unsafe BN_bin2bn(serialNumber, Int32(serialNumber.count), nil)
    defer { unsafe BN_free(number) }
    guard let number = unsafe number, let integer = unsafe BN_to_ASN1_INTEGER(number, nil) else {
        throw failure(of: "BN_to_ASN1_INTEGER")
    }
    return unsafe integer
}
