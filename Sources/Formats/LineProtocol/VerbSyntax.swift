/// What a verb takes: its positional arguments, then its options. One value serves the parser, the
/// help that COMMAND DOCS gives, and the documentation.
public struct VerbSyntax: Sendable, Hashable {
    /// Positional arguments after the mandatory ones. One that looks like an option is an option.
    public enum Trailing: Sendable, Hashable {
        /// None.
        case nothing
        /// Any number of these may be given, in this order.
        case optional([String])
        /// This one, as often as the limits allow.
        case repeated(String)
    }

    /// A word that takes the next tokens literally: `AUTH name secret` within HELLO.
    public struct Keyword: Sendable, Hashable {
        /// The word, in capitals.
        public let name: String
        /// The names of the tokens that follow it.
        public let arguments: [String]

        /// A keyword that takes as many tokens as it names arguments.
        public init(_ name: String, _ arguments: [String]) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// Which limit on the length of a request applies to an authenticated client.
    public enum Size: Sendable, Hashable {
        /// Fits everywhere.
        case ordinary
        /// May carry an attestation or a certificate chain.
        case large
    }

    /// Whether a request may go without `id=` once pipelining is negotiated.
    public enum Subject: Sendable, Hashable {
        /// About the connection: its reply decides about nobody.
        case connection
        /// About a user, a credential or the server.
        case named
    }

    /// One word or two, in capitals: `STATUS`, `ENROLL BEGIN`.
    public let name: String
    /// One line of help.
    public let summary: String
    /// The names of the mandatory positional arguments.
    public let positionals: [String]
    /// What may follow them.
    public let trailing: Trailing
    /// The literal words that may follow the positional arguments.
    public let keywords: [Keyword]
    /// The options that must be given.
    public let requiredOptions: [String]
    /// The options that may be given. `id` and `x-…` always may.
    public let options: [String]
    /// Which length limit applies.
    public let size: Size
    /// Whether `id=` may be left out.
    public let subject: Subject

    /// Describes a verb.
    ///
    /// - Precondition: `name` is one or two words of 1 to 16 capital letters.
    public init(
        _ name: String,
        summary: String,
        positionals: [String] = [],
        trailing: Trailing = .nothing,
        keywords: [Keyword] = [],
        requiredOptions: [String] = [],
        options: [String] = [],
        size: Size = .ordinary,
        subject: Subject = .named
    ) {
        precondition(Self.isName(name), "a verb is one or two words of 1 to 16 capital letters")
        self.name = name
        self.summary = summary
        self.positionals = positionals
        self.trailing = trailing
        self.keywords = keywords
        self.requiredOptions = requiredOptions
        self.options = options
        self.size = size
        self.subject = subject
    }

    /// The verb as one types it: `ENROLL FINISH txn json=… [label=…]`.
    public var usage: String {
        var words = [name] + positionals
        switch trailing {
        case .nothing: break
        case .optional(let names): words += names.map { "[\($0)]" }
        case .repeated(let name): words.append("[\(name) …]")
        }
        words += keywords.map { "[\(([$0.name] + $0.arguments).joined(separator: " "))]" }
        words += requiredOptions.map { "\($0)=…" }
        words += options.map { "[\($0)=…]" }
        return words.joined(separator: " ")
    }

    /// How many positional arguments may be given.
    var maximumPositionals: Int {
        switch trailing {
        case .nothing: positionals.count
        case .optional(let names): positionals.count + names.count
        case .repeated: .max
        }
    }

    private static func isName(_ name: String) -> Bool {
        let words = name.split(separator: " ", omittingEmptySubsequences: false)
        return words.count <= 2
            && words.allSatisfy { word in
                (1...16).contains(word.utf8.count)
                    && word.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            }
    }
}

/// The verbs that a connection understands.
public struct VerbTable: Sendable {
    /// The verbs in the order given.
    public let syntaxes: [VerbSyntax]
    private let byName: [String: VerbSyntax]
    private let families: Set<String>
    private let largeFirstWords: Set<String>

    /// Makes a table.
    ///
    /// - Precondition: no two verbs have the same name.
    public init(_ syntaxes: [VerbSyntax]) {
        self.syntaxes = syntaxes
        byName = Dictionary(uniqueKeysWithValues: syntaxes.map { ($0.name, $0) })
        let firstWords = { (syntax: VerbSyntax) in String(syntax.name.prefix { $0 != " " }) }
        families = Set(syntaxes.filter { $0.name.contains(" ") }.map(firstWords))
        largeFirstWords = Set(syntaxes.filter { $0.size == .large }.map(firstWords))
    }

    /// The verb of this full name, in capitals.
    public subscript(name: String) -> VerbSyntax? { byName[name] }

    /// Whether verbs of two words begin with this one.
    func isFamily(_ word: String) -> Bool { families.contains(word) }

    /// The limit class of a request whose first word is known: the largest of the word's verbs.
    func size(ofFirstWord word: String) -> VerbSyntax.Size {
        largeFirstWords.contains(word) ? .large : .ordinary
    }
}
