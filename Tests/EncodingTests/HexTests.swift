import Encoding
import Testing
import TestSupport

struct HexTests {
    @Test func `bytes have lower-case digits and either case decodes`() throws {
        #expect(Hex.encode([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(try Hex.decode("000fa5ff") == [0x00, 0x0F, 0xA5, 0xFF])
        #expect(try Hex.decode("000FA5fF") == [0x00, 0x0F, 0xA5, 0xFF])
        #expect(Hex.encode([]) == "")
        #expect(try Hex.decode("") == [])
    }

    @Test func `each byte comes out as it went in`() throws {
        let bytes = (0...255).map(UInt8.init)
        #expect(try Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test(arguments: ["0", "abc", "00000"])
    func `an odd number of digits is refused`(text: String) {
        #expect(throws: MalformedEncoding.nonCanonicalText) { try Hex.decode(text) }
    }

    @Test(arguments: [
        ("0g", 1), ("0x00", 1), (" 00", 0), ("00 00", 2), ("00:00", 2), ("００", 0), ("00\n", 2),
    ])
    func `other characters are refused where they stand`(text: String, offset: Int) {
        #expect(throws: MalformedEncoding.invalidCharacter(offset: offset)) {
            try Hex.decode(text)
        }
    }
}
