/// Why what a server sent is no reply. The connection cannot be trusted any more and must close.
public enum ReplyDecodingError: Error, Sendable, Hashable, CaseIterable {
    /// A line is over 16 KiB.
    case lineTooLong
    /// A list has more lines or octets than the client takes.
    case listTooLong
    /// A control character, or CR or LF alone.
    case strayControl
    /// A line begins with something else than `+`, `-` or `*`, or a list's line not with `+`.
    case badType
    /// The count of a list is not a number in range.
    case badCount
    /// The word is not two to twelve capitals, or `+` and the word disagree.
    case badWord
    /// An option is malformed or given twice.
    case badOption
    /// The line is not UTF-8.
    case invalidUTF8

    /// The stable name of the case, for logs and counters.
    public var code: String {
        switch self {
        case .lineTooLong: "reply-line-too-long"
        case .listTooLong: "reply-list-too-long"
        case .strayControl: "reply-stray-control"
        case .badType: "reply-bad-type"
        case .badCount: "reply-bad-count"
        case .badWord: "reply-bad-word"
        case .badOption: "reply-bad-option"
        case .invalidUTF8: "reply-invalid-utf-8"
        }
    }
}

/// Cuts what a server sends into replies: strictly, and within bounds.
///
/// Redis values are not read: a client of this decoder does not ask for them.
public struct ReplyDecoder: Sendable {
    private let maximumItems: Int
    private let maximumListOctets: Int
    private var bytes: [UInt8] = []
    private var start = 0
    private var scan = 0
    private var list: (expected: Int, octets: Int, head: Reply?, items: [ListItem])?
    private var failure: ReplyDecodingError?

    /// A decoder for a new connection.
    ///
    /// - Parameters:
    ///   - maximumItems: Lines that one list may have.
    ///   - maximumListOctets: Octets that one list may have.
    public init(maximumItems: Int = 65536, maximumListOctets: Int = 4 << 20) {
        self.maximumItems = maximumItems
        self.maximumListOctets = maximumListOctets
    }

    /// Whether bytes of an unfinished reply are held.
    public var isMidReply: Bool { start < bytes.count || list != nil }

    /// Takes bytes from the server.
    public mutating func append(_ newBytes: some Sequence<UInt8>) {
        guard failure == nil else { return }
        bytes.append(contentsOf: newBytes)
    }

    /// The next reply, or nil when more bytes are needed.
    ///
    /// - Throws: The first fault, and again from every later call.
    public mutating func next() throws(ReplyDecodingError) -> Reply? {
        if let failure { throw failure }
        do throws(ReplyDecodingError) {
            return try nextReply()
        } catch {
            failure = error
            bytes = []
            list = nil
            throw error
        }
    }

    private mutating func nextReply() throws(ReplyDecodingError) -> Reply? {
        while let line = try nextLine() {
            guard let type = bytes[line].first else { throw .badType }
            let rest = bytes[line.lowerBound + 1..<line.upperBound]
            if var open = list {
                guard type == UInt8(ascii: "+") else { throw .badType }
                open.octets += line.count + 2
                guard open.octets <= maximumListOctets else { throw .listTooLong }
                open.expected -= 1
                if open.head == nil, open.items.isEmpty, rest.starts(with: "OK id=".utf8) {
                    open.head = try ReplyLine.decode(rest, isSuccess: true)
                } else {
                    guard let text = String(validating: rest, as: UTF8.self) else {
                        throw .invalidUTF8
                    }
                    open.items.append(ListItem(text: text))
                }
                list = open
            } else if type == UInt8(ascii: "*") {
                list = (try count(rest), 0, nil, [])
            } else {
                guard type == UInt8(ascii: "+") || type == UInt8(ascii: "-") else {
                    throw .badType
                }
                return try ReplyLine.decode(rest, isSuccess: type == UInt8(ascii: "+"))
            }
            if let open = list, open.expected == 0 {
                list = nil
                var reply = Reply.list(open.items)
                reply.id = open.head?.id
                reply.options = open.head?.options ?? []
                return reply
            }
        }
        return nil
    }

    private func count(_ digits: ArraySlice<UInt8>) throws(ReplyDecodingError) -> Int {
        guard (1...6).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { throw .badCount }
        let count = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard count <= maximumItems else { throw .listTooLong }
        return count
    }

    /// The next line without its CRLF.
    private mutating func nextLine() throws(ReplyDecodingError) -> Range<Int>? {
        if start > 65536 {
            bytes.removeSubrange(..<start)
            scan -= start
            start = 0
        }
        while scan < bytes.count {
            guard scan - start < Reply.maximumLineLength - 1 else { throw .lineTooLong }
            if bytes[scan] == UInt8(ascii: "\r") {
                guard scan + 1 < bytes.count else { return nil }
                guard bytes[scan + 1] == UInt8(ascii: "\n") else { throw .strayControl }
                let line = start..<scan
                scan += 2
                start = scan
                return line
            }
            guard !PercentCodec.isControl(bytes[scan]) else { throw .strayControl }
            scan += 1
        }
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
            scan = 0
        }
        return nil
    }
}

/// One reply line, without its type byte and its end.
enum ReplyLine {
    static func decode(
        _ line: ArraySlice<UInt8>, isSuccess: Bool
    ) throws(ReplyDecodingError) -> Reply {
        let wordEnd = line.firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
        let word = ReplyWord(rawValue: String(decoding: line[..<wordEnd], as: UTF8.self))
        guard word.isWellFormed, word.isSuccess == isSuccess else { throw .badWord }
        var reply = Reply(word: word, options: [], body: .line)
        var rest = line[wordEnd...]
        if !rest.isEmpty {
            rest = rest.dropFirst()
            let textStart = isSuccess ? nil : Self.textStart(rest)
            if let textStart {
                guard let text = String(validating: rest[textStart...].dropFirst(), as: UTF8.self)
                else { throw .invalidUTF8 }
                reply.text = text
                rest = rest[..<textStart].dropLast()
            }
            if textStart == nil || !rest.isEmpty { reply.options = try options(of: rest) }
        }
        for option in reply.options.dropFirst() where option.key == "id" { throw .badOption }
        if let first = reply.options.first, first.key == "id" {
            guard let id = RequestID(first.value) else { throw .badOption }
            reply.id = id
            reply.options.removeFirst()
        }
        return reply
    }

    /// The colon that begins the text: at the start, or after a space.
    private static func textStart(_ rest: ArraySlice<UInt8>) -> Int? {
        rest.indices.first { index in
            rest[index] == UInt8(ascii: ":")
                && (index == rest.startIndex || rest[index - 1] == UInt8(ascii: " "))
        }
    }

    /// Options with one space between each two.
    static func options(
        of line: some Collection<UInt8>
    ) throws(ReplyDecodingError) -> [Option] {
        var options: [Option] = []
        for token in line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
            guard let equals = token.firstIndex(of: UInt8(ascii: "=")),
                Option.isKey(token[..<equals])
            else { throw .badOption }
            let key = String(decoding: token[..<equals], as: UTF8.self)
            guard !options.contains(where: { $0.key == key }) else { throw .badOption }
            let value: String
            do throws(ArgumentError) {
                value = try PercentCodec.decode(token[equals...].dropFirst())
            } catch {
                throw error == .invalidUTF8 ? .invalidUTF8 : .badOption
            }
            options.append(Option(key, value))
        }
        return options
    }
}
