extension KeyURI {
    /// Decodes a URI.
    ///
    /// Strict in what a code depends on: a member that is there twice, or in a form other than its own, is refused, and so
    /// is an issuer that the label and the parameter name differently. Parameters that are not for this type, or not known,
    /// such as the picture that some apps add, are passed over. Names are of either case.
    ///
    /// - Throws: `.uri` with the member's name; `.digits`, `.period`, `.secretText`, `.secretLength`; `.tooLarge`.
    public init(_ text: String) throws(MalformedOATH) {
        guard text.utf8.count <= Self.maximumLength else {
            throw .tooLarge(limit: Self.maximumLength)
        }
        // A URI has no spaces (RFC 3986 §2), and no fragment is of use here.
        guard !text.hasControlCharacters, !text.utf8.contains(UInt8(ascii: " ")) else {
            throw .uri(member: "text")
        }
        let scheme = text.prefix(10)
        guard scheme.lowercased() == "otpauth://" else { throw .uri(member: "scheme") }
        guard !text.utf8.contains(UInt8(ascii: "#")) else { throw .uri(member: "fragment") }
        let halves = text.dropFirst(10).split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let front = halves.first, halves.count == 2, let query = halves.last else {
            throw .uri(member: "secret")
        }
        let path = front.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard path.count == 2, let type = path.first, let label = path.last else {
            throw .uri(member: "label")
        }
        let kind: TokenKind
        switch type.lowercased() {
        case "totp": kind = .totp
        case "hotp": kind = .hotp
        default: throw .uri(member: "type")
        }
        try self.init(kind, label: Label(label), members: Self.members(of: query))
    }

    private init(
        _ kind: TokenKind, label: Label, members: [String: String]
    ) throws(MalformedOATH) {
        // An empty issuer says as much as none.
        let stated = members["issuer"].flatMap { $0.isEmpty ? nil : $0 }
        guard stated == nil || label.issuer == nil || stated == label.issuer else {
            throw .uri(member: "issuer")
        }
        guard let secret = members["secret"] else { throw .uri(member: "secret") }
        var parameters = TokenMembers(kind)
        if let algorithm = members["algorithm"] {
            guard let hash = OATHHash(name: algorithm) else { throw .uri(member: "algorithm") }
            parameters.hash = hash
        }
        parameters.digits = try Self.number("digits", of: members)
        var counter: UInt64 = 0
        if kind == .totp {
            parameters.period = try Self.number("period", of: members)
        } else {
            guard let stated = members["counter"]?.decimalNumber else {
                throw .uri(member: "counter")
            }
            counter = stated
        }
        try self.init(
            issuer: label.issuer ?? stated, account: label.account, secret: Base32.decode(secret),
            parameters: parameters.parameters(), counter: counter)
    }

    /// What stands between the type and the parameters: an account, with the issuer and a colon before it or without.
    private struct Label {
        let issuer: String?
        let account: String

        init(_ text: Substring) throws(MalformedOATH) {
            let label = try KeyURI.unescaped(text, member: "label")
            guard let colon = label.firstIndex(of: ":") else {
                issuer = nil
                account = label
                return
            }
            issuer = String(label[..<colon])
            account = String(label[label.index(after: colon)...].drop { $0 == " " })
        }
    }

    /// The parameters by their names in lower case.
    private static func members(of query: Substring) throws(MalformedOATH) -> [String: String] {
        var members: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = parts.first, let value = parts.last else {
                throw .uri(member: "parameter")
            }
            let key = try unescaped(name, member: "parameter").lowercased()
            let text = try unescaped(value, member: "parameter")
            guard members.updateValue(text, forKey: key) == nil else {
                throw .uri(member: "parameter")
            }
        }
        return members
    }

    private static func number(
        _ name: String, of members: [String: String]
    ) throws(MalformedOATH) -> Int? {
        guard let text = members[name] else { return nil }
        guard let number = text.decimalNumber.flatMap({ Int(exactly: $0) }) else {
            throw .uri(member: name)
        }
        return number
    }

    /// Undoes the percent-encoding. A plus sign is one, for no form wrote this query.
    private static func unescaped(
        _ text: Substring, member: String
    ) throws(MalformedOATH) -> String {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next(), let low = iterator.next(),
                let value = hexadecimal(high, low)
            else { throw .uri(member: member) }
            bytes.append(value)
        }
        guard let unescaped = String(validating: bytes, as: UTF8.self),
            !unescaped.hasControlCharacters
        else { throw .uri(member: member) }
        return unescaped
    }

    private static func hexadecimal(_ high: UInt8, _ low: UInt8) -> UInt8? {
        let digits = String(decoding: [high, low], as: UTF8.self)
        guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        return UInt8(digits, radix: 16)
    }
}

extension KeyURI {
    /// Decodes a file of URIs, one a line. Empty lines are passed over.
    ///
    /// - Throws: `.tooLarge`, `.tooManyTokens`, `.encoding`, of the file as a whole.
    public static func decodeLines(
        _ file: [UInt8]
    ) throws(MalformedOATH) -> [ImportedLine<TokenDraft>] {
        let lines = try BatchText(file).lines
        guard lines.count <= BatchLimits.tokens else {
            throw .tooManyTokens(limit: BatchLimits.tokens)
        }
        return lines.map { line in
            let outcome = line.text.flatMap { text in
                Result { () throws(MalformedOATH) in try KeyURI(text).draft() }
            }
            return ImportedLine(number: line.number, serial: nil, outcome: outcome)
        }
    }
}
