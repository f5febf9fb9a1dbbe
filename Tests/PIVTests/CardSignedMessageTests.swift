import Encoding
import ISO7816
import PIV
import TestSupport
import Testing

struct CardSignedMessageTests {
    private static let challenge = [UInt8](0..<32)
    private static let keyIdentifier = [UInt8](0x80..<0xA0)

    private func message(
        _ purpose: CardSignedMessage.Purpose = .authentication, challenge: [UInt8] = challenge,
        relyingPartyID: String = "example.org", user: String = "alice",
        keyIdentifier: [UInt8] = keyIdentifier
    ) throws(MalformedCardData) -> CardSignedMessage {
        try CardSignedMessage(
            purpose: purpose, challenge: challenge, relyingPartyID: relyingPartyID, user: user,
            keyIdentifier: keyIdentifier)
    }

    @Test func `the message is laid out as documented`() throws {
        let bytes = try Hex.decode(
            String(repeating: "20", count: 64)
                + "636f756e7465727369676e20"  // "countersign "
                + "63617264207369676e61747572652c20"  // "card signature, "
                + "76657273696f6e2031"  // "version 1"
                + "00" + "02"
                + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                + "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
                + "0b" + "6578616d706c652e6f7267"  // "example.org"
                + "05" + "616c696365"  // "alice"
        )
        #expect(try message().encoded() == bytes)
        #expect(try message(.registration).encoded() == bytes.replacing(102, with: 1))
        #expect(bytes[101] == 0)
        #expect(Array(bytes[103..<135]) == Self.challenge)
        #expect(Array(bytes[135..<167]) == Self.keyIdentifier)
        #expect(bytes[167] == 11)
        #expect(bytes[168 + 11] == 5)
        #expect(bytes.count == 169 + 11 + 5)
    }

    @Test func `the published pieces are those of the message`() throws {
        let bytes = try message().encoded()
        #expect(bytes.starts(with: CardSignedMessage.padding))
        #expect(bytes[64...].starts(with: CardSignedMessage.context.utf8 + [0]))
        #expect(CardSignedMessage.context.utf8.allSatisfy { $0 != 0 && $0 < 0x80 })
        #expect(CardSignedMessage.Purpose.allCases.map(\.rawValue) == [1, 2])
    }

    @Test func `every part changes the message`() throws {
        let messages = [
            try message(), try message(.registration),
            try message(challenge: Self.challenge.replacing(31, with: 0)),
            try message(relyingPartyID: "example.com"), try message(user: "bob"),
            try message(keyIdentifier: Self.keyIdentifier.replacing(0, with: 0)),
            // Texts that run together in the same way without their lengths.
            try message(relyingPartyID: "example.orga", user: "lice"),
            try message(relyingPartyID: "example.or", user: "galice"),
            // Texts that Unicode holds to be the same.
            try message(user: "zoe\u{308}"), try message(user: "zo\u{EB}"),
        ]
        #expect(Set(messages.map { $0.encoded() }).count == messages.count)
        #expect(Set(messages).count == messages.count)
    }

    @Test func `no message begins as another does and goes on`() throws {
        var random = SplitMix64(seed: 5)
        var messages: [[UInt8]] = []
        for _ in 0..<60 {
            let texts = (0..<2).map { _ in
                String(repeating: "a", count: Int.random(in: 1...3, using: &random))
            }
            messages.append(try message(relyingPartyID: texts[0], user: texts[1]).encoded())
        }
        for first in messages {
            for second in messages where first != second { #expect(!second.starts(with: first)) }
        }
    }

    @Test func `what it holds can be read back`() throws {
        let message = try message(relyingPartyID: "bücher.example", user: "Zoë")
        #expect(message.relyingPartyID == "bücher.example")
        #expect(message.user == "Zoë")
        #expect(message.purpose == .authentication)
        #expect(message.challenge == Self.challenge)
        #expect(message.keyIdentifier == Self.keyIdentifier)
    }

    @Test func `texts have from 1 to 255 bytes`() throws {
        let longest = String(repeating: "a", count: 255)
        #expect(try message(relyingPartyID: longest, user: longest).encoded().count == 169 + 510)
        for text in ["", longest + "a", String(repeating: "é", count: 128)] {
            #expect(throws: MalformedCardData.value("relying party identifier")) {
                try message(relyingPartyID: text)
            }
            #expect(throws: MalformedCardData.value("user name")) { try message(user: text) }
        }
    }

    @Test func `challenge and key identifier have 32 bytes`() {
        for count in [0, 31, 33, 64] {
            let bytes = [UInt8](repeating: 0, count: count)
            #expect(throws: MalformedCardData.value("challenge")) {
                try message(challenge: bytes)
            }
            #expect(throws: MalformedCardData.value("key identifier")) {
                try message(keyIdentifier: bytes)
            }
        }
    }

    @Test func `a message is nothing that the key may sign for someone else`() throws {
        let bytes = try message().encoded()
        // DER of certificates, requests and lists; signed attributes of CMS.
        #expect(bytes.first != 0x30 && bytes.first != 0x31)
        // An SSH authentication request would have a session identifier of over 500 MB.
        #expect(bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) } == 0x2020_2020)
        // The contexts of TLS 1.3.
        for side in ["client", "server"] {
            let context = [UInt8]("TLS 1.3, \(side) CertificateVerify".utf8) + [0]
            #expect(!bytes[64...].starts(with: context))
        }
    }
}
