/// A request put together by a client. Values are escaped here, so that nothing a user typed can
/// become another argument or another request.
public struct RequestLine: Sendable, Hashable {
    private let verb: [String]
    private let positionals: [String]
    private let options: [Option]

    /// Checks and keeps the parts.
    ///
    /// - Parameters:
    ///   - verb: One or two words, say `ENROLL BEGIN`.
    ///   - positionals: In order; none empty.
    ///   - options: No key twice, no `id`.
    /// - Throws: `.badVerb`, `.emptyToken`, `.unknownOption` for a key that the grammar does not
    ///   have, `.duplicateOption`, `.controlCharacter`.
    public init(
        _ verb: String, _ positionals: [String] = [],
        _ options: KeyValuePairs<String, String> = [:]
    ) throws(ArgumentError) {
        try self.init(verb, positionals, options: options.map { Option($0.key, $0.value) })
    }

    /// The same, of options that were put together one by one.
    public init(
        _ verb: String, _ positionals: [String], options: [Option]
    ) throws(ArgumentError) {
        self.verb = verb.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard self.verb.count <= 2,
            self.verb.allSatisfy({ RequestParser.verbWord($0.utf8) != nil })
        else { throw .badVerb }
        self.positionals = positionals
        for value in positionals {
            guard !value.isEmpty else { throw .emptyToken }
            guard !value.utf8.contains(where: PercentCodec.isControl) else {
                throw .controlCharacter
            }
        }
        var kept: [Option] = []
        for option in options {
            let key = option.key
            guard Option.isKey(key.utf8), key != "id" else { throw .unknownOption(key) }
            guard !kept.contains(where: { $0.key == key }) else { throw .duplicateOption(key) }
            guard !option.value.utf8.contains(where: PercentCodec.isControl) else {
                throw .controlCharacter
            }
            kept.append(option)
        }
        self.options = kept
    }

    /// The bytes of the request, its end included.
    public func encoded(id: RequestID? = nil, as framing: Framing = .line) -> [UInt8] {
        var options = options
        if let id { options.append(Option("id", id.text)) }
        var output: [UInt8] = []
        switch framing {
        case .line:
            output.append(contentsOf: verb.joined(separator: " ").utf8)
            for value in positionals {
                output.append(UInt8(ascii: " "))
                PercentCodec.append(value.utf8, escapingEquals: true, to: &output)
            }
            for option in options { Reply.append(option, after: true, to: &output) }
            output.append(UInt8(ascii: "\n"))
        case .array:
            let tokens = verb + positionals + options.map { "\($0.key)=\($0.value)" }
            RedisValue.array(tokens.map(RedisValue.text)).encode(into: &output, protocol: .resp2)
        }
        return output
    }
}
