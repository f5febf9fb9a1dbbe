import COpenSSL

/// An X.509 certificate, decoded and not yet trusted: nothing here says who signed it.
public final class Certificate: Sendable {
    let handle: CertificateHandle

    /// The DER encoding that it was decoded from.
    public let derRepresentation: [UInt8]

    /// Decodes one certificate that fills `der` to the end.
    public init(derRepresentation der: [UInt8]) throws(CryptographyError) {
        handle = try CertificateHandle(derRepresentation: der)
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
        return unsafe PublicKey(handle: KeyHandle(owning: key))
    }

    /// What the basic constraints extension says (RFC 5280 §4.2.1.9): `nil` where it is absent or malformed.
    public var isCertificateAuthority: Bool? {
        guard hasExtension("2.5.29.19") else { return nil }
        let flags = unsafe X509_get_extension_flags(handle.pointer)
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

    /// The value of an extension: the contents of its OCTET STRING, DER as a rule; `nil` where it is absent.
    public func extensionValue(_ objectIdentifier: String) -> [UInt8]? {
        guard
            let value = unsafe X509_EXTENSION_get_data(extensionPointer(objectIdentifier)),
            let start = unsafe ASN1_STRING_get0_data(value)
        else { return nil }
        let length = unsafe Int(ASN1_STRING_length(value))
        return unsafe Array(UnsafeBufferPointer(start: start, count: length))
    }

    /// Whether the certificate chains up to one of `anchors` at `time`, seconds since 1970, through
    /// `intermediates` in any order. An anchor may be the certificate itself.
    public func chains(
        to anchors: [Certificate], through intermediates: [Certificate], at time: Int64
    ) -> Bool {
        // One at a time: among anchors of one name OpenSSL takes the first and never looks at the others.
        anchors.contains { chains(to: $0, through: intermediates, at: time) }
    }

    private func chains(
        to anchor: Certificate, through intermediates: [Certificate], at time: Int64
    ) -> Bool {
        let newStore = unsafe X509_STORE_new()
        let newContext = unsafe X509_STORE_CTX_new()
        let newStack = unsafe countersign_certificates_new()
        // Freeing nothing does nothing.
        defer {
            unsafe countersign_certificates_free(newStack)
            unsafe X509_STORE_CTX_free(newContext)
            unsafe X509_STORE_free(newStore)
            ERR_clear_error()
        }
        guard
            let store = unsafe newStore, let context = unsafe newContext,
            let untrusted = unsafe newStack
        else { return false }
        guard unsafe X509_STORE_add_cert(store, anchor.handle.pointer) == 1 else { return false }
        for certificate in intermediates {
            guard
                unsafe countersign_certificates_push(untrusted, certificate.handle.pointer) == 1
            else { return false }
        }
        guard unsafe X509_STORE_CTX_init(context, store, handle.pointer, untrusted) == 1 else {
            return false
        }
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(time))
        guard
            unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN)) == 1
        else { return false }
        return unsafe X509_verify_cert(context) == 1
    }

    private func extensionPointer(_ objectIdentifier: String) -> OpaquePointer? {
        guard let object = unsafe OBJ_txt2obj(objectIdentifier, 1) else { return nil }
        defer { unsafe ASN1_OBJECT_free(object) }
        let index = unsafe X509_get_ext_by_OBJ(handle.pointer, object, -1)
        guard index >= 0 else { return nil }
        return unsafe X509_get_ext(handle.pointer, index)
    }
}

/// An OpenSSL certificate.
///
/// Sendable without a lock: its encoding never changes, and what OpenSSL caches of it on first use it guards with
/// the certificate's own lock (openssl-threads(7)).
@safe struct CertificateHandle: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    init(derRepresentation der: [UInt8]) throws(CryptographyError) {
        let decoded = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var next = buffer.baseAddress
            guard let certificate = unsafe d2i_X509(nil, &next, buffer.count) else { return nil }
            guard unsafe next == buffer.baseAddress.map({ unsafe $0 + buffer.count }) else {
                unsafe X509_free(certificate)
                return nil
            }
            return unsafe certificate
        }
        guard let decoded = unsafe decoded else {
            ERR_clear_error()
            throw .invalidCertificate
        }
        unsafe self.pointer = decoded
    }

    deinit {
        unsafe X509_free(pointer)
    }
}
