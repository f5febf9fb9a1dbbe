package import Encoding

/// Text from anybody, so written that it does nothing but stand there: no terminal takes it for a command, no line ends
/// in it, and no mark in it turns around what stands beside it.
public enum HarmlessText {
    /// The text with what could do harm as `\u{…}`, in hexadecimal.
    public static func escaped(_ text: String) -> String {
        guard isHarmful(text) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The text form of a JSON value, with JSON's own escapes for what could do harm.
    package static func json(_ value: JSON) -> String {
        let json = value.encoded()
        guard isHarmful(json) else { return json }
        var text = ""
        for scalar in json.unicodeScalars {
            guard isHarmful(scalar) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }

    private static func isHarmful(_ text: String) -> Bool {
        // Most texts are printable ASCII, and decided by that.
        text.utf8.contains { !(0x20...0x7E).contains($0) }
            && text.unicodeScalars.contains(where: isHarmful)
    }

    /// Whether a scalar is a control character, ends a line, changes the direction of writing, or is not seen at all.
    ///
    /// The list is fixed, so that what was written by one version reads the same to every other.
    public static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0xAD, 0x34F, 0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F: true
        case 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xFFFE...0xFFFF: true
        case 0xE0000...0xE0FFF: true
        default: false
        }
    }
}
