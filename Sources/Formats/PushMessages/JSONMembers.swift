import Encoding

/// The members of a JSON object that may hold these and no others.
struct JSONMembers {
    private let members: [String: JSON]

    /// How long a body may be.
    static let maximumLength = 16_384

    /// Decodes a body of at most ``maximumLength`` bytes.
    init(_ bytes: [UInt8], allowing names: Set<String>) throws(MalformedPush) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        let value: JSON
        do throws(MalformedEncoding) {
            value = try JSON.decode(bytes, maximumDepth: 4)
        } catch {
            throw .json(error)
        }
        try self.init(value, "body", allowing: names)
    }

    init(_ value: JSON, _ name: String, allowing names: Set<String>) throws(MalformedPush) {
        guard let members = value.objectValue else { throw .value(name) }
        if let stranger = members.keys.filter({ !names.contains($0) }).min() {
            throw .unknown(stranger)
        }
        self.members = members
    }

    func optional(_ name: String) -> JSON? { members[name] }

    func value(_ name: String) throws(MalformedPush) -> JSON {
        guard let value = members[name] else { throw .missing(name) }
        return value
    }

    func text(_ name: String) throws(MalformedPush) -> String {
        guard let text = try value(name).stringValue else { throw .value(name) }
        return text
    }

    func shownText(_ name: String, lengths: ClosedRange<Int>) throws(MalformedPush) -> String {
        let text = try text(name)
        try ShownText.check(text, name, lengths: lengths)
        return text
    }

    /// A number without sign, fraction and exponent.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(MalformedPush) -> Int {
        guard
            case .number(let text) = try value(name), text.utf8.first != UInt8(ascii: "-"),
            let number = Int(text), range.contains(number)
        else { throw .value(name) }
        return number
    }

    /// Bytes in base64url, of any length or of exactly `count`.
    func bytes(_ name: String, count: Int? = nil) throws(MalformedPush) -> [UInt8] {
        guard
            let bytes = try? Base64URL.decode(text(name)),
            count == nil || bytes.count == count
        else {
            _ = try value(name)
            throw .value(name)
        }
        return bytes
    }

    /// A reason's code: 1 to 64 lower-case letters, digits and hyphens.
    func code(_ name: String) throws(MalformedPush) -> String {
        let code = try text(name)
        guard
            (1...64).contains(code.utf8.count),
            code.utf8.allSatisfy({ byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            })
        else { throw .value(name) }
        return code
    }
}

extension JSON {
    /// A string of base64url.
    static func base64URL(_ bytes: [UInt8]) -> JSON { .string(Base64URL.encode(bytes)) }

    /// The text form's bytes.
    var bytes: [UInt8] { Array(encoded().utf8) }
}
