import DeviceModels
import StrictYAML
import Testing
import WebAuthn

struct CatalogueTests {
    private let model: DeviceModel
    private let advisory: Advisory
    private let catalogue: Catalogue

    /// Shipped with 1.0.0 until 2.0.0, of which the advisory speaks until 1.7.0.
    private let shared: AAGUID
    /// Shipped with 1.5.0 and later.
    private let open: AAGUID
    /// Nobody knows what it is shipped with.
    private let bare: AAGUID

    init() throws {
        model = try Samples.decode(Samples.model)
        advisory = try Samples.decodeNote(Samples.advisory)
        catalogue = try Catalogue(models: [model], advisories: [advisory])
        shared = model.aaguids[0].value
        open = model.aaguids[1].value
        bare = model.aaguids[2].value
    }

    private func finding(_ aaguid: AAGUID?, _ firmware: FirmwareVersion?) -> Finding? {
        catalogue.advisories(for: model, aaguid: aaguid, firmware: firmware).first
    }

    private var affected: FirmwareRange { advisory.affected[0].firmware }

    @Test func `finds a model by its name, its AAGUID and its USB numbers`() throws {
        #expect(catalogue.model(model.id) == model)
        #expect(catalogue.model(for: shared) == model)
        #expect(catalogue.model(for: .zero) == nil)
        #expect(catalogue.models(for: .init(vendor: 0x1050, product: 0x0407)) == [model])
        #expect(catalogue.models(for: .init(vendor: 0x1050, product: 0x0408)).isEmpty)
        #expect(Catalogue.empty.model(for: shared) == nil)
    }

    @Test func `is sure of firmware that is affected`() {
        let version = FirmwareVersion(1, 6, 9)
        for aaguid in [shared, open, bare, nil] {
            let found = finding(aaguid, version)
            #expect(found?.status == .affected)
            #expect(found?.reasons == [.firmwareIsAffected(version, affected: affected)])
        }
    }

    @Test func `clears firmware that is not affected`() {
        for aaguid in [shared, open, bare, nil] {
            #expect(finding(aaguid, FirmwareVersion(1, 7, 0)) == nil)
        }
    }

    @Test func `leaves it open where the firmware is not known and the AAGUID is shared`() throws {
        let shipped = try #require(model.aaguids[0].firmware)
        let found = finding(shared, nil)
        #expect(found?.status == .possiblyAffected)
        #expect(
            found?.reasons == [
                .aaguidIsPartlyAffected(shared, shipped: shipped, affected: affected)
            ])
        #expect(finding(open, nil)?.status == .possiblyAffected)
        for aaguid in [bare, nil] {
            #expect(finding(aaguid, nil)?.status == .possiblyAffected)
            #expect(finding(aaguid, nil)?.reasons == [.firmwareIsUnknown(affected: affected)])
        }
    }

    @Test func `lets the AAGUID decide where it can`() throws {
        let range = try #require(FirmwareRange(from: nil, until: .init(3, 0, 0)))
        func catalogue(affecting firmware: String) throws -> Catalogue {
            let text = Samples.replace(
                "{ until: 1.7.0 }", by: firmware, in: Samples.advisory)
            return try Catalogue(models: [model], advisories: [try Samples.decodeNote(text)])
        }
        let before = try catalogue(affecting: "{ until: 3.0.0 }")
            .advisories(for: model, aaguid: shared, firmware: nil)
        let shipped = try #require(model.aaguids[0].firmware)
        #expect(before.map(\.status) == [.affected])
        #expect(
            before.first?.reasons == [.aaguidIsAffected(shared, shipped: shipped, affected: range)])
        #expect(
            try catalogue(affecting: "{ until: 1.0.0 }")
                .advisories(for: model, aaguid: shared, firmware: nil).isEmpty)
    }

    @Test func `does not take an authenticator's word against its AAGUID`() throws {
        let version = FirmwareVersion(2, 0, 0)
        let shipped = try #require(model.aaguids[0].firmware)
        let found = finding(shared, version)
        #expect(found?.status == .possiblyAffected)
        #expect(
            found?.reasons == [.firmwareContradictsAAGUID(version, shared, shipped: shipped)])
        // 2.0.0 is a version that the other AAGUID is shipped with.
        #expect(finding(open, version) == nil)
    }

    @Test func `is sure where every version is affected`() throws {
        let text = Samples.replace(
            "\n    firmware: { until: 1.7.0 }", by: "", in: Samples.advisory)
        let all = try Catalogue(models: [model], advisories: [try Samples.decodeNote(text)])
        let found = all.advisories(for: model, aaguid: nil, firmware: nil)
        #expect(found.map(\.status) == [.affected])
        #expect(found.first?.reasons == [.modelIsAffected(model.id)])
    }

    @Test(arguments: [
        ("applications: [piv]", 0), ("applications: [fido]", 1), ("algorithms: [rsa]", 1),
        ("applications: [piv, fido]\n    algorithms: [ecdsa]", 1),
    ])
    func `finds in FIDO what concerns FIDO, whatever kind of key`(
        line: String, count: Int
    ) throws {
        let note = Samples.replace(
            "until: 1.7.0 }", by: "until: 1.7.0 }\n    \(line)", in: Samples.advisory)
        let section =
            "piv:\n  atrs: [3B 00]\nsources:\n  - at: https://example.com/atr\n"
            + "    title: ATRs\n    supports: [piv.atrs]"
        let both = try Samples.decode(Samples.model(replacing: "sources:", by: section))
        #expect(both.applications == [.fido, .piv])
        let limited = try Catalogue(models: [both], advisories: [try Samples.decodeNote(note)])
        let found = limited.advisories(for: both, aaguid: nil, firmware: .init(1, 6, 0))
        #expect(found.count == count)
    }

    @Test func `puts the gravest finding first`() throws {
        func note(_ number: String, _ severity: String) throws -> Advisory {
            var text = Samples.replace("ACME-2030-01", by: number, in: Samples.advisory)
            text = Samples.replace("severity: high", by: "severity: \(severity)", in: text)
            return try Samples.decodeNote(text)
        }
        let notes = [
            try note("A-1", "low"), try note("A-2", "critical"), try note("A-3", "moderate"),
            try note("A-4", "critical"),
        ]
        let found = try Catalogue(models: [model], advisories: notes)
            .advisories(for: model, aaguid: nil, firmware: nil)
        #expect(found.map(\.advisory.id.description) == ["A-2", "A-4", "A-3", "A-1"])
    }

    @Test func `refuses entries that do not agree`() throws {
        #expect(throws: CatalogueError.repeatedModel(model.id)) {
            try Catalogue(models: [model, model], advisories: [])
        }
        let twin = try Samples.decode(Samples.model(replacing: "acme-anvil", by: "acme-twin"))
        #expect(throws: CatalogueError.contestedAAGUID(shared, model.id, twin.id)) {
            try Catalogue(models: [twin, model], advisories: [])
        }
        #expect(throws: CatalogueError.repeatedAdvisory(advisory.id)) {
            try Catalogue(models: [model], advisories: [advisory, advisory])
        }
        #expect(throws: CatalogueError.unknownModel(advisory.id, model.id)) {
            try Catalogue(models: [], advisories: [advisory])
        }
        let note = Samples.replace(
            "until: 1.7.0 }", by: "until: 1.7.0 }\n    applications: [fido, piv]",
            in: Samples.advisory)
        #expect(throws: CatalogueError.unknownApplication(advisory.id, model.id, .piv)) {
            try Catalogue(models: [model], advisories: [try Samples.decodeNote(note)])
        }
    }

    @Test func `gives every reason and every error a text of its own`() throws {
        let errors: [CatalogueError] = [
            .yaml(.documentTooLarge(file: "f", bytes: 2, limit: 1)), .yaml(.invalidUTF8(file: "f")),
            .missingFrontMatter(file: "f"), .yaml(.anchorAliasOrTag(Samples.place(1))),
            .yaml(.malformedYAML(Samples.place(1), problem: "p")),
            .yaml(.duplicateKey(Samples.place(1), key: "k")),
            .yaml(.unknownKey(Samples.place(1), key: "k", allowed: ["a"])),
            .yaml(.missingKey(Samples.place(1), key: "k")),
            .yaml(.wrongType(Samples.place(1), field: "f", expected: "e")),
            .yaml(.invalidValue(Samples.place(1), field: "f", value: "v", expected: "e")),
            .yaml(.repeatedValue(Samples.place(1), field: "f", value: "v")),
            .noApplication(Samples.place(1)), .unsourcedFact(Samples.place(1), field: "f"),
            .sourceWithoutFact(Samples.place(1), field: "f"), .repeatedModel(model.id),
            .repeatedAdvisory(advisory.id), .contestedAAGUID(shared, model.id, model.id),
            .unknownModel(advisory.id, model.id),
            .unknownApplication(advisory.id, model.id, .piv),
        ]
        #expect(Set(errors.map(\.code)).count == errors.count)
        #expect(Set(errors.map(\.description)).count == errors.count)
        #expect(errors.allSatisfy { $0.code.allSatisfy { $0.isLowercase || "-8".contains($0) } })
    }
}
