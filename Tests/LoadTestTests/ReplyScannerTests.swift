import LineProtocol
import LoadTest
import Testing

@Suite struct ReplyScannerTests {
    private func acceptance(_ line: String) -> ReplyScanner.Acceptance? {
        let bytes = Array(line.utf8)
        return ReplyScanner.acceptance(in: bytes.span)
    }

    @Test func `reads the number of a yes`() {
        #expect(acceptance("+OK id=0")?.number == 0)
        #expect(acceptance("+OK id=41 user=a method=webauthn")?.number == 41)
        #expect(acceptance("+OK id=123456789012345 user=a")?.number == 123_456_789_012_345)
        #expect(acceptance("+OK id=41 user=a")?.end == 9)
    }

    @Test(arguments: [
        "", "+OK", "+OK id=", "+OK id= user=a", "+OK id=x", "+OK id=1x", "+OK id=01", "+OK id=-1",
        "+OK id=1234567890123456", "-NO id=1 user=a", "+PONG id=1", "+OK user=a id=1", "+ok id=1",
        " +OK id=1",
    ])
    func `all else is left to the full decoder`(line: String) {
        #expect(acceptance(line) == nil)
    }

    @Test func `every prefix of a yes is no yes or another number`() {
        let line = "+OK id=417 user=a"
        for length in 0..<"+OK id=417".count {
            #expect(acceptance(String(line.prefix(length)))?.number != 417)
        }
    }

    private func names(_ name: String, _ method: String, _ line: String) -> Bool {
        let (name, method, bytes) = (Array(name.utf8), Array(method.utf8), Array(line.utf8))
        return ReplyScanner.names(name, method, in: bytes.span, at: 8)
    }

    @Test func `compares the user's name and the method to their ends`() {
        #expect(names("p-1", "hotp", "+OK id=7 user=p-1 method=hotp aal=1"))
        #expect(names("p-1", "hotp", "+OK id=7 user=p-1 method=hotp"))
        #expect(!names("p-1", "hotp", "+OK id=7 user=p-1 method=hotp2"))
        #expect(!names("p-1", "hotp", "+OK id=7 user=p-1 method=totp"))
        #expect(!names("p-1", "hotp", "+OK id=7 user=p-12 method=hotp"))
        #expect(!names("p-12", "hotp", "+OK id=7 user=p-1 method=hotp"))
        #expect(!names("p-1", "hotp", "+OK id=7 name=p-1 method=hotp"))
        #expect(!names("p-1", "hotp", "+OK id=7 method=hotp user=p-1"))
    }

    @Test func `no shorter yes names both`() {
        let line = "+OK id=7 user=p-1 method=hotp"
        for length in 8..<line.count {
            #expect(!names("p-1", "hotp", String(line.prefix(length))))
        }
    }

    @Test func `decodes any other reply whole`() throws {
        let bytes = Array("-NO id=7 user=a reason=counter-not-ahead".utf8)
        let reply = try ReplyScanner.reply(in: bytes.span)
        #expect(reply.word == .no)
        #expect(reply.id?.text == "7")
        #expect(reply["reason"] == "counter-not-ahead")
        let list = Array("*1".utf8)
        #expect(throws: ReplyDecodingError.listTooLong) {
            try ReplyScanner.reply(in: list.span)
        }
    }
}
