import COpenSSL

/// An OpenSSL certificate.
///
/// Sendable without a lock: its encoding never changes, and what OpenSSL caches of it on first use it guards with
/// the certificate's own lock (openssl-threads(7)).
@safe struct CertificateHandle: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    /// An empty certificate, to be filled.
    init() throws(CryptographyError) {
        guard let pointer = unsafe X509_new() else { throw failure(of: "X509_new") }
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
