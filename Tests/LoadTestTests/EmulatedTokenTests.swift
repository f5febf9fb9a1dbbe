import LoadTest
import OATH
import Testing

@Suite struct EmulatedTokenTests {
    /// RFC 4226, appendix D.
    private static let secret = Array("12345678901234567890".utf8)
    private static let codes = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
    ]

    @Test func `gives the codes of RFC 4226 in turn`() throws {
        var token = try EmulatedToken(secret: Self.secret, .hotp(.six))
        for code in Self.codes { #expect(token.nextCode() == code) }
        #expect(token.next == 10)
    }

    @Test func `what is taken back comes again`() throws {
        var token = try EmulatedToken(secret: Self.secret, .hotp(.six))
        for _ in 0..<5 { _ = token.nextCode() }
        for _ in 0..<3 { token.takeBack() }
        #expect(token.nextCode() == Self.codes[2])
        for _ in 0..<9 { token.takeBack() }
        #expect(token.next == 0, "there is none before the first")
    }

    @Test func `follows a clock without giving a code twice`() throws {
        var token = try EmulatedToken(secret: Self.secret, .totp(.six, period: 30))
        // RFC 6238, appendix B: the time step at 1111111109 s is 23523EC in hexadecimal; the next one is 1111111111 s.
        #expect(token.nextCode(from: 0x23523EC) == "081804")
        #expect(token.nextCode(from: 0x23523EC) == "050471")
        #expect(token.nextCode(from: 0x273EF07) == "005924")
    }

    @Test func `has no code past the last factor`() throws {
        var token = try EmulatedToken(secret: Self.secret, .hotp(.six))
        #expect(token.nextCode(from: .max) == nil)
        #expect(token.nextCode(from: .max - 1) != nil)
        #expect(token.nextCode() == nil)
    }

    @Test func `a secret that no token may have is refused`() {
        #expect(throws: MalformedOATH.secretLength) {
            try EmulatedToken(secret: [1, 2, 3], .hotp(.six))
        }
    }
}
