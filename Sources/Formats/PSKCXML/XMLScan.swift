internal import OATH

/// Looks through a document before an XML parser sees a byte of it, and refuses all that a key container has no use for:
/// other encodings than UTF-8, document types (and so entities, internal and external), processing instructions, CDATA,
/// references to entities other than XML's own five, and elements and attributes in numbers or sizes that would cost
/// more than they are worth.
///
/// It is no judge of the rest of XML's grammar; the parser is.
struct XMLScan {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var elements = 0

    /// The deepest nesting: a container's own is ten.
    static let maximumDepth = 32
    /// The most elements; a package of 1 KiB has some thirty.
    static let maximumElements = 300_000
    /// The most attributes of an element, the longest name, and the longest value of an attribute.
    static let maximumAttributes = 32
    static let maximumNameLength = 128
    static let maximumValueLength = 1_024

    /// The document without its byte order mark, scanned to its end.
    ///
    /// - Throws: `.tooLarge`, `.encoding`, `.xml`.
    static func check(_ document: [UInt8]) throws(MalformedOATH) -> [UInt8] {
        guard document.count <= BatchLimits.bytes else {
            throw .tooLarge(limit: BatchLimits.bytes)
        }
        let bytes =
            document.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(document.dropFirst(3)) : document
        // UTF-16 and UTF-32 are not UTF-8, or have bytes that are zero.
        guard String(validating: bytes, as: UTF8.self) != nil,
            bytes.allSatisfy({ $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) })
        else { throw .encoding }
        var scan = XMLScan(bytes: bytes)
        try scan.run()
        return bytes
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func run() throws(MalformedOATH) {
        try declaration()
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "&"): try reference()
            case UInt8(ascii: "<"): try markup()
            // Outside the outermost element there is nothing but white space.
            case _ where byte > 0x20 && depth == 0: throw .xml(.malformed)
            default: break
            }
        }
        guard depth == 0, elements > 0 else { throw .xml(.malformed) }
    }

    private mutating func markup() throws(MalformedOATH) {
        if takes("!--") {
            guard skip(past: "-->") else { throw .xml(.malformed) }
        } else if takes("![CDATA[") {
            throw .xml(.characterData)
        } else if takes("!") {
            throw .xml(.documentType)
        } else if takes("?") {
            throw .xml(.processingInstruction)
        } else if takes("/") {
            _ = try name()
            skipSpaces()
            guard takes(">"), depth > 0 else { throw .xml(.malformed) }
            depth -= 1
        } else {
            try startTag()
        }
    }

    private mutating func startTag() throws(MalformedOATH) {
        // One outermost element, or nobody knows which of them counts.
        guard elements == 0 || depth > 0 else { throw .xml(.malformed) }
        elements += 1
        guard elements <= Self.maximumElements else { throw .xml(.elements) }
        let element = try name()
        var attributes: [(name: String, value: String)] = []
        while true {
            skipSpaces()
            let isEmpty = takes("/")
            if takes(">") {
                if elements == 1 { try checkRoot(element, attributes) }
                if !isEmpty { depth += 1 }
                guard depth <= Self.maximumDepth else { throw .xml(.depth) }
                return
            }
            guard !isEmpty, attributes.count < Self.maximumAttributes else { throw .xml(.tag) }
            attributes.append(try attribute())
        }
    }

    private mutating func attribute() throws(MalformedOATH) -> (name: String, value: String) {
        let name = try name()
        skipSpaces()
        guard takes("=") else { throw .xml(.malformed) }
        skipSpaces()
        guard let quote = next(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw .xml(.malformed)
        }
        let start = position
        while let byte = next() {
            if byte == quote {
                return (name, String(decoding: bytes[start..<position - 1], as: UTF8.self))
            }
            guard byte != UInt8(ascii: "<") else { throw .xml(.malformed) }
            guard position - start <= Self.maximumValueLength else { throw .xml(.tag) }
            if byte == UInt8(ascii: "&") { try reference() }
        }
        throw .xml(.malformed)
    }

    /// RFC 6030 §4: the outermost element is a KeyContainer of the specification's name space.
    private func checkRoot(
        _ element: String, _ attributes: [(name: String, value: String)]
    ) throws(MalformedOATH) {
        let parts = element.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let prefix = parts.count == 2 ? "xmlns:\(parts[0])" : "xmlns"
        guard parts.last == "KeyContainer",
            attributes.contains(where: {
                $0.name == prefix && $0.value == "urn:ietf:params:xml:ns:keyprov:pskc"
            })
        else { throw .xml(.nameSpace) }
    }

    /// What follows an ampersand.
    private mutating func reference() throws(MalformedOATH) {
        for name in ["amp;", "lt;", "gt;", "quot;", "apos;"] where takes(name) { return }
        guard takes("#") else { throw .xml(.entity) }
        let start = position
        while let byte = next(), byte != UInt8(ascii: ";") {
            guard position - start <= 8 else { throw .xml(.entity) }
        }
    }
}

extension XMLScan {
    /// XML §2.8: nothing but the version, UTF-8, and whether the document stands alone.
    private mutating func declaration() throws(MalformedOATH) {
        guard takes("<?xml") else { return }
        var members: [String] = []
        while true {
            let hasSpace = skipSpaces()
            if takes("?>") { break }
            guard hasSpace, members.count < 3, let member = try? attribute() else {
                throw .xml(.declaration)
            }
            switch (member.name, member.value.lowercased()) {
            case ("version", "1.0"), ("encoding", "utf-8"), ("standalone", "yes"),
                ("standalone", "no"):
                members.append(member.name)
            default:
                throw .xml(.declaration)
            }
        }
        guard ["version", "encoding", "standalone"].filter(members.contains) == members,
            members.first == "version"
        else { throw .xml(.declaration) }
    }

    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func takes(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func skip(past text: String) -> Bool {
        while position < bytes.count {
            if takes(text) { return true }
            position += 1
        }
        return false
    }

    @discardableResult
    private mutating func skipSpaces() -> Bool {
        let start = position
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
        return position > start
    }

    /// Whatever stands before a space, a sign of XML's or the end.
    private mutating func name() throws(MalformedOATH) -> String {
        let start = position
        while position < bytes.count, !" \t\n\r/>=<&'\"".utf8.contains(bytes[position]) {
            position += 1
            guard position - start <= Self.maximumNameLength else { throw .xml(.tag) }
        }
        guard position > start else { throw .xml(.malformed) }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
