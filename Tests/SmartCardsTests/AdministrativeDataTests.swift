import ISO7816
import SmartCards
import TestSupport
import Testing

@Suite struct AdministrativeDataTests {
    /// As a vendor's program wrote it: the PUK is blocked, and the management key was derived with a salt.
    private static let derived: [UInt8] =
        [0x80, 0x1B, 0x81, 0x01, 0x01, 0x82, 0x10] + [UInt8](repeating: 0xA5, count: 16)
        + [0x83, 0x04, 0x01, 0x02, 0x03, 0x04]

    @Test func `notes that the key is kept, and keeps the rest`() throws {
        #expect(!AdministrativeData().isKeyKept)
        #expect(AdministrativeData().keepingKey().encoded() == [0x80, 0x03, 0x81, 0x01, 0x02])
        let data = try AdministrativeData(decoding: Self.derived)
        #expect(!data.isKeyKept)
        #expect(data.encoded() == Self.derived)
        let kept = data.keepingKey()
        #expect(kept.isKeyKept)
        #expect(
            kept.encoded()
                == [0x80, 0x09, 0x81, 0x01, 0x03, 0x83, 0x04, 0x01, 0x02, 0x03, 0x04])
        #expect(try AdministrativeData(decoding: kept.encoded()) == kept)
        #expect(kept.keepingKey() == kept)
    }

    @Test func `every proper prefix throws`() {
        for prefix in Self.derived.properPrefixes {
            #expect(throws: MalformedCardData.self) { try AdministrativeData(decoding: prefix) }
        }
    }

    @Test func `finds a kept key, and nothing in printed text`() throws {
        let key = [UInt8](repeating: 0x77, count: 24)
        let kept = try KeptManagementKey.decode([0x88, 0x1A, 0x89, 0x18] + key)
        #expect(kept?.length == 24)
        #expect(KeptManagementKey.blank(length: 2) == [0x88, 0x04, 0x89, 0x02, 0x00, 0x00])
        let none: [[UInt8]] = [
            [], [0x01, 0x01, 0x41, 0xFE, 0x00], [0x88, 0x02, 0x01, 0x00], [0x88, 0x02, 0x89, 0x00],
            [0x88, 0x1A, 0x89, 0x18] + key + [0xFE, 0x00],
        ]
        for contents in none {
            #expect(try KeptManagementKey.decode(contents) == nil)
        }
        #expect(throws: MalformedCardData.truncated) {
            try KeptManagementKey.decode([0x88, 0x1A, 0x89, 0x18] + key.dropLast())
        }
    }
}
