import DeviceModels
import Testing
import WebAuthn

struct IdentifierTests {
    @Test func `keeps the bytes and the text of an AAGUID in step`() throws {
        let bytes = (0..<16).map { UInt8($0 * 17) }
        let aaguid = try #require(AAGUID(bytes: bytes))
        #expect(aaguid.bytes == bytes)
        #expect(aaguid.description == "00112233-4455-6677-8899-aabbccddeeff")
        #expect(AAGUID(aaguid.description) == aaguid)
        #expect(AAGUID.zero.description == "00000000-0000-0000-0000-000000000000")
        #expect(AAGUID(bytes: [UInt8](repeating: 0, count: 16)) == .zero)
        for index in 0..<16 {
            var single = [UInt8](repeating: 0, count: 16)
            single[index] = 0xA5
            let other = try #require(AAGUID(bytes: single))
            #expect(other.bytes == single)
            #expect(AAGUID(other.description) == other)
            #expect(AAGUID.zero < other)
        }
    }

    @Test func `refuses an AAGUID of another length`() {
        for count in (0...40) where count != 16 {
            #expect(AAGUID(bytes: [UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test func `refuses every proper prefix and every changed character of an AAGUID's text`() {
        let text = "00112233-4455-6677-8899-aabbccddeeff"
        let original = AAGUID(text)
        for length in 0..<text.utf8.count { #expect(AAGUID(text.prefix(length)) == nil) }
        #expect(AAGUID(text + "0") == nil)
        #expect(AAGUID(text + "-") == nil)
        #expect(AAGUID(text.uppercased()) == nil)
        #expect(AAGUID("{\(text)}") == nil)
        for index in text.utf8.indices {
            for bit in 0..<7 {
                var changed = Array(text.utf8)
                changed[text.utf8.distance(from: text.utf8.startIndex, to: index)] ^= 1 << bit
                let aaguid = AAGUID(String(decoding: changed, as: UTF8.self))
                #expect(aaguid == nil || aaguid != original)
            }
        }
    }

    @Test func `orders AAGUIDs by their bytes`() throws {
        let low = try #require(AAGUID("00000000-0000-0001-0000-000000000000"))
        let high = try #require(AAGUID("00000000-0000-0001-0000-000000000001"))
        #expect(low < high)
        #expect(!(high < low))
    }

    @Test func `takes names of models in one form only`() {
        #expect(ModelID("yubico-yubikey-5-nfc")?.description == "yubico-yubikey-5-nfc")
        for text in ["", "ab", "Acme-anvil", "-acme", "acme-", "acme--anvil", "a b", "ácme"] {
            #expect(ModelID(text) == nil)
        }
        #expect(ModelID(String(repeating: "a", count: 64)) != nil)
        #expect(ModelID(String(repeating: "a", count: 65)) == nil)
    }

    @Test func `takes names of advisories in one form only`() {
        #expect(AdvisoryID("YSA-2024-03")?.description == "YSA-2024-03")
        for text in ["", "YS", "ysa-2024-03", "YSA--03", "YSA-", "../YSA"] {
            #expect(AdvisoryID(text) == nil)
        }
    }

    @Test func `takes USB numbers of four digits each`() {
        let id = USBIdentifier("1050:0407")
        #expect(id == USBIdentifier(vendor: 0x1050, product: 0x0407))
        #expect(id?.description == "1050:0407")
        #expect(USBIdentifier(vendor: 1, product: 0xABCD).description == "0001:abcd")
        for text in ["", "1050", "1050:407", "1050:04070", "1050:04G7", "1050:ABCD", "+050:0407"] {
            #expect(USBIdentifier(text) == nil)
        }
    }

    @Test func `takes days that the calendar has`() {
        #expect(PublicationDate("2024-02-29")?.description == "2024-02-29")
        #expect(PublicationDate("2000-02-29") != nil)
        for text in [
            "2023-02-29", "2100-02-29", "2024-00-01", "2024-13-01", "2024-04-31", "2024-01-00",
            "2024-1-1", "24-01-01", "1989-12-31", "2024-01-01T00:00:00Z", "",
        ] {
            #expect(PublicationDate(text) == nil)
        }
    }
}
