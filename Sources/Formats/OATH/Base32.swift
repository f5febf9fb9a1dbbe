/// Base32 (RFC 4648 §6), as people meet a token's secret. Takes a time that depends on lengths alone.
public enum Base32 {
    /// The text form of `bytes`, in capitals and without padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        SecretText.Alphabet.base32.encode(bytes)
    }

    /// The bytes that `text` encodes; either case, with all of its padding or none.
    ///
    /// Strict in the rest: white space, impossible lengths and spare bits that are not zero are refused.
    public static func decode(_ text: some StringProtocol) throws(MalformedOATH) -> [UInt8] {
        try SecretText.Alphabet.base32.decode(Array(text.utf8), padding: 6)
    }
}
