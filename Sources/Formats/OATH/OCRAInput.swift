internal import Encoding

/// What an OCRA computation is about, but for its moving factors (RFC 6287 §5.1).
public struct OCRAInput: Sendable {
    /// The questions in the order in which they go in: one, or in mutual authentication two, the other party's first
    /// (RFC 6287 §7.2).
    public let questions: [String]
    /// The hash of the PIN, where the suite has one: as long as its hash function's value.
    public let pinHash: [UInt8]?
    /// The session information, where the suite has it: as long as the suite says, or shorter and then with zeros in
    /// front.
    public let session: [UInt8]?

    /// An input of one question.
    public init(question: String, pinHash: [UInt8]? = nil, session: [UInt8]? = nil) {
        self.init(questions: [question], pinHash: pinHash, session: session)
    }

    /// An input of one question or two.
    public init(questions: [String], pinHash: [UInt8]? = nil, session: [UInt8]? = nil) {
        self.questions = questions
        self.pinHash = pinHash
        self.session = session
    }
}

/// The hash of a PIN is as good as the PIN, so that no text form shows it.
extension OCRAInput: CustomStringConvertible, CustomReflectable {
    /// The questions.
    public var description: String { "OCRAInput(\(questions))" }

    /// Nothing but the questions.
    public var customMirror: Mirror { Mirror(self, children: ["questions": questions]) }
}

extension OCRASuite {
    /// What the HMAC is computed over: DataInput (RFC 6287 §5.1).
    ///
    /// The suite and a zero byte; the counter, 8 bytes; the questions together, 128 bytes with zeros behind; the hash
    /// of the PIN; the session information, with zeros in front; the time step, 8 bytes. Questions of digits are one
    /// decimal number and go in as its hexadecimal digits, which, as those of hexadecimal questions, begin with the
    /// upper half of the first byte; letters go in as ASCII.
    ///
    /// - Throws: ``MalformedOATH/dataInput(_:)`` with `C`, `Q`, `P`, `S` or `T` for a member that the suite wants and
    ///   that is missing, or the other way round; for more than two questions, or one that is empty, too long, or of
    ///   other characters than its format has; for a hash or session information of a wrong length.
    public func message(
        for input: OCRAInput, counter: UInt64? = nil, timeStep: UInt64? = nil
    ) throws(MalformedOATH) -> [UInt8] {
        guard hasCounter == (counter != nil) else { throw .dataInput("C") }
        guard (timeStepPeriod != nil) == (timeStep != nil) else { throw .dataInput("T") }
        var writer = ByteWriter(capacity: 256)
        writer.append(text.utf8)
        writer.append(0 as UInt8)
        if let counter { writer.append(counter) }
        writer.append(try questionBytes(input.questions))
        guard pinHash?.byteCount == input.pinHash?.count else { throw .dataInput("P") }
        writer.append(input.pinHash ?? [])
        writer.append(try sessionBytes(input.session))
        if let timeStep { writer.append(timeStep) }
        return writer.bytes
    }

    private func questionBytes(_ questions: [String]) throws(MalformedOATH) -> [UInt8] {
        guard (1...2).contains(questions.count) else { throw .dataInput("Q") }
        for question in questions {
            let characters = question.utf8
            guard (1...questionLength).contains(characters.count),
                characters.allSatisfy(questionFormat.contains)
            else { throw .dataInput("Q") }
        }
        let characters = questions.flatMap(\.utf8)
        let bytes =
            switch questionFormat {
            case .alphanumeric: characters
            case .numeric: Self.packed(Self.hexadecimal(ofDecimal: characters))
            case .hexadecimal: Self.packed(characters.map(Self.digit))
            }
        // Two questions of 64 characters are 128 bytes.
        return bytes + [UInt8](repeating: 0, count: 128 - bytes.count)
    }

    private func sessionBytes(_ session: [UInt8]?) throws(MalformedOATH) -> [UInt8] {
        guard let sessionLength, let session else {
            guard sessionLength == nil, session == nil else { throw .dataInput("S") }
            return []
        }
        guard session.count <= sessionLength else { throw .dataInput("S") }
        return [UInt8](repeating: 0, count: sessionLength - session.count) + session
    }

    /// The hexadecimal digits of a decimal number, without zeros in front; none for zero, which leaves the same zeros.
    private static func hexadecimal(ofDecimal characters: [UInt8]) -> [UInt8] {
        // The least significant digit first.
        var digits: [UInt8] = []
        for character in characters {
            var carry = digit(character)
            for index in digits.indices {
                let value = digits[index] * 10 + carry
                digits[index] = value & 0x0F
                carry = value >> 4
            }
            if carry > 0 { digits.append(carry) }
        }
        return digits.reversed()
    }

    /// Two digits a byte; the lower half of the last is zero where their number is odd.
    private static func packed(_ digits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: digits.count, by: 2).map { index in
            digits[index] << 4 | (index + 1 < digits.count ? digits[index + 1] : 0)
        }
    }

    /// The value of a hexadecimal digit.
    private static func digit(_ character: UInt8) -> UInt8 {
        // 9 is in front of the letters in both cases: 'A' and 'a' end in 1.
        character & 0x0F + (character & 0x40 == 0 ? 0 : 9)
    }
}

extension OCRASuite.QuestionFormat {
    /// Whether a question may have this character.
    fileprivate func contains(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"):
            self != .numeric
        case UInt8(ascii: "G")...UInt8(ascii: "Z"), UInt8(ascii: "g")...UInt8(ascii: "z"):
            self == .alphanumeric
        default: false
        }
    }
}
