/// Base64 with the URL-safe alphabet and without padding (RFC 4648 §5), as WebAuthn writes binary members.
///
/// Not for secrets: decoding looks its characters up in a table and so takes a time that depends on them.
public enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static let values: [UInt8] = {
        var table = [UInt8](repeating: .max, count: 256)
        for (value, character) in alphabet.enumerated() {
            table[Int(character)] = UInt8(truncatingIfNeeded: value)
        }
        return table
    }()

    /// The text form of `bytes`: four characters for three bytes, no padding.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        // An array, for the loop below is not specialised for other sequences.
        let bytes = Array(bytes)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> bits & 0x3F)])
            }
        }
        if bits > 0 {
            text.append(alphabet[Int(buffer << (6 - bits) & 0x3F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` encodes.
    ///
    /// Strict: padding, white space, the other alphabet, impossible lengths and spare bits that are not zero
    /// are refused, so that a byte string has exactly one text form.
    public static func decode(_ text: some StringProtocol) throws(MalformedEncoding) -> [UInt8] {
        let characters = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        var offset = 0
        for character in characters {
            let value = values[Int(character)]
            guard value != .max else { throw .invalidCharacter(offset: offset) }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
            offset += 1
        }
        guard offset % 4 != 1, buffer & (1 << bits - 1) == 0 else { throw .nonCanonicalText }
        return bytes
    }
}
