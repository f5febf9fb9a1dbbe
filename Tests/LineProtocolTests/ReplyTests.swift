import LineProtocol
import Testing

@Suite struct ReplyTests {
    private func wire(_ reply: Reply, id: String? = nil, redis: RedisProtocol = .resp2) -> String {
        var reply = reply
        reply.id = id.flatMap { RequestID($0) }
        var bytes: [UInt8] = []
        reply.encode(into: &bytes, redis: redis)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func decoded(_ text: String) throws(ReplyDecodingError) -> Reply? {
        var decoder = ReplyDecoder()
        decoder.append(text.utf8)
        return try decoder.next()
    }

    @Test func `writes the forms of the reference`() {
        #expect(wire(.ok()) == "+OK\r\n")
        #expect(wire(.pong, id: "7") == "+PONG id=7\r\n")
        #expect(
            wire(.ok(["user": "alice", "label": "blue key"]), id: "1")
                == "+OK id=1 user=alice label=blue%20key\r\n")
        #expect(
            wire(.refusal(.more, ["txn": "Bq1"], text: "another factor is needed"))
                == "-MORE txn=Bq1 :another factor is needed\r\n")
        #expect(
            wire(ArgumentError.badPercentEscape.reply, id: "2")
                == "-SYNTAX id=2 :bad percent escape\r\n")
        #expect(
            wire(.list([ListItem(["cred": "a"]), ListItem(text: "ssh-ed25519 AAAA")]))
                == "*2\r\n+cred=a\r\n+ssh-ed25519 AAAA\r\n")
        #expect(wire(.list([]), id: "4") == "*1\r\n+OK id=4\r\n")
    }

    @Test func `cannot be made to write a second line`() {
        let hostile = Reply.refusal(.no, ["user": "a\r\n+OK user=bob"], text: "x\r\n+OK")
        #expect(
            wire(hostile) == "-NO user=a\u{FFFD}\u{FFFD}+OK%20user=bob :x\u{FFFD}\u{FFFD}+OK\r\n")
    }

    @Test func `replaces a line over 16 KiB`() {
        let fits = String(repeating: "a", count: 16384 - 3 - 3 - 2)
        #expect(wire(.ok(["k": fits])).utf8.count == 16384)
        #expect(
            wire(.ok(["k": fits + "a"]), id: "5")
                == "-INTERNAL id=5 retry=1000 :reply longer than a line may be\r\n")
        #expect(
            wire(.list([ListItem(["k": fits + "aaaaa"])]))
                == "-INTERNAL retry=1000 :reply longer than a line may be\r\n")
    }

    @Test func `writes maps as each Redis version has them`() {
        let map = Reply.redis(.map([.init("a", .integer(1)), .init("b", .array([.text("x")]))]))
        #expect(wire(map) == "*4\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n*1\r\n$1\r\nx\r\n")
        #expect(wire(map, redis: .resp3) == "%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n*1\r\n$1\r\nx\r\n")
    }

    @Test func `round-trips lines and lists, whole and byte by byte`() throws {
        var list = Reply.list([ListItem(["cred": "a b"]), ListItem(text: "x")], ["user": "é"])
        list.id = RequestID("9")
        let replies: [Reply] = [
            .ok(["user": "al ice", "empty": ""]), .pong, .refusal(.no, ["user": "%"]),
            .refusal(.busy, ["retry": "200"], text: "later : please"), .list([]), list,
            .refusal(ReplyWord(rawValue: "NEWWORD"), text: ""),
        ]
        var bytes: [UInt8] = []
        for reply in replies { reply.encode(into: &bytes) }
        var decoder = ReplyDecoder()
        var found: [Reply] = []
        for byte in bytes {
            decoder.append([byte])
            if let reply = try decoder.next() { found.append(reply) }
        }
        #expect(found == replies)
        #expect(!decoder.isMidReply)
    }

    @Test(arguments: [
        ("OK\r\n", ReplyDecodingError.badType),
        ("\r\n", .badType),
        ("+OK\n", .strayControl),
        ("+OK\rx", .strayControl),
        ("+O\tK\r\n", .strayControl),
        ("+NO\r\n", .badWord),
        ("-OK\r\n", .badWord),
        ("+ok\r\n", .badWord),
        ("-ABCDEFGHIJKLM\r\n", .badWord),
        ("-\r\n", .badWord),
        ("+OK \r\n", .badOption),
        ("+OK user\r\n", .badOption),
        ("+OK a=1 a=2\r\n", .badOption),
        ("+OK a=1  b=2\r\n", .badOption),
        ("+OK a=%0a\r\n", .badOption),
        ("+OK :text\r\n", .badOption),
        ("+OK a=1 id=2\r\n", .badOption),
        ("+OK id=a.b\r\n", .badOption),
        ("+OK a=%FF\r\n", .invalidUTF8),
        ("*x\r\n", .badCount),
        ("*\r\n", .badCount),
        ("*01\r\n", .badCount),
        ("*999999\r\n", .listTooLong),
        ("*1\r\n-NO\r\n", .badType),
        ("*1\r\n*0\r\n", .badType),
    ])
    func `refuses what no server sends`(text: String, error: ReplyDecodingError) {
        #expect(throws: error) { try decoded(text) }
    }

    @Test func `bounds lines and lists`() {
        var decoder = ReplyDecoder(maximumListOctets: 18)
        decoder.append("*3\r\n+a=1\r\n+b=22222222\r\n".utf8)
        #expect(throws: ReplyDecodingError.listTooLong) { try decoder.next() }
        var endless = ReplyDecoder()
        endless.append("+".utf8)
        endless.append([UInt8](repeating: UInt8(ascii: "a"), count: 16384))
        #expect(throws: ReplyDecodingError.lineTooLong) { try endless.next() }
    }

    @Test func `makes nothing of a proper prefix and shows every flipped bit`() throws {
        let bytes = Array("*2\r\n+OK id=7 user=alice\r\n+cred=AbC label=x\r\n".utf8)
        let text = { (bytes: [UInt8]) -> Reply? in
            var decoder = ReplyDecoder()
            decoder.append(bytes)
            return try? decoder.next()
        }
        let original = try #require(text(bytes))
        for length in 0..<bytes.count { #expect(text(Array(bytes[..<length])) == nil) }
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                #expect(text(flipped) != original)
            }
        }
    }

    @Test func `keeps a word of a later version, as a failure`() throws {
        let reply = try #require(try decoded("-FROZEN retry=5\r\n"))
        #expect(!reply.isSuccess)
        #expect(reply.word.category == .unknown)
        #expect(reply["retry"] == "5")
    }
}
