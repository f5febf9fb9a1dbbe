/// The lines of a file of lines, none longer than a line may be.
struct BatchText {
    /// A line that is not empty.
    struct Line {
        /// Its number in the file, from 1.
        let number: Int
        /// Its text, without the line's end.
        let text: Result<String, MalformedOATH>
    }

    let lines: [Line]

    /// Splits a file at its line feeds; a carriage return before one belongs to it, and a byte order mark is passed over.
    ///
    /// - Throws: `.tooLarge`; `.encoding` for a file in UTF-16 or UTF-32, each of which has bytes that are zero.
    init(_ file: [UInt8]) throws(MalformedOATH) {
        guard file.count <= BatchLimits.bytes else { throw .tooLarge(limit: BatchLimits.bytes) }
        guard !file.contains(0), !file.starts(with: [0xFF, 0xFE]), !file.starts(with: [0xFE, 0xFF])
        else { throw .encoding }
        let content = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
        var (lines, number): ([Line], Int) = ([], 0)
        for var line in content.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            number += 1
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            guard !line.isEmpty else { continue }
            lines.append(Line(number: number, text: Self.text(of: line)))
        }
        self.lines = lines
    }

    private static func text(of line: ArraySlice<UInt8>) -> Result<String, MalformedOATH> {
        guard line.count <= BatchLimits.lineBytes else {
            return .failure(.tooLarge(limit: BatchLimits.lineBytes))
        }
        guard let text = String(validating: line, as: UTF8.self), !text.hasControlCharacters else {
            return .failure(.encoding)
        }
        return .success(text)
    }
}

extension StringProtocol {
    /// Whether there are any of C0, DEL or C1.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
    }

    /// The number that the text is in decimal digits and nothing else; `nil` where it is none or too great.
    var decimalNumber: UInt64? {
        guard utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return UInt64(self)
    }
}
