import DeviceModels
import Encoding
import StrictYAML
import Testing
import WebAuthn

struct DeviceModelDecodingTests {
    @Test func `decodes every field`() throws {
        let model = try Samples.decode(Samples.model)
        #expect(model.id.description == "acme-anvil")
        #expect(model.vendor == "Acme")
        #expect(model.name == "Acme Anvil")
        #expect(model.products == ["Anvil", "Anvil C"])
        #expect(!model.isSoftware)
        #expect(model.formFactors == [.usbA, .usbC])
        #expect(model.transports == [.usb, .nfc])
        #expect(model.ctapVersions == [.u2f, .ctap21])
        #expect(model.userVerification == [.fingerprint, .pin])
        #expect(model.firmwareEncoding == .byteTriple)
        #expect(model.firmware(reported: 0x010203) == FirmwareVersion(1, 2, 3))
        #expect(model.aaguids.count == 3)
        let first = try #require(AAGUID("00112233-4455-6677-8899-aabbccddeeff"))
        let claim = try #require(model.claim(of: first))
        #expect(claim.firmware == FirmwareRange(from: .init(1, 0, 0), until: .init(2, 0, 0)))
        #expect(claim.certification == .level1)
        #expect(model.aaguids[1].firmware == FirmwareRange(from: .init(1, 5, 0), until: nil))
        #expect(model.aaguids[2].firmware == nil)
        #expect(model.usb == [USBIdentifier(vendor: 0x1050, product: 0x0407)])
        #expect(model.attestation.map(\.role) == [.root])
        #expect(model.attestation.first?.subject == "CN=Acme Root")
        #expect(model.attestation.first?.sha256.count == 32)
        #expect(model.piv == nil)
        #expect(model.applications == [.fido])
        #expect(model.quirks.map(\.summary) == ["It rings."])
        #expect(model.sources.map(\.location).last == "Devices/Catalog/README.md")
    }

    @Test func `refuses a key that the schema does not have`() {
        #expect(
            throws: CatalogueError.yaml(
                .unknownKey(
                    Samples.place(14), key: "firmwares",
                    allowed: ["value", "firmware", "certification"]))
        ) {
            try Samples.decode(
                Samples.model(replacing: "firmware: { from: 1.0", by: "firmwares: { from: 1.0"))
        }
    }

    @Test(arguments: [
        "schema", "id", "vendor", "name", "software", "transports", "ctap-versions", "sources",
    ])
    func `refuses an entry without a key that is needed`(key: String) {
        let lines = Samples.model.split(separator: "\n", omittingEmptySubsequences: false)
        var inside = false
        let kept = lines.filter { line in
            if !line.hasPrefix(" ") { inside = line.hasPrefix("\(key):") }
            return !inside && line != "      - \(key)"
        }
        #expect(throws: CatalogueError.yaml(.missingKey(Samples.place(1), key: key))) {
            try Samples.decode(kept.joined(separator: "\n"))
        }
    }

    static let refusals: [(old: String, new: String, error: CatalogueError)] = [
        (
            "vendor: Acme", "vendor: Acme\nvendor: Other",
            .yaml(.duplicateKey(place(3), key: "vendor"))
        ),
        (
            "vendor: Acme", "vendor: Acme\n\"vendor\": O",
            .yaml(.duplicateKey(place(3), key: "vendor"))
        ),
        (
            "vendor: Acme", "vendor:",
            .yaml(.wrongType(place(3), field: "vendor", expected: paragraph))
        ),
        (
            "vendor: Acme", "vendor: [a]",
            .yaml(.wrongType(place(3), field: "vendor", expected: "text"))
        ),
        (
            "vendor: Acme", "vendor: \"A\\0cme\"",
            .yaml(.wrongType(place(3), field: "vendor", expected: paragraph))
        ),
        (
            "software: false", "software: no",
            .yaml(.wrongType(place(6), field: "software", expected: "true or false"))
        ),
        (
            "software: false", "software: 'false'",
            .yaml(.wrongType(place(6), field: "software", expected: "true or false"))
        ),
        (
            "transports: [usb, nfc]", "transports: usb",
            .yaml(.wrongType(place(8), field: "transports", expected: "a list that is not empty"))
        ),
        (
            "transports: [usb, nfc]", "transports: []",
            .yaml(.wrongType(place(8), field: "transports", expected: "a list that is not empty"))
        ),
        (
            "transports: [usb, nfc]", "transports: [usb, nfc, usb]",
            .yaml(.repeatedValue(place(8), field: "transports", value: "usb"))
        ),
        (
            "transports: [usb, nfc]", "transports: [usb, serial]",
            .yaml(
                .invalidValue(
                    place(8), field: "transports", value: "serial",
                    expected: "one of: usb, nfc, ble, smart-card"))
        ),
        (
            "schema: 1", "schema: 2",
            .yaml(
                .invalidValue(
                    place(1), field: "schema", value: "2",
                    expected: "1, the schema that this version reads"))
        ),
        (
            "aabbccddeeff", "AABBCCDDEEFF",
            .yaml(
                .invalidValue(
                    place(13), field: "value", value: "00112233-4455-6677-8899-AABBCCDDEEFF",
                    expected: "an AAGUID that is not zero, in lower case: 8-4-4-4-12 digits"))
        ),
        (
            "00112233-4455-6677-8899-aabbccddeeff", "00000000-0000-0000-0000-000000000000",
            .yaml(
                .invalidValue(
                    place(13), field: "value", value: "00000000-0000-0000-0000-000000000000",
                    expected: "an AAGUID that is not zero, in lower case: 8-4-4-4-12 digits"))
        ),
        (
            "aabbccddee00", "aabbccddeeff",
            .yaml(
                .repeatedValue(
                    place(16), field: "aaguids", value: "00112233-4455-6677-8899-aabbccddeeff"))
        ),
        (
            "from: 1.0.0, until: 2.0.0", "from: 2.0.0, until: 1.0.0",
            .yaml(
                .invalidValue(
                    place(14), field: "firmware", value: "2.0.0 until 1.0.0",
                    expected: "a ‘from’ that is earlier than ‘until’"))
        ),
        ("{ from: 1.0.0, until: 2.0.0 }", "{}", .yaml(.missingKey(place(14), key: "from"))),
        (
            "from: 1.0.0", "from: 1.0",
            .yaml(
                .invalidValue(
                    place(14), field: "from", value: "1.0",
                    expected: "a version of three numbers: 5.7.0"))
        ),
        (
            "1050:0407", "0x1050:0407",
            .yaml(
                .invalidValue(
                    place(20), field: "usb", value: "0x1050:0407",
                    expected: "vendor:product in lower-case hexadecimal: 1050:0407"))
        ),
        (
            "0fa1386f80", "0fa1386f",
            .yaml(
                .invalidValue(
                    place(24), field: "sha256",
                    value: "0fa1386feb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42",
                    expected: "a SHA-256 digest: 64 hexadecimal digits in lower case"))
        ),
        (
            "https://example.com/anvil", "http://example.com/anvil",
            .yaml(
                .invalidValue(
                    place(29), field: "at", value: "http://example.com/anvil",
                    expected: "an https:// address, or a path in this repository"))
        ),
        (
            "Devices/Catalog/README.md", "Devices/../../secret",
            .yaml(
                .invalidValue(
                    place(44), field: "at", value: "Devices/../../secret",
                    expected: "an https:// address, or a path in this repository"))
        ),
        ("      - usb\n", "", .unsourcedFact(place(20), field: "usb")),
        (
            "usb:\n  - 1050:0407\n", "",
            .sourceWithoutFact(place(40), field: "usb")
        ),
    ]

    @Test(arguments: refusals)
    func `refuses a value that is wrong, and says where`(
        old: String, new: String, error: CatalogueError
    ) {
        #expect(throws: error) {
            try Samples.decode(Samples.model(replacing: old, by: new))
        }
    }

    @Test func `says what to do`() {
        for refusal in Self.refusals {
            #expect(refusal.error.description.hasPrefix("acme-anvil.yaml:"))
        }
        #expect(
            CatalogueError.yaml(.missingKey(Samples.place(1), key: "id")).description
                == "acme-anvil.yaml:1: ‘id’ is missing; add it")
    }

    private static let paragraph = "text in one paragraph"

    private static func place(_ line: Int) -> FilePosition { Samples.place(line) }
}
