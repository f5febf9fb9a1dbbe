/// A reply: one line, a counted list of lines, or what Redis itself would answer.
public struct Reply: Sendable, Hashable {
    /// What comes besides the word.
    public enum Body: Sendable, Hashable {
        /// Nothing: the reply is one line.
        case line
        /// Lines, each one item.
        case list([ListItem])
        /// A value of Redis's, for verbs whose answer Redis libraries read.
        case redis(RedisValue)
    }

    /// The first word. `+` goes before `OK` and `PONG`, `-` before every other.
    public var word: ReplyWord
    /// The id of the request; sent first.
    public var id: RequestID?
    /// The results in order, without `id`.
    public var options: [Option]
    /// Words for a person; only after `-`.
    public var text: String?
    /// What comes besides.
    public var body: Body

    /// Whether `+` introduces the reply.
    public var isSuccess: Bool { word.isSuccess }

    /// The value of an option.
    public subscript(_ key: String) -> String? { options.first { $0.key == key }?.value }

    /// `+OK key=value …`.
    public static func ok(_ options: KeyValuePairs<String, String> = [:]) -> Reply {
        Reply(word: .ok, options: options.map { Option($0.key, $0.value) }, body: .line)
    }

    /// `+OK` with options that were put together elsewhere.
    public static func ok(options: [Option]) -> Reply {
        Reply(word: .ok, options: options, body: .line)
    }

    /// `+PONG`.
    public static let pong = Reply(word: .pong, options: [], body: .line)

    /// `-WORD key=value … :text`.
    ///
    /// - Precondition: The word is neither `OK` nor `PONG`.
    public static func refusal(
        _ word: ReplyWord, _ options: KeyValuePairs<String, String> = [:], text: String? = nil
    ) -> Reply {
        precondition(!word.isSuccess, "a refusal does not say yes")
        return Reply(
            word: word, options: options.map { Option($0.key, $0.value) }, text: text, body: .line)
    }

    /// `*n` and one line for each item.
    ///
    /// A list has no place for an id or a subject, so a request with an id is answered with one line
    /// more, before the items: `+OK id=… key=value …`.
    public static func list(
        _ items: [ListItem], _ options: KeyValuePairs<String, String> = [:]
    ) -> Reply {
        Reply(
            word: .ok, options: options.map { Option($0.key, $0.value) }, body: .list(items))
    }

    /// What Redis would answer.
    public static func redis(_ value: RedisValue) -> Reply {
        Reply(word: .ok, options: [], body: .redis(value))
    }

    /// `-INTERNAL retry=1000`: a fault of the server's.
    public static let internalError = Reply.refusal(.internalError, ["retry": "1000"])

    init(
        word: ReplyWord, id: RequestID? = nil, options: [Option], text: String? = nil, body: Body
    ) {
        self.word = word
        self.id = id
        self.options = options
        self.text = text
        self.body = body
    }
}

/// One line of a counted list, without its `+` and its end.
public struct ListItem: Sendable, Hashable {
    /// The line as it stands on the wire.
    public let line: String

    /// A line of options.
    public init(_ options: KeyValuePairs<String, String>) {
        self.init(options: options.map { Option($0.key, $0.value) })
    }

    /// A line of options that were put together elsewhere.
    public init(options: [Option]) {
        var bytes: [UInt8] = []
        for option in options { Reply.append(option, after: !bytes.isEmpty, to: &bytes) }
        line = String(decoding: bytes, as: UTF8.self)
    }

    /// A line of free text, as authorized_keys has. Control characters become U+FFFD.
    public init(text: String) {
        var bytes: [UInt8] = []
        Reply.append(text: text, to: &bytes)
        line = String(decoding: bytes, as: UTF8.self)
    }

    /// The options of the line; nil when it is not a line of options.
    public var options: [Option]? { try? ReplyLine.options(of: line.utf8[...]) }
}
