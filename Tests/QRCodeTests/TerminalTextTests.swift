import QRCode
import TestSupport
import Testing

struct TerminalTextTests {
    private static let start = "\u{1B}[38;5;16;48;5;231m"
    private static let end = "\u{1B}[0m"

    /// What a person sees, true for light, from the half blocks and the terminal's two colours.
    private static func lights(_ text: String, style: QRSymbol.TerminalStyle) throws -> [[Bool]] {
        var rows: [[Bool]] = []
        #expect(text.hasSuffix("\n"))
        for var line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if style == .coloured {
                try #require(line.hasPrefix(start) && line.hasSuffix(end))
                line = line.dropFirst(start.count).dropLast(end.count)
            }
            let isInkLight = style == .darkBackground
            let inks = try line.map { character -> (Bool, Bool) in
                switch character {
                case "\u{2588}": (true, true)
                case "\u{2580}": (true, false)
                case "\u{2584}": (false, true)
                case " ": (false, false)
                default: throw UnknownCharacter()
                }
            }
            rows.append(inks.map { $0.0 == isInkLight })
            rows.append(inks.map { $0.1 == isInkLight })
        }
        return rows
    }

    private struct UnknownCharacter: Error {}

    @Test(
        arguments: QRSymbol.TerminalStyle.allCases,
        ["A", QRSymbolTests.uri, "abcdefghijklmnopqrstuvwxyz"])
    func `shows the modules and a quiet zone`(style: QRSymbol.TerminalStyle, text: String) throws {
        let symbol = try QRSymbol(text)
        let lights = try Self.lights(symbol.terminalText(style), style: style)
        let quiet = QRSymbol.quietZone
        // An odd number of rows leaves half a line, which is light.
        #expect(lights.count == (symbol.size + 2 * quiet + 1) / 2 * 2)
        #expect(lights.allSatisfy { $0.count == symbol.size + 2 * quiet })
        for (row, line) in lights.enumerated() {
            for (column, isLight) in line.enumerated() {
                let (top, left) = (row - quiet, column - quiet)
                let isModule =
                    (0..<symbol.size).contains(top) && (0..<symbol.size).contains(left)
                #expect(isLight != (isModule && symbol.rows[top][left]))
            }
        }
    }

    @Test(.needs("zbarimg"), arguments: QRSymbol.TerminalStyle.allCases)
    func `zbar reads a picture of the terminal`(style: QRSymbol.TerminalStyle) throws {
        let lights = try Self.lights(
            QRSymbol(QRSymbolTests.uri).terminalText(style), style: style)
        let width = (lights.first?.count ?? 0) * 4
        let header = Array("P5 \(width) \(lights.count * 4) 255\n".utf8)
        let pixels = lights.flatMap { line in
            let row = line.flatMap { [UInt8](repeating: $0 ? 255 : 0, count: 4) }
            return row + row + row + row
        }
        #expect(
            try ReadingProgram.read(header + pixels, as: "screen.pgm") == QRSymbolTests.uri + "\n")
    }
}
