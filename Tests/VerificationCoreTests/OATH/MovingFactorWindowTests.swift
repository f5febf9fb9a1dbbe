import OATH
import TestSupport
import Testing
import VerificationCore

/// Windows on the token of RFC 4226 appendix D. The codes that are not the RFC's were computed with Python's hmac.
struct MovingFactorWindowTests {
    private let codes = OneTimePasswordTests.codes

    @Test func `each code of a window is found where it is`() throws {
        let key = try Tokens.hotp()
        for (counter, code) in codes.enumerated() {
            let factor = UInt64(counter)
            #expect(findMovingFactor(of: code, key, in: 0...9) == factor)
            #expect(findMovingFactor(of: code, key, in: factor...factor) == factor)
            #expect(findMovingFactor(of: code, key, in: (factor + 1)...(factor + 10)) == nil)
        }
    }

    @Test func `the lowest of two factors with the same code is found`() throws {
        let key = try Tokens.hotp()
        #expect(findMovingFactor(of: "709847", key, in: 2_380...2_400) == 2_386)
        #expect(findMovingFactor(of: "709847", key, in: 2_387...2_400) == 2_394)
        #expect(findMovingFactor(of: "709847", key, in: 2_395...2_400) == nil)
    }

    @Test(
        arguments: [
            (18_446_744_073_709_551_615, "094451"), (18_446_744_073_709_551_614, "488204"),
            (18_446_744_073_709_551_613, "851516"), (18_446_744_073_709_551_612, "152854"),
        ] as [(UInt64, String)])
    func `the largest factors are found, in windows that end there`(
        factor: UInt64, code: String
    ) throws {
        let key = try Tokens.hotp()
        #expect(findMovingFactor(of: code, key, in: (.max - 3)...(.max)) == factor)
        #expect(findMovingFactor(of: code, key, in: (.max - 1_999)...(.max)) == factor)
        #expect(findMovingFactor(of: code, key, in: factor...factor) == factor)
    }

    /// The 2 000th factor of a window is the last, also where the window is as wide as can be.
    @Test(arguments: [5_000, .max] as [UInt64])
    func `no more than the limit is looked at`(end: UInt64) throws {
        let key = try Tokens.hotp()
        #expect(movingFactorWindowLimit == 2_000)
        #expect(findMovingFactor(of: "161339", key, in: 0...end) == 1_999)
        #expect(findMovingFactor(of: "496378", key, in: 0...end) == nil)
        #expect(findMovingFactor(of: "496378", key, in: 1...end) == 2_000)
        #expect(findConsecutive("419125", "161339", key, in: 0...end) == 1_999)
        #expect(findConsecutive("161339", "496378", key, in: 0...end) == nil)
    }

    @Test(arguments: [
        "", "7", "75522", "7552244", "0755224", "75522x", "x55224", "75522:", "75522/", "-55224",
        "+55224", " 55224", "755224 ", "755 24", "7552\u{0}4", "755224\n", "75522\u{664}",
        // Six digits that are not ASCII's; three of them, which are as long as six; full-width ones.
        "\u{667}\u{665}\u{665}\u{662}\u{662}\u{664}", "\u{667}\u{665}\u{665}",
        "\u{FF17}\u{FF15}\u{FF15}\u{FF12}\u{FF12}\u{FF14}", "755224\u{301}", "\u{2077}55224",
        "1755224", "4295722520",
    ])
    func `what is not six ASCII digits matches nothing`(text: String) throws {
        let key = try Tokens.hotp()
        #expect(findMovingFactor(of: text, key, in: 0...9) == nil)
        #expect(findConsecutive(text, "287082", key, in: 0...9) == nil)
        #expect(findConsecutive("755224", text, key, in: 0...9) == nil)
    }

    @Test func `no other text of six characters matches`() throws {
        let key = try Tokens.hotp()
        for flipped in Array("755224".utf8).singleBitFlips {
            let text = String(decoding: flipped, as: UTF8.self)
            #expect(findMovingFactor(of: text, key, in: 0...0) == nil, "\(text)")
        }
        var random = SplitMix64(seed: 4226)
        for _ in 0..<2_000 {
            let text = String(decoding: random.bytes(6), as: UTF8.self)
            #expect(findMovingFactor(of: text, key, in: 0...2) == nil, "\(text)")
        }
    }

    @Test(arguments: [7, 8])
    func `a code has as many digits as the token's`(count: Int) throws {
        let key = try Tokens.hotp(OATHDigits(count))
        let code = String("84755224".suffix(count))
        #expect(findMovingFactor(of: code, key, in: 0...9) == 0)
        #expect(findMovingFactor(of: "755224", key, in: 0...9) == nil)
        #expect(findMovingFactor(of: String(code.dropFirst()), key, in: 0...9) == nil)
        #expect(findMovingFactor(of: "0" + code, key, in: 0...9) == nil)
    }

    @Test func `two codes that follow each other resynchronise`() throws {
        let key = try Tokens.hotp()
        for counter in 1...9 {
            #expect(
                findConsecutive(codes[counter - 1], codes[counter], key, in: 0...9)
                    == UInt64(counter))
        }
        #expect(
            findConsecutive("488204", "094451", key, in: (.max - 9)...(.max)) == .max)
    }

    @Test func `two codes that do not follow each other do not resynchronise`() throws {
        let key = try Tokens.hotp()
        for first in codes.indices {
            for second in codes.indices where second != first + 1 {
                #expect(findConsecutive(codes[first], codes[second], key, in: 0...9) == nil)
            }
        }
    }

    @Test func `both codes are within the window`() throws {
        let key = try Tokens.hotp()
        #expect(findConsecutive(codes[4], codes[5], key, in: 4...5) == 5)
        #expect(findConsecutive(codes[4], codes[5], key, in: 5...9) == nil)
        #expect(findConsecutive(codes[4], codes[5], key, in: 0...4) == nil)
        #expect(findConsecutive(codes[4], codes[5], key, in: 5...5) == nil)
        // The last factor has no next one.
        #expect(findConsecutive("094451", "755224", key, in: (.max - 3)...(.max)) == nil)
    }
}
