/// The encodings of a digest that an RSA signature is made of (RFC 8017 §9), for keys that do only the bare operation,
/// such as those in a PIV card.
public enum RSAPadding {
    /// The DER before the digest in a DigestInfo for SHA-256 (RFC 8017 §9.2, note 1).
    private static let digestPrefix: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ]

    /// EMSA-PKCS1-v1_5 (RFC 8017 §9.2) of a SHA-256 digest.
    ///
    /// - Parameters:
    ///   - digest: 32 bytes.
    ///   - modulusLength: the length of the block, that of the modulus, in bytes; 256 for 2048 bits.
    public static func pkcs1SHA256(
        digest: [UInt8], modulusLength: Int = 256
    ) throws(CryptographyError) -> [UInt8] {
        let padding = modulusLength - 3 - digestPrefix.count - digest.count
        guard digest.count == 32, padding >= 8 else { throw .invalidLength }
        return [0x00, 0x01] + [UInt8](repeating: 0xFF, count: padding) + [0x00] + digestPrefix
            + digest
    }

    /// EMSA-PSS (RFC 8017 §9.1.1) of a SHA-256 digest, with MGF1 over SHA-256.
    ///
    /// - Parameters:
    ///   - digest: 32 bytes.
    ///   - salt: random bytes of the caller's; 32 where the other side is ``SignatureScheme/rsaPSSSHA256``.
    ///   - modulusBits: the bits of the modulus.
    /// - Returns: a block as long as the modulus, below it as a number.
    public static func pssSHA256(
        digest: [UInt8], salt: [UInt8], modulusBits: Int = 2048
    ) throws(CryptographyError) -> [UInt8] {
        guard digest.count == 32, (1...16_384).contains(modulusBits), salt.count <= 2048 else {
            throw .invalidLength
        }
        let encodedLength = (modulusBits - 1 + 7) / 8
        let maskedLength = encodedLength - 32 - 1
        let padding = maskedLength - salt.count - 1
        guard padding >= 0 else { throw .invalidLength }
        let hash = SHA256.hash([UInt8](repeating: 0, count: 8) + digest + salt)
        let block = [UInt8](repeating: 0, count: padding) + [0x01] + salt
        var masked = zip(block, mask(seed: hash, length: maskedLength)).map { $0 ^ $1 }
        // The encoding has one bit less than the modulus, so that it is the smaller number.
        masked[0] &= 0xFF >> UInt8(8 * encodedLength - (modulusBits - 1))
        let leading = (modulusBits + 7) / 8 - encodedLength
        return [UInt8](repeating: 0, count: leading) + masked + hash + [0xBC]
    }

    /// MGF1 over SHA-256 (RFC 8017 §B.2.1).
    private static func mask(seed: [UInt8], length: Int) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt32 = 0
        while mask.count < length {
            let octets = (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * $0)) }
            mask += SHA256.hash(seed + octets)
            counter += 1
        }
        return Array(mask.prefix(length))
    }
}
