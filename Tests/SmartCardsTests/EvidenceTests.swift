import Authenticators
import Cryptography
import Emulators
import ISO7816
import PIV
import SmartCards
import Synchronization
import TestSupport
import Testing

/// What speaks for a key that a slot has: whatever is true of this key, and nothing else.
@Suite struct EvidenceTests {
    /// A new card whose slot 9A has a key from outside, and the SubjectPublicKeyInfo of that.
    private static func importKey(
        into rig: Rig, pinPolicy: PINPolicy? = nil, certificate: CertificateObject? = nil
    ) throws -> [UInt8] {
        let key = try P256PrivateKey()
        let neighbour = Neighbour(try rig.openAnother())
        defer { neighbour.close() }
        try neighbour.succeed(PIVCommand.select())
        try neighbour.manage()
        try neighbour.succeed(
            PIVCommand.importKey(
                .authentication, .p256, scalar: key.rawRepresentation, pinPolicy: pinPolicy))
        if let certificate {
            try neighbour.succeed(
                PIVCommand.putData(
                    PIVSlot.authentication.certificateObject, certificate.encoded()))
        }
        return key.publicKey.subjectPublicKeyInfo
    }

    private static func certify(_ publicKey: [UInt8], _ rig: Rig) async throws -> [UInt8] {
        let certificate = try Office.issue(publicKey)
        try await rig.device.importCertificate(
            certificate, into: .authentication, interaction: Witness().interaction)
        return certificate
    }

    @Test func `says nothing of the card's PIN for a key that never wants it`() async throws {
        try await Rig.with(.inProcess) { rig in
            let made = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, pinPolicy: .never,
                interaction: Witness().interaction)
            let certificate = try await Self.certify(made.publicKey, rig)
            let evidence = try await rig.enrol(.existing(), pin: nil).evidence
            #expect(evidence.certificate == certificate)
            #expect(evidence.discovery == nil)
            let leaf = try Certificate(
                derRepresentation: #require(evidence.attestation).attestation)
            let facts = try SlotAttestation(
                extensionValue: leaf.extensionValue,
                commonName: leaf.subjectValues("CN").first)
            #expect(facts.pinPolicy == .never)
        }
        try await Rig.with(.inProcess) { rig in
            let publicKey = try Self.importKey(into: rig, pinPolicy: .never)
            let certificate = try await Self.certify(publicKey, rig)
            let evidence = try await rig.enrol(.existing(), pin: nil).evidence
            #expect(evidence.certificate == certificate)
            #expect(evidence.attestation == nil)
            #expect(evidence.discovery == nil)
        }
    }

    @Test func `a key from outside has its certificate, and what the card says of its PIN`()
        async throws
    {
        try await Rig.with(.inProcess) { rig in
            let publicKey = try Self.importKey(into: rig)
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.enrol(.existing())
            }
            let certificate = try await Self.certify(publicKey, rig)
            let key = try await rig.enrol(.existing())
            #expect(try key.verifies())
            #expect(key.evidence.certificate == certificate)
            #expect(key.evidence.attestation == nil)
            #expect(key.evidence.discovery == DiscoveryObject(usagePolicy: 0x4000).encoded())
        }
    }

    @Test func `a certificate that is left from another key does not count`() async throws {
        try await Rig.with(.inProcess) { rig in
            let first = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, interaction: Witness().interaction)
            _ = try await Self.certify(first.publicKey, rig)
            let second = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, existing: .replaced,
                interaction: Witness().interaction)
            let key = try await rig.enrol(.existing())
            #expect(try key.verifies())
            #expect(key.publicKey == second.publicKey)
            #expect(key.evidence.certificate == nil)
            #expect(key.evidence.discovery == nil)
            #expect(key.evidence.attestation != nil)
        }
    }

    @Test func `a compressed certificate is told where nothing else speaks for the key`()
        async throws
    {
        let compressed = CertificateObject(certificate: [0x1F, 0x8B], isCompressed: true)
        try await Rig.with(.inProcess) { rig in
            _ = try Self.importKey(into: rig, certificate: compressed)
            let witness = Witness()
            await #expect(
                throws: AuthenticatorFailure.unsupportedFeature(name: "compressed certificates")
            ) {
                try await rig.device.register(
                    Sample.registration(.existing()), interaction: witness.interaction)
            }
            #expect(witness.events.isEmpty)
            // The card makes a key in its place, and attests that; the certificate stays.
            _ = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, existing: .replaced,
                interaction: Witness().interaction)
            let evidence = try await rig.enrol(.existing()).evidence
            #expect(evidence.certificate == nil)
            #expect(evidence.attestation != nil)
        }
    }

    @Test func `a card that knows the standard alone has certificate and discovery object`()
        async throws
    {
        try await Rig.with(.inProcess) { rig in
            let publicKey = try Self.importKey(into: rig)
            let certificate = try await Self.certify(publicKey, rig)
            let key = try await Saboteur.standardDevice(rig.card).register(
                Sample.registration(.existing()), interaction: Witness().interaction)
            #expect(try key.verifies())
            #expect(key.evidence.certificate == certificate)
            #expect(key.evidence.attestation == nil)
            #expect(key.evidence.discovery == DiscoveryObject(usagePolicy: 0x4000).encoded())
            #expect(key.isManagementKeyDefault == nil)
        }
    }

    @Test func `there is no evidence of nothing`() {
        #expect(CardRegistrationAnswer.Evidence() == nil)
        #expect(CardRegistrationAnswer.Evidence(discovery: [0x4F, 0x00]) == nil)
        let attested = CardRegistrationAnswer.Evidence(
            attestation: .init(attestation: [1], intermediate: [2]), discovery: [0x4F, 0x00])
        #expect(attested?.discovery == nil)
    }

    @Test(arguments: [ManagementKeySource.automatic, .kept])
    func `no management key is tried at a card that may count failures`(
        source: ManagementKeySource
    ) async throws {
        try await Rig.with(.inProcess) { rig in
            let tried = Mutex(0)
            let device = try Saboteur.standardDevice(rig.card) { command in
                if command.count > 3, command[1] == 0x87, command[3] == 0x9B {
                    tried.withLock { $0 += 1 }
                }
            }
            await #expect(throws: AuthenticatorFailure.managementKeyRejected) {
                _ = try await device.generate(
                    slot: .authentication, algorithm: .p256, managementKey: source,
                    interaction: Witness().interaction)
            }
            let report = try await device.report()
            #expect(report.managementKey.isDefault == nil)
            #expect(tried.withLock(\.self) == 0)
            // Whoever knows the key may try it.
            let known = try #require(
                ManagementKey(Array(repeating: Array<UInt8>(1...8), count: 3).joined()))
            _ = try await device.generate(
                slot: .authentication, algorithm: .p256, managementKey: .given(known),
                interaction: Witness().interaction)
            #expect(tried.withLock(\.self) == 2)
        }
    }
}
