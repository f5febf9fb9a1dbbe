import OATH
import TestSupport
import Testing

struct TokenCSVTests {
    private static let entra = "upn,serial number,secret key,time interval,manufacturer,model"
    private static let secret = [UInt8](1...20)
    private static let text = "AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU"

    private static func lines(_ text: String) throws -> [ImportedLine<TokenDraft>] {
        try TokenCSV.decode(Array(text.utf8))
    }

    private static func error(_ outcome: Result<TokenDraft, MalformedOATH>) -> MalformedOATH? {
        if case .failure(let error) = outcome { error } else { nil }
    }

    private static func failure(_ file: [UInt8]) -> MalformedOATH? {
        do throws(MalformedOATH) {
            _ = try TokenCSV.decode(file)
            return nil
        } catch {
            return error
        }
    }

    @Test func `reads the table that Entra takes`() throws {
        let lines = try Self.lines(
            """
            \(Self.entra)\r
            Helga@contoso.com,1234567,\(Self.text),30,Contoso,HardwareKey\r
            ,1234568,\(Self.text.lowercased()),60,Contoso,HardwareKey\r

            """)
        #expect(lines.map(\.number) == [2, 3])
        #expect(lines.map(\.serial) == ["1234567", "1234568"])
        let first = try lines[0].outcome.get()
        #expect(first.user == "Helga@contoso.com")
        #expect(first.serial == "1234567")
        #expect(first.secret == Self.secret)
        #expect(first.parameters == (try TokenParameters(.totp(.six, period: 30), hash: .sha1)))
        #expect(first.manufacturer == "Contoso")
        #expect(first.model == "HardwareKey")
        let second = try lines[1].outcome.get()
        #expect(second.user == nil)
        #expect(second.parameters == (try TokenParameters(.totp(.six, period: 60), hash: .sha1)))
    }

    @Test func `reads the wider table`() throws {
        let hex = "0102030405060708090a0b0c0d0e0f1011121314"
        let lines = try Self.lines(
            """
            \u{FEFF}Kind, Serial Number ,"SECRET HEX",algorithm,digits,counter,suite,time interval,issuer
            hotp,1,\(hex),SHA256,8,18446744073709551615,,,"ACME ""Keys"", Inc."
            TOTP,2,\(hex.uppercased()),sha512,7,,,45,
            ocra,3,\(hex),,,9,OCRA-1:HOTP-SHA256-8:C-QN08,,
            hmac,4,\(hex),sha1,,,,,
            ,5,\(hex),,,,,,
            """)
        let drafts = try lines.map { try $0.outcome.get() }
        #expect(
            try drafts.map(\.parameters) == [
                TokenParameters(.hotp(.eight), hash: .sha256),
                TokenParameters(.totp(.seven, period: 45), hash: .sha512),
                TokenParameters(OCRASuite("OCRA-1:HOTP-SHA256-8:C-QN08")),
                TokenParameters(.challengeResponse, hash: .sha1),
                TokenParameters(.totp(.six, period: 30), hash: .sha1),
            ])
        #expect(drafts.map(\.counter) == [.max, 0, 9, 0, 0])
        #expect(drafts.allSatisfy { $0.secret == Self.secret })
        #expect(drafts[0].issuer == #"ACME "Keys", Inc."#)
    }

    @Test(arguments: [
        ("", MalformedOATH.missing("header")), ("\n\n", .missing("header")),
        ("upn,secret key", .missing("serial number")), ("serial number", .missing("secret key")),
        ("serial number,secret key,secret hex", .duplicate("secret key")),
        ("serial number,secret key,digts", .column(3)),
        ("serial number,serial number,secret key", .column(2)),
        ("serial number,secret key,", .column(3)), ("serial number;secret key", .column(1)),
        ("a,1,AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU,30,b,c", .column(1)),
        ("serial number,\"secret key", .fields), ("serial number\u{1},secret key", .encoding),
    ])
    func `refuses a table for its header`(header: String, error: MalformedOATH) {
        #expect(
            Self.failure(Array("\(header)\na,b,c\n".utf8))
                == (header.isEmpty || header == "\n\n" ? .column(1) : error))
        #expect(Self.failure(Array(header.utf8)) == error)
    }

    @Test(arguments: [
        ("1", MalformedOATH.fields), ("1,\(text),30,x", .digits), ("1,\(text),30,,,", .fields),
        (",\(text),,", .missing("serial number")), ("1,,,", .missing("secret key")),
        ("1,AAAA,,", .secretLength), ("1,A,,", .secretText), ("1,01020304,,", .secretText),
        ("1,\(text),29.5,", .period), ("1,\(text),-30,", .period), ("1,\(text),0,", .period),
        ("1,\(text),+30,", .period), ("1,\(text),0x1e,", .period),
        ("1,\(text),3000000000000000000000,", .period),
        ("1,\(text),,5", .digits), ("1,\(text),,9", .digits), ("1,\(text),,six", .digits),
        ("1,\(text),,99999999999999999999", .digits),
        ("\"1,\(text),30,6", .fields), ("\"1\"2,\(text),30,6", .fields),
        ("1\"2,\(text),30,6", .fields),
        ("\"1\" \"2\",\(text),30,6", .fields), ("1,\(text),30,\"", .fields),
        ("1\u{0B},\(text),30,6", .encoding), ("1\t,\(text),30,6", .encoding),
        ("1,\(text)\r,30,6", .encoding), ("1\u{9B},\(text),30,6", .encoding),
    ])
    func `reports a bad line and goes on`(line: String, error: MalformedOATH) throws {
        let lines = try Self.lines(
            "serial number,secret key,time interval,digits\n\(line)\n9,\(Self.text),,\n")
        #expect(lines.map(\.number) == [2, 3])
        #expect(Self.error(lines[0].outcome) == error)
        #expect(try lines[1].outcome.get().serial == "9")
    }

    @Test(arguments: [
        ("hotp,30,,,", MalformedOATH.value("period")), ("hmac,,6,,", .digits),
        ("hmac,,,,OCRA-1:HOTP-SHA1-6:QN08", .value("suite")), ("ocra,,,,", .missing("suite")),
        ("ocra,,8,,OCRA-1:HOTP-SHA1-6:QN08", .digits), ("totp,,,1,", .counter),
        ("hmac,,,1,", .counter),
        ("ocra,,,1,OCRA-1:HOTP-SHA1-6:QN08", .counter), ("hotp,,,18446744073709551616,", .counter),
        ("hotp,,,-1,", .counter), ("yubikey,,,,", .value("kind")),
        ("ocra,,,,OCRA", .suite(at: "CryptoFunction")),
    ])
    func `refuses what the kind has not`(rest: String, error: MalformedOATH) throws {
        let header = "serial number,secret key,kind,time interval,digits,counter,suite"
        let lines = try Self.lines("\(header)\n1,\(Self.text),\(rest)\n")
        let found = try #require(lines.first).outcome
        // The suite's own faults are those of its decoder.
        if case .suite = error {
            #expect(Self.error(found)?.code == error.code)
        } else {
            #expect(Self.error(found) == error)
        }
    }

    @Test func `takes formulas for text, as nobody here runs them`() throws {
        let lines = try Self.lines(
            "serial number,secret key,model\n\"=cmd|' /C calc'!A0\",\(Self.text),@SUM(1+1)\n")
        let draft = try #require(lines.first).outcome.get()
        #expect(draft.serial == "=cmd|' /C calc'!A0")
        #expect(draft.model == "@SUM(1+1)")
    }

    @Test func `reports a serial number that was there before`() throws {
        let lines = try Self.lines(
            "serial number,secret key\n1,bad\n1,\(Self.text)\n2,\(Self.text)\n1,\(Self.text)\n")
        #expect(
            lines.map { Self.error($0.outcome) } == [
                .secretText, nil, nil, .repeatedSerial(line: 3),
            ])
        #expect(lines.map(\.serial) == ["1", "1", "2", "1"])
    }

    @Test func `a quoted field that does not end spoils its line alone`() throws {
        let lines = try Self.lines(
            "serial number,secret key\n\"1,\(Self.text)\n2,\(Self.text)\n\"3\n\",\(Self.text)\n4,\(Self.text)\n"
        )
        #expect(
            lines.map { Self.error($0.outcome) } == [.fields, nil, .fields, .fields, nil])
    }

    @Test func `refuses other encodings and files too large`() {
        let table = "serial number,secret key\n1,\(Self.text)\n"
        let utf16 = table.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(Self.failure([0xFF, 0xFE] + utf16) == .encoding)
        #expect(Self.failure(utf16) == .encoding)
        #expect(Self.failure([0xFE, 0xFF, 0x00, 0x41]) == .encoding)
        #expect(Self.failure(Array(table.utf8) + [0]) == .encoding)
        #expect(
            Self.failure([UInt8](repeating: 0x20, count: 8 << 20 + 1))
                == .tooLarge(limit: 8_388_608))
        let many = "serial number,secret key\n" + String(repeating: "1\n", count: 100_001)
        #expect(Self.failure(Array(many.utf8)) == .tooManyTokens(limit: 100_000))
    }

    @Test func `reports a line that is not UTF-8 or too long`() throws {
        let head = Array("serial number,secret key\n".utf8)
        let good = Array("2,\(Self.text)\n".utf8)
        let latin = Array("1".utf8) + [0xE9] + Array(",\(Self.text)\n".utf8)
        let long = [UInt8](repeating: UInt8(ascii: "1"), count: 4_097) + [0x0A]
        let lines = try TokenCSV.decode(head + latin + long + good)
        #expect(
            lines.map { Self.error($0.outcome) } == [.encoding, .tooLarge(limit: 4_096), nil])
    }

    @Test(.timeLimit(.minutes(2))) func `reads as many tokens as a file may have`() throws {
        var file = Array("serial number,secret key\n".utf8)
        for number in 0..<100_000 { file += Array("\(number),\(Self.text)\n".utf8) }
        let lines = try TokenCSV.decode(file)
        #expect(lines.count == 100_000)
        #expect(lines.last?.number == 100_001)
        #expect(lines.allSatisfy { Self.error($0.outcome) == nil })
    }

    @Test func `no prefix and no flipped bit brings it down`() throws {
        let table = Array("\(Self.entra)\na,1,\(Self.text),30,b,\"c\"\n".utf8)
        let honest = try #require(try TokenCSV.decode(table).first).outcome.get()
        // Without the line's end the table is whole.
        for prefix in Array(table.dropLast()).properPrefixes {
            let lines = (try? TokenCSV.decode(prefix)) ?? []
            #expect(!lines.contains { (try? $0.outcome.get()) == honest })
        }
        for (bit, flipped) in table.singleBitFlips.enumerated() {
            let lines = (try? TokenCSV.decode(flipped)) ?? []
            guard lines.contains(where: { (try? $0.outcome.get()) == honest }) else { continue }
            // Letters' case in the header and the secret, and the quotation marks' like.
            #expect(bit % 8 == 5 || bit / 8 == table.count - 1)
        }
    }
}
