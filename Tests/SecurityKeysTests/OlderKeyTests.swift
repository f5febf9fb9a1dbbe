import Authenticators
import CTAP
import Emulators
import Encoding
import SecurityKeys
import Testing
import WebAuthn

/// Keys that know less than CTAP 2.1.
@Suite struct OlderKeyTests {
    /// A key whose reply to CTAPHID_INIT says that it has U2F messages only.
    private func u2fDevice(_ key: SoftwareSecurityKey) -> SecurityKeyDevice {
        Saboteur.device(key, patience: .standard) { report, number in
            guard number == 0 else { return [report] }
            var report = report
            report[7 + 16] &= ~HIDCapabilities.cbor.rawValue
            return [report]
        }
    }

    /// A key without PIN/UV auth tokens, as in CTAP 2.0: verification happens within the command.
    private func ctap20Device(_ key: SoftwareSecurityKey) -> SecurityKeyDevice {
        SecurityKeyDevice(path: .emulator(file: "test.key")) {
            Saboteur(
                key.openTransport(),
                Saboteur.rewriting { try $0.replacing("pinUvAuthToken", with: "pinUvAuthTokex") })
        }
    }

    @Test func `a U2F key registers and authenticates with a touch`() async throws {
        let key = try SoftwareSecurityKey(
            person: PersonScript([], then: .touch.after(.milliseconds(150))))
        let device = u2fDevice(key)
        let witness = Witness()
        let credential = try await device.register(
            Sample.creation(verification: .preferred), interaction: witness.interaction)
        let attestation = try credential.attestation
        #expect(attestation.statement.format == "fido-u2f")
        guard case .unknown(_, let statement) = attestation.statement else {
            Issue.record("the statement is not kept as it came")
            return
        }
        #expect(statement.mapValue.map { Set($0.keys) } == ["x5c", "sig"])
        #expect(attestation.authenticatorData.flags == [.userPresent, .attestedCredentialData])

        let assertions = try await device.authenticate(
            Sample.assertion([credential.credentialID], verification: .preferred),
            interaction: witness.interaction)
        #expect(try credential.verifies(#require(assertions.first)))
        #expect(witness.events == [.touchNeeded, .touchNeeded])
    }

    @Test func `a U2F key cannot verify its user or keep a discoverable credential`() async throws {
        let device = u2fDevice(try SoftwareSecurityKey())
        await #expect(throws: AuthenticatorFailure.verificationUnsupported) {
            try await device.register(Sample.creation(), interaction: .unattended)
        }
        await #expect(throws: AuthenticatorFailure.unsupportedFeature(name: "rk")) {
            try await device.register(
                Sample.creation(residentKey: .required, verification: .discouraged),
                interaction: .unattended)
        }
    }

    @Test func `a U2F key that nobody touches times out`() async throws {
        let key = try SoftwareSecurityKey(person: PersonScript([], then: .wait))
        await #expect(throws: AuthenticatorFailure.timedOut) {
            try await u2fDevice(key).register(
                Sample.creation(verification: .discouraged, timeout: .milliseconds(400)),
                interaction: .unattended)
        }
    }

    @Test func `a U2F key's ceremony is cancelled`() async throws {
        let key = try SoftwareSecurityKey(person: PersonScript([], then: .wait))
        let device = u2fDevice(key)
        let (prompts, prompted) = AsyncStream.makeStream(of: AuthenticatorEvent.self)
        let witness = Witness(onEvent: { prompted.yield($0) })
        let ceremony = Task {
            try await device.register(
                Sample.creation(verification: .discouraged), interaction: witness.interaction)
        }
        for await _ in prompts { break }
        ceremony.cancel()
        await #expect(throws: AuthenticatorFailure.cancelled) { try await ceremony.value }
    }

    @Test func `describes a U2F key`() async throws {
        let description = try await u2fDevice(SoftwareSecurityKey()).describe()
        #expect(description.versions == ["U2F_V2"])
        #expect(description.algorithms == [.es256])
        #expect(description.pin == .unsupported)
        #expect(description.builtInVerification == .unsupported)
        #expect(description.aaguid == nil)
    }

    @Test func `a CTAP 2.0 key verifies within the command`() async throws {
        let device = ctap20Device(try SoftwareSecurityKey())
        let witness = Witness()
        let credential = try await device.register(
            Sample.creation(), interaction: witness.interaction)
        #expect(try credential.attestation.authenticatorData.flags.contains(.userVerified))
        #expect(witness.events == [.verificationNeeded(.fingerprint)])
    }

    @Test func `a CTAP 2.0 key takes a PIN`() async throws {
        var configuration = SoftwareSecurityKey.Configuration()
        configuration.initialFingers = []
        let key = try SoftwareSecurityKey(configuration: configuration)
        let device = ctap20Device(key)
        guard let pin = PIN(Rig.pin) else { return }
        try await device.setPIN(pin, replacing: nil)
        let witness = Witness(pins: [Rig.pin])
        let credential = try await device.register(
            Sample.creation(), interaction: witness.interaction)
        #expect(try credential.attestation.authenticatorData.flags.contains(.userVerified))
        #expect(
            witness.events == [
                .pinNeeded(PINRequest(retriesLeft: 8, isRepeated: false)), .touchNeeded,
            ])
    }
}
