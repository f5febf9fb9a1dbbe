import LineProtocol
import Testing

@Suite struct RequestLimitsTests {
    private func line(octets: Int, verb: String = "CHALLENGE") -> String {
        let head = "\(verb) "
        return head + String(repeating: "a", count: octets - head.utf8.count - 1) + "\n"
    }

    @Test func `counts the end of the line against the limit`() {
        #expect(decode(line(octets: 4096)).error == nil)
        #expect(decode(line(octets: 4097)).error == .requestTooLong)
        #expect(decode(line(octets: 1024), limits: .unauthenticated).error == nil)
        #expect(
            decode(line(octets: 1025), limits: .unauthenticated).error == .requestTooLong)
        let crlf = line(octets: 4096).dropLast() + "\r\n"
        #expect(decode(String(crlf)).error == .requestTooLong)
    }

    @Test func `gives verbs with attestations their larger limit once the client is known`() {
        #expect(decode(line(octets: 65536, verb: "verify")).error == nil)
        #expect(decode(line(octets: 65537, verb: "verify")).error == .requestTooLong)
        #expect(
            decode(line(octets: 1025, verb: "VERIFY"), limits: .unauthenticated).error
                == .requestTooLong)
    }

    @Test func `refuses an overlong line before its end arrives`() {
        let endless = [UInt8](repeating: UInt8(ascii: "A"), count: 4097)
        #expect(decode([endless]).error == .requestTooLong)
        #expect(decode([Array(endless.dropLast())]).error == nil)
    }

    @Test func `sums the lengths of an array`() {
        let fits = ["CHALLENGE", String(repeating: "a", count: 4087)]
        #expect(decode(array(fits)).error == nil)
        #expect(decode(array([fits[0], fits[1] + "a"])).error == .requestTooLong)
        let large = ["VERIFY", "alice", String(repeating: "a", count: 65525)]
        #expect(decode(array(large)).error == nil)
        #expect(decode(array(large + ["a"])).error == .requestTooLong)
    }

    @Test func `counts tokens with the verb among them`() {
        let eight = "VERIFY a b c d e f g\n"
        #expect(decode(eight, limits: .unauthenticated).error == nil)
        #expect(
            decode("VERIFY a b c d e f g h\n", limits: .unauthenticated).error == .tooManyTokens)
        #expect(decode("*8\r\n", limits: .unauthenticated).error == nil)
        #expect(decode("*9\r\n", limits: .unauthenticated).error == .tooManyTokens)
        let many = "VERIFY" + String(repeating: " a", count: 63) + "\n"
        #expect(decode(many).error == nil)
        #expect(decode("A " + many).error == .tooManyTokens)
    }

    @Test func `a half-sent bulk string of any length holds no more than what came`() {
        var decoder = RequestDecoder(table: table, limits: .authenticated)
        decoder.append("*2\r\n$6\r\nVERIFY\r\n$65000\r\nabc".utf8)
        let none = try? decoder.next()
        #expect(none == .some(nil))
        #expect(decoder.bufferedCount == 27)
    }
}
