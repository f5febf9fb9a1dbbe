/// The two forms of an ECDSA signature on P-256, each of which has exactly one text for each pair of numbers.
///
/// Neither direction asks whether the numbers are from 1 to the order of the group less one: that is for the
/// verification, and a signature out of range is not valid.
public enum ECDSASignature {
    private static let coordinateByteCount = 32

    /// The DER of `SEQUENCE { r, s }` (RFC 3279 §2.2.3) for r and s of 32 bytes each, big-endian (RFC 7518 §3.4);
    /// `nil` for anything but 64 bytes.
    public static func der(fromRaw raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 2 * coordinateByteCount else { return nil }
        return DER.element(
            0x30,
            integer(raw.prefix(coordinateByteCount)) + integer(raw.suffix(coordinateByteCount)))
    }

    /// r and s, 32 bytes each, big-endian, from the DER of `SEQUENCE { r, s }`.
    ///
    /// `nil` for what is not strict DER, has something behind it, or has a number below zero or of more than 256 bits.
    public static func raw(fromDER der: [UInt8]) -> [UInt8]? {
        var rest = der[...]
        guard
            var numbers = element(0x30, from: &rest), rest.isEmpty,
            let r = coordinate(from: &numbers), let s = coordinate(from: &numbers), numbers.isEmpty
        else { return nil }
        return r + s
    }

    private static func integer(_ coordinate: ArraySlice<UInt8>) -> [UInt8] {
        let magnitude = coordinate.drop { $0 == 0 }
        let isPositive = magnitude.first.map { $0 < 0x80 } ?? false
        return DER.element(0x02, (isPositive ? [] : [0]) + magnitude)
    }

    private static func coordinate(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let contents = element(0x02, from: &rest), let first = contents.first, first < 0x80
        else { return nil }
        let magnitude = first == 0 ? contents.dropFirst() : contents
        // A zero in front is there only for the sign, or for zero itself.
        if first == 0, let second = magnitude.first, second < 0x80 { return nil }
        guard magnitude.count <= coordinateByteCount else { return nil }
        return [UInt8](repeating: 0, count: coordinateByteCount - magnitude.count) + magnitude
    }

    /// The contents of an element with a length of one byte: two numbers of 33 bytes with their heads need no more.
    private static func element(
        _ tag: UInt8, from rest: inout ArraySlice<UInt8>
    ) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, let length = rest.popFirst(), length < 0x80 else {
            return nil
        }
        let contents = rest.prefix(Int(length))
        guard contents.count == Int(length) else { return nil }
        rest = rest.dropFirst(Int(length))
        return contents
    }
}

extension P256PrivateKey {
    /// Signs `message` with ECDSA over SHA-256; the signature is r and s, 32 bytes each, big-endian: ES256 of
    /// RFC 7518 §3.4.
    public func rawSignature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let der = try signature(for: message)
        guard let raw = ECDSASignature.raw(fromDER: der) else { throw .invalidLength }
        return raw
    }
}

extension PublicKey {
    /// Whether `signature`, r and s of 32 bytes each, over `message` with SHA-256 verifies under this key on P-256. Its
    /// time depends on the values, all of which are public. One of another length is not valid; it is no error.
    public func isValidRawSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let der = ECDSASignature.der(fromRaw: signature) else { return false }
        return isValidSignature(der, for: message, scheme: .ecdsaSHA256)
    }
}
