/// What an OCRA computation consists of: `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`, say (RFC 6287 §6).
public struct OCRASuite: Sendable, Hashable {
    /// What the questions to a token are made of (RFC 6287 §6.3, table 2).
    public enum QuestionFormat: String, Sendable, Hashable, CaseIterable {
        /// ASCII letters and digits.
        case alphanumeric = "A"
        /// Decimal digits.
        case numeric = "N"
        /// Hexadecimal digits, in either case.
        case hexadecimal = "H"
    }

    /// The suite as it was written, which is part of what is computed over.
    public let text: String
    /// The hash function of the HMAC.
    public let hash: OATHHash
    /// How many digits a response has: 4 to 10, or 0 where the authentication code is not truncated.
    public let digits: Int
    /// Whether a counter goes in.
    public let hasCounter: Bool
    /// What a question is made of.
    public let questionFormat: QuestionFormat
    /// How many characters a question may have: 4 to 64.
    public let questionLength: Int
    /// The hash function that the PIN goes in with; `nil` where none does.
    public let pinHash: OATHHash?
    /// How many bytes of session information go in: 1 to 512; `nil` where none do.
    public let sessionLength: Int?
    /// How many seconds a time step has, where the time goes in: one second to 48 hours.
    public let timeStepPeriod: Int?

    /// Decodes a suite, which must be written as the RFC writes it: in capitals, with every length and hash function
    /// given, and its parts in order.
    ///
    /// Two liberties are taken with its grammar: a length of questions below ten may do without the zero, because the
    /// RFC's own example does (§6.4, `QH8`); and a time step of no hours, which the RFC lists, is refused, because no
    /// time can be divided by it.
    ///
    /// - Throws: ``MalformedOATH/suite(at:)`` with `Algorithm`, `CryptoFunction` or `DataInput`, or within the last
    ///   `C`, `Q`, `P`, `S` or `T`.
    public init(_ text: String) throws(MalformedOATH) {
        // The longest has 46 bytes. Characters that Unicode holds for equal to ASCII's are none here.
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .suite(at: "Algorithm")
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts[0] == "OCRA-1" else { throw .suite(at: "Algorithm") }
        guard parts.count >= 2 else { throw .suite(at: "CryptoFunction") }
        (hash, digits) = try Self.cryptoFunction(parts[1])
        guard parts.count == 3 else { throw .suite(at: "DataInput") }
        var input = DataInputReader(parts[2])
        hasCounter = try input.counter()
        (questionFormat, questionLength) = try input.question()
        pinHash = try input.pinHash()
        sessionLength = try input.sessionLength()
        timeStepPeriod = try input.timeStepPeriod()
        try input.finish()
        self.text = text
    }

    /// §6.2: `HOTP-SHA1-6` and the like.
    private static func cryptoFunction(
        _ text: Substring
    ) throws(MalformedOATH) -> (OATHHash, Int) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HOTP",
            let hash = OATHHash(suiteName: parts[1]),
            let digits = decimal(parts[2], digits: 1...2), digits == 0 || (4...10).contains(digits)
        else { throw .suite(at: "CryptoFunction") }
        return (hash, digits)
    }

    /// A number without leading zeros.
    fileprivate static func decimal(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text == "0" || text.utf8.first != UInt8(ascii: "0")
        else { return nil }
        return padded(text)
    }

    /// A number that may have zeros in front. Nothing but ASCII digits: no sign, as `Int` would take.
    fileprivate static func padded(_ text: Substring) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.utf8.allSatisfy(digits.contains) else { return nil }
        return Int(text)
    }
}

/// Reads the parts of a suite's data input, of which each may be there once and in the RFC's order (§6.3).
private struct DataInputReader {
    private var parts: ArraySlice<Substring>

    init(_ text: Substring) {
        parts = text.split(separator: "-", omittingEmptySubsequences: false)[...]
    }

    /// The rest of the next part, if that is the one of `letter`.
    private mutating func next(_ letter: Character) -> Substring? {
        guard let part = parts.first, part.first == letter else { return nil }
        parts.removeFirst()
        return part.dropFirst()
    }

    mutating func counter() throws(MalformedOATH) -> Bool {
        guard let rest = next("C") else { return false }
        guard rest.isEmpty else { throw .suite(at: "C") }
        return true
    }

    mutating func question() throws(MalformedOATH) -> (OCRASuite.QuestionFormat, Int) {
        guard let rest = next("Q"),
            let format = OCRASuite.QuestionFormat(rawValue: String(rest.prefix(1))),
            (1...2).contains(rest.dropFirst().utf8.count),
            let length = OCRASuite.padded(rest.dropFirst()), (4...64).contains(length)
        else { throw .suite(at: "Q") }
        return (format, length)
    }

    mutating func pinHash() throws(MalformedOATH) -> OATHHash? {
        guard let rest = next("P") else { return nil }
        guard let hash = OATHHash(suiteName: rest) else { throw .suite(at: "P") }
        return hash
    }

    mutating func sessionLength() throws(MalformedOATH) -> Int? {
        guard let rest = next("S") else { return nil }
        guard rest.utf8.count == 3, let length = OCRASuite.padded(rest),
            (1...512).contains(length)
        else { throw .suite(at: "S") }
        return length
    }

    mutating func timeStepPeriod() throws(MalformedOATH) -> Int? {
        guard let rest = next("T") else { return nil }
        guard let count = OCRASuite.decimal(rest.dropLast(), digits: 1...2), count >= 1 else {
            throw .suite(at: "T")
        }
        switch rest.last {
        case "S" where count <= 59: return count
        case "M" where count <= 59: return count * 60
        case "H" where count <= 48: return count * 3600
        default: throw .suite(at: "T")
        }
    }

    func finish() throws(MalformedOATH) {
        guard parts.isEmpty else { throw .suite(at: "DataInput") }
    }
}
