import Encoding
import OATH
import TestSupport
import Testing

struct SecretTextTests {
    /// RFC 4648 §10.
    private static let base32: [(String, String)] = [
        ("", ""), ("f", "MY======"), ("fo", "MZXQ===="), ("foo", "MZXW6==="),
        ("foob", "MZXW6YQ="), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI======"),
    ]

    @Test(arguments: base32)
    func `Base32 has its RFC's texts, with padding or without`(text: String, encoded: String) throws
    {
        let bare = String(encoded.prefix { $0 != "=" })
        #expect(Base32.encode(Array(text.utf8)) == bare)
        for form in [encoded, bare, bare.lowercased(), encoded.lowercased()] {
            #expect(try Base32.decode(form) == Array(text.utf8))
        }
    }

    @Test func `Base32 has each of its letters where it belongs`() throws {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        // 0 to 31 in five bits each.
        let bytes = try Hex.decode("00443214c74254b635cf84653a56d7c675be77df")
        #expect(Base32.encode(bytes) == alphabet)
        #expect(try Base32.decode(alphabet) == bytes)
    }

    @Test(arguments: [
        "A", "AAA", "AAAAAA", "MZ", "MZX", "MY=", "MY=====", "MY=======", "MZXW6YTB=", "=",
        "========",
        "M=Y=====", "MY ", " MY", "MZXW 6YTB", "MZXW-6YTB", "M1", "M0", "M8", "M9", "MÝ", "МY",
        "MY\n",
        "MY======MY======", "M\u{0}", "[B", "@A", "{a", "`a",
    ])
    func `Base32 refuses what its encoder would not have written`(text: String) {
        #expect(throws: MalformedOATH.secretText) { try Base32.decode(text) }
    }

    @Test func `Base32 takes no character but its own, in each place`() throws {
        let known = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz".utf8)
        for byte in 0x00...0x7F as ClosedRange<UInt8> where byte != UInt8(ascii: "=") {
            for place in 0..<8 {
                let text = String(
                    decoding: [UInt8](repeating: 65, count: 8).replacing(place, with: byte),
                    as: UTF8.self)
                let isTaken = (try? Base32.decode(text)) != nil
                #expect(isTaken == known.contains(byte))
            }
        }
    }

    @Test func `every length makes the round trip, and Encoding's forms agree`() throws {
        var random = SplitMix64(seed: 4648)
        for length in 0..<200 {
            let bytes = random.bytes(length)
            #expect(try Base32.decode(Base32.encode(bytes)) == bytes)
            let text = SecretText.encodeBase64URL(bytes)
            #expect(text == Base64URL.encode(bytes))
            #expect(try SecretText.decodeBase64URL(text) == bytes)
            #expect(try SecretText.decodeHexadecimal(Hex.encode(bytes)) == bytes)
            #expect(try SecretText.decodeHexadecimal(Hex.encode(bytes).uppercased()) == bytes)
            let standard = text.replacing("-", with: "+").replacing("_", with: "/")
            let padded = standard + String(repeating: "=", count: (4 - text.count % 4) % 4)
            #expect(try SecretText.decodeBase64(padded) == bytes)
        }
    }

    @Test(arguments: ["A", "AB", "AAB", "AA==", "AA+A", "AA A", "AAA=", "+/+/", "AAAAA"])
    func `Base64url refuses what its encoder would not have written`(text: String) {
        #expect(throws: MalformedOATH.secretText) { try SecretText.decodeBase64URL(text) }
    }

    @Test(arguments: [
        "A", "AA", "AA=", "AB==", "AAA", "AAB=", "A===", "====", "AA==AA==", "-_-_", "AAAA\n",
        "=AAA",
    ])
    func `Base64 refuses what its encoder would not have written`(text: String) {
        #expect(throws: MalformedOATH.secretText) { try SecretText.decodeBase64(text) }
    }

    @Test(arguments: [
        "0", "000", "0g", "0x10", " 00", "00 ", "٠٠", "-1", "+1", "0:", "0/", "0@", "0`",
    ])
    func `hexadecimal refuses what is none`(text: String) {
        #expect(throws: MalformedOATH.secretText) { try SecretText.decodeHexadecimal(text) }
    }
}
