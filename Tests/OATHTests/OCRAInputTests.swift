import Encoding
import OATH
import Testing

/// DataInput, RFC 6287 §5.1, byte by byte.
struct OCRAInputTests {
    /// A message of the members given, each in hexadecimal; the question is filled up.
    private func expected(
        _ suite: String, counter: String = "", question: String, rest: String = ""
    ) throws -> [UInt8] {
        let filled = question + String(repeating: "0", count: 256 - question.count)
        return try Array(suite.utf8) + [0] + Hex.decode(counter + filled + rest)
    }

    @Test func `the members come in their order`() throws {
        let text = "OCRA-1:HOTP-SHA512-8:C-QA10-PSHA1-S008-T1M"
        let pinHash = [UInt8](1...20)
        let message = try OCRASuite(text).message(
            for: OCRAInput(question: "Ab9", pinHash: pinHash, session: [0xAA, 0xBB]),
            counter: 0x0102_0304_0506_0708, timeStep: 0x132D_0B6)
        #expect(
            try message
                == expected(
                    text, counter: "0102030405060708", question: "416239",
                    rest: Hex.encode(pinHash) + "000000000000aabb" + "000000000132d0b6"))
    }

    /// The numbers are those of RFC 6287 appendix C: 11111111 is A98AC7, which has an even number of digits, and
    /// 55555555 is 34FB5E3; the largest is 10^64 - 1.
    @Test(arguments: [
        ("0", ""), ("00000000", ""), ("1", "1"), ("15", "f"), ("16", "10"), ("255", "ff"),
        ("256", "100"), ("11111111", "a98ac7"), ("55555555", "34fb5e3"), ("00000007", "7"),
        (
            String(repeating: "9", count: 64),
            "184f03e93ff9f4daa797ed6e38ed64bf6a1f00ffffffffffffffff"
        ),
    ])
    func `digits are a number, in hexadecimal from the left`(
        question: String, hexadecimal: String
    ) throws {
        let text = "OCRA-1:HOTP-SHA1-6:QN64"
        let message = try OCRASuite(text).message(for: OCRAInput(question: question))
        #expect(try message == expected(text, question: hexadecimal))
    }

    @Test(arguments: ["0", "00f", "DeadBeef", "123456789", String(repeating: "a5", count: 32)])
    func `hexadecimal digits go in from the left`(question: String) throws {
        let text = "OCRA-1:HOTP-SHA1-6:QH64"
        let message = try OCRASuite(text).message(for: OCRAInput(question: question))
        #expect(try message == expected(text, question: question.lowercased()))
    }

    @Test func `two questions go in as one`() throws {
        let letters = "OCRA-1:HOTP-SHA256-8:QA64"
        let first = String(repeating: "C", count: 64)
        let second = String(repeating: "S", count: 64)
        #expect(
            try OCRASuite(letters).message(for: OCRAInput(questions: [first, second]))
                == Array(letters.utf8) + [0] + [UInt8](repeating: 0x43, count: 64)
                + [UInt8](repeating: 0x53, count: 64))
        let digits = "OCRA-1:HOTP-SHA256-8:QN08"
        #expect(
            try OCRASuite(digits).message(for: OCRAInput(questions: ["1", "6"]))
                == expected(digits, question: "10"))
    }

    @Test(arguments: [
        ("QN08", ""), ("QN08", "123456789"), ("QN08", "1234567a"), ("QN08", "-1"),
        ("QN08", "\u{661}\u{662}"), ("QN08", "1 2"), ("QN08", "12\u{0}"), ("QH08", "g"),
        ("QH08", "0x1"), ("QH08", ""), ("QA08", "a-b"), ("QA08", "abcdefghi"), ("QA08", "ä"),
        ("QA08", "a\u{0}"), ("QA08", "@"), ("QA08", "["), ("QA08", "`"), ("QA08", "{"),
        ("QA08", "/"), ("QA08", ":"), ("QA08", ""),
    ])
    func `a question of another form is refused`(format: String, question: String) throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA1-6:\(format)")
        #expect(throws: MalformedOATH.dataInput("Q")) {
            try suite.message(for: OCRAInput(question: question))
        }
        #expect(throws: MalformedOATH.dataInput("Q")) {
            try suite.message(for: OCRAInput(questions: ["1", question]))
        }
    }

    @Test(arguments: [[], ["1", "2", "3"]])
    func `there are one or two questions`(questions: [String]) throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA1-6:QN08")
        #expect(throws: MalformedOATH.dataInput("Q")) {
            try suite.message(for: OCRAInput(questions: questions))
        }
    }

    @Test func `members that the suite has not are refused`() throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA1-6:QN08")
        let plain = OCRAInput(question: "1")
        #expect(throws: MalformedOATH.dataInput("C")) { try suite.message(for: plain, counter: 0) }
        #expect(throws: MalformedOATH.dataInput("T")) {
            try suite.message(for: plain, timeStep: 0)
        }
        #expect(throws: MalformedOATH.dataInput("P")) {
            try suite.message(for: OCRAInput(question: "1", pinHash: []))
        }
        #expect(throws: MalformedOATH.dataInput("S")) {
            try suite.message(for: OCRAInput(question: "1", session: []))
        }
    }

    @Test func `members that the suite has are required, in their lengths`() throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA1-6:C-QN08-PSHA256-S064-T1M")
        func message(
            pinHash: Int? = 32, session: Int? = 64, counter: UInt64? = 0, timeStep: UInt64? = 0
        ) throws -> [UInt8] {
            try suite.message(
                for: OCRAInput(
                    question: "1", pinHash: pinHash.map { [UInt8](repeating: 1, count: $0) },
                    session: session.map { [UInt8](repeating: 2, count: $0) }),
                counter: counter, timeStep: timeStep)
        }
        #expect(try message().count == suite.text.utf8.count + 1 + 8 + 128 + 32 + 64 + 8)
        #expect(try message(session: 0).count == message().count)
        #expect(throws: MalformedOATH.dataInput("C")) { try message(counter: nil) }
        #expect(throws: MalformedOATH.dataInput("T")) { try message(timeStep: nil) }
        for length in [nil, 0, 20, 31, 33, 64] {
            #expect(throws: MalformedOATH.dataInput("P")) { try message(pinHash: length) }
        }
        for length in [nil, 65] {
            #expect(throws: MalformedOATH.dataInput("S")) { try message(session: length) }
        }
    }

    @Test func `no text form shows the hash of the PIN`() {
        let input = OCRAInput(question: "1", pinHash: [0xAB, 171], session: [0xAB])
        var dumped = ""
        dump(input, to: &dumped)
        for text in ["\(input)", String(reflecting: input), dumped] {
            #expect(!text.contains("171"), "\(text)")
        }
    }
}
