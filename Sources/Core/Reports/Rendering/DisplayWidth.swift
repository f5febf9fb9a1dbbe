/// How many columns of a terminal a text takes (Unicode Standard Annex 11).
enum DisplayWidth {
    /// The width of a text without control characters.
    static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        if VisibleText.isMark(scalar) { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default:
            return scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }

    /// As much of a text as fits into `width` columns, with `…` at its end where not all does.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var (kept, taken) = (String.UnicodeScalarView(), 1)
        for scalar in text.unicodeScalars {
            taken += of(scalar)
            guard taken <= width else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    /// The text with blanks, so that it takes `width` columns.
    static func pad(_ text: String, to width: Int, rightAligned: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - of(text)))
        return rightAligned ? blanks + text : text + blanks
    }
}
