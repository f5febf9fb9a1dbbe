extension Reply {
    /// The longest reply line, its CRLF included.
    public static let maximumLineLength = 16384

    /// Appends the reply as it goes to the peer.
    ///
    /// A reply with a line over 16 KiB goes out as `-INTERNAL`: data of that size belongs in a list.
    ///
    /// - Parameter redis: The form of a Redis value; of no account for other replies.
    public func encode(into output: inout [UInt8], redis: RedisProtocol = .resp2) {
        let start = output.count
        switch body {
        case .line: encodeLine(into: &output)
        case .list(let items):
            RedisValue.appendHeader("*", items.count + (id == nil ? 0 : 1), to: &output)
            var longest = 0
            if id != nil {
                let lineStart = output.count
                encodeLine(into: &output)
                longest = output.count - lineStart
            }
            for item in items {
                output.append(UInt8(ascii: "+"))
                output.append(contentsOf: item.line.utf8)
                output.append(contentsOf: "\r\n".utf8)
                longest = max(longest, item.line.utf8.count + 3)
            }
            if longest > Self.maximumLineLength { replaceTooLong(from: start, in: &output) }
            return
        case .redis(let value):
            value.encode(into: &output, protocol: redis)
            return
        }
        if output.count - start > Self.maximumLineLength {
            replaceTooLong(from: start, in: &output)
        }
    }

    private func replaceTooLong(from start: Int, in output: inout [UInt8]) {
        output.removeSubrange(start...)
        var substitute = Reply.internalError
        substitute.id = id
        substitute.text = "reply longer than a line may be"
        substitute.encodeLine(into: &output)
    }

    private func encodeLine(into output: inout [UInt8]) {
        output.append(isSuccess ? UInt8(ascii: "+") : UInt8(ascii: "-"))
        output.append(contentsOf: word.rawValue.utf8)
        if let id { Self.append(Option("id", id.text), after: true, to: &output) }
        for option in options { Self.append(option, after: true, to: &output) }
        if let text, !isSuccess {
            output.append(contentsOf: " :".utf8)
            Self.append(text: text, to: &output)
        }
        output.append(contentsOf: "\r\n".utf8)
    }

    static func append(_ option: Option, after isLater: Bool, to output: inout [UInt8]) {
        if isLater { output.append(UInt8(ascii: " ")) }
        output.append(contentsOf: option.key.utf8)
        output.append(UInt8(ascii: "="))
        PercentCodec.append(option.value.utf8, to: &output)
    }

    static func append(text: String, to output: inout [UInt8]) {
        for byte in text.utf8 {
            if PercentCodec.isControl(byte) {
                output.append(contentsOf: "\u{FFFD}".utf8)
            } else {
                output.append(byte)
            }
        }
    }
}
