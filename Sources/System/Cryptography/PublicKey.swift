import COpenSSL

/// A public key that is known to be valid: for a key on an elliptic curve, that its point lies on the curve.
public final class PublicKey: Sendable {
    /// What a key can be used with.
    public enum Kind: Sendable, Hashable {
        /// A point on P-256, in uncompressed form and with the curve by its name.
        case p256
        /// A point on P-384, likewise.
        case p384
        /// An RSA modulus of 2048 to 8192 bits, odd, with an odd exponent from 65537 to below 2^64.
        case rsa(bits: Int)
        /// A key that nothing here verifies with: another curve, a weak RSA key, an Edwards curve.
        case other
    }

    let handle: KeyHandle

    /// What the key can be used with.
    public let kind: Kind

    /// The DER of the key's SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), from which
    /// ``init(subjectPublicKeyInfo:)`` makes the key again, unless it is ``Kind/other``.
    public let subjectPublicKeyInfo: [UInt8]

    /// The key with this point in uncompressed form, 65 or 97 bytes.
    private init(_ curve: NamedCurve, point: [UInt8]) throws(CryptographyError) {
        handle = try KeyHandle.onCurve(curve, point: point, scalar: nil)
        kind =
            switch curve {
            case .p256: .p256
            case .p384: .p384
            }
        subjectPublicKeyInfo = curve.subjectPublicKeyInfoPrefix + point
    }

    /// Any key of OpenSSL's, such as a certificate's.
    init(handle: consuming KeyHandle) throws(CryptographyError) {
        subjectPublicKeyInfo = try handle.subjectPublicKeyInfo()
        kind =
            if Self.isPoint(on: .p256, subjectPublicKeyInfo) {
                .p256
            } else if Self.isPoint(on: .p384, subjectPublicKeyInfo) {
                .p384
            } else if let bits = handle.usableModulusBits {
                .rsa(bits: bits)
            } else {
                .other
            }
        self.handle = handle
    }

    /// The key on P-256 with these affine coordinates, 32 bytes each, big-endian.
    public convenience init(p256X x: [UInt8], y: [UInt8]) throws(CryptographyError) {
        guard x.count == 32, y.count == 32 else { throw .invalidPublicKey }
        try self.init(.p256, point: [4] + x + y)
    }

    /// The key on P-256 with this point in uncompressed form, 65 bytes (SEC 1 §2.3.3).
    public convenience init(p256Point point: [UInt8]) throws(CryptographyError) {
        try self.init(.p256, point: point)
    }

    /// The key on P-384 with this point in uncompressed form, 97 bytes (SEC 1 §2.3.3).
    public convenience init(p384Point point: [UInt8]) throws(CryptographyError) {
        try self.init(.p384, point: point)
    }

    /// The RSA key with this modulus and exponent, big-endian without leading zeros, of the sizes that
    /// ``Kind/rsa(bits:)`` has.
    public convenience init(
        rsaModulus modulus: [UInt8], exponent: [UInt8]
    ) throws(CryptographyError) {
        try self.init(handle: KeyHandle.rsa(modulus: modulus, exponent: exponent))
    }

    /// Decodes the DER of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), read to the end and re-encoded to the same
    /// bytes, of a key that is not ``Kind/other``.
    ///
    /// A curve must be named, not described, and its point uncompressed.
    public convenience init(subjectPublicKeyInfo der: [UInt8]) throws(CryptographyError) {
        for curve in [NamedCurve.p256, .p384] where Self.isPoint(on: curve, der) {
            try self.init(curve, point: Array(der.suffix(curve.pointByteCount)))
            return
        }
        try self.init(handle: KeyHandle.rsa(subjectPublicKeyInfo: der))
        guard case .rsa = kind, subjectPublicKeyInfo == der else { throw .invalidPublicKey }
    }

    /// The point in uncompressed form, 65 bytes, where this is a key on P-256.
    public var p256Point: [UInt8]? {
        kind == .p256 ? subjectPublicKeyInfo.suffix(NamedCurve.p256.pointByteCount) : nil
    }

    /// The point in uncompressed form, 97 bytes, where this is a key on P-384.
    public var p384Point: [UInt8]? {
        kind == .p384 ? subjectPublicKeyInfo.suffix(NamedCurve.p384.pointByteCount) : nil
    }

    /// The modulus, big-endian without leading zeros, where this is an RSA key: 256 bytes for 2048 bits.
    public var rsaModulus: [UInt8]? {
        guard case .rsa = kind else { return nil }
        return handle.number(OSSL_PKEY_PARAM_RSA_N)
    }

    /// The public exponent, big-endian without leading zeros, where this is an RSA key.
    public var rsaExponent: [UInt8]? {
        guard case .rsa = kind else { return nil }
        return handle.number(OSSL_PKEY_PARAM_RSA_E)
    }

    private static func isPoint(on curve: NamedCurve, _ der: [UInt8]) -> Bool {
        let prefix = curve.subjectPublicKeyInfoPrefix
        return der.count == prefix.count + curve.pointByteCount && der.starts(with: prefix)
            && der[prefix.count] == 4
    }
}
