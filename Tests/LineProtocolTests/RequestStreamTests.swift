import LineProtocol
import Testing

@Suite struct RequestStreamTests {
    private static let streams: [String] = [
        "VERIFY alice 123456 svc=sshd id=1\r\nPING id=2\nVERIFY a2 22%zz id=3\nCRED LIST bob\n",
        "PING\n\nVERIFY  a b\nVERIFY J%C3%BCrgen Ω id=9\nVERIFY al\rice 1\nPING\n",
        "PING\nVERIFY a\0b 1\nPING\n",
        array(["VERIFY", "alice", "123456", "id=9"]) + array(["PING"])
            + array(["CRED", "DEL", "bob", "x"]),
        array(["PING"]) + "*1\r\n$4\r\nPINGPONG\r\n",
        array(["PING"]) + "PING\n",
        "PING\n*1\r\n",
        "CHALLENGE " + String(repeating: "a", count: 5000) + "\nPING\n",
    ]

    @Test(arguments: streams)
    func `comes out the same however the stream is cut`(text: String) {
        let bytes = Array(text.utf8)
        let whole = decode([bytes])
        for offset in 0...bytes.count {
            let cut = decode([Array(bytes[..<offset]), Array(bytes[offset...])])
            #expect(cut.requests == whole.requests)
            #expect(cut.error == whole.error)
        }
        #expect(decode(bytes.map { [$0] }) == whole)
    }

    @Test(arguments: [
        "VERIFY alice 123456 svc=sshd id=1\r\n", array(["VERIFY", "alice", "123456", "id=9"]),
    ])
    func `makes nothing of a proper prefix`(text: String) {
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            let outcome = decode([Array(bytes[..<length])])
            #expect(outcome == Outcome(buffered: length))
        }
        #expect(decode([bytes]).requests.count == 1)
    }

    @Test(arguments: [
        "VERIFY alice 123456 svc=sshd id=1\r\n", array(["VERIFY", "alice", "123456", "id=9"]),
    ])
    func `shows every flipped bit, but for the case of the verb`(text: String) {
        let bytes = Array(text.utf8)
        let original = decode([bytes])
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                let verb = text.hasPrefix("*") ? 8..<14 : 0..<6
                if verb.contains(index), bit == 5 {
                    #expect(decode([flipped]) == original)
                } else {
                    #expect(decode([flipped]) != original)
                }
            }
        }
    }

    @Test func `the two framings of a request mean the same`() throws {
        var generator = SeededGenerator(state: 7)
        let letters = Array("abcXYZ019 %=:*$-_~/é漢😀\u{80}")
        for _ in 0..<2000 {
            let value = {
                String(
                    (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                        letters.randomElement(using: &generator) ?? "a"
                    })
            }
            let user = value()
            let code = value()
            let service = value()
            let line = try RequestLine("VERIFY", [user, code], ["svc": service])
            let id = RequestID(number: generator.next())
            let expected = Outcome(requests: [
                .request(
                    Request(
                        verb: "VERIFY", positionals: [user, code],
                        options: [Option("svc", service)], id: id))
            ])
            #expect(decode([line.encoded(id: id, as: .line)]) == expected)
            #expect(decode([line.encoded(id: id, as: .array)]) == expected)
        }
    }

    @Test func `ten thousand random inputs end in requests, refusals or one framing error`() {
        var generator = SeededGenerator(state: 42)
        let fragments = [
            "VERIFY ", "alice", " ", "\n", "\r\n", "\r", "\0", "*", "$", "*1\r\n", "*3\r\n",
            "$4\r\n",
            "$6\r\nVERIFY\r\n", "PING", "%", "%4", "%C3", "id=", "id=1", "svc=x", "=", ":", "é",
            "9999999", "CRED LIST", String(repeating: "a", count: 400),
        ].map { Array($0.utf8) }
        var framingErrors: Set<FramingError> = []
        for _ in 0..<10_000 {
            var input: [UInt8] = []
            for _ in 0..<Int.random(in: 1...24, using: &generator) {
                if Int.random(in: 0..<8, using: &generator) == 0 {
                    input.append(UInt8.random(in: 0...255, using: &generator))
                } else if let fragment = fragments.randomElement(using: &generator) {
                    input += fragment
                }
            }
            let whole = decode([input], limits: .unauthenticated)
            let bytewise = decode(input.map { [$0] }, limits: .unauthenticated)
            #expect(whole == bytewise)
            if let error = whole.error {
                framingErrors.insert(error)
                #expect(whole.buffered == 0)
            }
        }
        #expect(
            framingErrors.isSuperset(of: [
                .strayControl, .badCount, .badLength, .badTerminator, .mixedFraming,
                .requestTooLong,
            ]))
    }
}
