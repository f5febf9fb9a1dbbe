import COpenSSL

/// What the few structures that this module writes itself are made of (X.690 §8, §10).
enum DER {
    /// An element with the shortest length that there is.
    static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        guard contents.count >= 0x80 else { return [tag, UInt8(contents.count)] + contents }
        var length: [UInt8] = []
        var rest = contents.count
        while rest > 0 {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(length.count)] + length + contents
    }

    /// The OBJECT IDENTIFIER of a dotted text.
    static func objectIdentifier(_ text: String) throws(CryptographyError) -> [UInt8] {
        guard let object = unsafe OBJ_txt2obj(text, 1) else {
            throw failure(of: "OBJ_txt2obj")
        }
        defer { unsafe ASN1_OBJECT_free(object) }
        return try unsafe encoded("i2d_ASN1_OBJECT") { start in
            unsafe i2d_ASN1_OBJECT(object, start)
        }
    }

    /// The BIT STRING of key usages, without the zeros at its end (X.690 §11.2.2).
    static func keyUsage(_ usage: Certificate.KeyUsage) -> [UInt8] {
        let bits = UInt16.bitWidth - usage.rawValue.leadingZeroBitCount
        let octets = (0..<(bits + 7) / 8).map { octet in
            (0..<8).reduce(UInt8(0)) { value, bit in
                usage.rawValue >> (8 * octet + bit) & 1 == 1 ? value | 0x80 >> bit : value
            }
        }
        return element(0x03, [UInt8(octets.count * 8 - bits)] + octets)
    }
}
