import LineProtocol
import Testing

@Suite struct RequestDecoderTests {
    @Test func `reads a line into verb, positionals, options and id`() {
        #expect(
            request("verify alice 123456 svc=sshd rip=192.0.2.7 id=a-1\n")
                == Request(
                    verb: "VERIFY", positionals: ["alice", "123456"],
                    options: [Option("svc", "sshd"), Option("rip", "192.0.2.7")],
                    id: RequestID("a-1")))
    }

    @Test func `takes LF and CRLF for the same`() {
        #expect(decode("PING\r\nPING\n").requests == decode("PING\nPING\r\n").requests)
        #expect(decode("PING\r\nPING\n").requests.count == 2)
    }

    @Test func `reads verbs of two words in both framings`() {
        let expected = Request(verb: "CRED LIST", positionals: ["alice"])
        #expect(request("cred list alice\n") == expected)
        #expect(request(array(["CRED", "LIST", "alice"])) == expected)
        #expect(refusal("CRED alice\n") == .unknownVerb)
        #expect(refusal("CRED\n") == .unknownVerb)
    }

    @Test func `undoes percent escapes in lines and takes array tokens literally`() {
        #expect(request("VERIFY al%20ice %25\n")?.positionals == ["al ice", "%"])
        #expect(request(array(["VERIFY", "al ice", "%41"]))?.positionals == ["al ice", "%41"])
        #expect(request("VERIFY J%C3%BCrgen Ω\n")?.positionals == ["Jürgen", "Ω"])
    }

    @Test func `takes the first tokens as positionals whatever they look like`() {
        let found = request("VERIFY id=7 svc=imap id=8\n")
        #expect(found?.positionals == ["id=7", "svc=imap"])
        #expect(found?.id == RequestID("8"))
        #expect(found?.options == [])
    }

    @Test func `reads optional and repeated positionals`() {
        #expect(request("CRED DEL alice\n")?.positionals == ["alice"])
        #expect(request("CRED DEL alice AbC\n")?.positionals == ["alice", "AbC"])
        #expect(request("CRED DEL alice a%3Db\n")?.positionals == ["alice", "a=b"])
        #expect(refusal("CRED DEL alice AbC more\n") == .extraPositional)
        #expect(request("COMMAND DOCS a b c\n")?.positionals == ["a", "b", "c"])
    }

    @Test func `gives keywords their tokens literally`() {
        let found = request("HELLO 3 AUTH web c2Vj= SETNAME x\n")
        #expect(found?.positionals == ["3"])
        #expect(found?.keywords == ["AUTH": ["web", "c2Vj="], "SETNAME": ["x"]])
        #expect(refusal("HELLO 3 AUTH web\n") == .missingPositional("secret"))
        #expect(refusal("HELLO 3 AUTH a b AUTH a b\n") == .duplicateOption("AUTH"))
    }

    @Test(arguments: [
        ("\n", ArgumentError.emptyToken),
        (" PING\n", .emptyToken),
        ("PING \n", .emptyToken),
        ("VERIFY  a b\n", .emptyToken),
        ("VERIFY a\tb 1\n", .controlCharacter),
        ("VERIFY a\u{7F} 1\n", .controlCharacter),
        ("VERIFY a%0Ab 1\n", .controlCharacter),
        ("VERIFY a%7fb 1\n", .controlCharacter),
        ("VERIFY a%00b 1\n", .controlCharacter),
        ("VERIFY a 22%zz\n", .badPercentEscape),
        ("VERIFY a 22%4\n", .badPercentEscape),
        ("VERIFY a 22%\n", .badPercentEscape),
        ("VERIFY a %C3\n", .invalidUTF8),
        ("VERIFY a %ED%A0%80\n", .invalidUTF8),
        ("P1NG\n", .badVerb),
        ("ABCDEFGHIJKLMNOPQ\n", .badVerb),
        ("GET / HTTP/1.1\r\n", .unknownVerb),
        ("VERIFY\n", .missingPositional("user")),
        ("VERIFY a\n", .missingPositional("code")),
        ("VERIFY a 1 more\n", .extraPositional),
        ("VERIFY a 1 svc=x more\n", .extraPositional),
        ("VERIFY a 1 Svc=x\n", .extraPositional),
        ("VERIFY a 1 uv=x\n", .unknownOption("uv")),
        ("VERIFY a 1 svc=x svc=x\n", .duplicateOption("svc")),
        ("VERIFY a 1 x-a=1 x-a=2\n", .duplicateOption("x-a")),
        ("VERIFY a 1 id=1 id=2\n", .duplicateOption("id")),
        ("VERIFY a 1 id=\n", .badID),
        ("VERIFY a 1 id=a.b\n", .badID),
        ("VERIFY a 1 id=123456789012345678901234567890123\n", .badID),
        ("CHALLENGE a\n", .missingOption("kind")),
    ])
    func `fails one request alone`(text: String, error: ArgumentError) {
        #expect(refusal(text) == error)
        let followed = decode(text + "PING\n")
        #expect(followed.error == nil)
        #expect(followed.requests.last == .request(Request(verb: "PING")))
    }

    @Test func `ignores hints and takes empty values`() {
        #expect(request("VERIFY a 1 x-trace=9 svc=\n")?.options == [Option("svc", "")])
    }

    @Test(arguments: [
        ("VERIFY a2 22%zz id=2\n", "2"),
        ("NOSUCH a b id=3 c\n", "3"),
        ("VERIFY id=5 a b id=6\n", "6"),
        ("VERIFY id=5\n", nil),
        ("VERIFY a 1 id=1 id=2\n", nil),
        ("VERIFY a 1 id=a.b\n", nil),
        ("VERIFY a  1 id=7\n", "7"),
    ])
    func `echoes the id of a failed request`(text: String, id: String?) throws {
        let outcome = decode(text)
        let only = try #require(outcome.requests.first)
        #expect(only.id == id.flatMap { RequestID($0) })
    }

    @Test(arguments: [
        ("VERIFY al\rice 1\n", FramingError.strayControl),
        ("PING\r\r\n", .strayControl),
        ("VERIFY a\0b 1\n", .strayControl),
        ("*1\r\n$4\r\nPING\r\nPING\n", .mixedFraming),
        ("PING\n*1\r\n$4\r\nPING\r\n", .mixedFraming),
        ("*0\r\n", .badCount),
        ("*-1\r\n", .badCount),
        ("*\r\n", .badCount),
        ("*01\r\n", .badCount),
        ("*1234\r\n", .badCount),
        ("*1\n", .badCount),
        ("*65\r\n", .tooManyTokens),
        ("*1\r\nPING\r\n", .badLength),
        ("*1\r\n$-1\r\n", .badLength),
        ("*1\r\n$04\r\n", .badLength),
        ("*1\r\n$1234567\r\n", .badLength),
        ("*1\r\n$4\r\nPINGPONG\r\n", .badTerminator),
        ("*1\r\n$4\r\nPING\n", .badTerminator),
        ("*1\r\n$3\r\nPING\r\n", .badTerminator),
        ("*2\r\n$4\r\nPING\r\n$999999\r\n", .requestTooLong),
        ("*1\r\n$999999\r\n", .requestTooLong),
    ])
    func `closes when framing is in doubt`(text: String, error: FramingError) {
        #expect(decode(text).error == error)
    }

    @Test func `stays failed after a framing error`() {
        var decoder = RequestDecoder(table: table)
        decoder.append("a\rb\n".utf8)
        #expect(throws: FramingError.strayControl) { try decoder.next() }
        decoder.append("PING\n".utf8)
        #expect(throws: FramingError.strayControl) { try decoder.next() }
        #expect(decoder.bufferedCount == 0)
    }

    @Test func `control characters within an array token fail that request alone`() {
        #expect(refusal(array(["VERIFY", "a\0b", "1"])) == .controlCharacter)
        #expect(refusal(array(["VERIFY", "a\r\nVERIFY b 2", "1"])) == .controlCharacter)
        #expect(refusal(array(["VERIFY", "", "1"])) == .emptyToken)
    }
}
