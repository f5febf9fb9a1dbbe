/// The percent-encoding of tokens: space and `%` are escaped, control characters do not exist, and
/// everything else stands for itself.
public enum PercentCodec {
    /// Escapes space, `%`, and in positional arguments `=` (so that no value reads as an option).
    ///
    /// - Throws: `.controlCharacter`: the grammar has no form for one.
    public static func encode(
        _ text: some StringProtocol, escapingEquals: Bool = false
    ) throws(ArgumentError) -> String {
        guard !text.utf8.contains(where: isControl) else { throw .controlCharacter }
        var bytes: [UInt8] = []
        append(text.utf8, escapingEquals: escapingEquals, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Undoes `encode`. Any byte may be escaped.
    ///
    /// - Throws: `.badPercentEscape`, `.controlCharacter`, `.invalidUTF8`, in the order of reading.
    public static func decode(_ bytes: some Sequence<UInt8>) throws(ArgumentError) -> String {
        var decoded: [UInt8] = []
        var iterator = bytes.makeIterator()
        while var byte = iterator.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = iterator.next().flatMap(digit),
                    let low = iterator.next().flatMap(digit)
                else { throw .badPercentEscape }
                byte = high << 4 | low
            }
            guard !isControl(byte) else { throw .controlCharacter }
            decoded.append(byte)
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
        return text
    }

    /// Appends the encoded form; a control character becomes U+FFFD, for replies must go out.
    static func append(
        _ utf8: some Sequence<UInt8>, escapingEquals: Bool = false, to output: inout [UInt8]
    ) {
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: " "): output.append(contentsOf: "%20".utf8)
            case UInt8(ascii: "%"): output.append(contentsOf: "%25".utf8)
            case UInt8(ascii: "=") where escapingEquals: output.append(contentsOf: "%3D".utf8)
            case _ where isControl(byte): output.append(contentsOf: "\u{FFFD}".utf8)
            default: output.append(byte)
            }
        }
    }

    /// C0 and DEL.
    static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
