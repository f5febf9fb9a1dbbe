import COpenSSL

// What OpenSSL's ASN.1 values say, as Swift's values.

/// Seconds since 1970 of a time, or `nil` where it is none.
func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    guard let time = unsafe time, let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
    defer { unsafe ASN1_TIME_free(epoch) }
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
        ERR_clear_error()
        return nil
    }
    return Int64(days) * 86_400 + Int64(seconds)
}

/// The time of these seconds since 1970, which the caller frees.
func makeTime(_ seconds: Int64) throws(CryptographyError) -> UnsafeMutablePointer<ASN1_TIME> {
    guard let time = unsafe ASN1_TIME_set(nil, time_t(seconds)) else {
        throw failure(of: "ASN1_TIME_set")
    }
    return unsafe time
}

/// The dotted form of an object identifier.
func dottedText(of object: OpaquePointer?) -> String? {
    var text = [CChar](repeating: 0, count: 256)
    let length = unsafe OBJ_obj2txt(&text, Int32(text.count), object, 1)
    guard length > 0, length < text.count else {
        ERR_clear_error()
        return nil
    }
    return String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// A string of UTF-8 without control characters, or `nil` where it is another.
func printableText(of string: UnsafePointer<ASN1_STRING>?) -> String? {
    guard
        let string = unsafe string, let start = unsafe ASN1_STRING_get0_data(string)
    else { return nil }
    let bytes = unsafe UnsafeBufferPointer(
        start: start, count: Int(ASN1_STRING_length(string)))
    guard
        let text = unsafe String(validating: bytes, as: UTF8.self),
        text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return nil }
    return text
}

/// A distinguished name as RFC 2253 writes it.
func text(of name: OpaquePointer?) -> String {
    guard let output = unsafe BIO_new(BIO_s_mem()) else { return "" }
    defer { unsafe BIO_free_all(output) }
    guard unsafe X509_NAME_print_ex(output, name, 0, COUNTERSIGN_NAME_RFC2253) >= 0 else {
        ERR_clear_error()
        return ""
    }
    var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(output))
    let length = unsafe BIO_read(output, &bytes, Int32(clamping: bytes.count))
    return String(decoding: bytes.prefix(max(0, Int(length))), as: UTF8.self)
}
