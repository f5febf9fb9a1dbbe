import ConditionalAccess

/// Changes the state of a policy in the text that it was written in: that one line, and nothing else.
enum PolicyStateLine {
    private typealias Line = ArraySlice<UInt8>

    /// The text with another state of the policy whose mapping begins on a line. `nil` where the mapping is not written
    /// with a key a line, so that the state has no line for itself.
    ///
    /// The line is found by its looks alone; whoever calls this reads what comes of it and makes sure that it says what
    /// was meant.
    ///
    /// - Parameter first: the line of the mapping's first key, from 1.
    static func replacing(
        stateOfPolicyAt first: Int, in yaml: String, with state: AccessPolicy.State
    ) -> String? {
        let newline = UInt8(ascii: "\n")
        var lines = Array(yaml.utf8).split(separator: newline, omittingEmptySubsequences: false)
        guard
            lines.indices.contains(first - 1), let column = keyColumn(of: lines[first - 1])
        else { return nil }
        let last = lines[first...].firstIndex { !isWithin($0, column) } ?? lines.endIndex
        for place in (first - 1)..<last {
            let line = lines[place]
            // The first key stands behind the dash.
            guard place == first - 1 || margin(of: line) == column else { continue }
            let key = line.dropFirst(column)
            guard key.starts(with: "state:".utf8) else { continue }
            guard let rest = rest(behind: key.dropFirst("state:".utf8.count)) else { return nil }
            lines[place] =
                (line.prefix(column) + Array("state: \(state.rawValue)".utf8) + rest)[...]
            return String(decoding: Array(lines.joined(separator: [newline])), as: UTF8.self)
        }
        return nil
    }

    private static func margin(of line: Line) -> Int {
        line.prefix { $0 == UInt8(ascii: " ") }.count
    }

    /// The column at which a mapping's keys stand, by the line of its first one.
    private static func keyColumn(of line: Line) -> Int? {
        var rest = line
        while let byte = rest.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") {
            let next = rest.dropFirst().first
            guard byte == UInt8(ascii: " ") || next == UInt8(ascii: " ") else { return nil }
            rest = rest.dropFirst()
        }
        // Anything but a plain key is a mapping in braces, or a key in quotes.
        guard let byte = rest.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) else {
            return nil
        }
        return line.count - rest.count
    }

    /// Whether a line belongs to a mapping whose keys stand at a column.
    private static func isWithin(_ line: Line, _ column: Int) -> Bool {
        let margin = margin(of: line)
        guard let byte = line.dropFirst(margin).first else { return true }
        return byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\r") || margin >= column
    }

    /// What is behind the one word of a key: blanks and a comment, the end of a line. `nil` where there is no word, or more
    /// than one.
    private static func rest(behind value: Line) -> Line? {
        let (blank, end) = (UInt8(ascii: " "), UInt8(ascii: "\r"))
        let trimmed = value.drop { $0 == blank }
        let word = trimmed.prefix { $0 != blank && $0 != end }
        guard let first = word.first, first != UInt8(ascii: "#") else { return nil }
        let rest = trimmed.dropFirst(word.count)
        switch rest.drop(while: { $0 == blank }).first {
        case nil, UInt8(ascii: "#"), end: return rest
        default: return nil
        }
    }
}
