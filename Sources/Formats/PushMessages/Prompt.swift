import Encoding

/// What a phone shows a person who is asked whether it is they who sign in.
///
///     offset       bytes  what
///     0               16  prompt identifier
///     16              32  the challenge, as the server made it
///     48              16  the phone that is asked
///     64               8  when it was made, in ms since 1970
///     72               8  when its time is over, in ms since 1970
///     80               1  d, how many digits the number has: 2…6
///     81               1  c, how many numbers there are to choose from: 0 or 3
///     82             c·d  the numbers, each of d ASCII digits; with none the person types it
///     then, each with its length in one byte before it, UTF-8:
///                   1…64  the server's name
///                  1…128  the user's name
///                   1…64  the application that is signed in to
///                  0…255  what the application adds
///                   0…64  the address of the one who signs in
///                   0, 2  the country of the address: two capital letters (ISO 3166-1)
///
/// Integers are big-endian; nothing follows. The number itself is not in it: the front end shows it to the person.
public struct Prompt: Sendable, Hashable {
    /// How long the challenge is.
    public static let challengeLength = 32
    /// How long a prompt can be at most, in bytes.
    public static let maximumLength = 683

    /// The prompt's name.
    public let id: PromptID
    /// The server's challenge: ``challengeLength`` random bytes.
    public let challenge: [UInt8]
    /// The phone that is asked.
    public let phone: PhoneID
    /// When it was made, in ms since 1970.
    public let issuedAt: Int64
    /// When its time is over, in ms since 1970.
    public let expiresAt: Int64
    /// How many digits the number has.
    public let digits: Int
    /// The numbers to choose from, all different, each of ``digits`` digits; empty where it is typed.
    public let choices: [String]
    /// What the person is told.
    public let shown: Shown

    /// What the person is told of a sign-in. Texts hold no control characters and no marks of direction.
    public struct Shown: Sendable {
        /// The server's name: 1 to 64 bytes.
        public var server: String
        /// The user's name: 1 to 128 bytes.
        public var user: String
        /// The application: 1 to 64 bytes.
        public var application: String
        /// What the application adds: 0 to 255 bytes.
        public var detail: String
        /// The address of the one who signs in: 0 to 64 bytes.
        public var address: String
        /// Its country: two capital letters, or empty.
        public var country: String

        /// Texts from their parts; a ``Prompt`` checks them.
        public init(
            server: String, user: String, application: String, detail: String = "",
            address: String = "", country: String = ""
        ) {
            self.server = server
            self.user = user
            self.application = application
            self.detail = detail
            self.address = address
            self.country = country
        }
    }

    /// A prompt from its parts.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` naming the part that is not what it should be.
    public init(
        id: PromptID, challenge: [UInt8], phone: PhoneID, issuedAt: Int64, expiresAt: Int64,
        digits: Int, choices: [String], shown: Shown
    ) throws(MalformedPush) {
        guard challenge.count == Self.challengeLength else { throw .value("challenge") }
        guard issuedAt >= 0 else { throw .value("issued") }
        guard expiresAt > issuedAt else { throw .value("expires") }
        guard (2...6).contains(digits) else { throw .value("digits") }
        guard
            choices.isEmpty || choices.count == 3, Set(choices).count == choices.count,
            choices.allSatisfy({ Self.isNumber($0, digits: digits) })
        else { throw .value("choices") }
        try shown.check()
        self.id = id
        self.challenge = challenge
        self.phone = phone
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.digits = digits
        self.choices = choices
        self.shown = shown
    }

    /// Whether `text` is a number as a prompt of so many digits has it.
    static func isNumber(_ text: String, digits: Int) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Decodes a prompt, every byte of which must be as ``encoded()`` makes it.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        var reader = FieldReader(bytes)
        let id = try reader.bytes(PromptID.byteCount)
        let challenge = try reader.bytes(Self.challengeLength)
        let phone = try reader.bytes(PhoneID.byteCount)
        guard let id = PromptID(bytes: id), let phone = PhoneID(bytes: phone) else {
            throw .truncated
        }
        let issuedAt = try reader.time("issued")
        let expiresAt = try reader.time("expires")
        let digits = try Int(reader.byte())
        guard (2...6).contains(digits) else { throw .value("digits") }
        let count = try reader.byte()
        guard count == 0 || count == 3 else { throw .value("choices") }
        var choices: [String] = []
        for _ in 0..<count {
            let number = try reader.bytes(digits)
            choices.append(String(decoding: number, as: UTF8.self))
        }
        let shown = try Shown(
            server: reader.text("server"), user: reader.text("user"),
            application: reader.text("application"), detail: reader.text("detail"),
            address: reader.text("address"), country: reader.text("country"))
        try reader.finish()
        try self.init(
            id: id, challenge: challenge, phone: phone, issuedAt: issuedAt, expiresAt: expiresAt,
            digits: digits, choices: choices, shown: shown)
    }

    /// The bytes, at most ``maximumLength``.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.append(id.bytes)
        writer.append(challenge)
        writer.append(phone.bytes)
        writer.appendTime(issuedAt)
        writer.appendTime(expiresAt)
        writer.append(UInt8(clamping: digits))
        writer.append(UInt8(clamping: choices.count))
        for choice in choices { writer.append(choice.utf8) }
        for text in shown.texts { writer.appendText(text) }
        return writer.bytes
    }

    /// Whether two prompts have the same bytes.
    public static func == (left: Prompt, right: Prompt) -> Bool {
        left.encoded() == right.encoded()
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded()) }
}

extension Prompt.Shown {
    /// Makes sure that the texts are as a prompt may hold them.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` naming the text.
    public func check() throws(MalformedPush) {
        try ShownText.check(server, "server", lengths: 1...64)
        try ShownText.check(user, "user", lengths: 1...128)
        try ShownText.check(application, "application", lengths: 1...64)
        try ShownText.check(detail, "detail", lengths: 0...255)
        try ShownText.check(address, "address", lengths: 0...64)
        let isCountry =
            country.utf8.count == 2
            && country.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        guard country.isEmpty || isCountry else { throw .value("country") }
    }

    fileprivate var texts: [String] { [server, user, application, detail, address, country] }
}
