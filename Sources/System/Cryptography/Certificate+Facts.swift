import COpenSSL

extension Certificate {
    /// What a key may be used for (RFC 5280 §4.2.1.3). Bit n of the raw value is bit n of the extension.
    public struct KeyUsage: OptionSet, Sendable, Hashable {
        /// The bits of the extension, the first of them in the lowest place.
        public let rawValue: UInt16

        /// The uses with these bits.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// To sign other than certificates and lists: authentication.
        public static let digitalSignature = KeyUsage(rawValue: 1 << 0)
        /// To sign what the signer cannot deny later.
        public static let contentCommitment = KeyUsage(rawValue: 1 << 1)
        /// To encipher keys.
        public static let keyEncipherment = KeyUsage(rawValue: 1 << 2)
        /// To encipher data without a key between.
        public static let dataEncipherment = KeyUsage(rawValue: 1 << 3)
        /// To agree upon keys.
        public static let keyAgreement = KeyUsage(rawValue: 1 << 4)
        /// To sign certificates.
        public static let keyCertSign = KeyUsage(rawValue: 1 << 5)
        /// To sign revocation lists.
        public static let crlSign = KeyUsage(rawValue: 1 << 6)
        /// Where it agrees upon keys, only to encipher.
        public static let encipherOnly = KeyUsage(rawValue: 1 << 7)
        /// Where it agrees upon keys, only to decipher.
        public static let decipherOnly = KeyUsage(rawValue: 1 << 8)

        /// From OpenSSL's form, which has the octets of the BIT STRING one above the other.
        init(openSSL flags: UInt32) {
            rawValue = (0..<9).reduce(0) { bits, number in
                let mask: UInt32 = number < 8 ? 0x80 >> number : 0x8000
                return flags & mask == 0 ? bits : bits | 1 << number
            }
        }
    }

    /// The serial number, big-endian without leading zeros; its sign, which should be none, is left out.
    public var serialNumber: [UInt8] {
        guard let number = unsafe ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle.pointer), nil)
        else {
            ERR_clear_error()
            return []
        }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe (BN_num_bits(number) + 7) / 8))
        _ = unsafe BN_bn2bin(number, &bytes)
        return bytes
    }

    /// The subject's name as RFC 2253 writes it, the last attribute first. Characters outside ASCII and control
    /// characters are escaped.
    public var subject: String { unsafe text(of: X509_get_subject_name(handle.pointer)) }

    /// The issuer's name, written like ``subject``.
    public var issuer: String { unsafe text(of: X509_get_issuer_name(handle.pointer)) }

    /// What the key may be used for, or `nil` where the certificate does not say, which allows everything. Nothing,
    /// where an extension of the certificate is malformed.
    public var keyUsage: KeyUsage? {
        let flags = unsafe X509_get_key_usage(handle.pointer)
        ERR_clear_error()
        return flags == UInt32.max ? nil : KeyUsage(openSSL: flags)
    }

    /// The dotted identifiers of the purposes that the key is for (RFC 5280 §4.2.1.12), or `nil` where the
    /// certificate does not say, which allows all. None, where the extension is malformed.
    public var extendedKeyUsages: [String]? {
        guard hasExtension("2.5.29.37") else { return nil }
        guard
            let usages = unsafe OpaquePointer(
                X509_get_ext_d2i(handle.pointer, NID_ext_key_usage, nil, nil))
        else {
            ERR_clear_error()
            return []
        }
        defer { unsafe EXTENDED_KEY_USAGE_free(usages) }
        return unsafe (0..<countersign_usages_count(usages)).compactMap { index in
            unsafe dottedText(of: countersign_usages_get(usages, index))
        }
    }

    /// The mail addresses among the subject's alternative names (RFC 5280 §4.2.1.6), in their order.
    public var emails: [String] {
        unsafe alternativeNames { name in
            var kind: Int32 = 0
            let value = unsafe GENERAL_NAME_get0_value(name, &kind)
            guard kind == GEN_EMAIL, let value = unsafe value else { return nil }
            let text = unsafe printableText(
                of: UnsafePointer(value.assumingMemoryBound(to: ASN1_STRING.self)))
            // An IA5String is ASCII.
            return text.flatMap { text in text.utf8.allSatisfy { $0 < 0x80 } ? text : nil }
        }
    }

    /// The user principal names among the subject's alternative names: the other names of type
    /// 1.3.6.1.4.1.311.20.2.3, such as `ada@example.org`, in their order.
    public var userPrincipalNames: [String] {
        guard let type = unsafe OBJ_txt2obj("1.3.6.1.4.1.311.20.2.3", 1) else {
            ERR_clear_error()
            return []
        }
        defer { unsafe ASN1_OBJECT_free(type) }
        return unsafe alternativeNames { name in
            unsafe printableText(of: countersign_names_other_utf8(name, type))
        }
    }

    private func alternativeNames(
        _ text: (UnsafePointer<GENERAL_NAME>?) -> String?
    ) -> [String] {
        // None where the extension is malformed or there are two.
        guard
            let names = unsafe OpaquePointer(
                X509_get_ext_d2i(handle.pointer, NID_subject_alt_name, nil, nil))
        else {
            ERR_clear_error()
            return []
        }
        defer { unsafe GENERAL_NAMES_free(names) }
        return unsafe (0..<countersign_names_count(names)).compactMap { index in
            unsafe text(countersign_names_get(names, index))
        }
    }
}
