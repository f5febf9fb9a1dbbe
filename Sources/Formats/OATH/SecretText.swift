/// Text forms of secrets, read and written in a time that depends on their lengths alone: no table is looked up and no
/// branch taken by what a character is.
///
/// Strict: impossible lengths and spare bits that are not zero are refused, so that a byte string has one text form but
/// for the case of letters and the padding.
public enum SecretText {
    /// The bytes of Base64 (RFC 4648 §4), with its padding.
    public static func decodeBase64(_ text: some StringProtocol) throws(MalformedOATH) -> [UInt8] {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { throw .secretText }
        return try Alphabet.base64.decode(characters, padding: 2)
    }

    /// The bytes of Base64 with the URL-safe alphabet and without padding (RFC 4648 §5).
    public static func decodeBase64URL(
        _ text: some StringProtocol
    ) throws(MalformedOATH) -> [UInt8] {
        try Alphabet.base64URL.decode(Array(text.utf8), padding: 0)
    }

    /// Base64 with the URL-safe alphabet and without padding (RFC 4648 §5).
    public static func encodeBase64URL(_ bytes: [UInt8]) -> String {
        Alphabet.base64URL.encode(bytes)
    }

    /// The bytes of hexadecimal digits, two a byte, of either case.
    public static func decodeHexadecimal(
        _ text: some StringProtocol
    ) throws(MalformedOATH) -> [UInt8] {
        try Alphabet.hexadecimal.decode(Array(text.utf8), padding: 0)
    }

    /// What each character stands for.
    struct Alphabet {
        /// Characters in the order of what they stand for.
        struct Run {
            let first: UInt32
            let last: UInt32
            /// What the first of them stands for.
            let value: UInt32

            init(_ first: Unicode.Scalar, _ last: Unicode.Scalar, _ value: UInt32) {
                self.first = first.value
                self.last = last.value
                self.value = value
            }
        }

        /// How many bits a character stands for.
        let bits: Int
        /// Those that are written, and then those that are read besides.
        let runs: [Run]

        static let base32 = Alphabet(
            bits: 5, runs: [Run("A", "Z", 0), Run("2", "7", 26), Run("a", "z", 0)])
        static let base64 = Alphabet(
            bits: 6,
            runs: [
                Run("A", "Z", 0), Run("a", "z", 26), Run("0", "9", 52), Run("+", "+", 62),
                Run("/", "/", 63),
            ])
        static let base64URL = Alphabet(
            bits: 6,
            runs: [
                Run("A", "Z", 0), Run("a", "z", 26), Run("0", "9", 52), Run("-", "-", 62),
                Run("_", "_", 63),
            ])
        static let hexadecimal = Alphabet(
            bits: 4, runs: [Run("0", "9", 0), Run("a", "f", 10), Run("A", "F", 10)])

        /// All ones where `value` is in the range, else zero; all three are below 2³¹.
        private func mask(_ value: UInt32, from first: UInt32, to last: UInt32) -> UInt32 {
            (((value &- first) | (last &- value)) >> 31) &- 1
        }

        /// The bytes; up to `padding` characters `=` may end the text.
        func decode(_ characters: [UInt8], padding: Int) throws(MalformedOATH) -> [UInt8] {
            // Where a text is padded says how long the secret is, and no more.
            let end = characters.suffix(padding).reversed().prefix { $0 == UInt8(ascii: "=") }
            let text = characters.dropLast(end.count)
            guard end.isEmpty || (text.count + end.count) * bits % 8 == 0 else {
                throw .secretText
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count * bits / 8)
            var (buffer, held): (UInt32, Int) = (0, 0)
            var known = UInt32.max
            for character in text {
                var (value, found): (UInt32, UInt32) = (0, 0)
                for run in runs {
                    let mask = mask(UInt32(character), from: run.first, to: run.last)
                    value |= mask & (UInt32(character) &- run.first &+ run.value)
                    found |= mask
                }
                known &= found
                buffer = buffer << UInt32(bits) | value
                held += bits
                if held >= 8 {
                    held -= 8
                    bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(held)))
                }
            }
            guard known == .max, held < bits, buffer & (1 << UInt32(held) &- 1) == 0 else {
                throw .secretText
            }
            return bytes
        }

        /// The text, without padding.
        func encode(_ bytes: [UInt8]) -> String {
            var text: [UInt8] = []
            text.reserveCapacity((bytes.count * 8 + bits - 1) / bits)
            var (buffer, held): (UInt32, Int) = (0, 0)
            let values = (1 << UInt32(bits)) as UInt32
            for byte in bytes {
                buffer = buffer << 8 | UInt32(byte)
                held += 8
                while held >= bits {
                    held -= bits
                    text.append(character(buffer >> UInt32(held) & (values &- 1)))
                }
            }
            if held > 0 {
                text.append(character(buffer << UInt32(bits - held) & (values &- 1)))
            }
            return String(decoding: text, as: UTF8.self)
        }

        private func character(_ value: UInt32) -> UInt8 {
            var (character, missing): (UInt32, UInt32) = (0, .max)
            for run in runs {
                // Only the first run that has the value counts; the rest are other spellings.
                let mask = mask(value, from: run.value, to: run.value &+ run.last &- run.first)
                character |= missing & mask & (value &- run.value &+ run.first)
                missing &= ~mask
            }
            return UInt8(truncatingIfNeeded: character)
        }
    }
}
