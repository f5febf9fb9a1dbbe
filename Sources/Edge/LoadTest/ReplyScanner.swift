package import LineProtocol

/// Reads the replies of the timed part without making a value of each: a line that begins `+OK id=N` is a yes to
/// request *N*, and all else goes to the full decoder.
///
/// It works on the bytes of one line, without its CRLF.
package enum ReplyScanner {
    /// A yes: the request's number, and where the options after it begin.
    package struct Acceptance: Sendable, Hashable {
        package let number: Int
        package let end: Int
    }

    private static let yes = Array("+OK id=".utf8)
    private static let user = Array(" user=".utf8)
    private static let method = Array(" method=".utf8)

    /// The yes that the line is, or `nil` for any other line. A number has 15 digits at most and no leading zero.
    package static func acceptance(in line: Span<UInt8>) -> Acceptance? {
        guard line.count > yes.count else { return nil }
        for index in yes.indices where line[index] != yes[index] { return nil }
        var end = yes.count
        var number = 0
        while end < line.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[end]) {
            guard end - yes.count < 15 else { return nil }
            number = number * 10 + Int(line[end] - UInt8(ascii: "0"))
            end += 1
        }
        let digits = end - yes.count
        guard digits > 0, digits == 1 || line[yes.count] != UInt8(ascii: "0") else { return nil }
        guard end == line.count || line[end] == UInt8(ascii: " ") else { return nil }
        return Acceptance(number: number, end: end)
    }

    /// Whether the options that begin at `start` begin with `user=` and this name, `method=` and this word.
    package static func names(
        _ name: [UInt8], _ word: [UInt8], in line: Span<UInt8>, at start: Int
    ) -> Bool {
        var end = start
        for part in [user, name, method, word] {
            guard line.count - end >= part.count else { return false }
            for index in part.indices where line[end + index] != part[index] { return false }
            end += part.count
        }
        return end == line.count || line[end] == UInt8(ascii: " ")
    }

    /// The reply that the line is.
    package static func reply(in line: Span<UInt8>) throws(ReplyDecodingError) -> Reply {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(line.count + 2)
        for index in line.indices { bytes.append(line[index]) }
        var decoder = ReplyDecoder(maximumItems: 0)
        decoder.append(bytes + [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
        guard let reply = try decoder.next() else { throw .badType }
        return reply
    }
}
