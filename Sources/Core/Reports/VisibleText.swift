import AuditLog

/// Text from anybody, so written that it does nothing but stand there.
public enum VisibleText {
    /// How many combining marks may follow each other; languages need no more, and more paint over what is around.
    private static let marks = 4

    /// The text with controls, marks of direction, what is not seen, and heaps of combining marks as `\u{…}`.
    public static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value > 0x7E || $0.value < 0x20 }) else {
            return text
        }
        var (result, run) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run + 1 : 0
            if run > marks || HarmlessText.isHarmful(scalar) || isUnassigned(scalar) {
                result.append(contentsOf: escape(scalar).unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The text with control characters as `\u{…}` and no longer than `limit` bytes, to travel in a reply's line.
    public static func portable(_ text: String, limit: Int = 512) -> String {
        var (result, length) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let piece = isControl ? escape(scalar) : String(scalar)
            length += piece.utf8.count
            guard length <= limit else { return String(result) + "…" }
            result.append(contentsOf: piece.unicodeScalars)
        }
        return String(result)
    }

    static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\u{" + String(scalar.value, radix: 16) + "}"
    }

    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }

    private static func isUnassigned(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .unassigned, .privateUse, .format, .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
