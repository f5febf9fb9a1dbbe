import Authenticators
import Cryptography
import Emulators
import ISO7816
import PIV
import SmartCards
import Testing
import WebAuthn

/// What is done to cards apart from signing in, over every way to reach a card.
@Suite struct ManagementTests {
    private static let random = [UInt8](repeating: 0x5A, count: 24)

    @Test(arguments: Reach.available)
    func `gives a new card a random management key, and finds it again`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let report = try await rig.device.report()
            #expect(report.managementKey.isDefault == true)
            try await rig.enrol()
            let state = try await rig.device.report().managementKey
            #expect(state.isDefault == false)
            #expect(state.isKept)
            // The PIN is all that it takes to manage the card from now on.
            try await rig.enrol(.generate(slot: .signature, managementKey: .kept))
        }
    }

    @Test(arguments: [PIVAlgorithm.tripleDES, .aes128, .aes192, .aes256])
    func `knows every kind of management key`(algorithm: PIVAlgorithm) async throws {
        let configuration = SoftwareCard.Configuration(managementKeyAlgorithm: algorithm)
        try await Rig.with(.inProcess, configuration) { rig in
            let report = try await rig.device.report()
            #expect(report.managementKey.algorithm == algorithm)
            try await rig.enrol()
            try await rig.enrol(.generate(slot: .signature))
        }
    }

    @Test func `refuses the well-known management key where it is told to`() async throws {
        try await Rig.with(.inProcess) { rig in
            await #expect(throws: AuthenticatorFailure.managementKeyIsDefault) {
                try await rig.enrol(.generate(managementKey: .kept))
            }
            let report = try await rig.device.report()
            #expect(report.slots.map(\.slot) == [.attestation])
        }
    }

    @Test func `takes the management key that it is given`() async throws {
        try await Rig.with(.inProcess) { rig in
            let other = try #require(ManagementKey(Self.random))
            await #expect(throws: AuthenticatorFailure.managementKeyRejected) {
                try await rig.enrol(.generate(managementKey: .given(other)))
            }
            let known = try #require(
                ManagementKey(Array(repeating: Array<UInt8>(1...8), count: 3).joined()))
            let key = try await rig.enrol(.generate(managementKey: .given(known)))
            #expect(key.isManagementKeyDefault == true)
            let short = try #require(ManagementKey(Self.random.prefix(16)))
            await #expect(throws: AuthenticatorFailure.managementKeyRejected) {
                try await rig.enrol(.generate(slot: .signature, managementKey: .given(short)))
            }
        }
    }

    @Test func `a management key has a length that there is, and no text form`() throws {
        for length in [0, 8, 23, 25, 33] {
            #expect(ManagementKey([UInt8](repeating: 1, count: length)) == nil)
        }
        let key = try #require(ManagementKey(Self.random))
        var text = ""
        dump(key, to: &text)
        #expect(!text.contains("90") && !text.contains("5A") && !"\(key)".contains("90"))
    }

    @Test(arguments: Reach.available)
    func `destroys no key that is to be kept`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let first = try await rig.enrol()
            let witness = Witness()
            await #expect(throws: AuthenticatorFailure.slotInUse("9a")) {
                try await rig.device.register(
                    Sample.registration(), interaction: witness.interaction)
            }
            #expect(witness.events.isEmpty)
            try await rig.signIn(first)
            let second = try await rig.enrol(.generate(existing: .replaced))
            try await rig.signIn(second)
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.signIn(first)
            }
        }
    }

    @Test(arguments: Reach.available)
    func `registers a key that an authority issued a certificate for`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let made = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, interaction: Witness().interaction)
            let certificate = try Office.issue(made.publicKey)
            try await rig.device.importCertificate(
                certificate, into: .authentication, interaction: Witness().interaction)

            let key = try await rig.enrol(.existing())
            #expect(try key.verifies())
            #expect(key.publicKey == made.publicKey)
            #expect(key.evidence.certificate == certificate)
            let discovery = try DiscoveryObject(decoding: #require(key.evidence.discovery))
            #expect(discovery.isApplicationPINUsed)
            let attestation = try #require(key.evidence.attestation).attestation
            #expect(
                try Certificate(derRepresentation: attestation).publicKey?.subjectPublicKeyInfo
                    == made.publicKey)
            #expect(key.isManagementKeyDefault == false)
            #expect(try await rig.signIn(key).certificate == certificate)
        }
    }

    @Test func `registers a key that the card made before and attests`() async throws {
        try await Rig.with(.inProcess) { rig in
            let made = try await rig.device.generate(
                slot: .signature, algorithm: .p384, interaction: Witness().interaction)
            let key = try await rig.enrol(.existing(slot: .signature))
            #expect(try key.verifies())
            #expect(key.keyIdentifier == made.keyIdentifier)
            #expect(key.algorithm == .es384)
            #expect(key.evidence.certificate == nil)
            #expect(key.evidence.discovery == nil)
            let attested = try #require(key.evidence.attestation)
            let again = try await rig.device.attest(.signature)
            #expect(attested.intermediate == again.intermediate)
            for word in [attested.attestation, again.attestation] {
                let certificate = try Certificate(derRepresentation: word)
                #expect(certificate.publicKey?.subjectPublicKeyInfo == key.publicKey)
            }
            try await rig.signIn(key)
        }
    }

    @Test func `registers nothing from an empty slot`() async throws {
        try await Rig.with(.inProcess) { rig in
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.enrol(.existing())
            }
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.device.attest(.authentication)
            }
        }
    }

    @Test func `imports no certificate for another key`() async throws {
        try await Rig.with(.inProcess) { rig in
            _ = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, interaction: Witness().interaction)
            let stranger = try P256PrivateKey().publicKey
            let certificate = try Office.issue(stranger.subjectPublicKeyInfo)
            for wrong in [certificate, [], Array(certificate.dropLast())] {
                await #expect(throws: AuthenticatorFailure.invalidRequest(name: "certificate")) {
                    try await rig.device.importCertificate(
                        wrong, into: .authentication, interaction: Witness().interaction)
                }
            }
        }
    }

    @Test(arguments: [
        (PIVAlgorithm.p256, COSEAlgorithm.es256), (.p384, .es384), (.rsa2048, .ps256),
    ])
    func `signs with every kind of key`(
        algorithm: PIVAlgorithm, signature: COSEAlgorithm
    ) async throws {
        // Commands that are longer than a short APDU, in both ways to send them.
        for lengths in [SoftwareCard.Configuration(), .init(lengths: .extended)] {
            try await Rig.with(.inProcess, lengths) { rig in
                let key = try await rig.enrol(.generate(algorithm: algorithm))
                #expect(try key.verifies())
                #expect(key.algorithm == signature)
                #expect(try await rig.signIn(key).algorithm == signature)
            }
        }
    }

    @Test func `signs with RSA as the server likes it`() async throws {
        try await Rig.with(.inProcess) { rig in
            let key = try await rig.enrol(.generate(algorithm: .rsa2048))
            let answer = try await rig.device.authenticate(
                Sample.authentication([key.keyIdentifier], algorithms: [.rs256]),
                interaction: Witness().interaction)
            #expect(answer.algorithm == .rs256)
            #expect(try key.verifies(answer))
            await #expect(throws: AuthenticatorFailure.unsupportedAlgorithm) {
                try await rig.device.authenticate(
                    Sample.authentication([key.keyIdentifier], algorithms: [.es256]),
                    interaction: Witness().interaction)
            }
        }
    }

    @Test func `falls back to PKCS 1 where the card refuses PSS and the server does not mind`()
        async throws
    {
        try await Rig.with(.inProcess) { rig in
            let key = try await rig.enrol(.generate(algorithm: .rsa2048))
            let refusal = CardFaultPlan([
                .init(.generalAuthenticate, 1): .status(.init(rawValue: 0x6A80))
            ])
            rig.card.replaceFaults(refusal)
            let witness = Witness()
            let answer = try await rig.device.authenticate(
                Sample.authentication([key.keyIdentifier]), interaction: witness.interaction)
            #expect(answer.algorithm == .rs256)
            #expect(try key.verifies(answer))
            #expect(witness.events.count == 1)

            rig.card.replaceFaults(refusal)
            await #expect(throws: AuthenticatorFailure.unsupportedAlgorithm) {
                try await rig.device.authenticate(
                    Sample.authentication([key.keyIdentifier], algorithms: [.ps256]),
                    interaction: Witness().interaction)
            }
        }
    }

    @Test func `asks for the PIN unless the key never wants it`() async throws {
        try await Rig.with(.inProcess) { rig in
            let never = try await rig.enrol(.generate(pinPolicy: .never))
            try await rig.signIn(never, pin: nil)
            let door = try await rig.enrol(
                .generate(slot: .cardAuthentication, pinPolicy: .defaultPolicy))
            try await rig.signIn(door, pin: nil)
            let always = try await rig.enrol(.generate(slot: .signature, pinPolicy: .always))
            try await rig.signIn(always)
            try await rig.signIn(never, pin: nil)
            await #expect(throws: AuthenticatorFailure.pinNotGiven) {
                try await rig.signIn(always, pin: nil)
            }
            let retired = try #require(PIVSlot.retired(20))
            try await rig.signIn(try await rig.enrol(.generate(slot: retired)))
        }
    }

    @Test(arguments: Reach.available)
    func `changes PIN and PUK, and refuses short ones`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            await #expect(throws: AuthenticatorFailure.pinInvalid(retriesLeft: 2)) {
                try await rig.changePIN(from: "999999", to: "135790")
            }
            for unfit in ["12345", "123456789"] {
                await #expect(throws: AuthenticatorFailure.pinPolicy) {
                    try await rig.changePIN(from: Rig.pin, to: unfit)
                }
                await #expect(throws: AuthenticatorFailure.pinPolicy) {
                    try await rig.changePUK(from: Rig.puk, to: unfit)
                }
            }
            await #expect(throws: AuthenticatorFailure.pinInvalid(retriesLeft: 2)) {
                try await rig.changePIN(from: "123456789", to: "135790")
            }
            try await rig.changePIN(from: Rig.pin, to: "135790")
            let key = try await rig.enrol(pin: "135790")
            await #expect(throws: AuthenticatorFailure.pukInvalid(retriesLeft: 2)) {
                try await rig.changePUK(from: "99999999", to: "13579024")
            }
            try await rig.changePUK(from: Rig.puk, to: "13579024")
            try await rig.unblockPIN(puk: "13579024", new: Rig.pin)
            try await rig.signIn(key)
        }
    }

    @Test func `wrong PUKs block the PUK`() async throws {
        try await Rig.with(.inProcess) { rig in
            for left in [2, 1] {
                await #expect(throws: AuthenticatorFailure.pukInvalid(retriesLeft: left)) {
                    try await rig.unblockPIN(puk: "99999999", new: Rig.pin)
                }
            }
            for _ in 0..<2 {
                await #expect(throws: AuthenticatorFailure.pukBlocked) {
                    try await rig.unblockPIN(puk: "99999999", new: Rig.pin)
                }
            }
        }
    }

    @Test(arguments: Reach.available)
    func `reports everything that the card tells`(reach: Reach) async throws {
        try await Rig.with(reach, .init(serialNumber: 42)) { rig in
            let made = try await rig.device.generate(
                slot: .authentication, algorithm: .p256, pinPolicy: .always,
                touchPolicy: .cached, interaction: Witness().interaction)
            let certificate = try Office.issue(made.publicKey)
            try await rig.device.importCertificate(
                certificate, into: .authentication, interaction: Witness().interaction)
            let report = try await rig.device.report()
            #expect(report.path == rig.device.path)
            #expect(report.answerToReset == rig.card.answerToReset)
            #expect(report.firmware?.description == "5.7.0")
            #expect(report.serialNumber == 42)
            #expect(report.pin.retriesLeft == 3)
            #expect(report.pin.isDefault == true)
            #expect(report.puk.retriesLeft == 3)
            let slot = try #require(report.slots.first)
            #expect(slot.slot == .authentication)
            #expect(slot.algorithm == .p256)
            #expect(slot.pinPolicy == .always)
            #expect(slot.touchPolicy == .cached)
            #expect(slot.isGenerated == true)
            #expect(slot.keyIdentifier == made.keyIdentifier)
            #expect(
                slot.certificate
                    == .present(
                        subject: "CN=alice", issuer: "CN=Example CA", notBefore: 1_700_000_000,
                        notAfter: 1_900_000_000, isForKey: true))
        }
    }

    @Test func `refuses a request that nothing can be made of, before anything happens`()
        async throws
    {
        try await Rig.with(.inProcess) { rig in
            var request = Sample.registration()
            request.challenge.removeLast()
            let witness = Witness()
            await #expect(throws: AuthenticatorFailure.invalidRequest(name: "challenge")) {
                try await rig.device.register(request, interaction: witness.interaction)
            }
            await #expect(throws: AuthenticatorFailure.unsupportedAlgorithm) {
                try await rig.device.register(
                    Sample.registration(algorithms: [.es384]), interaction: witness.interaction)
            }
            #expect(witness.events.isEmpty)
            let report = try await rig.device.report()
            #expect(report.managementKey.isDefault == true)
        }
    }
}
