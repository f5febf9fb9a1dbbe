/// Which version of Redis's protocol a connection asked for.
public enum RedisProtocol: Int, Sendable, Hashable {
    /// Maps travel as flat arrays.
    case resp2 = 2
    /// Maps travel as maps.
    case resp3 = 3
}

/// A value as Redis sends it: for the answers that Redis libraries read themselves.
public indirect enum RedisValue: Sendable, Hashable {
    /// A bulk string.
    case text(String)
    /// A simple string: a word without line ends.
    case word(String)
    /// A number.
    case integer(Int)
    /// Values in order.
    case array([RedisValue])
    /// Keys and values in order.
    case map([Pair])

    /// A key and its value.
    public struct Pair: Sendable, Hashable {
        /// The key.
        public let key: String
        /// The value.
        public let value: RedisValue

        /// Pairs them.
        public init(_ key: String, _ value: RedisValue) {
            self.key = key
            self.value = value
        }
    }

    /// Appends the value in the form of that version.
    public func encode(into output: inout [UInt8], protocol version: RedisProtocol) {
        switch self {
        case .text(let text):
            Self.appendHeader("$", text.utf8.count, to: &output)
            output.append(contentsOf: text.utf8)
            output.append(contentsOf: "\r\n".utf8)
        case .word(let word):
            output.append(UInt8(ascii: "+"))
            Reply.append(text: word, to: &output)
            output.append(contentsOf: "\r\n".utf8)
        case .integer(let number): Self.appendHeader(":", number, to: &output)
        case .array(let values):
            Self.appendHeader("*", values.count, to: &output)
            for value in values { value.encode(into: &output, protocol: version) }
        case .map(let pairs):
            switch version {
            case .resp2: Self.appendHeader("*", pairs.count * 2, to: &output)
            case .resp3: Self.appendHeader("%", pairs.count, to: &output)
            }
            for pair in pairs {
                RedisValue.text(pair.key).encode(into: &output, protocol: version)
                pair.value.encode(into: &output, protocol: version)
            }
        }
    }

    static func appendHeader(_ type: Unicode.Scalar, _ number: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: type))
        output.append(contentsOf: String(number).utf8)
        output.append(contentsOf: "\r\n".utf8)
    }
}
