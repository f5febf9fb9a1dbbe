import Encoding
import Testing
import TestSupport
import WebAuthn

struct IdentifierTests {
    private static let text = "01020304-0506-0708-090a-0b0c0d0e0f10"

    @Test func `an AAGUID has a text form and a byte form`() throws {
        let aaguid = try #require(AAGUID(bytes: Array(1...16)))
        #expect(aaguid.description == Self.text)
        #expect(AAGUID(Self.text) == aaguid)
        #expect(aaguid.bytes == Array(1...16))
        #expect(AAGUID.zero.bytes == [UInt8](repeating: 0, count: 16))
        #expect(AAGUID.zero.description == "00000000-0000-0000-0000-000000000000")
    }

    @Test(arguments: [0, 1, 15, 17, 32])
    func `an AAGUID has 16 bytes`(count: Int) {
        #expect(AAGUID(bytes: [UInt8](repeating: 0, count: count)) == nil)
    }

    @Test(arguments: [
        "", "0102030405060708090a0b0c0d0e0f10", "01020304-0506-0708-090A-0b0c0d0e0f10",
        "01020304-0506-0708-090a-0b0c0d0e0f1", "01020304-0506-0708-090a-0b0c0d0e0f100",
        "0102030-40506-0708-090a-0b0c0d0e0f10", "{01020304-0506-0708-090a-0b0c0d0e0f1}",
        "01020304-0506-0708-090a-0b0c0d0e0f1g", "01020304-0506-0708-090a-0b0c0d0e0f1é",
        "01020304-0506-0708-090a-0b0c0d0e0f10\n", "01020304 0506 0708 090a 0b0c0d0e0f10",
    ])
    func `an AAGUID's text has one form`(text: String) {
        #expect(AAGUID(text) == nil)
    }

    @Test func `each flipped bit makes another AAGUID`() throws {
        let aaguid = try #require(AAGUID(Self.text))
        for flipped in aaguid.bytes.singleBitFlips {
            let other = try #require(AAGUID(bytes: flipped))
            #expect(other != aaguid)
            #expect(AAGUID(other.description) == other)
            #expect((aaguid < other) == aaguid.bytes.lexicographicallyPrecedes(flipped))
        }
    }

    @Test(arguments: [0, 1024, 5000])
    func `a credential's identifier has 1 to 1 023 bytes`(count: Int) throws {
        let bytes = [UInt8](repeating: 9, count: count)
        #expect(throws: MalformedWebAuthn.identifierLength(count)) {
            try CredentialID(bytes: bytes)
        }
        #expect(throws: MalformedWebAuthn.identifierLength(count)) {
            try CredentialID(text: Base64URL.encode(bytes))
        }
    }

    @Test(arguments: [1, 32, 1023])
    func `a credential's identifier comes out as it went in`(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let id = try CredentialID(bytes: random.bytes(count))
        #expect(try CredentialID(text: id.text) == id)
    }

    @Test(arguments: ["3q2-7w==", "3q2-7x", "3q2+7w", "3q2-7", "3q2-7w\n"])
    func `a credential's text form is strict`(text: String) {
        #expect(throws: MalformedWebAuthn.messageMember("id")) { try CredentialID(text: text) }
    }

    @Test func `a user handle has 1 to 64 bytes`() throws {
        for count in [0, 65] {
            #expect(throws: MalformedWebAuthn.identifierLength(count)) {
                try UserHandle(bytes: [UInt8](repeating: 9, count: count))
            }
        }
        for count in [1, 64] {
            let bytes = [UInt8](repeating: 9, count: count)
            #expect(try UserHandle(bytes: bytes).bytes == bytes)
        }
        #expect(try UserHandle(bytes: [0xA1]).text == "oQ")
    }

    @Test(arguments: [
        "example.org", "localhost", "a.b-c.d9", "xn--exmple-cua.org",
        [String](repeating: String(repeating: "a", count: 62), count: 4).joined(separator: "."),
    ])
    func `a domain is a relying party's identifier`(text: String) throws {
        #expect(try RelyingPartyID(text).text == text)
    }

    @Test(arguments: [
        "", ".", "example.org.", ".example.org", "example..org", "Example.org", "exämple.org",
        "https://example.org", "example.org:443", "-a.org", "a-.org", "a_b.org", "a b.org",
        "example.org\n", "\u{212A}.org", String(repeating: "a", count: 64) + ".org",
        [String](repeating: String(repeating: "a", count: 63), count: 4).joined(separator: "."),
    ])
    func `what is no domain is refused`(text: String) {
        #expect(throws: MalformedWebAuthn.relyingPartyID) { try RelyingPartyID(text) }
    }
}
