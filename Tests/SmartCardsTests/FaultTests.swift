import Authenticators
import Emulators
import ISO7816
import PIV
import SmartCards
import Synchronization
import TestSupport
import Testing
import WebAuthn

/// Ceremonies with a card that fails as a plan says, drawn at random from a seed: each ends in time with a typed failure
/// or the right answer, and the next one works.
@Suite struct FaultTests {
    /// What a ceremony gets. Through vpcd a card that does not answer is waited for.
    private static let timeout = Duration.seconds(15)
    /// In which time it ends, be the machine ever so busy.
    private static let limit = Duration.seconds(60)
    private static let instructions: [PIVCommand.Instruction] = [
        .select, .verify, .getData, .putData, .generalAuthenticate, .generateKeyPair, .metadata,
        .attest, .version, .setManagementKey, .getResponse,
    ]

    @Test func `bears 240 plans in process`() async throws {
        let failures = try await Self.scenarios(0..<240, .inProcess)
        // The plans do what they are for.
        #expect(
            failures.isSuperset(of: [
                nil, .unplugged, .wasReset, .timedOut, .malformedReply, .pinBlocked,
            ]))
    }

    @Test(.enabled(if: CardService.isWanted, "\(CardService.absence)"))
    func `bears 24 plans through pcscd and vpcd`() async throws {
        let failures = try await Self.scenarios(1_000..<1_024, .service)
        #expect(failures.isSuperset(of: [nil, .malformedReply]))
    }

    /// Carries out a ceremony for each seed, and gives how they ended.
    private static func scenarios(
        _ seeds: Range<UInt64>, _ reach: Reach
    ) async throws -> Set<AuthenticatorFailure?> {
        let failures = Mutex<Set<AuthenticatorFailure?>>([])
        try await Rig.with(reach) { rig in
            let key = try await rig.enrol()
            for seed in seeds {
                let start = ContinuousClock.now
                let failure = try await scenario(seed, rig, key)
                #expect(ContinuousClock.now - start < limit, "seed \(seed)")
                _ = failures.withLock { $0.insert(failure) }
                try await recover(rig, key, from: failure, seed: seed)
            }
        }
        return failures.withLock(\.self)
    }

    /// A ceremony under a plan. Gives how it failed, or that it succeeded.
    private static func scenario(
        _ seed: UInt64, _ rig: Rig, _ key: CardRegistrationAnswer
    ) async throws -> AuthenticatorFailure? {
        var generator = SplitMix64(seed: seed)
        rig.card.replaceFaults(
            .random(
                Int.random(in: 1...3, using: &generator), among: instructions, using: &generator))
        do throws(AuthenticatorFailure) {
            switch seed % 4 {
            case 0, 1:
                let answer = try await rig.hasty.authenticate(
                    Sample.authentication([key.keyIdentifier], timeout: timeout),
                    interaction: Witness().interaction)
                let isRight = try? key.verifies(answer)
                #expect(isRight == true, "seed \(seed)")
            case 2:
                let made = try await rig.hasty.register(
                    Sample.registration(
                        .generate(slot: .signature, existing: .replaced), timeout: timeout),
                    interaction: Witness().interaction)
                let isRight = try? made.verifies()
                #expect(isRight == true, "seed \(seed)")
            default:
                let again = try await rig.hasty.register(
                    Sample.registration(.existing(), timeout: timeout),
                    interaction: Witness().interaction)
                let isRight = try? again.verifies()
                #expect(isRight == true, "seed \(seed)")
            }
            return nil
        } catch {
            return error
        }
    }

    /// Puts right what the plan has done to the card, as its owner would, and signs in.
    private static func recover(
        _ rig: Rig, _ key: CardRegistrationAnswer, from failure: AuthenticatorFailure?,
        seed: UInt64
    ) async throws {
        rig.card.replaceFaults(.none)
        // A card that hangs is taken out of its reader.
        if !rig.card.isInserted || failure == .timedOut { try await rig.insertAgain() }
        if try await rig.device.describe().pin == .set(retriesLeft: 0) {
            try await rig.unblockPIN(puk: Rig.puk, new: Rig.pin)
        }
        try await rig.signIn(key)
        // Wherever the plan interrupted it, the card can still be managed.
        if seed % 4 == 2 {
            try await rig.enrol(.generate(slot: .signature, existing: .replaced))
        }
    }

    @Test(arguments: 1...6) func `is managed by a key that is known, wherever it stops`(
        number: Int
    ) async throws {
        // The commands that give a new card its management key, in turn: two authenticate, two write, one sets.
        let occasions: [CardFaultPlan.Occasion] = [
            .init(.generalAuthenticate, 1), .init(.generalAuthenticate, 2), .init(.putData, 1),
            .init(.putData, 2), .init(.setManagementKey, 1), .init(.generateKeyPair, 1),
        ]
        let occasion = try #require(occasions.dropFirst(number - 1).first)
        // The command is carried out or not, before the card is gone.
        for fault in [CardFaultPlan.Fault.pulledOut, .resetByAnotherProgram] {
            try await Rig.with(.inProcess, faults: CardFaultPlan([occasion: fault])) { rig in
                let failure: AuthenticatorFailure = fault == .pulledOut ? .unplugged : .wasReset
                await #expect(throws: failure) { try await rig.enrol() }
                try await rig.insertAgain()
                let key = try await rig.enrol(.generate(existing: .replaced))
                #expect(key.isManagementKeyDefault == false)
                try await rig.signIn(key)
            }
        }
    }

    @Test(arguments: [PINPolicy.once, .always])
    func `sends a PIN once only`(policy: PINPolicy) async throws {
        let faults: [CardFaultPlan.Fault] = [
            .resetByAnotherProgram, .noAnswer, .truncated(to: 0), .truncated(to: 1),
            .extended(by: 2), .status(.init(rawValue: 0x6F00)),
        ]
        // A key that wants the PIN each time has it presented twice, and given twice.
        let turns: Int = policy == .always ? 2 : 1
        for turn in 1...turns {
            for fault in faults {
                let (failure, presented, events) = try await Self.presentations(
                    CardFaultPlan([.init(.verify, turn): fault]), policy)
                #expect(failure != nil)
                #expect(presented == turn)
                #expect(events == Array(repeating: Self.asked, count: turn))
            }
        }
        let (failure, presented, events) = try await Self.presentations(.none, policy)
        #expect(failure == nil)
        #expect(presented == turns)
        #expect(events == Array(repeating: Self.asked, count: turns))
    }

    private static let asked = AuthenticatorEvent.pinNeeded(
        PINRequest(retriesLeft: 3, isRepeated: false))

    /// How often a PIN goes to the card while a key is registered, how that ends, and what the person is told.
    private static func presentations(
        _ plan: CardFaultPlan, _ policy: PINPolicy
    ) async throws -> (AuthenticatorFailure?, Int, [AuthenticatorEvent]) {
        let card = try SoftwareCard(faults: plan)
        let sent = Mutex(0)
        let device = try Saboteur.device(card) { command, _, card throws(AuthenticatorFailure) in
            if command.starts(with: [0x00, 0x20, 0x00, 0x80, 0x08]) {
                sent.withLock { $0 += 1 }
            }
            return try card(command)
        }
        let witness = Witness(pins: [Rig.pin, Rig.pin])
        do throws(AuthenticatorFailure) {
            _ = try await device.register(
                Sample.registration(.generate(pinPolicy: policy)),
                interaction: witness.interaction)
            return (nil, sent.withLock(\.self), witness.events)
        } catch {
            return (error, sent.withLock(\.self), witness.events)
        }
    }
}
