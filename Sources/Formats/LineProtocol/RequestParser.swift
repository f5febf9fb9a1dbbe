/// Reads the tokens of one request against the table of verbs.
///
/// Arguments are read from left to right and the first fault is reported; its request's id is looked
/// for on its own, so that a refusal can be matched to its request.
struct RequestParser {
    let bytes: [UInt8]
    let tokens: [Range<Int>]
    let framing: Framing
    let table: VerbTable

    func parse() -> DecodedRequest {
        var syntax: VerbSyntax?
        var position = 1
        do throws(ArgumentError) {
            let verb = try verbSyntax(next: &position)
            syntax = verb
            return .request(try request(of: verb, from: position))
        } catch {
            let firstOption = position + (syntax?.positionals.count ?? 0)
            return .refusal(
                RequestRefusal(error: error, verb: syntax?.name, id: echoedID(from: firstOption)))
        }
    }

    private func verbSyntax(next position: inout Int) throws(ArgumentError) -> VerbSyntax {
        guard let first = tokens.first, !first.isEmpty else { throw .emptyToken }
        guard let word = Self.verbWord(bytes[first]) else { throw .badVerb }
        if table.isFamily(word), tokens.count > 1, let second = Self.verbWord(bytes[tokens[1]]),
            let syntax = table["\(word) \(second)"]
        {
            position = 2
            return syntax
        }
        guard let syntax = table[word] else { throw .unknownVerb }
        return syntax
    }

    private func request(
        of syntax: VerbSyntax, from start: Int
    ) throws(ArgumentError) -> Request {
        var position = start
        var positionals: [String] = []
        var keywords: [String: [String]] = [:]
        var options: [Option] = []
        var id: RequestID?
        var hints: [String] = []
        var optionsBegan = false
        while position < tokens.count {
            let range = tokens[position]
            position += 1
            guard !range.isEmpty else { throw .emptyToken }
            if positionals.count < syntax.positionals.count {
                positionals.append(try text(range))
                continue
            }
            if !optionsBegan, let keyword = keyword(range, of: syntax) {
                guard keywords[keyword.name] == nil else {
                    throw .duplicateOption(keyword.name)
                }
                guard position + keyword.arguments.count <= tokens.count else {
                    throw .missingPositional(keyword.arguments[tokens.count - position])
                }
                var values: [String] = []
                for range in tokens[position..<position + keyword.arguments.count] {
                    guard !range.isEmpty else { throw .emptyToken }
                    values.append(try text(range))
                }
                keywords[keyword.name] = values
                position += keyword.arguments.count
                continue
            }
            guard let (key, valueRange) = option(range) else {
                guard !optionsBegan, positionals.count < syntax.maximumPositionals else {
                    throw .extraPositional
                }
                positionals.append(try text(range))
                continue
            }
            optionsBegan = true
            let value = try text(valueRange)
            if key == "id" {
                guard id == nil else { throw .duplicateOption(key) }
                guard let parsed = RequestID(value) else { throw .badID }
                id = parsed
            } else if key.hasPrefix("x-") {
                guard !hints.contains(key) else { throw .duplicateOption(key) }
                hints.append(key)
            } else {
                guard syntax.options.contains(key) || syntax.requiredOptions.contains(key) else {
                    throw .unknownOption(key)
                }
                guard !options.contains(where: { $0.key == key }) else {
                    throw .duplicateOption(key)
                }
                options.append(Option(key, value))
            }
        }
        if positionals.count < syntax.positionals.count {
            throw .missingPositional(syntax.positionals[positionals.count])
        }
        for key in syntax.requiredOptions where !options.contains(where: { $0.key == key }) {
            throw .missingOption(key)
        }
        return Request(
            verb: syntax.name, positionals: positionals, keywords: keywords, options: options,
            id: id)
    }

    private func text(_ range: Range<Int>) throws(ArgumentError) -> String {
        var escaped = false
        for index in range {
            let byte = bytes[index]
            if PercentCodec.isControl(byte) { throw .controlCharacter }
            if byte == UInt8(ascii: "%") { escaped = true }
        }
        if escaped, framing == .line { return try PercentCodec.decode(bytes[range]) }
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw .invalidUTF8
        }
        return text
    }

    private func keyword(_ range: Range<Int>, of syntax: VerbSyntax) -> VerbSyntax.Keyword? {
        guard !syntax.keywords.isEmpty, let word = Self.verbWord(bytes[range]) else { return nil }
        return syntax.keywords.first { $0.name == word }
    }

    /// The key and the place of the value; nil for a token that is no option.
    private func option(_ range: Range<Int>) -> (key: String, value: Range<Int>)? {
        let keyLimit = min(range.upperBound, range.lowerBound + Option.maximumKeyLength + 1)
        guard let equals = bytes[range.lowerBound..<keyLimit].firstIndex(of: UInt8(ascii: "=")),
            Option.isKey(bytes[range.lowerBound..<equals])
        else { return nil }
        let key = String(decoding: bytes[range.lowerBound..<equals], as: UTF8.self)
        return (key, equals + 1..<range.upperBound)
    }

    /// The one well-formed `id=` among the tokens. Two of them name no request, so none is echoed.
    private func echoedID(from start: Int) -> RequestID? {
        guard start < tokens.count else { return nil }
        var found: RequestID?
        for range in tokens[start...] {
            guard let (key, value) = option(range), key == "id" else { continue }
            guard found == nil, let text = try? text(value), let id = RequestID(text) else {
                return nil
            }
            found = id
        }
        return found
    }

    /// The token in capitals, if it is 1 to 16 letters.
    static func verbWord(_ token: some Collection<UInt8>) -> String? {
        guard (1...16).contains(token.count) else { return nil }
        var word = ""
        for byte in token {
            let capital = byte & 0xDF
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(capital) else { return nil }
            word.unicodeScalars.append(Unicode.Scalar(capital))
        }
        return word
    }
}
