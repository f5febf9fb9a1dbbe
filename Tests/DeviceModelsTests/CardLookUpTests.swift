import DeviceModels
import Testing

/// Four models: a plain card and one with a reader's other side that share an ATR, an older one of
/// the same maker, and a program.
struct CardLookUpTests {
    private let plain: DeviceModel
    private let wireless: DeviceModel
    private let old: DeviceModel
    private let program: DeviceModel
    private let catalogue: Catalogue

    private static let contactATR: [UInt8] = [0x3B, 0x8C, 0x80, 0x01]
    private static let wirelessATR: [UInt8] = [0x3B, 0x77]
    private static let oldATR: [UInt8] = [0x3B, 0x11]
    private static let programATR: [UInt8] = [0x3B, 0x22]
    private let makersRoot: [UInt8]
    private let anotherRoot = [UInt8](repeating: 7, count: 32)

    init() throws {
        func card(_ name: String, _ changes: [(String, String)]) throws -> DeviceModel {
            var text = Samples.card(replacing: "acme-card", by: "acme-\(name)")
            for (old, new) in changes { text = Samples.replace(old, by: new, in: text) }
            return try Samples.decode(text)
        }
        plain = try card("plain", [])
        wireless = try card(
            "wireless", [("3F 00", "3B 77"), ("[0x01, 0xf2]", "[0x01]")])
        old = try card(
            "old",
            [
                ("3B 8C 80 01", "3B 11"), ("    - 3F 00\n", ""),
                ("  attested-form-factors: [0x01, 0xf2]\n", ""),
                ("      - piv.attested-form-factors\n", ""),
                ("from: 1.0.0, until: 2.0.0", "until: 1.0.0"),
            ])
        program = try card(
            "program",
            [
                ("3B 8C 80 01", "3B 22"), ("    - 3F 00\n", ""),
                ("  attested-form-factors: [0x01, 0xf2]\n", ""),
                ("      - piv.attested-form-factors\n", ""),
                ("  firmware: { from: 1.0.0, until: 2.0.0 }\n", ""),
                ("      - piv.firmware\n", ""),
                (
                    """
                      attestation:
                        - role: root
                          subject: CN=Acme Card Root
                          sha256: \
                    1fa1386f80eb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42

                    """, ""
                ),
                ("supports: [piv.attestation]", "supports: [piv.atrs]"),
            ])
        makersRoot = try #require(plain.piv?.attestation.first?.sha256)
        let key = try Samples.decode(Samples.model)
        catalogue = try Catalogue(
            models: [plain, wireless, old, program, key], advisories: [])
    }

    private func models(
        _ atr: [UInt8]?, formFactor: UInt8? = nil, firmware: FirmwareVersion? = nil,
        root: [UInt8]? = nil
    ) -> [DeviceModel] {
        catalogue.models(
            forCard: atr,
            attested: AttestedCardFacts(formFactor: formFactor, firmware: firmware, root: root))
    }

    @Test func `finds the models that share an answer to reset`() {
        #expect(catalogue.models(forATR: Self.contactATR) == [plain, wireless])
        #expect(catalogue.models(forATR: Self.wirelessATR) == [wireless])
        #expect(catalogue.models(forATR: Self.contactATR + [0]).isEmpty)
        #expect(catalogue.models(forATR: []).isEmpty)
        #expect(Catalogue.empty.models(forATR: Self.contactATR).isEmpty)
    }

    @Test func `goes by the answer to reset where nothing is attested`() {
        #expect(catalogue.models(forCard: Self.contactATR, attested: nil) == [plain, wireless])
        #expect(catalogue.models(forCard: nil, attested: nil).isEmpty)
        #expect(models(Self.oldATR) == [old])
    }

    @Test func `lets what is attested decide`() {
        let version = FirmwareVersion(1, 5, 0)
        #expect(models(nil, formFactor: 0x01, firmware: version) == [plain, wireless])
        #expect(models(nil, formFactor: 0xF2, firmware: version) == [plain])
        #expect(models(nil, formFactor: 0x03, firmware: version).isEmpty)
        #expect(models(nil, formFactor: 0x01, firmware: .init(2, 0, 0)).isEmpty)
        #expect(models(nil, formFactor: 0xF2) == [plain])
        #expect(models(nil, firmware: version) == [plain, wireless])
    }

    @Test func `takes no answer to reset against what is attested`() {
        let version = FirmwareVersion(1, 5, 0)
        for atr in [Self.oldATR, Self.programATR, [0x3B, 0x99]] {
            #expect(models(atr, formFactor: 0x01, firmware: version) == [plain, wireless])
        }
        #expect(models(Self.contactATR, firmware: .init(0, 9, 0)) == [old])
    }

    @Test func `narrows what is attested down by the answer to reset`() {
        #expect(models(Self.wirelessATR, formFactor: 0x01) == [wireless])
        #expect(models(Self.contactATR, formFactor: 0x01) == [plain, wireless])
        #expect(models([0x3F, 0x00], firmware: .init(1, 5, 0)) == [plain])
    }

    @Test func `holds no form factor against a model that states none`() {
        let version = FirmwareVersion(0, 9, 0)
        #expect(models(nil, formFactor: 0x00, firmware: version) == [old])
        // A form factor alone is nothing that the old one states.
        #expect(models(Self.oldATR, formFactor: 0x00).isEmpty)
    }

    @Test func `believes in a maker's facts by the maker's root`() {
        #expect(models(nil, root: makersRoot) == [old, plain, wireless])
        #expect(
            models(nil, formFactor: 0xF2, firmware: .init(1, 0, 0), root: makersRoot) == [plain])
        #expect(models(Self.programATR, root: makersRoot) == [old, plain, wireless])
    }

    @Test func `takes facts under a root that is no maker's for nothing`() {
        let version = FirmwareVersion(1, 5, 0)
        for atr in [Self.programATR, Self.contactATR] {
            #expect(
                models(atr, formFactor: 0xF2, firmware: version, root: anotherRoot)
                    == catalogue.models(forATR: atr))
        }
        #expect(models(nil, formFactor: 0xF2, firmware: version, root: anotherRoot).isEmpty)
    }

    @Test func `never offers a model without PIV`() {
        for model in models(nil, firmware: .init(1, 5, 0)) + models(nil, root: makersRoot) {
            #expect(model.piv != nil)
        }
    }
}
