/// A request that fits the syntax of its verb.
public struct Request: Sendable, Hashable {
    /// The verb's full name, in capitals.
    public let verb: String
    /// The positional arguments: at least as many as the verb demands.
    public let positionals: [String]
    /// The keywords given, with as many tokens as each takes.
    public let keywords: [String: [String]]
    /// The options given, without `id` and without hints (`x-…`); no key occurs twice.
    public let options: [Option]
    /// The client's name for the request.
    public let id: RequestID?

    /// Makes a request; the decoder does so after its checks, tests do so directly.
    public init(
        verb: String, positionals: [String] = [], keywords: [String: [String]] = [:],
        options: [Option] = [], id: RequestID? = nil
    ) {
        self.verb = verb
        self.positionals = positionals
        self.keywords = keywords
        self.options = options
        self.id = id
    }

    /// The value of an option, nil when it was not given.
    public subscript(_ key: String) -> String? {
        options.first { $0.key == key }?.value
    }

    /// The value of an option that the syntax demands.
    ///
    /// - Throws: `.missingOption`.
    public func required(_ key: String) throws(ArgumentError) -> String {
        guard let value = self[key] else { throw .missingOption(key) }
        return value
    }
}

/// A request whose bounds are known but which cannot be carried out.
public struct RequestRefusal: Sendable, Hashable {
    /// What is wrong with it.
    public let error: ArgumentError
    /// Its verb, where that could be read.
    public let verb: String?
    /// Its id, where that could be read; echoed in the reply.
    public let id: RequestID?
}

/// What a decoder makes of the bytes of one request.
public enum DecodedRequest: Sendable, Hashable {
    /// A request to carry out.
    case request(Request)
    /// A request to refuse. The connection lives on.
    case refusal(RequestRefusal)

    /// The verb, where it could be read.
    public var verb: String? {
        switch self {
        case .request(let request): request.verb
        case .refusal(let refusal): refusal.verb
        }
    }

    /// The id, where it could be read.
    public var id: RequestID? {
        switch self {
        case .request(let request): request.id
        case .refusal(let refusal): refusal.id
        }
    }
}

/// How requests are told apart on a connection; its first byte decides.
public enum Framing: Sendable, Hashable {
    /// One request a line.
    case line
    /// One request a RESP array.
    case array
}

/// How large a request may be.
public struct RequestLimits: Sendable, Hashable {
    /// Octets: the whole line with its end, or the sum of an array's lengths.
    public var octets: Int
    /// The same for verbs that carry attestations.
    public var largeOctets: Int
    /// Tokens, the verb among them.
    public var tokens: Int

    /// Limits as given.
    public init(octets: Int, largeOctets: Int, tokens: Int) {
        self.octets = octets
        self.largeOctets = largeOctets
        self.tokens = tokens
    }

    /// Before the client is known: 1 KiB and 8 tokens.
    public static let unauthenticated = RequestLimits(
        octets: 1024, largeOctets: 1024, tokens: 8)
    /// After: 4 KiB (64 KiB for attestations) and 64 tokens.
    public static let authenticated = RequestLimits(
        octets: 4096, largeOctets: 65536, tokens: 64)
}
