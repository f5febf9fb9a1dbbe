import LineProtocol
import Testing

@Suite struct VocabularyTests {
    @Test func `every error has a code and a word of its own class`() {
        let arguments: [ArgumentError] = [
            .emptyToken, .controlCharacter, .invalidUTF8, .badPercentEscape, .badVerb, .unknownVerb,
            .missingPositional("a"), .extraPositional, .unknownOption("a"), .duplicateOption("a"),
            .missingOption("a"), .badValue("a"), .badID, .duplicateID, .missingID,
        ]
        let codes =
            FramingError.allCases.map(\.code) + arguments.map(\.code)
            + ReplyDecodingError.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
        for code in codes { #expect(Set(code).isSubset(of: allowed)) }
        for error in arguments { #expect(error.reply.word.category == .callerFault) }
        for word in ReplyWord.categories.keys { #expect(word.isWellFormed) }
    }

    @Test func `a request line escapes what a user typed`() throws {
        let line = try RequestLine("VERIFY", ["al ice", "1=%"], ["svc": "a=b c"])
        #expect(
            String(decoding: line.encoded(id: RequestID("3")), as: UTF8.self)
                == "VERIFY al%20ice 1%3D%25 svc=a=b%20c id=3\n")
    }

    @Test func `a request line refuses what has no form`() {
        #expect(throws: ArgumentError.controlCharacter) {
            try RequestLine("VERIFY", ["bob", "1\nVERIFY bob 654321"])
        }
        #expect(throws: ArgumentError.emptyToken) { try RequestLine("VERIFY", [""]) }
        #expect(throws: ArgumentError.badVerb) { try RequestLine("VERIFY X Y") }
        #expect(throws: ArgumentError.badVerb) { try RequestLine("") }
        #expect(throws: ArgumentError.unknownOption("id")) {
            try RequestLine("PING", [], ["id": "1"])
        }
        #expect(throws: ArgumentError.duplicateOption("a")) {
            try RequestLine("PING", [], ["a": "1", "a": "2"])
        }
    }

    @Test func `percent escapes round-trip every text without control characters`() throws {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                let value = UInt32.random(in: 0x20...0x2FFF, using: &generator)
                if value != 0x7F, let scalar = Unicode.Scalar(value) {
                    text.unicodeScalars.append(scalar)
                }
            }
            let encoded = try PercentCodec.encode(
                text, escapingEquals: Bool.random(using: &generator))
            #expect(!encoded.utf8.contains(UInt8(ascii: " ")))
            #expect(Array(try PercentCodec.decode(encoded.utf8).utf8) == Array(text.utf8))
        }
    }

    @Test func `usage shows the whole of a verb`() {
        #expect(table["CHALLENGE"]?.usage == "CHALLENGE user kind=… [rp=…]")
        #expect(table["CRED DEL"]?.usage == "CRED DEL user [cred]")
        #expect(
            table["HELLO"]?.usage
                == "HELLO version [AUTH name secret] [SETNAME label] [features=…] [agent=…]")
    }
}
