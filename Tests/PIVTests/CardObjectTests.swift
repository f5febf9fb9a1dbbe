import ISO7816
import PIV
import TestSupport
import Testing

struct CHUIDTests {
    private static let fascn =
        "d4e739da739ced39ce739d836858210842108421c84210c3eb"
    private static let guid = "000102030405060708090a0b0c0d0e0f"

    /// What Yubico's programs write to a card.
    private static let text =
        "30 19" + fascn + "34 10" + guid + "35 08 3230333030313031" + "3e 00 fe 00"

    @Test func `an identifier decodes and encodes`() throws {
        let chuid = try CHUID(decoding: bytes(Self.text))
        #expect(chuid.fascn == (try bytes(Self.fascn)))
        #expect(chuid.guid == (try bytes(Self.guid)))
        #expect(chuid.expirationDate == "20300101")
        #expect(chuid.cardholderUUID == nil)
        #expect(chuid.issuerSignature.isEmpty)
        #expect(chuid.encoded() == (try bytes(Self.text)))
    }

    @Test func `an issued card's identifier has a signature and more`() throws {
        let chuid = try CHUID(
            fascn: bytes(Self.fascn), guid: bytes(Self.guid), expirationDate: "20300101",
            cardholderUUID: [UInt8](repeating: 7, count: 16),
            issuerSignature: [0x30] + [UInt8](repeating: 9, count: 1500))
        #expect(try CHUID(decoding: chuid.encoded()) == chuid)
    }

    @Test func `deprecated members are passed over, others are refused`() throws {
        let plain = try CHUID(decoding: bytes(Self.text))
        let old = try bytes("ee 02 0000 32 04 31323334 33 09" + "313233343536373839" + "3d 00")
        #expect(try CHUID(decoding: old + plain.encoded()) == plain)
        #expect(throws: MalformedCardData.tag) {
            try CHUID(decoding: plain.encoded() + [0x37, 0x00])
        }
        #expect(throws: MalformedCardData.duplicateTag) {
            try CHUID(decoding: plain.encoded() + [0xFE, 0x00])
        }
    }

    @Test func `each required member is missed`() throws {
        let plain = try bytes(Self.text)
        for (tag, name) in [
            (0x30, "FASC-N"), (0x34, "GUID"), (0x35, "expiration date"),
            (0x3E, "issuer signature"), (0xFE, "error detection code"),
        ] as [(UInt32, String)] {
            let rest = try TLV.decodeAll(plain).filter { $0.tag != tag }
                .flatMap { $0.encoded() }
            #expect(throws: MalformedCardData.missing(name)) { try CHUID(decoding: rest) }
        }
    }

    @Test func `members of another length, and dates without eight digits, are refused`() throws {
        let (fascn, guid) = (try bytes(Self.fascn), try bytes(Self.guid))
        #expect(throws: MalformedCardData.value("FASC-N")) {
            try CHUID(fascn: [], guid: guid, expirationDate: "20300101")
        }
        #expect(throws: MalformedCardData.value("GUID")) {
            try CHUID(fascn: fascn, guid: guid + [0], expirationDate: "20300101")
        }
        for date in ["", "2030010", "203001011", "2030-1-1", "２０３０"] {
            #expect(throws: MalformedCardData.value("expiration date")) {
                try CHUID(fascn: fascn, guid: guid, expirationDate: date)
            }
        }
        #expect(throws: MalformedCardData.value("cardholder UUID")) {
            try CHUID(fascn: fascn, guid: guid, expirationDate: "20300101", cardholderUUID: [])
        }
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        try expectStrict(bytes(Self.text)) {
            bytes throws(MalformedCardData) in try CHUID(decoding: bytes)
        }
    }
}

struct DiscoveryObjectTests {
    private static let text = "4f 0b a000000308000010000100 5f2f 02 4000"

    @Test func `an object decodes and encodes`() throws {
        let object = try DiscoveryObject(decoding: bytes(Self.text))
        #expect(object.applicationIdentifier == (try bytes("a000000308000010000100")))
        #expect(object.usagePolicy == 0x4000)
        #expect(object.encoded() == (try bytes(Self.text)))
        #expect(DiscoveryObject(usagePolicy: 0x4000) == object)
        #expect(
            try DataObject(id: .discovery, response: bytes("7e 12" + Self.text)).contents
                == object.encoded())
    }

    @Test(
        arguments: [
            (0x4000, true, false, false), (0x6010, true, true, false), (0x6020, true, true, true),
            (0x4020, true, false, false), (0x2020, false, true, true), (0, false, false, false),
        ] as [(UInt16, Bool, Bool, Bool)])
    func `the policy says which PIN is used`(
        policy: UInt16, application: Bool, global: Bool, globalPrimary: Bool
    ) {
        let object = DiscoveryObject(usagePolicy: policy)
        #expect(object.isApplicationPINUsed == application)
        #expect(object.isGlobalPINUsed == global)
        #expect(object.isGlobalPINPrimary == globalPrimary)
    }

    @Test func `the policy says what else is used`() {
        #expect(DiscoveryObject(usagePolicy: 0x1000).isBiometricComparisonUsed)
        #expect(DiscoveryObject(usagePolicy: 0x0800).isVirtualContactInterfaceUsed)
        #expect(DiscoveryObject(usagePolicy: 0x0400).isPairingCodeUnneeded)
        let none = DiscoveryObject(usagePolicy: 0xE3FF)
        #expect(!none.isBiometricComparisonUsed)
        #expect(!none.isVirtualContactInterfaceUsed)
        #expect(!none.isPairingCodeUnneeded)
    }

    @Test(
        arguments: [
            ("5f2f 02 4000", .missing("AID")),
            ("4f 0b a000000308000010000100", .missing("PIN usage policy")),
            ("4f 0b a000000308000010000100 5f2f 01 40", .value("PIN usage policy")),
            ("4f 0b a000000308000020000100 5f2f 02 4000", .value("AID")),
            ("4f 09 a00000030800001000 5f2f 02 4000", .value("AID")),
            ("4f 0b a000000308000010000100 5f2f 02 4000 50 00", .tag),
            ("4f 0b a000000308000010000100 5f2f 02 4000 5f", .truncated),
        ] as [(String, MalformedCardData)])
    func `what is no discovery object is refused`(text: String, error: MalformedCardData) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try DiscoveryObject(decoding: bytes) }
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        try expectStrict(bytes(Self.text)) {
            bytes throws(MalformedCardData) in try DiscoveryObject(decoding: bytes)
        }
    }
}

struct ApplicationPropertiesTests {
    @Test func `a YubiKey's response decodes and encodes`() throws {
        let response = try bytes("61 11 4f 06 000010000100 79 07 4f 05 a000000308")
        let properties = try ApplicationProperties(decoding: response)
        #expect(properties == ApplicationProperties())
        #expect(properties.isPIV)
        #expect(properties.encoded() == response)
    }

    @Test func `optional members are read and unknown ones passed over`() throws {
        let properties = try ApplicationProperties(
            decoding: bytes(
                """
                61 28 4f 0b a000000308000010000100 50 03 504956 5f50 00 99 01 00
                ac 06 800111 060100 ac 06 800127 060100
                """))
        #expect(properties.label == "PIV")
        #expect(properties.algorithms == [0x11, 0x27])
        #expect(properties.isPIV)
        let again = try ApplicationProperties(decoding: properties.encoded())
        #expect(again == properties)
    }

    @Test func `another application is not PIV`() throws {
        let other = try ApplicationProperties(decoding: bytes("61 08 4f 06 d27600012401"))
        #expect(!other.isPIV)
        #expect(!ApplicationProperties(applicationIdentifier: []).isPIV)
    }

    @Test(
        arguments: [
            ("62 08 4f 06 000010000100", .tag), ("61 00", .missing("AID")),
            ("61 08 4f 07 000010000100", .truncated),
            ("61 08 4f 06 000010000100 00", .trailingBytes),
            ("61 0b 4f 06 000010000100 ac 01 80", .truncated),
        ] as [(String, MalformedCardData)])
    func `what is no property template is refused`(
        text: String, error: MalformedCardData
    ) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try ApplicationProperties(decoding: bytes) }
    }

    @Test func `every prefix is refused`() throws {
        for prefix in try bytes("61 11 4f 06 000010000100 79 07 4f 05 a000000308").properPrefixes {
            #expect(throws: MalformedCardData.truncated) {
                try ApplicationProperties(decoding: prefix)
            }
        }
    }
}
