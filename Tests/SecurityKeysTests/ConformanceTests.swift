import Authenticators
import CTAP
import Cryptography
import Emulators
import SecurityKeys
import Synchronization
import Testing
import WebAuthn

/// What every driver owes at the seam, over every way to reach an authenticator.
@Suite struct ConformanceTests {
    @Test(arguments: Reach.allCases)
    func `enrols and asserts with a fingerprint`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let enrolling = Witness()
            let credential = try await rig.device.register(
                Sample.creation(), interaction: enrolling.interaction)
            let attestation = try credential.attestation
            let attested = try #require(attestation.authenticatorData.attestedCredential)
            #expect(attested.credentialID == credential.credentialID)
            #expect(attested.aaguid == SoftwareSecurityKey.Model.aaguid)
            #expect(
                attestation.authenticatorData.flags.isSuperset(of: [.userPresent, .userVerified]))
            #expect(credential.transports == [.usb])
            #expect(enrolling.events == [.verificationNeeded(.fingerprint)])

            let signing = Witness()
            let assertions = try await rig.device.authenticate(
                Sample.assertion([credential.credentialID]), interaction: signing.interaction)
            let assertion = try #require(assertions.first)
            #expect(assertions.count == 1)
            #expect(assertion.credentialID == credential.credentialID)
            let data = try AuthenticatorData(decoding: assertion.authenticatorData)
            #expect(data.flags.isSuperset(of: [.userPresent, .userVerified]))
            #expect(try credential.verifies(assertion))
            #expect(signing.events == [.verificationNeeded(.fingerprint)])
        }
    }

    @Test(arguments: Reach.allCases)
    func `keeps the attestation certificates whole`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let attestation = try await rig.enrol().attestation
            guard case .packed(let packed) = attestation.statement else {
                Issue.record("not packed: \(attestation.statement.format)")
                return
            }
            let leaf = try Certificate(derRepresentation: #require(packed.certificates.first))
            let key = try #require(leaf.publicKey)
            #expect(
                key.isValidSignature(
                    packed.signature,
                    for: attestation.authenticatorDataBytes + Sample.clientDataHash,
                    scheme: .ecdsaSHA256))
        }
    }

    @Test(arguments: Reach.allCases)
    func `enrols and asserts with a PIN`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            let witness = Witness(pins: [Rig.pin, Rig.pin])
            let credential = try await rig.device.register(
                Sample.creation(), interaction: witness.interaction)
            let assertions = try await rig.device.authenticate(
                Sample.assertion([credential.credentialID]), interaction: witness.interaction)
            #expect(try credential.verifies(#require(assertions.first)))
            let once: [AuthenticatorEvent] = [
                .pinNeeded(PINRequest(retriesLeft: 8, isRepeated: false)), .touchNeeded,
            ]
            #expect(witness.events == once + once)
        }
    }

    @Test(arguments: Reach.allCases)
    func `a wrong finger and then the right one`(reach: Reach) async throws {
        try await Rig.with(reach, PersonScript([.wrongFinger, .enrolledFinger])) { rig in
            let witness = Witness()
            _ = try await rig.device.register(
                Sample.creation(), interaction: witness.interaction)
            #expect(
                witness.events == [
                    .verificationNeeded(.fingerprint),
                    .verificationFailed(.fingerprint, retriesLeft: 2),
                    .verificationNeeded(.fingerprint),
                ])
        }
    }

    @Test(arguments: Reach.allCases)
    func `a blocked sensor gives way to the PIN`(reach: Reach) async throws {
        let person = PersonScript([.wrongFinger, .wrongFinger, .wrongFinger], then: .touch)
        try await Rig.with(reach, person, pin: Rig.pin) { rig in
            let witness = Witness(pins: [Rig.pin])
            let credential = try await rig.device.register(
                Sample.creation(), interaction: witness.interaction)
            let data = try credential.attestation.authenticatorData
            #expect(data.flags.contains(.userVerified))
            #expect(witness.events.contains(.verificationUnavailable(.fingerprint)))
            #expect(witness.events.last == .touchNeeded)
        }
    }

    @Test(arguments: Reach.allCases)
    func `a blocked sensor without a PIN is the end`(reach: Reach) async throws {
        try await Rig.with(reach, PersonScript([], then: .wrongFinger)) { rig in
            await #expect(throws: AuthenticatorFailure.verificationBlocked) {
                try await rig.enrol()
            }
        }
    }

    @Test(arguments: Reach.allCases)
    func `a wrong PIN shows how many tries are left`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            let witness = Witness(pins: ["0000", Rig.pin])
            _ = try await rig.device.register(
                Sample.creation(), interaction: witness.interaction)
            #expect(
                witness.events == [
                    .pinNeeded(PINRequest(retriesLeft: 8, isRepeated: false)),
                    .pinRejected(retriesLeft: 7),
                    .pinNeeded(PINRequest(retriesLeft: 7, isRepeated: true)),
                    .touchNeeded,
                ])
        }
    }

    @Test(arguments: Reach.allCases)
    func `three wrong PINs call for plugging in again`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            let witness = Witness(pins: ["0000", "0001", "0002", "0003"])
            await #expect(throws: AuthenticatorFailure.pinBlockedUntilPluggedInAgain) {
                try await rig.device.register(
                    Sample.creation(), interaction: witness.interaction)
            }
            try rig.key.plugIn()
            _ = try await rig.enrol(pin: Rig.pin)
        }
    }

    @Test(arguments: Reach.allCases)
    func `a PIN that nobody gives ends the ceremony`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            await #expect(throws: AuthenticatorFailure.pinNotGiven) { try await rig.enrol() }
            _ = try await rig.enrol(pin: Rig.pin)
        }
    }

    @Test(arguments: Reach.allCases)
    func `the person declines`(reach: Reach) async throws {
        try await Rig.with(reach, PersonScript([.decline])) { rig in
            await #expect(throws: AuthenticatorFailure.declined) { try await rig.enrol() }
            _ = try await rig.enrol()
        }
    }

    @Test(arguments: Reach.allCases)
    func `nobody acts in time, and the next ceremony works`(reach: Reach) async throws {
        try await Rig.with(reach, PersonScript([.wait])) { rig in
            await #expect(throws: AuthenticatorFailure.timedOut) {
                try await rig.device.register(
                    Sample.creation(timeout: .milliseconds(300)),
                    interaction: Witness().interaction)
            }
            _ = try await rig.enrol()
        }
    }

    @Test(arguments: Reach.allCases)
    func `cancelling the task cancels at the key, and the next ceremony works`(
        reach: Reach
    ) async throws {
        try await Rig.with(reach, PersonScript([.wait])) { rig in
            let (prompts, prompted) = AsyncStream.makeStream(of: AuthenticatorEvent.self)
            let witness = Witness(onEvent: { prompted.yield($0) })
            let ceremony = Task {
                try await rig.device.register(
                    Sample.creation(), interaction: witness.interaction)
            }
            for await _ in prompts { break }
            ceremony.cancel()
            await #expect(throws: AuthenticatorFailure.cancelled) { try await ceremony.value }
            _ = try await rig.enrol()
        }
    }

    @Test(arguments: Reach.allCases)
    func `cancelling while the PIN is awaited ends the ceremony`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            let (asked, isAsked) = AsyncStream.makeStream(of: Void.self)
            let interaction = Interaction(
                report: { _ in },
                pin: { _ in
                    isAsked.yield()
                    // Nothing ever comes of it: the loop ends when the task is cancelled.
                    for await _ in AsyncStream.makeStream(of: Void.self).stream {}
                    return PIN(Rig.pin)
                })
            let ceremony = Task {
                try await rig.device.register(Sample.creation(), interaction: interaction)
            }
            for await _ in asked { break }
            ceremony.cancel()
            await #expect(throws: AuthenticatorFailure.cancelled) { try await ceremony.value }
            _ = try await rig.enrol(pin: Rig.pin)
        }
    }

    @Test(arguments: Reach.allCases)
    func `a second ceremony at the same time is refused`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            let device = rig.device
            let refused = Mutex<AuthenticatorFailure?>(nil)
            let interaction = Interaction(
                report: { _ in },
                pin: { _ in
                    do throws(AuthenticatorFailure) {
                        _ = try await device.describe()
                    } catch {
                        refused.withLock { $0 = error }
                    }
                    return PIN(Rig.pin)
                })
            _ = try await device.register(Sample.creation(), interaction: interaction)
            #expect(refused.withLock(\.self) == .inUse)
        }
    }

    @Test(arguments: Reach.allCases)
    func `unplugged in mid-ceremony, and plugged in again`(reach: Reach) async throws {
        try await Rig.with(reach, PersonScript([.unplug])) { rig in
            // Behind UDP nobody can see that the key is gone, only that it says nothing.
            let failure: AuthenticatorFailure = reach == .udp ? .timedOut : .unplugged
            await #expect(throws: failure) {
                try await rig.device.register(
                    Sample.creation(timeout: .milliseconds(500)),
                    interaction: Witness().interaction)
            }
            try rig.key.plugIn()
            _ = try await rig.enrol()
        }
    }

    @Test(arguments: Reach.allCases)
    func `refuses to make a second credential for the account`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let credential = try await rig.enrol()
            await #expect(throws: AuthenticatorFailure.credentialExcluded) {
                try await rig.device.register(
                    Sample.creation(excluded: [credential.credentialID]),
                    interaction: Witness().interaction)
            }
        }
    }

    @Test(arguments: Reach.allCases)
    func `holds no credential of that identifier`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let stranger = try CredentialID(bytes: Array(repeating: 7, count: 64))
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.device.authenticate(
                    Sample.assertion([stranger]), interaction: Witness().interaction)
            }
        }
    }

    @Test(arguments: Reach.allCases)
    func `finds a discoverable credential without being told which`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let credential = try await rig.enrol(residentKey: .required)
            let assertions = try await rig.device.authenticate(
                Sample.assertion([]), interaction: Witness().interaction)
            let assertion = try #require(assertions.first)
            #expect(assertion.credentialID == credential.credentialID)
            #expect(try assertion.userHandle == UserHandle(bytes: [1, 2, 3]))
            #expect(try credential.verifies(assertion))
        }
    }

    @Test(arguments: Reach.allCases)
    func `verification that is discouraged does not happen`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let credential = try await rig.enrol()
            let witness = Witness()
            let assertions = try await rig.device.authenticate(
                Sample.assertion([credential.credentialID], verification: .discouraged),
                interaction: witness.interaction)
            let assertion = try #require(assertions.first)
            let data = try AuthenticatorData(decoding: assertion.authenticatorData)
            #expect(data.flags.contains(.userPresent))
            #expect(!data.flags.contains(.userVerified))
            #expect(witness.events == [.touchNeeded])
        }
    }

    @Test(arguments: Reach.allCases)
    func `verification that is preferred and not set up does not happen`(
        reach: Reach
    ) async throws {
        try await Rig.with(reach, fingers: []) { rig in
            let credential = try await rig.device.register(
                Sample.creation(verification: .preferred), interaction: .unattended)
            let data = try credential.attestation.authenticatorData
            #expect(!data.flags.contains(.userVerified))
            await #expect(throws: AuthenticatorFailure.verificationNotSetUp) {
                try await rig.enrol()
            }
        }
    }

    @Test(arguments: Reach.allCases)
    func `describes the key`(reach: Reach) async throws {
        try await Rig.with(reach, pin: Rig.pin) { rig in
            let description = try await rig.device.describe()
            #expect(description.family == .securityKey)
            #expect(description.path == rig.device.path.description)
            #expect(description.versions == ["U2F_V2", "FIDO_2_0", "FIDO_2_1"])
            #expect(description.aaguid == SoftwareSecurityKey.Model.aaguid)
            #expect(description.algorithms == [.es256])
            #expect(description.transports == [.usb])
            #expect(description.pin == .set(retriesLeft: 8))
            #expect(description.builtInVerification == .ready(retriesLeft: 3))
            #expect(description.options["rk"] == true)
            #expect(description.extensions.contains("credProtect"))
            #expect(description.minimumPINLength == 4)
            #expect(
                description.firmware
                    == .init(
                        deviceVersion: [1, 0, 0],
                        reported: UInt64(SoftwareSecurityKey.Model.encodedFirmwareVersion)))
        }
    }

    @Test(arguments: Reach.allCases)
    func `changes the PIN, and refuses a short one`(reach: Reach) async throws {
        try await Rig.with(reach, fingers: [], pin: Rig.pin) { rig in
            await #expect(throws: AuthenticatorFailure.pinInvalid(retriesLeft: 7)) {
                try await rig.setPIN("12345", replacing: "0000")
            }
            await #expect(throws: AuthenticatorFailure.pinPolicy) {
                try await rig.setPIN("12", replacing: Rig.pin)
            }
            try await rig.setPIN("12345", replacing: Rig.pin)
            _ = try await rig.enrol(pin: "12345")
        }
    }
}
