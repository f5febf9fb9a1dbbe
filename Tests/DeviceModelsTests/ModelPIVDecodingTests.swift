import DeviceModels
import StrictYAML
import Testing

struct ModelPIVDecodingTests {
    @Test func `decodes every field of a card without FIDO`() throws {
        let model = try Samples.decode(Samples.card)
        let piv = try #require(model.piv)
        #expect(piv.answersToReset == [[0x3B, 0x8C, 0x80, 0x01], [0x3F, 0x00]])
        #expect(piv.attestedFormFactors == [0x01, 0xF2])
        #expect(piv.firmware == FirmwareRange(from: .init(1, 0, 0), until: .init(2, 0, 0)))
        #expect(piv.algorithms == [.rsa2048, .p256])
        #expect(piv.attestation.map(\.role) == [.root])
        #expect(piv.attestation.first?.subject == "CN=Acme Card Root")
        #expect(piv.attestation.first?.sha256.prefix(2) == [0x1F, 0xA1])
        #expect(model.aaguids.isEmpty)
        #expect(model.ctapVersions.isEmpty)
        #expect(model.attestation.isEmpty)
        #expect(model.transports == [.smartCard])
        #expect(model.applications == [.piv])
        #expect(model.sources.last?.supports == ["piv.attestation"])
    }

    @Test func `takes a card that knows U2F and has no AAGUID`() throws {
        var text = Samples.card(replacing: "piv:", by: "ctap-versions: [U2F_V2]\npiv:")
        text = Samples.replace("- vendor", by: "- ctap-versions\n      - vendor", in: text)
        let model = try Samples.decode(text)
        #expect(model.ctapVersions == [.u2f])
        #expect(model.applications == [.fido, .piv])
    }

    @Test func `takes every algorithm by its name`() throws {
        let names = CardKeyAlgorithm.allCases.map(\.rawValue)
        #expect(
            names == [
                "RSA-1024", "RSA-2048", "RSA-3072", "RSA-4096", "P-256", "P-384", "Ed25519",
                "X25519",
            ])
        let text = Samples.card(
            replacing: "[RSA-2048, P-256]", by: "[\(names.joined(separator: ", "))]")
        #expect(try Samples.decode(text).piv?.algorithms == Set(CardKeyAlgorithm.allCases))
    }

    @Test func `takes an answer to reset of 33 bytes, the longest`() throws {
        let longest = "3B" + String(repeating: " FF", count: 32)
        let text = Samples.card(replacing: "3B 8C 80 01", by: longest)
        let expected = [0x3B] + [UInt8](repeating: 0xFF, count: 32)
        #expect(try Samples.decode(text).piv?.answersToReset.contains(expected) == true)
    }

    @Test func `needs what a card can be told by, and no more`() throws {
        func card(_ section: String, _ supports: String) -> String {
            """
            schema: 1
            id: acme-card
            vendor: Acme
            name: Acme Card
            software: false
            transports: [smart-card]
            \(section)
            sources:
              - at: https://example.com/card
                title: The card book
                supports: [vendor, name, software, transports\(supports)]
            """
        }
        #expect(throws: CatalogueError.noApplication(Samples.place(1))) {
            try Samples.decode(card("# no section", ""))
        }
        #expect(throws: CatalogueError.yaml(.missingKey(Samples.place(8), key: "atrs"))) {
            try Samples.decode(card("piv:\n  algorithms: [P-256]", ", piv.algorithms"))
        }
        let byATR = try Samples.decode(card("piv:\n  atrs: [3B 00]", ", piv.atrs"))
        #expect(byATR.piv?.answersToReset == [[0x3B, 0x00]])
        #expect(byATR.piv?.firmware == nil)
        #expect(byATR.piv?.attestation.isEmpty == true)
        let byFormFactor = try Samples.decode(
            card("piv:\n  attested-form-factors: [0x05]", ", piv.attested-form-factors"))
        #expect(byFormFactor.piv?.attestedFormFactors == [5])
        #expect(byFormFactor.piv?.answersToReset.isEmpty == true)
    }

    static let answers = [
        "3B", "3C 00", "3b 00", "3B 0", "3B  00", "3B:00", "3B 8c", "3B00", "0x3B 00", "3B 0G",
        "3B +1", "3B" + String(repeating: " 00", count: 33),
    ]

    @Test(arguments: answers)
    func `takes an answer to reset in one form only`(text: String) {
        #expect(
            throws: CatalogueError.yaml(
                .invalidValue(
                    Samples.place(9), field: "atrs", value: text,
                    expected: "2 to 33 bytes in upper-case hexadecimal, the first 3B or 3F: "
                        + "3B 8C 80 01"))
        ) { try Samples.decode(Samples.card(replacing: "3B 8C 80 01", by: "\"\(text)\"")) }
    }

    @Test(arguments: ["1", "01", "0x1", "0x001", "0X01", "0xF3", "0x", "-0x1", "0x+1"])
    func `takes a form factor in one form only`(text: String) {
        #expect(
            throws: CatalogueError.yaml(
                .invalidValue(
                    Samples.place(11), field: "attested-form-factors", value: text,
                    expected: "a byte in lower-case hexadecimal: 0x81"))
        ) { try Samples.decode(Samples.card(replacing: "0x01", by: text)) }
    }

    static let refusals: [(old: String, new: String, error: CatalogueError)] = [
        (
            "    - 3F 00", "    - 3B 8C 80 01",
            .yaml(.repeatedValue(place(10), field: "atrs", value: "3B 8C 80 01"))
        ),
        (
            "0xf2", "0x01",
            .yaml(.repeatedValue(place(11), field: "attested-form-factors", value: "0x01"))
        ),
        (
            "[0x01, 0xf2]", "0x01",
            .yaml(
                .wrongType(
                    place(11), field: "attested-form-factors", expected: "a list that is not empty")
            )
        ),
        (
            "from: 1.0.0, until: 2.0.0", "from: 2.0.0, until: 2.0.0",
            .yaml(
                .invalidValue(
                    place(12), field: "firmware", value: "2.0.0 until 2.0.0",
                    expected: "a ‘from’ that is earlier than ‘until’"))
        ),
        (
            "[RSA-2048, P-256]", "[RSA-2048, p-256]",
            .yaml(
                .invalidValue(
                    place(13), field: "algorithms", value: "p-256",
                    expected: "one of: RSA-1024, RSA-2048, RSA-3072, RSA-4096, P-256, P-384, "
                        + "Ed25519, X25519"))
        ),
        (
            "role: root", "role: leaf",
            .yaml(
                .invalidValue(
                    place(15), field: "role", value: "leaf", expected: "one of: root, batch"))
        ),
        (
            "1fa1386f80", "1fa1386f",
            .yaml(
                .invalidValue(
                    place(17), field: "sha256",
                    value: "1fa1386feb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42",
                    expected: "a SHA-256 digest: 64 hexadecimal digits in lower case"))
        ),
        (
            "  algorithms:", "  slots: [9a]\n  algorithms:",
            .yaml(
                .unknownKey(
                    place(13), key: "slots",
                    allowed: [
                        "atrs", "attested-form-factors", "firmware", "algorithms", "attestation",
                    ]))
        ),
        (
            "      - piv.firmware\n", "",
            .unsourcedFact(place(12), field: "piv.firmware")
        ),
        (
            "  algorithms: [RSA-2048, P-256]\n", "",
            .sourceWithoutFact(place(28), field: "piv.algorithms")
        ),
        (
            "- vendor", "- aaguids", .sourceWithoutFact(place(22), field: "aaguids")
        ),
        (
            "piv:\n  atrs:", "piv: card\nx:\n  atrs:",
            .yaml(
                .unknownKey(
                    place(9), key: "x",
                    allowed: [
                        "schema", "id", "vendor", "name", "products", "software", "form-factors",
                        "transports", "ctap-versions", "user-verification", "firmware-encoding",
                        "aaguids", "usb", "attestation", "quirks", "piv", "sources",
                    ]))
        ),
    ]

    @Test(arguments: refusals)
    func `refuses a value that is wrong, and says where`(
        old: String, new: String, error: CatalogueError
    ) {
        #expect(throws: error) {
            try Samples.decode(Samples.card(replacing: old, by: new))
        }
    }

    @Test func `refuses a section that is no mapping, and a source for the whole of it`() {
        #expect(
            throws: CatalogueError.yaml(
                .wrongType(
                    Samples.place(2), field: "piv", expected: "a mapping of keys to values"))
        ) { try Samples.decode("schema: 1\npiv: card\n") }
        #expect(throws: CatalogueError.self) {
            try Samples.decode(Samples.card(replacing: "- piv.atrs", by: "- piv"))
        }
    }

    private static func place(_ line: Int) -> FilePosition { Samples.place(line) }
}
