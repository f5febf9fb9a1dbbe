import Authenticators
import Emulators
import PIV
import SmartCards
import Synchronization
import TestSupport
import Testing
import WebAuthn

/// Whatever a card sends: a typed failure or the right answer, soon, and the next ceremony works.
@Suite struct HostileCardTests {
    /// What the hostile cards here are given for a whole ceremony.
    private static let limit = Duration.seconds(60)

    /// A card that has a key, and the key.
    private struct Victim {
        let card: SoftwareCard
        let key: CardRegistrationAnswer

        init() async throws {
            let card = try SoftwareCard()
            self.card = card
            let device = SmartCardDevice(path: try CardPath("emulator:test.card")) {
                card.openTransport()
            }
            key = try await device.register(
                Sample.registration(), interaction: Witness().interaction)
        }

        /// Signs in through a saboteur. A failure is returned; a wrong answer is an issue.
        func signIn(
            _ act: @escaping Saboteur.Act
        ) async throws -> AuthenticatorFailure? {
            let device = try Saboteur.device(card, act)
            let start = ContinuousClock.now
            defer { #expect(ContinuousClock.now - start < HostileCardTests.limit) }
            do throws(AuthenticatorFailure) {
                let answer = try await device.authenticate(
                    Sample.authentication([key.keyIdentifier]),
                    interaction: Witness().interaction)
                let isRight = try? key.verifies(answer)
                #expect(isRight == true)
                return nil
            } catch {
                return error
            }
        }

        func expectUsable() async throws {
            #expect(
                try await signIn { command, _, card throws(AuthenticatorFailure) in
                    try card(command)
                } == nil)
        }

        /// How many responses a sign-in takes.
        func responses() async throws -> [[UInt8]] {
            let seen = Mutex<[[UInt8]]>([])
            _ = try await signIn(
                Saboteur.changing { response, _ in
                    seen.withLock { $0.append(response) }
                    return response
                })
            return seen.withLock(\.self)
        }
    }

    @Test func `truncates any response at any length`() async throws {
        let victim = try await Victim()
        var failures: Set<AuthenticatorFailure?> = []
        for (target, response) in try await victim.responses().enumerated() {
            for length in response.indices {
                failures.insert(
                    try await victim.signIn(
                        Saboteur.changing { response, number in
                            number == target ? Array(response.prefix(length)) : response
                        }))
            }
        }
        #expect(failures.contains(.malformedReply))
        try await victim.expectUsable()
    }

    @Test func `extends any response`() async throws {
        let victim = try await Victim()
        let count = try await victim.responses().count
        for target in 0..<count {
            for tail in [[0], [0x90, 0x00], [UInt8](repeating: 0xFF, count: 300)] as [[UInt8]] {
                let failure = try await victim.signIn(
                    Saboteur.changing { response, number in
                        number == target ? response + tail : response
                    })
                #expect(failure != nil || tail == [0x90, 0x00])
            }
        }
        try await victim.expectUsable()
    }

    @Test func `flips any bit`() async throws {
        let victim = try await Victim()
        var failures: Set<AuthenticatorFailure?> = []
        for (target, response) in try await victim.responses().enumerated() {
            for bit in 0..<response.count * 8 {
                failures.insert(
                    try await victim.signIn(
                        Saboteur.changing { response, number in
                            guard number == target, bit / 8 < response.count else {
                                return response
                            }
                            var flipped = response
                            flipped[bit / 8] ^= 1 << (bit % 8)
                            return flipped
                        }))
            }
        }
        #expect(failures.isSuperset(of: [nil, .malformedReply, .noCredentials]))
        try await victim.expectUsable()
    }

    @Test func `announces other lengths than it sends`() async throws {
        let victim = try await Victim()
        for (target, response) in try await victim.responses().enumerated()
        where response.count > 4 {
            for lie in [0x00, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0xFF] as [UInt8] {
                for offset in 1..<min(response.count - 2, 12) {
                    _ = try await victim.signIn(
                        Saboteur.changing { response, number in
                            number == target && offset < response.count
                                ? response.replacing(offset, with: lie) : response
                        })
                }
            }
        }
        try await victim.expectUsable()
    }

    @Test(arguments: [[], [0], [UInt8](repeating: 0x20, count: 256)] as [[UInt8]])
    func `never stops to send more`(data: [UInt8]) async throws {
        let victim = try await Victim()
        let count = try await victim.responses().count
        for target in 0..<count {
            let failure = try await victim.signIn {
                command, number, card throws(AuthenticatorFailure) in
                guard number >= target else { return try card(command) }
                return data + [0x61, 0x00]
            }
            #expect(failure == .malformedReply || target > 0)
            #expect(failure != nil)
        }
        try await victim.expectUsable()
    }

    @Test func `corrects lengths for ever`() async throws {
        let victim = try await Victim()
        let failure = try await victim.signIn {
            command, number, card throws(AuthenticatorFailure) in
            number >= 1 ? [0x6C, UInt8(truncatingIfNeeded: number)] : try card(command)
        }
        #expect(failure != nil)
        try await victim.expectUsable()
    }

    @Test func `answers everything with the same`() async throws {
        let victim = try await Victim()
        let responses = try await victim.responses()
        for answer in Set(responses + [[], [0x90], [0x90, 0x00], [0x63, 0xC0], [0x69, 0x83]]) {
            let failure = try await victim.signIn { _, _, _ throws(AuthenticatorFailure) in answer }
            #expect(failure != nil)
        }
        try await victim.expectUsable()
    }

    @Test func `attests every key by one certificate, which attests itself`() async throws {
        let card = try SoftwareCard()
        let root = card.attestationRoot
        let device = try Saboteur.device(card) { command, _, card throws(AuthenticatorFailure) in
            let response = try card(command)
            switch command.dropFirst().first {
            case 0xF9: return root + [0x90, 0x00]
            default: return response
            }
        }
        await #expect(throws: AuthenticatorFailure.malformedReply) {
            try await device.register(Sample.registration(), interaction: Witness().interaction)
        }
    }

    @Test func `says nothing, and is let go`() async throws {
        let victim = try await Victim()
        let count = try await victim.responses().count
        let patience = CardPatience(
            connecting: .seconds(60), promptly: .milliseconds(50), altogether: .seconds(60))
        for target in [0, 1, count - 1] {
            let gate = Gate()
            let counter = Saboteur.Counter()
            let device = try Saboteur.device(victim.card, patience: patience, counter: counter) {
                command, number, card throws(AuthenticatorFailure) in
                if number == target { gate.wait() }
                return try card(command)
            }
            // What may need a touch has the time of the request.
            let timeout: Duration = target == count - 1 ? .milliseconds(500) : .seconds(60)
            let request = Sample.authentication([victim.key.keyIdentifier], timeout: timeout)
            await #expect(throws: AuthenticatorFailure.timedOut) {
                try await device.authenticate(request, interaction: Witness().interaction)
            }
            gate.open()
            let again = Sample.authentication([victim.key.keyIdentifier])
            let answer = try await Self.untilPrompt(device, again)
            #expect(try victim.key.verifies(answer))
        }
        try await victim.expectUsable()
    }

    @Test func `says nothing, and cancelling does not wait for it`() async throws {
        let victim = try await Victim()
        let gate = Gate()
        let (reached, isReached) = AsyncStream.makeStream(of: Void.self)
        let device = try Saboteur.device(victim.card) {
            command, number, card throws(AuthenticatorFailure) in
            if number == 1 {
                isReached.yield()
                gate.wait()
            }
            return try card(command)
        }
        let request = Sample.authentication([victim.key.keyIdentifier])
        let ceremony = Task {
            try await device.authenticate(request, interaction: Witness().interaction)
        }
        for await _ in reached { break }
        ceremony.cancel()
        await #expect(throws: AuthenticatorFailure.cancelled) { try await ceremony.value }
        gate.open()
        let answer = try await device.authenticate(request, interaction: Witness().interaction)
        #expect(try victim.key.verifies(answer))
    }

    @Test func `is held by another program`() async throws {
        let victim = try await Victim()
        let other = victim.card.openTransport()
        try other.beginTransaction()
        let device = try Saboteur.device(
            victim.card,
            patience: CardPatience(
                connecting: .seconds(60), promptly: .milliseconds(50), altogether: .seconds(60))
        ) { command, _, card throws(AuthenticatorFailure) in try card(command) }
        await #expect(throws: AuthenticatorFailure.inUse) { try await device.describe() }
        other.endTransaction(.asItIs)
        other.close()
        try await victim.expectUsable()
    }

    @Test func `is asked for the PIN anew where it wants it anew`() async throws {
        let card = try SoftwareCard()
        let path = try CardPath("emulator:test.card")
        let straight = SmartCardDevice(path: path) { card.openTransport() }
        let key = try await straight.register(
            Sample.registration(.generate(algorithm: .rsa2048, pinPolicy: .always)),
            interaction: Witness(pins: [Rig.pin, Rig.pin]).interaction)
        let isRefused = Mutex(false)
        let device = try Saboteur.device(card) { command, _, card throws(AuthenticatorFailure) in
            guard command.dropFirst().first == 0x87, isRefused.withLock({ !$0 }) else {
                return try card(command)
            }
            isRefused.withLock { $0 = true }
            // The card forgets that the PIN was presented: another command has come in between.
            _ = try card([0x00, 0xCB, 0x3F, 0xFF, 0x03, 0x5C, 0x01, 0x7E, 0x00])
            return [0x6A, 0x80]
        }
        let witness = Witness(pins: [Rig.pin, Rig.pin])
        let answer = try await device.authenticate(
            Sample.authentication([key.keyIdentifier]), interaction: witness.interaction)
        #expect(answer.algorithm == .rs256)
        #expect(try key.verifies(answer))
        #expect(witness.events.count == 2)
    }

    /// Signs in on a device whose thread may still be on its way out of what was given up.
    private static func untilPrompt(
        _ device: SmartCardDevice, _ request: CardAuthenticationRequest
    ) async throws -> CardAuthenticationAnswer {
        for _ in 0..<100 {
            do throws(AuthenticatorFailure) {
                return try await device.authenticate(
                    request, interaction: Witness().interaction)
            } catch .timedOut {
                // The machine is busy, and the patience of this device is short.
                continue
            }
        }
        throw AuthenticatorFailure.timedOut
    }
}
