import Encoding
import ISO7816
import TestSupport
import Testing

struct AnswerToResetTests {
    @Test(
        arguments: [
            // YubiKey 5, YubiKey 4, YubiKey NEO.
            ("3bfd1300008131fe158073c021c057597562694b657940", "8073c021c057597562694b6579", [1]),
            ("3bf81300008131fe15597562696b657934d4", "597562696b657934", [1]),
            ("3bfc1300008131fe15597562696b65794e454f7233e1", "597562696b65794e454f7233", [1]),
            // Cards of T=0 alone: Cryptoflex, Oberthur.
            ("3b021450", "1450", [0]),
            ("3b6500009c02020702", "9c02020702", [0]),
            // A contactless card as PC/SC presents it, with T=0 and T=1.
            (
                "3b8f8001804f0ca000000306030001000000006a", "804f0ca00000030603000100000000",
                [0, 1]
            ),
            // The least that there can be, in the other convention.
            ("3f00", "", [0]),
        ] as [(String, String, [UInt8])])
    func `real answers decode`(text: String, historical: String, protocols: [UInt8]) throws {
        let answer = try AnswerToReset(bytes: Hex.decode(text))
        #expect(answer.description == text)
        #expect(answer.bytes == (try Hex.decode(text)))
        #expect(answer.historicalBytes == (try Hex.decode(historical)))
        #expect(answer.protocols == protocols)
    }

    @Test func `a check byte is there unless only T=0 is offered`() throws {
        // T=0 named outright: no check byte.
        #expect(try AnswerToReset(bytes: [0x3B, 0x80, 0x00]).protocols == [0])
        #expect(throws: MalformedCardData.trailingBytes) {
            try AnswerToReset(bytes: [0x3B, 0x80, 0x00, 0x80])
        }
        // T=1: a check byte, and the right one.
        #expect(try AnswerToReset(bytes: [0x3B, 0x80, 0x01, 0x81]).protocols == [1])
        #expect(throws: MalformedCardData.truncated) {
            try AnswerToReset(bytes: [0x3B, 0x80, 0x01])
        }
        #expect(throws: MalformedCardData.value("TCK")) {
            try AnswerToReset(bytes: [0x3B, 0x80, 0x01, 0x80])
        }
        // T=0 and T=15: a check byte.
        let mixed: [UInt8] = [0x3B, 0x80, 0x80, 0x1F, 0x05, 0x1A]
        #expect(try AnswerToReset(bytes: mixed).protocols == [0, 15])
    }

    @Test func `a chain of interface bytes that never ends is refused`() {
        #expect(throws: MalformedCardData.truncated) {
            try AnswerToReset(bytes: [0x3B] + [UInt8](repeating: 0x80, count: 32))
        }
        #expect(throws: MalformedCardData.truncated) {
            try AnswerToReset(bytes: [0x3B] + [UInt8](repeating: 0xFF, count: 32))
        }
    }

    @Test func `an answer has 2 to 33 bytes and begins with its convention`() throws {
        for bytes in [[], [0x3B], [0x3B] + [UInt8](repeating: 0, count: 33)] as [[UInt8]] {
            #expect(throws: MalformedCardData.length) { try AnswerToReset(bytes: bytes) }
        }
        for first in UInt8.min...UInt8.max where first != 0x3B && first != 0x3F {
            #expect(throws: MalformedCardData.value("TS")) {
                try AnswerToReset(bytes: [first, 0x00])
            }
        }
        // 33 bytes: four sets of interface bytes, 15 historical ones, the check byte.
        var longest: [UInt8] = [0x3B, 0xFF]
        longest += [0, 0, 0, 0xF1, 0, 0, 0, 0xF1, 0, 0, 0, 0x71, 0, 0, 0]
        longest += [UInt8](repeating: 9, count: 15)
        longest += [longest.dropFirst().reduce(0, ^)]
        #expect(longest.count == 33)
        #expect(try AnswerToReset(bytes: longest).historicalBytes.count == 15)
    }

    @Test func `every proper prefix is refused and every bit counts`() throws {
        let bytes = try Hex.decode("3bfd1300008131fe158073c021c057597562694b657940")
        for prefix in bytes.properPrefixes {
            #expect(throws: prefix.count < 2 ? MalformedCardData.length : .truncated) {
                try AnswerToReset(bytes: prefix)
            }
        }
        // The check byte finds each of them but those of TS, which it does not cover.
        for flipped in bytes.singleBitFlips where flipped[0] != 0x3F {
            #expect(throws: MalformedCardData.self) { try AnswerToReset(bytes: flipped) }
        }
    }

    @Test func `random answers never trap`() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<20_000 {
            let bytes = [0x3B] + random.bytes(Int.random(in: 1...32, using: &random))
            if let answer = try? AnswerToReset(bytes: bytes) {
                #expect(answer.historicalBytes.count <= 15)
                #expect(answer.bytes == bytes)
            }
        }
    }
}
