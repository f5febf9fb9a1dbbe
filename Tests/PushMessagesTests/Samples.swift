import Encoding
import PushMessages
import Testing

/// The values that the tests of this target start from, and their bytes, put together by hand.
enum Samples {
    static let padding = [UInt8](repeating: 0x20, count: 64)
    static let point = [4] + [UInt8](repeating: 0xAA, count: 64)
    static let signature = [UInt8](repeating: 0x5C, count: 64)
    static let phoneBytes = [UInt8](0x10..<0x20)
    static let promptIDBytes = [UInt8](0x40..<0x50)
    static let challenge = [UInt8](0x80..<0xA0)
    static let secret = [UInt8](0xE0..<0xF0)

    static func phone() throws -> PhoneID { try #require(PhoneID(bytes: phoneBytes)) }

    static func subscription() throws -> PhoneSubscription {
        try PhoneSubscription(
            endpoint: "https://push.example/x1", publicKey: point, authenticationSecret: secret)
    }

    static let subscriptionBytes: [UInt8] =
        [1, 0, 23] + Array("https://push.example/x1".utf8) + point + secret

    static let shown = Prompt.Shown(
        server: "Example", user: "zoë", application: "ssh", detail: "to db1",
        address: "192.0.2.7", country: "NL")

    static func prompt(
        digits: Int = 2, choices: [String] = ["07", "42", "99"], shown: Prompt.Shown = shown,
        issuedAt: Int64 = 1_790_000_000_000, expiresAt: Int64 = 1_790_000_060_000,
        challenge: [UInt8] = challenge
    ) throws -> Prompt {
        try Prompt(
            id: #require(PromptID(bytes: promptIDBytes)), challenge: challenge, phone: phone(),
            issuedAt: issuedAt, expiresAt: expiresAt, digits: digits, choices: choices,
            shown: shown)
    }

    /// 1 790 000 000 000 and 1 790 000 060 000 ms.
    static let promptBytes: [UInt8] =
        promptIDBytes + challenge + phoneBytes
        + [0x00, 0x00, 0x01, 0xA0, 0xC4, 0x50, 0x6C, 0x00]
        + [0x00, 0x00, 0x01, 0xA0, 0xC4, 0x51, 0x56, 0x60]
        + [2, 3] + Array("074299".utf8)
        + [7] + Array("Example".utf8) + [4, 0x7A, 0x6F, 0xC3, 0xAB] + [3] + Array("ssh".utf8)
        + [6] + Array("to db1".utf8) + [9] + Array("192.0.2.7".utf8) + [2] + Array("NL".utf8)

    static func decisionBytes(_ decision: UInt8, _ number: String) -> [UInt8] {
        padding + Array("countersign push decision, version 1".utf8) + [0]
            + [0, UInt8(promptBytes.count)] + promptBytes + [decision]
            + [UInt8(number.utf8.count)] + Array(number.utf8)
            + [0x00, 0x00, 0x01, 0xA0, 0xC4, 0x50, 0x6C, 0x01]
    }

    static let pollBytes: [UInt8] =
        padding + Array("countersign phone poll, version 1".utf8) + [0] + phoneBytes
        + [0x00, 0x00, 0x01, 0xA0, 0xC4, 0x50, 0x6C, 0x00] + [UInt8](repeating: 7, count: 16)

    static let uri = """
        countersign://enrol?v=1&url=https%3A%2F%2Fauth.example.org%3A8443%2Fcs\
        &pin=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&ticket=AbC-_9&exp=1790000600\
        &name=Example%20%26%20Co&user=zo%C3%AB
        """

    static func ticket(
        url: String = "https://auth.example.org:8443/cs", pin: [UInt8]? = [UInt8](0..<32),
        ticket: String = "AbC-_9", expiresAt: Int64 = 1_790_000_600,
        server: String = "Example & Co",
        user: String = "zoë"
    ) throws(MalformedPush) -> EnrolmentTicket {
        try EnrolmentTicket(
            url: PhoneServiceURL(url), pin: pin, ticket: ticket, expiresAt: expiresAt,
            server: server, user: user)
    }

    static func registration(
        _ subscription: PhoneSubscription?
    ) throws -> PhoneRegistration {
        try PhoneRegistration(
            ticket: "AbC-_9", publicKey: point, keyGuard: .biometric, name: "Zoë's phone",
            subscription: subscription
        ).signed(signature)
    }
}

/// A decoder under all that can befall bytes.
func survives<Value: Hashable>(
    _ bytes: [UInt8], _ value: Value, _ decode: ([UInt8]) throws(MalformedPush) -> Value,
    _ encode: (Value) -> [UInt8]
) throws {
    #expect(try decode(bytes) == value)
    #expect(encode(value) == bytes)
    for length in bytes.indices {
        let prefix = Array(bytes.prefix(length))
        #expect(throws: MalformedPush.self, "\(length) bytes") { try decode(prefix) }
    }
    #expect(throws: MalformedPush.self) { try decode(bytes + [0]) }
    for bit in 0..<bytes.count * 8 {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << (bit % 8)
        if let other = try? decode(flipped) {
            #expect(other != value, "bit \(bit)")
            #expect(encode(other) == flipped, "bit \(bit)")
        }
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
