import Authenticators
import Emulators
import ISO7816
import PIV
import Testing

struct CardSelectionTests {
    /// The application property template of SP 800-73-4 part 2 table 3, with a label.
    private let properties =
        "612C4F06000010000100" + "79074F05A000000308"
        + "5019" + "436F756E7465727369676E20736F6674776172652063617264" + "9000"

    @Test(arguments: [
        "00A404000BA000000308000010000100", "00A4040009A00000030800001000",
        "00A4040005A000000308", "00A404000BA00000030800001000010000",
    ])
    func `the application is found by its name and by the beginning of it`(
        _ command: String
    ) throws {
        let lab = try CardLab(isSelected: false)
        let reply = try lab.raw(command)
        #expect(reply == properties)
        #expect(try lab.raw("00CB3FFF035C017E").hasSuffix("9000"))
    }

    @Test func `another application is not found, and changes nothing`() throws {
        let lab = try CardLab()
        try lab.verifyPIN()
        #expect(try lab.raw("00A4040008A0000006472F0001") == "6A82")
        #expect(try lab.raw("00A4040004A0000003") == "6A82")
        #expect(try lab.raw("00A404000CA00000030800001000010000") == "6A82")
        #expect(try lab.raw("00A40400") == "6A82")
        #expect(try lab.raw("00200080") == "9000")
    }

    @Test func `selecting the application again changes nothing`() throws {
        let lab = try CardLab()
        try lab.verifyPIN()
        try lab.succeed(PIVCommand.selectTruncated())
        #expect(try lab.raw("00200080") == "9000")
    }

    @Test func `nothing is selected in a card that was just put in`() throws {
        let lab = try CardLab(isSelected: false)
        #expect(try lab.raw("00CB3FFF035C017E") == "6D00")
        #expect(try lab.raw("0020008008313233343536FFFF") == "6D00")
        #expect(try lab.raw("00FD0000") == "6D00")
    }

    @Test(arguments: [
        ("00A4000002 3F00", "6A86"), ("00A4040C05A000000308", "6A86"),
        ("80CB3FFF035C017E", "6E00"), ("40CB3FFF035C017E", "6E00"), ("FFCA000000", "6E00"),
        ("04CB3FFF035C017E", "6882"), ("0CCB3FFF035C017E", "6882"), ("01CB3FFF035C017E", "6881"),
        ("00CA006E00", "6D00"), ("00F6FF9A", "6D00"), ("00840000 08", "6D00"),
        ("", "6700"), ("00", "6700"), ("00CB3F", "6700"), ("00CB3FFF045C017E", "6700"),
        ("00CB3FFF035C017E0000", "6700"), ("00CB3FFF00", "6A80"),
    ])
    func `what is no command of the application is refused`(
        _ command: String, _ status: String
    ) throws {
        let lab = try CardLab()
        #expect(try lab.raw(command) == status)
        #expect(try lab.raw("00CB3FFF035C017E").hasSuffix("9000"))
    }

    @Test func `the answers to reset are well formed`() throws {
        let lab = try CardLab()
        // The exclusive or of the bytes behind the first, reckoned by hand, is 4D.
        #expect(
            lab.card.answerToReset == [
                0x3B, 0x8B, 0x80, 0x01, 0x43, 0x6F, 0x75, 0x6E, 0x74, 0x65, 0x72, 0x73, 0x69, 0x67,
                0x6E, 0x4D,
            ])
        #expect(lab.transport.answerToReset == lab.card.answerToReset)
        let short = try AnswerToReset(bytes: lab.card.answerToReset)
        #expect(short.historicalBytes == Array("Countersign".utf8))
        let extended = try CardLab(configuration: .init(lengths: .extended))
        let answer = try AnswerToReset(bytes: extended.card.answerToReset)
        // Card capabilities: the third byte has chaining (80) and extended lengths (40).
        #expect(answer.historicalBytes.prefix(5) == [0x80, 0x73, 0xC0, 0x21, 0xC0])
    }

    @Test func `the vendor's commands name firmware and serial number`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("00FD000000") == "0507009000")
        #expect(try lab.raw("00F8000000") == "00BC614E9000")
        #expect(try lab.raw("00FD0100") == "6A86")
        #expect(try lab.raw("00F80001") == "6A86")
    }
}
