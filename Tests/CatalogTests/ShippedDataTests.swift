import Catalog
import DeviceModels
import FirmwareNotes
import Testing
import WebAuthn

/// What is shipped, loaded as the program loads it.
struct ShippedDataTests {
    private let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue(
            models: try CatalogFolder.load(), advisories: try FirmwareNotesFolder.load())
    }

    private func model(_ id: String) throws -> DeviceModel {
        let id = try #require(ModelID(id))
        return try #require(catalogue.model(id))
    }

    private func findings(
        _ id: String, aaguid: String? = nil, firmware: FirmwareVersion? = nil
    ) throws -> [Finding] {
        let known = aaguid.flatMap { AAGUID($0) }
        try #require(aaguid == nil || known != nil)
        return catalogue.advisories(for: try model(id), aaguid: known, firmware: firmware)
    }

    @Test func `loads all that is shipped`() {
        #expect(
            catalogue.models.map(\.id.description) == [
                "countersign-software-card", "countersign-software-key",
                "feitian-biopass-fido2", "idemia-id-one-piv-v8-1", "nist-piv-test-card",
                "nitrokey-3a-mini", "yubico-security-key-nfc", "yubico-yubikey-4",
                "yubico-yubikey-5", "yubico-yubikey-5-nfc", "yubico-yubikey-5ci",
                "yubico-yubikey-bio-fido", "yubico-yubikey-neo",
            ])
        #expect(
            catalogue.advisories.map(\.id.description) == ["YSA-2017-01", "YSA-2024-03"])
    }

    @Test func `names each file after what is in it`() throws {
        let models = try ResourceFolder.files(
            at: try CatalogFolder.resource.path(), suffix: ".yaml")
        #expect(models.map(\.name) == catalogue.models.map { "\($0.id).yaml" }.sorted())
        let notes = try ResourceFolder.files(
            at: try FirmwareNotesFolder.resource.path(), suffix: ".md")
        #expect(notes.map(\.name) == catalogue.advisories.map { "\($0.id).md" })
    }

    @Test func `has a source for every fact, and an address for every source`() {
        for model in catalogue.models {
            let supported = model.sources.reduce(into: Set<String>()) { $0.formUnion($1.supports) }
            #expect(supported.isSuperset(of: ["vendor", "name", "software"]))
            #expect(supported.contains("aaguids") == !model.aaguids.isEmpty)
            #expect(supported.contains("piv.atrs") == (model.piv != nil))
            for source in model.sources where !model.isSoftware {
                #expect(source.location.hasPrefix("https://"))
            }
        }
        for advisory in catalogue.advisories {
            #expect(advisory.references.allSatisfy { $0.location.hasPrefix("https://") })
            #expect(!advisory.body.isEmpty)
        }
    }

    @Test func `knows the emulator, and that it is a program`() throws {
        let aaguid = try #require(AAGUID("c0de51a4-7e57-4b1e-9a5e-0c5ec0de0001"))
        let emulator = try #require(catalogue.model(for: aaguid))
        #expect(emulator.name == "Countersign software security key")
        #expect(emulator.isSoftware)
        #expect(emulator.transports == [.usb])
        #expect(emulator.userVerification == [.fingerprint, .pin])
        #expect(emulator.ctapVersions == [.ctap21, .ctap20, .u2f])
        #expect(
            catalogue.models.filter(\.isSoftware).map(\.id.description)
                == ["countersign-software-card", "countersign-software-key"])
        #expect(catalogue.advisories(for: emulator, aaguid: aaguid, firmware: nil).isEmpty)
    }

    @Test func `knows two YubiKeys that share an AAGUID as one model`() throws {
        let aaguid = try #require(AAGUID("2fc0579f-8113-47ea-b116-bb5a8db9202a"))
        let found = try #require(catalogue.model(for: aaguid))
        #expect(found.products == ["YubiKey 5 NFC", "YubiKey 5C NFC"])
        #expect(found.firmware(reported: 328_707) == FirmwareVersion(5, 4, 3))
    }

    @Test func `offers every model that a USB number may be`() throws {
        let usb = try #require(USBIdentifier("1050:0407"))
        let found = catalogue.models(for: usb)
        #expect(found.map(\.id.description) == ["yubico-yubikey-5", "yubico-yubikey-5-nfc"])
    }

    @Test(arguments: [
        "yubico-yubikey-5", "yubico-yubikey-5-nfc", "yubico-yubikey-5ci",
        "yubico-security-key-nfc",
    ])
    func `EUCLEAK hits firmware 5.4.3 and not 5.7.0`(id: String) throws {
        let hit = try findings(id, firmware: FirmwareVersion(5, 4, 3))
        #expect(hit.map(\.advisory.id.description) == ["YSA-2024-03"])
        #expect(hit.map(\.status) == [.affected])
        #expect(hit.map(\.advisory.action) == [.flag])
        #expect(try findings(id, firmware: FirmwareVersion(5, 6, 9)).map(\.status) == [.affected])
        #expect(try findings(id, firmware: FirmwareVersion(5, 7, 0)).isEmpty)
        #expect(try findings(id).map(\.status) == [.possiblyAffected])
    }

    @Test func `EUCLEAK is certain or ruled out where the AAGUID tells the firmware`() throws {
        let id = "yubico-yubikey-5-nfc"
        let old = "2fc0579f-8113-47ea-b116-bb5a8db9202a"
        let new = "a25342c0-3cdc-4414-8e46-f4807fca511c"
        #expect(try findings(id, aaguid: old).map(\.status) == [.affected])
        #expect(try findings(id, aaguid: new).isEmpty)
        #expect(try findings(id, aaguid: new, firmware: .init(5, 7, 0)).isEmpty)
        #expect(
            try findings(id, aaguid: old, firmware: .init(5, 4, 3)).map(\.status) == [.affected])
        #expect(
            try findings(id, aaguid: old, firmware: .init(5, 7, 0)).map(\.status)
                == [.possiblyAffected])
    }

    @Test func `EUCLEAK is possible where one AAGUID is shipped on both sides of the fix`() throws {
        let id = "yubico-yubikey-bio-fido"
        let aaguid = "dd86a2da-86a0-4cbe-b462-4bd31f57bc6f"
        #expect(try findings(id, aaguid: aaguid).map(\.status) == [.possiblyAffected])
        #expect(try findings(id, aaguid: aaguid, firmware: .init(5, 7, 2)).isEmpty)
        #expect(
            try findings(id, aaguid: aaguid, firmware: .init(5, 7, 1)).map(\.status)
                == [.affected])
    }

    @Test func `EUCLEAK leaves other makers alone`() throws {
        for id in ["nitrokey-3a-mini", "feitian-biopass-fido2", "yubico-yubikey-4"] {
            #expect(try findings(id).isEmpty)
        }
    }

    @Test func `never traps on a shipped file that is cut short or changed`() throws {
        let models = try ResourceFolder.files(
            at: try CatalogFolder.resource.path(), suffix: ".yaml")
        let notes = try ResourceFolder.files(
            at: try FirmwareNotesFolder.resource.path(), suffix: ".md")
        for (file, isModel) in models.map({ ($0, true) }) + notes.map({ ($0, false) }) {
            for index in stride(from: 0, to: file.bytes.count, by: 11) {
                var changed = file.bytes
                changed[index] ^= 1 << (index % 8)
                for bytes in [changed, Array(file.bytes[..<index])] {
                    if isModel {
                        _ = try? DeviceModel(yaml: bytes, file: file.name)
                    } else {
                        _ = try? Advisory(markdown: bytes, file: file.name)
                    }
                }
            }
        }
    }
}
