import QRCode
import TestSupport
import Testing

struct PictureTests {
    private static let texts = [
        QRSymbolTests.uri, "A", "https://countersign.example/enrol#grüße-日本語",
        String(repeating: "otpauth", count: 120),
    ]

    @Test(.needs("zbarimg"), arguments: texts)
    func `zbar reads the PNG`(text: String) throws {
        for scale in [3, 8] {
            let picture = try QRSymbol(text).png(scale: scale)
            #expect(try ReadingProgram.read(picture, as: "code.png") == text + "\n")
        }
    }

    @Test(.needs("zbarimg"), arguments: [QRSymbol.Correction.low, .medium, .quartile, .high])
    func `zbar reads every level of correction`(correction: QRSymbol.Correction) throws {
        let picture = try QRSymbol(QRSymbolTests.uri, correction: correction).png(scale: 4)
        #expect(try ReadingProgram.read(picture, as: "code.png") == QRSymbolTests.uri + "\n")
    }

    @Test(.needs("zbarimg"), .needs("rsvg-convert"), arguments: texts)
    func `zbar reads the SVG as librsvg draws it`(text: String) throws {
        let drawing = Array(try QRSymbol(text).svg().utf8)
        let picture = try ReadingProgram.output(
            of: "rsvg-convert", ["--width", "600", "--output", "code.png", "code.svg"],
            files: ["code.svg": drawing], returning: "code.png")
        #expect(try ReadingProgram.read(picture, as: "code.png") == text + "\n")
    }

    /// ISO/IEC 15948 §5.2 and §11.2.2.
    @Test func `the PNG has two colours and the size that was asked for`() throws {
        let symbol = try QRSymbol("A")
        let picture = try symbol.png(scale: 5)
        let side = UInt8((21 + 8) * 5)
        #expect(
            picture.prefix(26)
                == [
                    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44,
                    0x52, 0, 0, 0, side, 0, 0, 0, side, 1, 3,
                ])
        #expect(picture.count < 1_000)
        #expect(try symbol.png(scale: 64).count < 10_000)
        #expect(try QRSymbol([UInt8](repeating: 1, count: 2_331)).png(scale: 1).count < 10_000)
    }

    @Test func `the SVG holds nothing but shapes`() throws {
        let drawing = try QRSymbol("A").svg()
        #expect(drawing.hasPrefix(#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29""#))
        #expect(!drawing.contains("<script"))
        #expect(drawing.contains("M4 4h7v1h-7z"))
    }
}
