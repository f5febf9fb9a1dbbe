import Catalog
import DeviceModels
import Encoding
import FirmwareNotes
import Testing

/// What is shipped of cards, loaded as the program loads it.
struct ShippedCardsTests {
    private let catalogue: Catalogue
    private let yubiKey4 = "3B F8 13 00 00 81 31 FE 15 59 75 62 69 6B 65 79 34 D4"
    private let yubiKey5 = "3B FD 13 00 00 81 31 FE 15 80 73 C0 21 C0 57 59 75 62 69 4B 65 79 40"
    private let yubiKey5OverNFC = "3B 8D 80 01 80 73 C0 21 C0 57 59 75 62 69 4B 65 79 F9"

    init() throws {
        catalogue = try Catalogue(
            models: try CatalogFolder.load(), advisories: try FirmwareNotesFolder.load())
    }

    private func bytes(_ atr: String) throws -> [UInt8] {
        try Hex.decode(atr.filter { $0 != " " })
    }

    private func names(_ models: [DeviceModel]) -> [String] { models.map(\.id.description) }

    private func models(
        _ atr: String?, formFactor: UInt8? = nil, firmware: FirmwareVersion? = nil,
        root: String? = nil
    ) throws -> [String] {
        names(
            catalogue.models(
                forCard: try atr.map(bytes),
                attested: AttestedCardFacts(
                    formFactor: formFactor, firmware: firmware, root: try root.map(Hex.decode))))
    }

    private func findings(
        _ atr: String, _ firmware: FirmwareVersion?, _ algorithm: KeyAlgorithmFamily?
    ) throws -> [Finding] {
        catalogue.advisories(
            forCard: catalogue.models(forATR: try bytes(atr)), firmware: firmware,
            algorithm: algorithm)
    }

    @Test func `gives every answer to reset its check byte`() {
        let answers = catalogue.models.compactMap(\.piv).flatMap(\.answersToReset)
        #expect(answers.count >= 10)
        // Each of them offers a protocol other than T=0, so the last byte makes the sum zero.
        for answer in answers { #expect(answer.dropFirst().reduce(0, ^) == 0) }
    }

    @Test func `knows the emulator's card by its answer to reset`() throws {
        var answer: [UInt8] = [0x3B, 0x8B, 0x80, 0x01] + Array("Countersign".utf8)
        answer.append(answer.dropFirst().reduce(0, ^))
        let found = catalogue.models(forATR: answer)
        #expect(names(found) == ["countersign-software-card"])
        #expect(found.map(\.isSoftware) == [true])
        #expect(found.first?.piv?.algorithms == [.rsa2048, .p256, .p384])
        #expect(
            catalogue.advisories(forCard: found, firmware: nil, algorithm: nil).isEmpty)
    }

    @Test func `knows makers' cards by their answers to reset`() throws {
        #expect(try models(yubiKey4) == ["yubico-yubikey-4"])
        #expect(
            try models(yubiKey5)
                == ["yubico-yubikey-5", "yubico-yubikey-5-nfc", "yubico-yubikey-5ci"])
        #expect(try models(yubiKey5OverNFC) == ["yubico-yubikey-5-nfc"])
        #expect(
            try models("3B FC 13 00 00 81 31 FE 15 59 75 62 69 6B 65 79 4E 45 4F 72 33 E1")
                == ["yubico-yubikey-neo"])
        #expect(
            try models(
                "3B DF 96 00 81 B1 FE 45 1F 83 80 73 CC 91 CB F9 A0 00 00 03 08 00 00 10 00 79")
                == ["nist-piv-test-card"])
        #expect(try models("3B 86 80 01 80 31 C1 52 41 1A 7E") == ["idemia-id-one-piv-v8-1"])
    }

    @Test func `tells YubiKeys by what they attest`() throws {
        let old = FirmwareVersion(5, 4, 3)
        #expect(
            try models(yubiKey5, formFactor: 1, firmware: old)
                == ["yubico-yubikey-5", "yubico-yubikey-5-nfc"])
        #expect(
            try models(yubiKey5OverNFC, formFactor: 3, firmware: old)
                == ["yubico-yubikey-5-nfc"])
        #expect(try models(yubiKey5, formFactor: 4, firmware: old) == ["yubico-yubikey-5"])
        #expect(try models(yubiKey5, formFactor: 5, firmware: old) == ["yubico-yubikey-5ci"])
        // A key of the FIPS Series is none of them.
        #expect(try models(yubiKey5, formFactor: 0x81, firmware: old).isEmpty)
        #expect(try models(nil, firmware: .init(4, 3, 1)) == ["yubico-yubikey-4"])
        // Another answer to reset does not turn an attested key into something else.
        #expect(
            try models("3B 86 80 01 80 31 C1 52 41 1A 7E", formFactor: 2, firmware: old)
                == ["yubico-yubikey-5"])
    }

    @Test func `takes a maker's facts under a maker's root only`() throws {
        let root = "63ece914e54dd87915f34033c85af4c0696ba1512f8add66ced738331207b546"
        let version = FirmwareVersion(5, 4, 3)
        #expect(
            try models(nil, formFactor: 2, firmware: version, root: root) == ["yubico-yubikey-5"])
        let stranger = String(repeating: "ab", count: 32)
        #expect(
            try models(
                "3B 8B 80 01 43 6F 75 6E 74 65 72 73 69 67 6E 4D", formFactor: 2,
                firmware: version, root: stranger) == ["countersign-software-card"])
    }

    @Test(arguments: [FirmwareVersion(4, 2, 6), .init(4, 2, 8), .init(4, 3, 1), .init(4, 3, 4)])
    func `ROCA hits RSA keys of the affected firmware`(version: FirmwareVersion) throws {
        let found = try findings(yubiKey4, version, .rsa)
        #expect(found.map(\.advisory.id.description) == ["YSA-2017-01"])
        #expect(found.map(\.status) == [.affected])
        #expect(found.map(\.advisory.action) == [.refuse])
        #expect(found.map(\.advisory.severity) == [.high])
        #expect(try findings(yubiKey4, version, .ecdsa).isEmpty)
    }

    @Test(arguments: [FirmwareVersion(4, 2, 5), .init(4, 3, 5), .init(4, 4, 5)])
    func `ROCA leaves other firmware alone`(version: FirmwareVersion) throws {
        #expect(try findings(yubiKey4, version, .rsa).isEmpty)
    }

    @Test func `ROCA is possible where the firmware or the kind of key is not known`() throws {
        #expect(try findings(yubiKey4, nil, .rsa).map(\.status) == [.possiblyAffected])
        #expect(try findings(yubiKey4, nil, nil).map(\.status) == [.possiblyAffected])
        #expect(try findings(yubiKey4, nil, .ecdsa).isEmpty)
        #expect(try findings(yubiKey4, .init(4, 3, 1), nil).map(\.status) == [.affected])
        // A version that no YubiKey 4 has clears none.
        #expect(
            try findings(yubiKey4, .init(5, 7, 1), .rsa).map(\.status) == [.possiblyAffected])
    }

    @Test func `EUCLEAK hits ECDSA keys in PIV before firmware 5.7, and RSA keys never`() throws {
        let found = try findings(yubiKey5, .init(5, 4, 3), .ecdsa)
        #expect(found.map(\.advisory.id.description) == ["YSA-2024-03"])
        #expect(found.map(\.status) == [.affected])
        #expect(found.map(\.advisory.action) == [.flag])
        #expect(found.map(\.reasons.count) == [1])
        #expect(try findings(yubiKey5, .init(5, 7, 0), .ecdsa).isEmpty)
        #expect(try findings(yubiKey5, .init(5, 4, 3), .rsa).isEmpty)
        #expect(try findings(yubiKey5, .init(5, 4, 3), .eddsa).isEmpty)
        #expect(try findings(yubiKey5, nil, .ecdsa).map(\.status) == [.possiblyAffected])
    }

    @Test func `finds nothing of cards that no note names, and of a card that no one knows`() throws
    {
        for atr in [
            "3B 86 80 01 80 31 C1 52 41 1A 7E",
            "3B FC 13 00 00 81 31 FE 15 59 75 62 69 6B 65 79 4E 45 4F 72 33 E1",
            "3B 00",
        ] {
            #expect(try findings(atr, nil, nil).isEmpty)
            #expect(try findings(atr, .init(4, 3, 1), .rsa).isEmpty)
        }
    }

    @Test func `keeps ROCA out of FIDO`() throws {
        let id = try #require(ModelID("yubico-yubikey-4"))
        let model = try #require(catalogue.model(id))
        #expect(
            catalogue.advisories(for: model, aaguid: nil, firmware: .init(4, 3, 1)).isEmpty)
        #expect(model.applications == [.fido, .piv])
    }
}
