import Cryptography
import Emulators
import ISO7816
import PIV
import Testing

struct CardAttestationTests {
    /// In the middle of 2026.
    private let now: Int64 = 1_782_864_000

    private func chain(_ lab: CardLab, _ slot: PIVSlot) throws -> (Certificate, Certificate) {
        let object = try DataObject(
            id: .attestationCertificate,
            response: lab.succeed(PIVCommand.getData(.attestationCertificate)))
        return (
            try Certificate(derRepresentation: lab.succeed(PIVCommand.attest(slot))),
            try Certificate(
                derRepresentation: CertificateObject(decoding: object.contents).certificate)
        )
    }

    @Test(arguments: [PIVAlgorithm.p256, .p384, .rsa2048])
    func `a key that was made in the card is attested up to the card's root`(
        _ algorithm: PIVAlgorithm
    ) throws {
        let lab = try CardLab()
        let key = try lab.generate(.signature, algorithm, touchPolicy: .cached)
        let (leaf, issuer) = try chain(lab, .signature)
        let root = try Certificate(derRepresentation: lab.card.attestationRoot)
        #expect(leaf.chains(to: [root], through: [issuer], at: now))
        #expect(!leaf.chains(to: [root], through: [], at: now))
        let stranger = try CardLab(seed: 2)
        let otherRoot = try Certificate(derRepresentation: stranger.card.attestationRoot)
        #expect(!leaf.chains(to: [otherRoot], through: [issuer], at: now))
        #expect(root.subjectValues("CN") == ["Countersign Software Card Root"])
        #expect(issuer.isCertificateAuthority == true)
        #expect(leaf.isCertificateAuthority == false)
        switch key {
        case .p256(let point): #expect(leaf.publicKey?.p256Point == point)
        case .p384(let point): #expect(leaf.publicKey?.p384Point == point)
        case .rsa(let modulus, _): #expect(leaf.publicKey?.rsaModulus == modulus)
        }
    }

    @Test func `the certificate says what card, which slot and what policies`() throws {
        let configuration = SoftwareCard.Configuration(
            serialNumber: 12_345_678, firmware: CardFirmware(major: 5, minor: 4, patch: 3))
        let lab = try CardLab(configuration: configuration)
        _ = try lab.generate(.signature, touchPolicy: .cached)
        let (leaf, _) = try chain(lab, .signature)
        #expect(leaf.subjectValues("CN") == ["YubiKey PIV Attestation 9c"])
        #expect(leaf.extensionValue("1.3.6.1.4.1.41482.3.3") == [5, 4, 3])
        #expect(leaf.extensionValue("1.3.6.1.4.1.41482.3.7") == [2, 4, 0, 0xBC, 0x61, 0x4E])
        #expect(leaf.extensionValue("1.3.6.1.4.1.41482.3.8") == [3, 3])
        #expect(leaf.extensionValue("1.3.6.1.4.1.41482.3.9") == [0])
        let attestation = try SlotAttestation(
            extensionValue: leaf.extensionValue, commonName: leaf.subjectValues("CN").first)
        #expect(attestation.slot == .signature)
        #expect(attestation.serialNumber == 12_345_678)
        #expect(attestation.pinPolicy == .always)
        #expect(attestation.touchPolicy == .cached)
    }

    @Test(arguments: [
        ("00F99A00", "6A88"), ("00F99B00", "6A86"), ("00F99A01", "6A86"), ("00F98000", "6A86"),
        ("00F9F900", "6A88"),
    ])
    func `what is no key of the card is not attested`(_ command: String, _ status: String) throws {
        let lab = try CardLab()
        #expect(try lab.raw(command) == status)
    }
}
