import DeviceModels
import Testing

struct CardFindingTests {
    /// Sold with 1.0.0 until 2.0.0.
    private let card: DeviceModel
    /// Sold with 1.0.0 until 1.5.0.
    private let early: DeviceModel
    /// Nobody knows what it is sold with.
    private let bare: DeviceModel
    private let range = FirmwareRange(from: .init(1, 2, 0), until: .init(1, 7, 0))

    init() throws {
        card = try Samples.decode(Samples.card)
        early = try Samples.decode(
            Samples.replace(
                "until: 2.0.0", by: "until: 1.5.0",
                in: Samples.card(replacing: "acme-card", by: "acme-early")))
        bare = try Samples.decode(
            Samples.replace(
                "      - piv.firmware\n", by: "",
                in: Samples.replace(
                    "  firmware: { from: 1.0.0, until: 2.0.0 }\n", by: "",
                    in: Samples.card(replacing: "acme-card", by: "acme-bare"))))
    }

    /// A catalogue whose one note affects `models` in the lines that follow.
    private func catalogue(
        affecting models: [DeviceModel],
        _ lines: String = "firmware: { from: 1.2.0, until: 1.7.0 }"
    ) throws -> Catalogue {
        let entries = models.map { "  - model: \($0.id)\n    \(lines)\n" }.joined()
        let note = Samples.replace(
            "  - model: acme-anvil\n    firmware: { until: 1.7.0 }\n", by: entries,
            in: Samples.advisory)
        return try Catalogue(
            models: [card, early, bare], advisories: [try Samples.decodeNote(note)])
    }

    private func finding(
        _ candidates: [DeviceModel], _ firmware: FirmwareVersion?,
        algorithm: KeyAlgorithmFamily? = nil, in catalogue: Catalogue
    ) -> Finding? {
        catalogue.advisories(forCard: candidates, firmware: firmware, algorithm: algorithm).first
    }

    @Test func `is sure of firmware that is affected, and clears what is not`() throws {
        let catalogue = try catalogue(affecting: [card, early, bare])
        let range = try #require(range)
        let version = FirmwareVersion(1, 2, 0)
        for candidate in [card, early, bare] {
            let found = finding([candidate], version, in: catalogue)
            #expect(found?.status == .affected)
            #expect(found?.reasons == [.firmwareIsAffected(version, affected: range)])
            #expect(finding([candidate], .init(1, 1, 9), in: catalogue) == nil)
        }
        #expect(finding([card], .init(1, 7, 0), in: catalogue) == nil)
        #expect(finding([bare], .init(1, 7, 0), in: catalogue) == nil)
    }

    @Test func `clears nothing whose firmware is not known`() throws {
        let range = try #require(range)
        let catalogue = try catalogue(affecting: [card, bare])
        let partly = finding([card], nil, in: catalogue)
        #expect(partly?.status == .possiblyAffected)
        let sold = try #require(card.piv?.firmware)
        #expect(
            partly?.reasons == [
                .modelFirmwareIsPartlyAffected(card.id, sold: sold, affected: range)
            ])
        let unknown = finding([bare], nil, in: catalogue)
        #expect(unknown?.status == .possiblyAffected)
        #expect(unknown?.reasons == [.firmwareIsUnknown(affected: range)])
    }

    @Test func `lets what a model was sold with decide where it can`() throws {
        let all = try catalogue(affecting: [early], "firmware: { until: 1.5.0 }")
        let found = finding([early], nil, in: all)
        let range = try #require(FirmwareRange(from: nil, until: .init(1, 5, 0)))
        let sold = try #require(early.piv?.firmware)
        #expect(found?.status == .affected)
        #expect(
            found?.reasons == [.modelFirmwareIsAffected(early.id, sold: sold, affected: range)])
        let none = try catalogue(affecting: [early], "firmware: { from: 1.5.0 }")
        #expect(finding([early], nil, in: none) == nil)
    }

    @Test func `does not take a card's word against its model`() throws {
        let catalogue = try catalogue(affecting: [card])
        let version = FirmwareVersion(3, 0, 0)
        let found = finding([card], version, in: catalogue)
        let sold = try #require(card.piv?.firmware)
        #expect(found?.status == .possiblyAffected)
        #expect(found?.reasons == [.firmwareContradictsModel(version, card.id, sold: sold)])
    }

    @Test func `is sure where every version is affected`() throws {
        let catalogue = try catalogue(affecting: [card], "applications: [piv]")
        let found = finding([card], nil, in: catalogue)
        #expect(found?.status == .affected)
        #expect(found?.reasons == [.modelIsAffected(card.id)])
    }

    @Test func `asks only after the application and the kind of key`() throws {
        let version = FirmwareVersion(1, 5, 0)
        let rsa = try catalogue(
            affecting: [card],
            "firmware: { from: 1.2.0, until: 1.7.0 }\n    applications: [piv]\n"
                + "    algorithms: [rsa]")
        #expect(finding([card], version, algorithm: .rsa, in: rsa)?.status == .affected)
        #expect(finding([card], version, algorithm: .ecdsa, in: rsa) == nil)
        #expect(finding([card], version, algorithm: .eddsa, in: rsa) == nil)
        #expect(finding([card], nil, algorithm: .ecdsa, in: rsa) == nil)
        // The kind of key is not known, so it may be the one.
        #expect(finding([card], version, in: rsa)?.status == .affected)
        #expect(
            finding([card], nil, algorithm: .rsa, in: rsa)?.status == .possiblyAffected)
    }

    @Test func `passes over what concerns FIDO alone`() throws {
        let text = Samples.card(
            replacing: "piv:", by: "ctap-versions: [U2F_V2]\npiv:")
        let both = try Samples.decode(
            Samples.replace("- vendor", by: "- ctap-versions\n      - vendor", in: text))
        let note = Samples.replace(
            "acme-anvil", by: "acme-card",
            in: Samples.replace(
                "until: 1.7.0 }", by: "until: 1.7.0 }\n    applications: [fido]",
                in: Samples.advisory))
        let catalogue = try Catalogue(
            models: [both], advisories: [try Samples.decodeNote(note)])
        #expect(finding([both], .init(1, 5, 0), in: catalogue) == nil)
        #expect(
            catalogue.advisories(for: both, aaguid: nil, firmware: .init(1, 5, 0)).map(\.status)
                == [.affected])
    }

    @Test func `is sure of a card that is one of several only if it is sure of each`() throws {
        let range = try #require(range)
        let version = FirmwareVersion(1, 3, 0)
        let all = try catalogue(affecting: [card, early])
        let found = finding([card, early], version, in: all)
        #expect(found?.status == .affected)
        #expect(found?.reasons == [.firmwareIsAffected(version, affected: range)])

        let one = try catalogue(affecting: [card])
        let partly = finding([card, early], version, in: one)
        #expect(partly?.status == .possiblyAffected)
        #expect(
            partly?.reasons == [
                .firmwareIsAffected(version, affected: range),
                .modelIsOneOf([card.id, early.id]),
            ])

        let open = finding([card, early], nil, in: all)
        #expect(open?.status == .possiblyAffected)
        #expect(open?.reasons.count == 2)
        #expect(finding([early, bare], version, in: one) == nil)
    }

    @Test func `finds nothing of a card that is no model`() throws {
        let catalogue = try catalogue(affecting: [card])
        #expect(finding([], nil, in: catalogue) == nil)
        #expect(finding([], .init(1, 5, 0), algorithm: .rsa, in: catalogue) == nil)
    }

    @Test func `gives every reason a text of its own`() throws {
        let range = try #require(range)
        let reasons: [Finding.Reason] = [
            .modelFirmwareIsAffected(card.id, sold: range, affected: range),
            .modelFirmwareIsPartlyAffected(card.id, sold: range, affected: range),
            .firmwareContradictsModel(.init(1, 0, 0), card.id, sold: range),
            .modelIsOneOf([card.id, early.id]), .modelIsAffected(card.id),
        ]
        #expect(Set(reasons.map(\.description)).count == reasons.count)
        #expect(
            reasons[3].description
                == "it may be one of acme-card, acme-early, of which not each is affected alike")
    }
}
