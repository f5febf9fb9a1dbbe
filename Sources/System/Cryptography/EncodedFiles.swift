import COpenSSL

extension Certificate {
    /// Decodes what a file holds: one certificate in DER, or one or more in PEM (RFC 7468 §5), in their order. Text
    /// between the blocks is passed over; a block of another kind is refused.
    public static func decodeAll(_ contents: [UInt8]) throws(CryptographyError) -> [Certificate] {
        let blocks = try blocks(of: contents, labelled: "CERTIFICATE", else: .invalidCertificate)
        return try blocks.map { der throws(CryptographyError) in
            try Certificate(derRepresentation: der)
        }
    }
}

extension RevocationList {
    /// Decodes what a file holds: one list in DER, or one or more in PEM (RFC 7468 §6), in their order. Text between
    /// the blocks is passed over; a block of another kind is refused.
    public static func decodeAll(
        _ contents: [UInt8]
    ) throws(CryptographyError) -> [RevocationList] {
        let blocks = try blocks(of: contents, labelled: "X509 CRL", else: .invalidRevocationList)
        return try blocks.map { der throws(CryptographyError) in
            try RevocationList(derRepresentation: der)
        }
    }
}

/// The DER in the file, at least one piece.
private func blocks(
    of contents: [UInt8], labelled label: String, else failure: CryptographyError
) throws(CryptographyError) -> [[UInt8]] {
    // A SEQUENCE begins with what is the digit zero in text, and no line of PEM does.
    if contents.first == 0x30 { return [contents] }
    guard let length = Int32(exactly: contents.count) else { throw failure }
    let blocks = unsafe contents.withUnsafeBytes { buffer -> [[UInt8]]? in
        guard let input = unsafe BIO_new_mem_buf(buffer.baseAddress, length) else { return nil }
        defer {
            unsafe BIO_free_all(input)
            ERR_clear_error()
        }
        var blocks: [[UInt8]] = []
        while true {
            switch unsafe nextBlock(of: input, labelled: label) {
            case .block(let der): blocks.append(der)
            case .end: return blocks
            case .malformed: return nil
            }
        }
    }
    guard let blocks, !blocks.isEmpty else { throw failure }
    return blocks
}

private enum Reading {
    case block([UInt8])
    case end
    case malformed
}

private func nextBlock(of input: OpaquePointer, labelled label: String) -> Reading {
    var name: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var content: UnsafeMutablePointer<UInt8>?
    var length = 0
    defer {
        unsafe CRYPTO_free(name, nil, 0)
        unsafe CRYPTO_free(header, nil, 0)
        unsafe CRYPTO_clear_free(content, length, nil, 0)
    }
    guard
        unsafe PEM_read_bio(input, &name, &header, &content, &length) == 1,
        let name = unsafe name, let start = unsafe content
    else {
        let reason = ERR_GET_REASON(ERR_peek_last_error())
        return reason == PEM_R_NO_START_LINE ? .end : .malformed
    }
    // A header stands before what is encrypted.
    guard unsafe String(cString: name) == label, unsafe header?.pointee ?? 0 == 0 else {
        return .malformed
    }
    return unsafe .block(Array(UnsafeBufferPointer(start: start, count: length)))
}
