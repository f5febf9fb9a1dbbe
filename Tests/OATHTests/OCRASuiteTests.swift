import OATH
import TestSupport
import Testing

struct OCRASuiteTests {
    /// RFC 6287 §6.4 and appendix C, and the largest and the smallest of each part.
    @Test(arguments: [
        "OCRA-1:HOTP-SHA512-8:C-QN08-PSHA1",
        "OCRA-1:HOTP-SHA256-6:QA10-T1M",
        "OCRA-1:HOTP-SHA1-4:QH8-S512",
        "OCRA-1:HOTP-SHA1-6:QN08",
        "OCRA-1:HOTP-SHA512-8:QN08-T1M",
        "OCRA-1:HOTP-SHA1-0:QA04-S001-T1S",
        "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA512-S512-T48H",
        "OCRA-1:HOTP-SHA256-7:QN64-PSHA256-T59M",
    ])
    func `a suite keeps its text`(text: String) throws {
        #expect(try OCRASuite(text).text == text)
    }

    @Test func `the parts of a suite are read`() throws {
        let full = try OCRASuite("OCRA-1:HOTP-SHA512-10:C-QH64-PSHA256-S128-T20S")
        #expect(full.hash == .sha512)
        #expect(full.digits == 10)
        #expect(full.hasCounter)
        #expect(full.questionFormat == .hexadecimal)
        #expect(full.questionLength == 64)
        #expect(full.pinHash == .sha256)
        #expect(full.sessionLength == 128)
        #expect(full.timeStepPeriod == 20)
        let least = try OCRASuite("OCRA-1:HOTP-SHA1-0:QA04")
        #expect(least.hash == .sha1)
        #expect(least.digits == 0)
        #expect(!least.hasCounter)
        #expect(least.questionFormat == .alphanumeric)
        #expect(least.questionLength == 4)
        #expect(least.pinHash == nil)
        #expect(least.sessionLength == nil)
        #expect(least.timeStepPeriod == nil)
    }

    @Test func `exactly the RFC's digits, lengths and time steps are taken`() {
        for number in 0...99 {
            let isDigits = number == 0 || (4...10).contains(number)
            #expect(isSuite("OCRA-1:HOTP-SHA1-\(number):QN08") == isDigits, "\(number) digits")
            let isLength = (4...64).contains(number)
            let padded = number < 10 ? "0\(number)" : "\(number)"
            #expect(isSuite("OCRA-1:HOTP-SHA1-6:QN\(padded)") == isLength, "length \(number)")
            for (unit, most, seconds) in [("S", 59, 1), ("M", 59, 60), ("H", 48, 3600)] {
                let suite = try? OCRASuite("OCRA-1:HOTP-SHA1-6:QN08-T\(number)\(unit)")
                let period = (1...most).contains(number) ? number * seconds : nil
                #expect(suite?.timeStepPeriod == period, "\(number)\(unit)")
            }
        }
        for number in 0...999 {
            let padded = String("00\(number)".suffix(3))
            #expect(
                isSuite("OCRA-1:HOTP-SHA1-6:QN08-S\(padded)") == (1...512).contains(number),
                "session of \(number)")
        }
    }

    private func isSuite(_ text: String) -> Bool { (try? OCRASuite(text)) != nil }

    @Test(arguments: [
        ("", "Algorithm"), ("OCRA", "Algorithm"), ("OCRA-2:HOTP-SHA1-6:QN08", "Algorithm"),
        ("ocra-1:HOTP-SHA1-6:QN08", "Algorithm"), (" OCRA-1:HOTP-SHA1-6:QN08", "Algorithm"),
        (":HOTP-SHA1-6:QN08", "Algorithm"), ("OCRA-1:HOTP-SHA1-6:QN0\u{FF18}", "Algorithm"),
        ("OCRA-1:HOTP-SHA1-6:QN08\u{301}", "Algorithm"),
        ("OCRA-1:HOTP-SHA1-6:QN08" + String(repeating: "-", count: 42), "Algorithm"),
        ("OCRA-1", "CryptoFunction"), ("OCRA-1:", "CryptoFunction"),
        ("OCRA-1:HOTP", "CryptoFunction"), ("OCRA-1:HOTP-SHA1:QN08", "CryptoFunction"),
        ("OCRA-1:TOTP-SHA1-6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-sha1-6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA384-6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-MD5-6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1-06:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1-+6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1--6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1-:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1-6-6:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1-18446744073709551622:QN08", "CryptoFunction"),
        ("OCRA-1:HOTP-SHA1-6", "DataInput"), ("OCRA-1:HOTP-SHA1-6:QN08:", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08:QN08", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-X", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-C", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-QN08", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-T1M-T1M", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:QN08-S064-PSHA1", "DataInput"),
        ("OCRA-1:HOTP-SHA1-6:CC-QN08", "C"), ("OCRA-1:HOTP-SHA1-6:C1-QN08", "C"),
        ("OCRA-1:HOTP-SHA1-6:", "Q"), ("OCRA-1:HOTP-SHA1-6:C", "Q"),
        ("OCRA-1:HOTP-SHA1-6:C-C-QN08", "Q"), ("OCRA-1:HOTP-SHA1-6:T1M", "Q"),
        ("OCRA-1:HOTP-SHA1-6:Q", "Q"), ("OCRA-1:HOTP-SHA1-6:QN", "Q"),
        ("OCRA-1:HOTP-SHA1-6:Q08", "Q"), ("OCRA-1:HOTP-SHA1-6:QB08", "Q"),
        ("OCRA-1:HOTP-SHA1-6:QN3", "Q"), ("OCRA-1:HOTP-SHA1-6:QN008", "Q"),
        ("OCRA-1:HOTP-SHA1-6:QN+8", "Q"), ("OCRA-1:HOTP-SHA1-6:qN08", "Q"),
        ("OCRA-1:HOTP-SHA1-6:QN08-P", "P"), ("OCRA-1:HOTP-SHA1-6:QN08-PMD5", "P"),
        ("OCRA-1:HOTP-SHA1-6:QN08-S", "S"), ("OCRA-1:HOTP-SHA1-6:QN08-S64", "S"),
        ("OCRA-1:HOTP-SHA1-6:QN08-S0064", "S"), ("OCRA-1:HOTP-SHA1-6:QN08-S+64", "S"),
        ("OCRA-1:HOTP-SHA1-6:QN08-T", "T"), ("OCRA-1:HOTP-SHA1-6:QN08-TM", "T"),
        ("OCRA-1:HOTP-SHA1-6:QN08-T1", "T"), ("OCRA-1:HOTP-SHA1-6:QN08-T01M", "T"),
        ("OCRA-1:HOTP-SHA1-6:QN08-T1m", "T"), ("OCRA-1:HOTP-SHA1-6:QN08-T1D", "T"),
        ("OCRA-1:HOTP-SHA1-6:QN08-T1M1S", "T"), ("OCRA-1:HOTP-SHA1-6:QN08-T-1M", "T"),
    ])
    func `what is no suite is refused where it is wrong`(text: String, part: String) {
        #expect(throws: MalformedOATH.suite(at: part)) { try OCRASuite(text) }
    }

    /// Those that are suites are other ones.
    @Test func `of the prefixes of a suite only those that end with a part are suites`() {
        let full = "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA512-S512-T48H"
        let suites = Array(full.utf8).properPrefixes
            .map { String(decoding: $0, as: UTF8.self) }.filter(isSuite)
        #expect(
            suites == [
                "OCRA-1:HOTP-SHA512-10:C-QH6",
                "OCRA-1:HOTP-SHA512-10:C-QH64",
                "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA512",
                "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA512-S512",
            ])
    }

    @Test func `a flipped bit makes a suite malformed or another one`() throws {
        let full = "OCRA-1:HOTP-SHA512-10:C-QH64-PSHA512-S512-T48H"
        let suite = try OCRASuite(full)
        var refused = 0
        for flipped in Array(full.utf8).singleBitFlips {
            let text = String(decoding: flipped, as: UTF8.self)
            if let other = try? OCRASuite(text) {
                #expect(other != suite)
                #expect(other.text == text)
            } else {
                refused += 1
            }
        }
        #expect(refused > full.utf8.count * 7)
    }

    @Test func `random text of the grammar's characters never traps`() {
        var random = SplitMix64(seed: 6287)
        let pieces = [
            "OCRA-1", ":", "HOTP", "-", "SHA1", "SHA256", "SHA512", "6", "10", "C", "Q", "QN08",
            "A",
            "H", "64", "PSHA1", "S", "064", "T", "1M", "48H", "0", "", "\u{0}", "é",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...14, using: &random))
                .compactMap { _ in pieces.randomElement(using: &random) }.joined()
            if let suite = try? OCRASuite(text) { #expect(suite.text == text) }
        }
    }
}
