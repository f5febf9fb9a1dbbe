import ISO7816
import PIV
import TestSupport
import Testing

struct CardFirmwareTests {
    @Test func `a version decodes, encodes and shows itself`() throws {
        let version = try CardFirmware(decoding: [5, 7, 1])
        #expect(version == CardFirmware(major: 5, minor: 7, patch: 1))
        #expect(version.encoded() == [5, 7, 1])
        #expect(version.description == "5.7.1")
        for bytes in [[], [5, 7], [5, 7, 1, 0]] as [[UInt8]] {
            #expect(throws: MalformedCardData.length) { try CardFirmware(decoding: bytes) }
        }
    }

    @Test func `versions are ordered by their numbers`() throws {
        let versions = try [
            [4, 2, 6], [4, 3, 5], [5, 0, 0], [5, 4, 3], [5, 4, 10], [5, 10, 0],
        ]
        .map { try CardFirmware(decoding: $0) }
        for (older, newer) in zip(versions, versions.dropFirst()) {
            #expect(older < newer)
            #expect(!(newer < older))
        }
        #expect(!(versions[0] < versions[0]))
    }
}

struct SlotAttestationTests {
    private static let arc = "1.3.6.1.4.1.41482.3."

    /// A YubiKey's own: firmware 4.3.5, serial number 5213681, never a PIN and never a touch.
    private static let real: [String: [UInt8]] = [
        arc + "3": [4, 3, 5], arc + "7": [0x02, 0x03, 0x4F, 0x8D, 0xF1], arc + "8": [1, 1],
    ]

    private func attestation(
        _ changes: [String: [UInt8]?] = [:], commonName: String? = "YubiKey PIV Attestation 9e"
    ) throws(MalformedCardData) -> SlotAttestation {
        var extensions: [String: [UInt8]?] = Self.real
        for (oid, value) in changes { extensions.updateValue(value, forKey: Self.arc + oid) }
        return try SlotAttestation(
            extensionValue: { extensions[$0] ?? nil }, commonName: commonName)
    }

    @Test func `a certificate's facts are taken from its extensions and subject`() throws {
        #expect(
            try attestation()
                == SlotAttestation(
                    slot: .cardAuthentication,
                    firmware: CardFirmware(major: 4, minor: 3, patch: 5), serialNumber: 5_213_681,
                    pinPolicy: .never, touchPolicy: .never))
        let later = try attestation(["8": [2, 3], "9": [3], "10": []])
        #expect(later.pinPolicy == .once)
        #expect(later.touchPolicy == .cached)
        #expect(later.formFactor == 3)
        #expect(later.isFIPSCertified)
        #expect(try attestation(["8": [5, 2]]).pinPolicy == .matchAlways)
        #expect(try attestation(["7": nil]).serialNumber == nil)
    }

    @Test func `what is encoded decodes`() throws {
        for serialNumber in [nil, 0, 1, 127, 128, 255, 65_536, 0x7FFF_FFFF, 0x8000_0000, .max]
            as [UInt32?]
        {
            let attestation = SlotAttestation(
                slot: .retired(3), firmware: CardFirmware(major: 5, minor: 4, patch: 3),
                serialNumber: serialNumber, pinPolicy: .always, touchPolicy: .always,
                formFactor: 1, isFIPSCertified: serialNumber == 1)
            let extensions = Dictionary(
                uniqueKeysWithValues: attestation.extensions.map { ($0.oid, $0.value) })
            #expect(
                try SlotAttestation(
                    extensionValue: { extensions[$0] }, commonName: attestation.commonName)
                    == attestation)
        }
    }

    @Test func `the extensions are laid out as Yubico documents them`() {
        let attestation = SlotAttestation(
            slot: .authentication, firmware: CardFirmware(major: 5, minor: 4, patch: 3),
            serialNumber: 0x9012_3456, pinPolicy: .once, touchPolicy: .always, formFactor: 3)
        #expect(attestation.commonName == "YubiKey PIV Attestation 9a")
        #expect(
            attestation.extensions.map(\.oid) == ["3", "7", "8", "9"].map { Self.arc + $0 })
        #expect(
            attestation.extensions.map(\.value) == [
                [5, 4, 3], [0x02, 0x05, 0x00, 0x90, 0x12, 0x34, 0x56], [2, 2], [3],
            ])
    }

    @Test(
        arguments: [
            (nil, nil), ("", nil), ("9a", nil), ("YubiKey PIV Attestation", nil),
            ("YubiKey PIV Attestation ", nil), ("YubiKey PIV Attestation 9b", nil),
            ("YubiKey PIV Attestation 9a ", nil), ("Some PIV Attestation 9a", nil),
            ("YubiKey PIV Attestation 82", .retired(1)),
            ("YubiKey PIV Attestation 9c", .signature),
        ] as [(String?, PIVSlot?)])
    func `the slot comes from the subject alone`(name: String?, slot: PIVSlot?) throws {
        #expect(try attestation(commonName: name).slot == slot)
    }

    @Test func `without firmware or policies it is no attestation`() {
        #expect(throws: MalformedCardData.missing("firmware version")) {
            try attestation(["3": nil])
        }
        #expect(throws: MalformedCardData.missing("policies")) {
            try attestation(["8": nil])
        }
    }

    @Test(
        arguments: [
            ("3", [], "firmware version"), ("3", [5, 4], "firmware version"),
            ("3", [4, 3, 5, 4, 3], "firmware version"), ("8", [], "policies"),
            ("8", [2], "policies"), ("8", [2, 1, 0], "policies"), ("8", [0, 1], "policies"),
            ("8", [1, 0], "policies"), ("8", [6, 1], "policies"), ("8", [1, 4], "policies"),
            ("9", [], "form factor"), ("9", [1, 2], "form factor"), ("7", [], "serial number"),
            ("7", [1], "serial number"), ("7", [2, 0], "serial number"),
            ("7", [4, 1, 1], "serial number"), ("7", [2, 1, 0x80], "serial number"),
            ("7", [2, 2, 0, 1], "serial number"), ("7", [2, 0x81, 1, 1], "serial number"),
            ("7", [2, 1, 1, 0], "serial number"), ("7", [2, 5, 1, 0, 0, 0, 0], "serial number"),
            ("7", [2, 6, 0, 0, 0, 0, 0, 1], "serial number"), ("7", [2, 4, 1], "serial number"),
        ] as [(String, [UInt8], String)])
    func `an extension with another value than it may have is refused`(
        oid: String, value: [UInt8], name: String
    ) {
        #expect(throws: MalformedCardData.value(name)) { try attestation([oid: value]) }
    }
}
