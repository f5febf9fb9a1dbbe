import QRCode
import TestSupport
import Testing

struct QRSymbolTests {
    static let uri =
        "otpauth://totp/Example%20Org:alice%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Org"

    /// ISO/IEC 18004 §6.3: three finder patterns in the corners, and the dark module beside the lower one.
    @Test func `has the patterns of the standard`() throws {
        let symbol = try QRSymbol(Self.uri)
        #expect(symbol.rows.count == symbol.size)
        #expect(symbol.rows.allSatisfy { $0.count == symbol.size })
        let finder = [
            "1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111",
        ].map { $0.map { $0 == "1" } }
        let last = symbol.size - 7
        for (top, left) in [(0, 0), (0, last), (last, 0)] {
            let corner = symbol.rows[top..<top + 7].map { Array($0[left..<left + 7]) }
            #expect(corner == finder)
        }
        #expect(symbol.rows[symbol.size - 8][8])
        // The timing pattern between the finders.
        for place in 8..<symbol.size - 8 {
            #expect(symbol.rows[6][place] == place.isMultiple(of: 2))
            #expect(symbol.rows[place][6] == place.isMultiple(of: 2))
        }
    }

    @Test func `takes the smallest symbol`() throws {
        #expect(try QRSymbol("A").size == 21)
        #expect(try QRSymbol([UInt8](repeating: 65, count: 14)).size == 21)
        #expect(try QRSymbol([UInt8](repeating: 65, count: 15)).size == 25)
    }

    /// ISO/IEC 18004, table 7: version 40 in byte mode.
    @Test(arguments: [
        (QRSymbol.Correction.low, 2_953), (.medium, 2_331), (.quartile, 1_663), (.high, 1_273),
    ])
    func `holds as much as the standard says and no more`(
        correction: QRSymbol.Correction, most: Int
    ) throws {
        let content = [UInt8](repeating: 0xFF, count: most)
        #expect(try QRSymbol(content, correction: correction).size == 177)
        #expect(throws: QRSymbolError.tooLong(bytes: most + 1)) {
            try QRSymbol(content + [0], correction: correction)
        }
    }

    @Test func `refuses nothing, and far too much`() {
        #expect(throws: QRSymbolError.empty) { try QRSymbol("") }
        #expect(throws: QRSymbolError.tooLong(bytes: 1_000_000)) {
            try QRSymbol([UInt8](repeating: 0, count: 1_000_000))
        }
    }

    @Test func `is the same each time, also at the same time`() async throws {
        let symbol = try QRSymbol(Self.uri)
        await withTaskGroup(of: QRSymbol?.self) { group in
            for _ in 0..<50 { group.addTask { try? QRSymbol(Self.uri) } }
            for await other in group { #expect(other == symbol) }
        }
        #expect(try QRSymbol(Self.uri + "x") != symbol)
    }

    @Test(arguments: [0, -1, 65, .max, .min])
    func `refuses a scale out of bounds`(scale: Int) throws {
        let symbol = try QRSymbol("A")
        #expect(throws: QRSymbolError.scale(scale)) { try symbol.png(scale: scale) }
    }

    @Test func `has a code of its own for each error`() {
        let errors: [QRSymbolError] = [.empty, .tooLong(bytes: 1), .scale(0), .encoderFailed]
        #expect(
            errors.map(\.code) == ["qr-empty", "qr-too-long", "qr-scale", "qr-encoder-failed"])
    }
}
