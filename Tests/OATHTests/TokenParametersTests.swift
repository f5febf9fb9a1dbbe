import OATH
import Testing

struct TokenParametersTests {
    @Test func `there are codes of six, seven and eight digits`() throws {
        for count in [.min, -6, 0, 5, 9, 10, .max] as [Int] {
            #expect(OATHDigits(rawValue: count) == nil)
            #expect(throws: MalformedOATH.digits) { try OATHDigits(count) }
        }
        for (count, digits) in [(6, OATHDigits.six), (7, .seven), (8, .eight)] {
            #expect(try OATHDigits(count) == digits)
            #expect(OATHDigits(rawValue: count) == digits)
            #expect(digits.rawValue == count)
        }
    }

    @Test func `each mechanism has its kind and its digits`() throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA256-8:QN08")
        let cases: [(TokenParameters.Mechanism, OATHHash, TokenKind, OATHDigits?)] = [
            (.hotp(.six), .sha1, .hotp, .six), (.totp(.seven, period: 30), .sha512, .totp, .seven),
            (.ocra(suite), .sha256, .ocra, .eight), (.challengeResponse, .sha1, .hmac, nil),
            (.challengeResponse, .sha256, .hmac, nil),
        ]
        for (mechanism, hash, kind, digits) in cases {
            let parameters = try TokenParameters(mechanism, hash: hash)
            #expect(parameters.mechanism == mechanism)
            #expect(parameters.hash == hash)
            #expect(parameters.kind == kind)
            #expect(parameters.digits == digits)
        }
        #expect(try TokenParameters(suite) == TokenParameters(.ocra(suite), hash: .sha256))
    }

    @Test func `time steps last 15 seconds to five minutes`() throws {
        for period in [.min, -30, 0, 1, 14, 301, .max] as [Int] {
            #expect(throws: MalformedOATH.period) {
                try TokenParameters(.totp(.six, period: period), hash: .sha1)
            }
        }
        for period in [15, 30, 60, 300] {
            #expect(throws: Never.self) {
                try TokenParameters(.totp(.six, period: period), hash: .sha1)
            }
        }
    }

    @Test func `a suite is of its own hash function, and of six to eight digits`() throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA256-8:QN08")
        #expect(throws: MalformedOATH.hash) { try TokenParameters(.ocra(suite), hash: .sha1) }
        for digits in [0, 4, 5, 9, 10] {
            let other = try OCRASuite("OCRA-1:HOTP-SHA256-\(digits):QN08")
            #expect(throws: MalformedOATH.digits) { try TokenParameters(other) }
        }
    }

    @Test func `no slot answers with SHA-512`() {
        #expect(throws: MalformedOATH.hash) {
            try TokenParameters(.challengeResponse, hash: .sha512)
        }
    }

    @Test func `names are those that are stored`() {
        #expect(OATHHash.allCases.map(\.rawValue) == ["sha1", "sha256", "sha512"])
        #expect(OATHHash.allCases.map(\.byteCount) == [20, 32, 64])
        #expect(TokenKind.allCases.map(\.rawValue) == ["totp", "hotp", "ocra", "hmac"])
    }

    @Test func `a secret should be as long as the hash function's value`() throws {
        for (hash, length) in [(OATHHash.sha1, 20), (.sha256, 32), (.sha512, 64)] {
            #expect(try TokenParameters(.hotp(.six), hash: hash).recommendedSecretLength == length)
        }
        #expect(TokenParameters.secretLengths == 10...128)
        #expect(TokenParameters.secretLengths.contains(TokenParameters.leastMadeSecretLength))
    }
}
