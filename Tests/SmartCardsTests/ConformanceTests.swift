import Authenticators
import Cryptography
import Emulators
import PIV
import SmartCards
import Synchronization
import TestSupport
import Testing
import WebAuthn

/// What every driver owes at the seam, over every way to reach a card.
@Suite struct ConformanceTests {
    @Test(.enabled(if: CardService.isWanted, "\(CardService.absence)"))
    func `the PC/SC service is here, so that all of this is tested through it too`() throws {
        try #require(CardService.isHere, "\(CardService.absence)")
        #expect(Reach.available == [.inProcess, .service])
    }

    @Test(arguments: Reach.available)
    func `registers a key that the card makes, and signs in with it`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let registering = Witness()
            let key = try await rig.device.register(
                Sample.registration(), interaction: registering.interaction)
            #expect(try key.verifies())
            #expect(key.slot == .authentication)
            #expect(key.algorithm == .es256)
            #expect(key.answerToReset == rig.card.answerToReset)
            #expect(key.isManagementKeyDefault == false)
            let asked: [AuthenticatorEvent] = [
                .pinNeeded(PINRequest(retriesLeft: 3, isRepeated: false))
            ]
            #expect(registering.events == asked)

            let signing = Witness()
            let answer = try await rig.device.authenticate(
                Sample.authentication([key.keyIdentifier]), interaction: signing.interaction)
            #expect(try key.verifies(answer))
            #expect(answer.certificate == nil)
            #expect(signing.events == asked)
        }
    }

    @Test(arguments: Reach.available)
    func `keeps the attestation whole`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            #expect(key.evidence.certificate == nil)
            #expect(key.evidence.discovery == nil)
            let attested = try #require(key.evidence.attestation)
            let leaf = try Certificate(derRepresentation: attested.attestation)
            #expect(leaf.publicKey?.subjectPublicKeyInfo == key.publicKey)
            let root = try Certificate(derRepresentation: rig.card.attestationRoot)
            let middle = try Certificate(derRepresentation: attested.intermediate)
            try leaf.verifyPath(
                to: [root], through: [middle], revocationLists: nil, at: leaf.notBefore)
            let facts = try SlotAttestation(
                extensionValue: leaf.extensionValue,
                commonName: leaf.subjectValues("CN").first)
            #expect(facts.slot == .authentication)
            #expect(facts.serialNumber == rig.card.serialNumber)
            #expect(facts.pinPolicy == .once)
        }
    }

    @Test(arguments: Reach.available)
    func `a wrong PIN shows how many tries are left`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            let witness = Witness(pins: ["654321", Rig.pin])
            _ = try await rig.device.authenticate(
                Sample.authentication([key.keyIdentifier]), interaction: witness.interaction)
            #expect(
                witness.events == [
                    .pinNeeded(PINRequest(retriesLeft: 3, isRepeated: false)),
                    .pinRejected(retriesLeft: 2),
                    .pinNeeded(PINRequest(retriesLeft: 2, isRepeated: true)),
                ])
        }
    }

    @Test(arguments: Reach.available)
    func `wrong PINs block the card, and the PUK unblocks it`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            let witness = Witness(pins: ["000000", "111111", "222222", "333333"])
            await #expect(throws: AuthenticatorFailure.pinBlocked) {
                try await rig.device.authenticate(
                    Sample.authentication([key.keyIdentifier]), interaction: witness.interaction)
            }
            #expect(witness.events.last == .pinNeeded(PINRequest(retriesLeft: 1, isRepeated: true)))
            await #expect(throws: AuthenticatorFailure.pinBlocked) {
                try await rig.signIn(key)
            }
            await #expect(throws: AuthenticatorFailure.pukInvalid(retriesLeft: 2)) {
                try await rig.unblockPIN(puk: "87654321", new: "246824")
            }
            try await rig.unblockPIN(puk: Rig.puk, new: "246824")
            try await rig.signIn(key, pin: "246824")
        }
    }

    @Test(arguments: Reach.available)
    func `a PIN that nobody gives ends the ceremony`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            await #expect(throws: AuthenticatorFailure.pinNotGiven) {
                try await rig.enrol(pin: nil)
            }
            try await rig.enrol()
        }
    }

    @Test(arguments: Reach.available)
    func `a PIN that no card can have costs no try`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            for impossible in ["123456789", "12345", "abcdef"] {
                await #expect(throws: AuthenticatorFailure.pinInvalid(retriesLeft: 3)) {
                    try await rig.signIn(key, pin: impossible)
                }
            }
            try await rig.signIn(key)
        }
    }

    @Test(arguments: Reach.available)
    func `nobody touches in time, and the next ceremony works`(reach: Reach) async throws {
        let configuration = SoftwareCard.Configuration(touchTimeout: .milliseconds(100))
        try await Rig.with(reach, configuration) { rig in
            let key = try await rig.enrol(.generate(touchPolicy: .always))
            rig.card.replacePerson(PersonScript([.wait]))
            let witness = Witness()
            await #expect(throws: AuthenticatorFailure.timedOut) {
                try await rig.device.authenticate(
                    Sample.authentication([key.keyIdentifier]), interaction: witness.interaction)
            }
            #expect(witness.events.contains(.touchNeeded))
            try await rig.signIn(key)
        }
    }

    @Test(arguments: Reach.available)
    func `cancelling the task gives the card up, and the next ceremony works`(
        reach: Reach
    ) async throws {
        let configuration = SoftwareCard.Configuration(touchTimeout: .milliseconds(500))
        try await Rig.with(reach, configuration) { rig in
            let key = try await rig.enrol(.generate(touchPolicy: .always))
            rig.card.replacePerson(PersonScript([.wait]))
            let (prompts, prompted) = AsyncStream.makeStream(of: Void.self)
            let witness = Witness(onEvent: { if $0 == .touchNeeded { prompted.yield() } })
            let device = rig.device
            let ceremony = Task {
                try await device.authenticate(
                    Sample.authentication([key.keyIdentifier]), interaction: witness.interaction)
            }
            for await _ in prompts { break }
            ceremony.cancel()
            await #expect(throws: AuthenticatorFailure.cancelled) { try await ceremony.value }
            // The command may have been given up before it reached the card, or after.
            rig.card.replacePerson(.willing)
            try await rig.signIn(key)
        }
    }

    @Test(arguments: Reach.available)
    func `cancelling while the PIN is awaited ends the ceremony`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let (asked, isAsked) = AsyncStream.makeStream(of: Void.self)
            let interaction = Interaction(
                report: { _ in },
                pin: { _ in
                    isAsked.yield()
                    // Nothing ever comes of it: the loop ends when the task is cancelled.
                    for await _ in AsyncStream.makeStream(of: Void.self).stream {}
                    return PIN(Rig.pin)
                })
            let device = rig.device
            let ceremony = Task {
                try await device.register(Sample.registration(), interaction: interaction)
            }
            for await _ in asked { break }
            ceremony.cancel()
            await #expect(throws: AuthenticatorFailure.cancelled) { try await ceremony.value }
            try await rig.enrol()
        }
    }

    @Test(arguments: Reach.available)
    func `a second ceremony at the same time is refused`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
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
            _ = try await device.register(Sample.registration(), interaction: interaction)
            #expect(refused.withLock(\.self) == .inUse)
        }
    }

    @Test(arguments: Reach.available)
    func `other programs can use the card while the PIN is awaited`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            let (card, path) = (rig.card, rig.device.path)
            let seen = Mutex<AuthenticatorDescription?>(nil)
            let interaction = Interaction(
                report: { _ in },
                pin: { _ in
                    let other =
                        switch path {
                        case .reader: try? SmartCardDevice(path: path)
                        case .emulator: SmartCardDevice(path: path) { card.openTransport() }
                        }
                    let description = try? await other?.describe()
                    seen.withLock { $0 = description }
                    return PIN(Rig.pin)
                })
            let answer = try await rig.device.authenticate(
                Sample.authentication([key.keyIdentifier]), interaction: interaction)
            #expect(try key.verifies(answer))
            #expect(seen.withLock(\.self)?.family == .smartCard)
        }
    }

    @Test(arguments: Reach.available)
    func `taken out in mid-command, and put in again`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            rig.card.replaceFaults(
                CardFaultPlan([.init(.generalAuthenticate, 1): .pulledOut]))
            await #expect(throws: AuthenticatorFailure.unplugged) { try await rig.signIn(key) }
            try await rig.insertAgain()
            try await rig.signIn(key)
        }
    }

    @Test(arguments: Reach.available)
    func `taken out while the PIN is awaited`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            let (card, device) = (rig.card, rig.device)
            let reader = rig.reader
            let interaction = Interaction(
                report: { _ in },
                pin: { _ in
                    card.remove()
                    try? await reader?.waitUntilEmpty()
                    return PIN(Rig.pin)
                })
            await #expect(throws: AuthenticatorFailure.unplugged) {
                try await device.authenticate(
                    Sample.authentication([key.keyIdentifier]), interaction: interaction)
            }
            try await rig.insertAgain()
            try await rig.signIn(key)
        }
    }

    @Test(arguments: Reach.available)
    func `there is no card`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            await rig.takeOut()
            try await rig.reader?.waitUntilEmpty()
            let failure: AuthenticatorFailure =
                reach == .service
                ? .notFound(path: rig.device.path.description) : .unplugged
            await #expect(throws: failure) { try await rig.device.describe() }
        }
    }

    @Test(arguments: Reach.available)
    func `holds no key of that identifier`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            try await rig.enrol()
            let stranger = SHA256.hash([7])
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.device.authenticate(
                    Sample.authentication([stranger]), interaction: Witness().interaction)
            }
            await #expect(throws: AuthenticatorFailure.noCredentials) {
                try await rig.device.authenticate(
                    Sample.authentication([]), interaction: Witness().interaction)
            }
        }
    }

    @Test(arguments: Reach.available)
    func `describes the card`(reach: Reach) async throws {
        try await Rig.with(reach, .init(serialNumber: 20_071_107)) { rig in
            let description = try await rig.device.describe()
            #expect(description.family == .smartCard)
            #expect(description.path == rig.device.path.description)
            #expect(description.product == "Countersign software card")
            #expect(description.serialNumber == "20071107")
            #expect(description.firmware == .init(deviceVersion: [5, 7, 0]))
            #expect(description.answerToReset == rig.card.answerToReset)
            #expect(description.versions == ["PIV"])
            #expect(description.transports == [.smartCard])
            #expect(description.pin == .set(retriesLeft: 3))
            #expect(description.minimumPINLength == 6)
        }
    }
}
