import ISO7816
import PIV
import TestSupport
import Testing

@Suite struct CardSignedMessageDecodingTests {
    private static func message(
        relyingPartyID: String = "example.org", user: String = "älice"
    ) throws -> CardSignedMessage {
        try CardSignedMessage(
            purpose: .authentication, challenge: Array(0..<32), relyingPartyID: relyingPartyID,
            user: user, keyIdentifier: Array(100..<132))
    }

    /// The same message as the document has it, put together by hand.
    private static let bytes: [UInt8] =
        Array(repeating: 0x20, count: 64) + Array("countersign card signature, version 1".utf8)
        + [0x00, 0x02] + Array(0..<32) + Array(100..<132) + [11] + Array("example.org".utf8)
        + [6, 0xC3, 0xA4] + Array("lice".utf8)

    @Test func `reads what the document says, and writes it again`() throws {
        let message = try CardSignedMessage(decoding: Self.bytes)
        #expect(try message == Self.message())
        #expect(message.encoded() == Self.bytes)
        #expect(message.relyingPartyID == "example.org")
        #expect(message.user == "älice")
    }

    @Test func `texts of the greatest length pass`() throws {
        let long = try Self.message(
            relyingPartyID: String(repeating: "r", count: 255),
            user: String(repeating: "u", count: 255))
        #expect(try CardSignedMessage(decoding: long.encoded()) == long)
    }

    @Test func `every proper prefix is truncated`() {
        for prefix in Self.bytes.properPrefixes {
            #expect(throws: MalformedCardData.truncated) {
                try CardSignedMessage(decoding: prefix)
            }
        }
    }

    @Test func `nothing may follow`() {
        #expect(throws: MalformedCardData.trailingBytes) {
            try CardSignedMessage(decoding: Self.bytes + [0])
        }
    }

    @Test func `every flipped bit is refused or makes another message`() throws {
        let message = try CardSignedMessage(decoding: Self.bytes)
        for damaged in Self.bytes.singleBitFlips {
            if let other = try? CardSignedMessage(decoding: damaged) {
                #expect(other != message)
                #expect(other.encoded() == damaged)
            }
        }
    }

    @Test(arguments: [(0, "context"), (63, "context"), (64, "context"), (101, "context")])
    func `another beginning is no message of ours`(offset: Int, name: String) {
        var bytes = Self.bytes
        bytes[offset] ^= 1
        #expect(throws: MalformedCardData.value(name)) { try CardSignedMessage(decoding: bytes) }
    }

    @Test(arguments: [UInt8(0), 3, 255])
    func `another purpose is refused`(purpose: UInt8) {
        var bytes = Self.bytes
        bytes[102] = purpose
        #expect(throws: MalformedCardData.value("purpose")) {
            try CardSignedMessage(decoding: bytes)
        }
    }

    @Test func `empty texts and texts that are not UTF-8 are refused`() {
        let head = Array(Self.bytes.prefix(167))
        #expect(throws: MalformedCardData.value("relying party identifier")) {
            try CardSignedMessage(decoding: head + [0, 1, 0x61])
        }
        #expect(throws: MalformedCardData.value("user name")) {
            try CardSignedMessage(decoding: head + [1, 0x61, 0])
        }
        #expect(throws: MalformedCardData.value("user name")) {
            try CardSignedMessage(decoding: head + [1, 0x61, 1, 0xFF])
        }
    }
}
