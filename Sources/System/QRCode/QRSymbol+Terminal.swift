extension QRSymbol {
    /// What a terminal is known to look like.
    public enum TerminalStyle: Sendable, Hashable, CaseIterable {
        /// Light text on a dark background: the text's colour draws the light modules.
        case darkBackground
        /// Dark text on a light background: the text's colour draws the dark modules.
        case lightBackground
        /// The symbol brings its own black and white (colours 16 and 231 of 256), and so is right on any terminal that
        /// has colours.
        case coloured
    }

    /// The symbol and its quiet zone in half blocks of Unicode: a line for two rows of modules, each ended by a line
    /// feed, as wide in characters as the symbol is in modules.
    public func terminalText(_ style: TerminalStyle) -> String {
        let places = -Self.quietZone..<size + Self.quietZone
        // What is inked: on a dark background it is what lights up.
        let inked = style != .darkBackground
        var text = ""
        for row in stride(from: places.lowerBound, to: places.upperBound, by: 2) {
            if style == .coloured { text += "\u{1B}[38;5;16;48;5;231m" }
            for column in places {
                let upper = isDark(row: row, column: column) == inked
                let lower = isDark(row: row + 1, column: column) == inked
                text += Self.halfBlock(upper: upper, lower: lower)
            }
            if style == .coloured { text += "\u{1B}[0m" }
            text += "\n"
        }
        return text
    }

    private static func halfBlock(upper: Bool, lower: Bool) -> String {
        switch (upper, lower) {
        case (true, true): "\u{2588}"
        case (true, false): "\u{2580}"
        case (false, true): "\u{2584}"
        case (false, false): " "
        }
    }
}
