import OATH
import Testing
import VerificationCore

struct OneTimePasswordTests {
    /// RFC 4226 appendix D.
    static let codes = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
    ]

    @Test func `HOTP has its RFC's codes`() throws {
        let key = try Tokens.hotp()
        for (counter, code) in Self.codes.enumerated() {
            #expect(oneTimePassword(key, movingFactor: UInt64(counter)) == code)
        }
    }

    /// RFC 4226 appendix D's decimal numbers, of which the codes are the last digits.
    @Test(
        arguments: [
            (0, "84755224"), (1, "94287082"), (2, "37359152"), (3, "26969429"), (4, "40338314"),
            (5, "68254676"), (6, "18287922"), (7, "82162583"), (8, "73399871"), (9, "45520489"),
        ] as [(UInt64, String)])
    func `longer codes have more of the same number`(counter: UInt64, code: String) throws {
        #expect(try oneTimePassword(Tokens.hotp(.eight), movingFactor: counter) == code)
        #expect(
            try oneTimePassword(Tokens.hotp(.seven), movingFactor: counter)
                == String(code.suffix(7)))
    }

    /// RFC 6238 appendix B.
    @Test(
        arguments: [
            (59, OATHHash.sha1, "94287082"), (59, .sha256, "46119246"), (59, .sha512, "90693936"),
            (1_111_111_109, .sha1, "07081804"), (1_111_111_109, .sha256, "68084774"),
            (1_111_111_109, .sha512, "25091201"), (1_111_111_111, .sha1, "14050471"),
            (1_111_111_111, .sha256, "67062674"), (1_111_111_111, .sha512, "99943326"),
            (1_234_567_890, .sha1, "89005924"), (1_234_567_890, .sha256, "91819424"),
            (1_234_567_890, .sha512, "93441116"), (2_000_000_000, .sha1, "69279037"),
            (2_000_000_000, .sha256, "90698825"), (2_000_000_000, .sha512, "38618901"),
            (20_000_000_000, .sha1, "65353130"), (20_000_000_000, .sha256, "77737706"),
            (20_000_000_000, .sha512, "47863826"),
        ] as [(Int64, OATHHash, String)])
    func `TOTP has its RFC's codes`(time: Int64, hash: OATHHash, code: String) throws {
        let key = try Tokens.totp(hash)
        let step = try #require(MovingFactor.timeStep(atMilliseconds: time * 1000, period: 30))
        #expect(oneTimePassword(key, movingFactor: step) == code)
        #expect(findMovingFactor(of: code, key, in: (step - 1)...(step + 1)) == step)
    }

    @Test func `the largest counter has a code`() throws {
        // Computed with Python's hmac.
        #expect(
            try oneTimePassword(Tokens.hotp(.eight), movingFactor: 18_446_744_073_709_551_600)
                == "33395011")
        #expect(try oneTimePassword(Tokens.hotp(.eight), movingFactor: .max) == "63094451")
    }

    @Test(arguments: [TokenKind.ocra, .hmac])
    func `other tokens have no such codes`(kind: TokenKind) throws {
        let key = try #require(Tokens.all()[kind])
        #expect(oneTimePassword(key, movingFactor: 0) == nil)
        #expect(findMovingFactor(of: "755224", key, in: 0...9) == nil)
        #expect(findConsecutive("755224", "287082", key, in: 0...9) == nil)
    }
}
