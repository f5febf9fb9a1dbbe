import COpenSSL

extension P256PrivateKey {
    /// The key as a file holds it: PKCS #8 in PEM (RFC 7468 §10), not encrypted. Secret.
    public func pemRepresentation() throws(CryptographyError) -> [UInt8] {
        try unsafe textFile("PEM_write_bio_PKCS8PrivateKey") { output in
            unsafe PEM_write_bio_PKCS8PrivateKey(output, handle.pointer, nil, nil, 0, nil, nil)
        }
    }

    /// Decodes what a file holds: a key on P-256 in PEM, as PKCS #8 or in the older form of SEC 1, not encrypted,
    /// with the public point that belongs to it. Text around it is passed over.
    ///
    /// - Throws: ``CryptographyError/invalidPrivateKey`` for anything else.
    public convenience init(pemRepresentation contents: [UInt8]) throws(CryptographyError) {
        guard let length = Int32(exactly: contents.count) else { throw .invalidPrivateKey }
        let parts = unsafe contents.withUnsafeBytes { buffer -> (scalar: [UInt8], info: [UInt8])? in
            guard let input = unsafe BIO_new_mem_buf(buffer.baseAddress, length) else { return nil }
            defer {
                unsafe BIO_free_all(input)
                ERR_clear_error()
            }
            // Without a function that knows the password OpenSSL would ask whoever sits at the terminal.
            guard
                let pointer = unsafe PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil)
            else { return nil }
            let key = unsafe KeyHandle(owning: pointer)
            guard
                let info = try? key.subjectPublicKeyInfo(),
                info.starts(with: NamedCurve.p256.subjectPublicKeyInfoPrefix),
                let scalar = key.number(OSSL_PKEY_PARAM_PRIV_KEY), scalar.count <= 32
            else { return nil }
            return ([UInt8](repeating: 0, count: 32 - scalar.count) + scalar, info)
        }
        guard let parts else { throw .invalidPrivateKey }
        try self.init(rawRepresentation: parts.scalar)
        // OpenSSL takes the point that the file gives without a look at the scalar.
        guard publicKey.subjectPublicKeyInfo == parts.info else { throw .invalidPrivateKey }
    }
}

extension Certificate {
    /// The certificate as a file holds it: PEM (RFC 7468 §5).
    public func pemRepresentation() throws(CryptographyError) -> [UInt8] {
        try unsafe textFile("PEM_write_bio_X509") { output in
            unsafe PEM_write_bio_X509(output, handle.pointer)
        }
    }
}

/// What one of OpenSSL's functions writes to a file.
private func textFile(
    _ function: StaticString, _ write: (OpaquePointer) -> Int32
) throws(CryptographyError) -> [UInt8] {
    // Memory that is cleared when it is let go: the text may be that of a key.
    guard let output = unsafe BIO_new(BIO_s_secmem()) else { throw failure(of: "BIO_new") }
    defer { unsafe BIO_free_all(output) }
    try check(unsafe write(output), function)
    var text = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(output))
    let length = unsafe BIO_read(output, &text, Int32(clamping: text.count))
    guard Int(length) == text.count else { throw failure(of: "BIO_read") }
    return text
}
