import Encoding
import Testing
import TestSupport

struct Base64URLTests {
    /// RFC 4648 §10, without the padding, and the two characters of the URL-safe alphabet.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"), ("?>?>", "Pz4_Pg"), ("~~~>", "fn5-Pg"),
    ])
    func `the RFC's vectors decode and encode`(plain: String, text: String) throws {
        #expect(Base64URL.encode(plain.utf8) == text)
        #expect(try Base64URL.decode(text) == Array(plain.utf8))
    }

    @Test func `random bytes come out as they went in`() throws {
        var random = SplitMix64(seed: 1)
        for count in 0..<300 {
            let bytes = random.bytes(count)
            #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        ("Zg==", 2), ("Zm9v=", 4), ("Zm9v\n", 4), (" Zm9v", 0), ("Zm+v", 2), ("Zm/v", 2),
        ("Zm9v\u{0}", 4), ("Zé9v", 1), ("=", 0), ("Zm9v.Zg", 4),
    ])
    func `characters outside the alphabet are refused where they stand`(
        text: String, offset: Int
    ) {
        #expect(throws: MalformedEncoding.invalidCharacter(offset: offset)) {
            try Base64URL.decode(text)
        }
    }

    @Test(arguments: ["Z", "Zm9vZ", "Zh", "Zn", "Zm9", "Zm-", "AAEC_x"])
    func `impossible lengths and spare bits are refused`(text: String) {
        #expect(throws: MalformedEncoding.nonCanonicalText) { try Base64URL.decode(text) }
    }

    @Test func `each byte has one text of two characters`() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        var decoded: [[UInt8]] = []
        for first in alphabet {
            for second in alphabet {
                if let bytes = try? Base64URL.decode("\(first)\(second)") { decoded.append(bytes) }
            }
        }
        #expect(decoded == (0...255).map { [$0] })
    }

    @Test func `each changed character is refused or shows`() throws {
        let bytes = Array("foob".utf8)
        for flipped in Array("Zm9vYg".utf8).singleBitFlips {
            let text = String(decoding: flipped, as: UTF8.self)
            #expect((try? Base64URL.decode(text)) != bytes)
        }
    }

    @Test func `a part of a string decodes too`() throws {
        #expect(try Base64URL.decode("xZm9vx".dropFirst().dropLast()) == Array("foo".utf8))
    }
}
