import COpenSSL

/// An X.509 certificate, decoded and not yet trusted: nothing here says who signed it.
public final class Certificate: Sendable {
    let handle: CertificateHandle

    /// The DER encoding that it was decoded from.
    public let derRepresentation: [UInt8]

    /// The first moment at which it is valid, in seconds since 1970.
    public let notBefore: Int64

    /// The last moment at which it is valid, in seconds since 1970.
    public let notAfter: Int64

    /// Decodes one certificate that fills `der` to the end and whose times are times.
    public init(derRepresentation der: [UInt8]) throws(CryptographyError) {
        handle = try CertificateHandle(derRepresentation: der)
        guard
            let notBefore = unsafe seconds(X509_get0_notBefore(handle.pointer)),
            let notAfter = unsafe seconds(X509_get0_notAfter(handle.pointer))
        else { throw .invalidCertificate }
        self.notBefore = notBefore
        self.notAfter = notAfter
        derRepresentation = der
    }

    /// The version as people count it: 3 for X.509v3.
    public var version: Int { unsafe X509_get_version(handle.pointer) + 1 }

    /// The key that the certificate is about, or `nil` for one that OpenSSL cannot use.
    public var publicKey: PublicKey? {
        guard let key = unsafe X509_get_pubkey(handle.pointer) else {
            ERR_clear_error()
            return nil
        }
        defer { ERR_clear_error() }
        return try? unsafe PublicKey(handle: KeyHandle(owning: key))
    }

    /// What the basic constraints extension says (RFC 5280 §4.2.1.9): `nil` where it is absent or malformed.
    public var isCertificateAuthority: Bool? {
        guard hasExtension("2.5.29.19") else { return nil }
        let flags = unsafe X509_get_extension_flags(handle.pointer)
        ERR_clear_error()
        guard flags & UInt32(EXFLAG_BCONS) != 0, flags & UInt32(EXFLAG_INVALID) == 0 else {
            return nil
        }
        return flags & UInt32(EXFLAG_CA) != 0
    }

    /// The values of an attribute of the subject, such as `CN`, by OpenSSL's short name for it.
    public func subjectValues(_ shortName: String) -> [String] {
        guard let name = unsafe X509_get_subject_name(handle.pointer) else { return [] }
        let identifier = unsafe OBJ_sn2nid(shortName)
        var values: [String] = []
        var index: Int32 = -1
        while true {
            index = unsafe X509_NAME_get_index_by_NID(name, identifier, index)
            guard index >= 0 else { return values }
            let entry = unsafe X509_NAME_get_entry(name, index)
            var text: UnsafeMutablePointer<UInt8>?
            let length = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
            guard length >= 0, let start = unsafe text else {
                ERR_clear_error()
                continue
            }
            defer { unsafe CRYPTO_free(start, nil, 0) }
            let utf8 = unsafe UnsafeBufferPointer(start: start, count: Int(length))
            unsafe values.append(String(decoding: utf8, as: UTF8.self))
        }
    }

    /// Whether the extension with this dotted object identifier is present.
    public func hasExtension(_ objectIdentifier: String) -> Bool {
        unsafe extensionPointer(objectIdentifier) != nil
    }

    /// Whether the extension with this dotted object identifier is present and critical.
    public func isCritical(_ objectIdentifier: String) -> Bool {
        unsafe X509_EXTENSION_get_critical(extensionPointer(objectIdentifier)) == 1
    }

    /// The value of an extension: the contents of its OCTET STRING, DER as a rule; `nil` where it is absent, or there
    /// more than once, which RFC 5280 §4.2 forbids.
    public func extensionValue(_ objectIdentifier: String) -> [UInt8]? {
        guard
            !isRepeated(objectIdentifier),
            let value = unsafe X509_EXTENSION_get_data(extensionPointer(objectIdentifier)),
            let start = unsafe ASN1_STRING_get0_data(value)
        else { return nil }
        let length = unsafe Int(ASN1_STRING_length(value))
        return unsafe Array(UnsafeBufferPointer(start: start, count: length))
    }

    private func isRepeated(_ objectIdentifier: String) -> Bool {
        guard let object = unsafe OBJ_txt2obj(objectIdentifier, 1) else { return false }
        defer { unsafe ASN1_OBJECT_free(object) }
        let first = unsafe X509_get_ext_by_OBJ(handle.pointer, object, -1)
        return unsafe first >= 0 && X509_get_ext_by_OBJ(handle.pointer, object, first) >= 0
    }

    private func extensionPointer(_ objectIdentifier: String) -> OpaquePointer? {
        guard let object = unsafe OBJ_txt2obj(objectIdentifier, 1) else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe ASN1_OBJECT_free(object) }
        let index = unsafe X509_get_ext_by_OBJ(handle.pointer, object, -1)
        guard index >= 0 else { return nil }
        return unsafe X509_get_ext(handle.pointer, index)
    }
}
