import Authenticators
import Dispatch
import Emulators
import ISO7816
import PIV
import SmartCards
import TestSupport
import Testing

/// What a secret opened in a card is not open to the programs that come next.
@Suite struct LockingTests {
    private static let locked: [StatusWord] = [.retries(3), .securityStatusNotSatisfied]

    /// Somebody else connects, `body` uses the card, and they find it locked.
    private static func expectLocked(
        _ rig: Rig, after body: () async throws -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let neighbour = Neighbour(try rig.openAnother())
        defer { neighbour.close() }
        try neighbour.transaction { try neighbour.succeed(PIVCommand.select()) }
        try await body()
        // They are told, so that they do not take the card for what it was to them.
        #expect(throws: AuthenticatorFailure.wasReset, sourceLocation: sourceLocation) {
            try neighbour.transaction {}
        }
        try neighbour.reconnect()
        let standing = try neighbour.transaction { try neighbour.standing() }
        #expect(standing == locked, sourceLocation: sourceLocation)
    }

    @Test(arguments: Reach.available)
    func `a card that was signed in with, or made a key, is locked again`(
        reach: Reach
    ) async throws {
        try await Rig.with(reach) { rig in
            try await Self.expectLocked(rig) {
                _ = try await rig.device.generate(
                    slot: .signature, algorithm: .p256, interaction: Witness().interaction)
            }
            let key = try await rig.enrol()
            try await Self.expectLocked(rig) { try await rig.signIn(key) }
            try await Self.expectLocked(rig) {
                try await rig.enrol(.generate(pinPolicy: .always, existing: .replaced))
            }
            try await Self.expectLocked(rig) {
                try await rig.changePIN(from: Rig.pin, to: "135790")
            }
        }
    }

    @Test(arguments: Reach.available)
    func `a card is locked again after what fails`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            let stranger = try #require(ManagementKey([UInt8](repeating: 0x5A, count: 24)))
            try await Self.expectLocked(rig) {
                await #expect(throws: AuthenticatorFailure.managementKeyRejected) {
                    try await rig.enrol(
                        .generate(slot: .signature, managementKey: .given(stranger)))
                }
            }
            // The right PIN comes second, and the card does not sign.
            rig.card.replaceFaults(
                CardFaultPlan([
                    .init(.generalAuthenticate, 1): .status(.init(rawValue: 0x6F00))
                ]))
            try await Self.expectLocked(rig) {
                await #expect(throws: AuthenticatorFailure.unexpectedStatus("6F00")) {
                    try await rig.device.authenticate(
                        Sample.authentication([key.keyIdentifier]),
                        interaction: Witness(pins: ["654321", Rig.pin]).interaction)
                }
            }
        }
    }

    @Test(arguments: Reach.available)
    func `a card that was given no secret stays as it is`(reach: Reach) async throws {
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol(.generate(pinPolicy: .never))
            let neighbour = Neighbour(try rig.openAnother())
            defer { neighbour.close() }
            try neighbour.transaction {
                try neighbour.succeed(
                    PIVCommand.select(),
                    PIVCommand.verify(.application, Array("123456".utf8) + [0xFF, 0xFF]))
            }
            _ = try await rig.device.describe()
            _ = try await rig.device.report()
            try await rig.signIn(key, pin: nil)
            let standing = try neighbour.transaction { try neighbour.standing() }
            #expect(standing == [.success, .securityStatusNotSatisfied])
        }
    }

    @Test func `nobody comes between the signature and the lock`() async throws {
        let card = try SoftwareCard()
        let (outcomes, outcome) = AsyncStream.makeStream(of: AuthenticatorFailure?.self)
        let device = try Saboteur.device(card) { command, _, link throws(AuthenticatorFailure) in
            if command.dropFirst().first == 0x87, command.dropFirst(3).first == 0x9A {
                // Somebody waits for the card while it signs, and has it next.
                let waiting = card.openTransport()
                DispatchQueue(label: "another program").async {
                    do throws(AuthenticatorFailure) {
                        try waiting.beginTransaction()
                        waiting.endTransaction(.asItIs)
                        outcome.yield(nil)
                    } catch {
                        outcome.yield(error)
                    }
                }
            }
            return try link(command)
        }
        for policy in [PINPolicy.once, .always] {
            _ = try await device.register(
                Sample.registration(.generate(pinPolicy: policy, existing: .replaced)),
                interaction: Witness(pins: [Rig.pin, Rig.pin]).interaction)
            var seen = outcomes.makeAsyncIterator()
            #expect(await seen.next() == .wasReset)
        }
    }
}
