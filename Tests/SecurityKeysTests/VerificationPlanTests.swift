import Authenticators
import SecurityKeys
import Testing
import WebAuthn

@Suite struct VerificationPlanTests {
    private typealias Abilities = VerificationPlan.Abilities

    private static let both = Abilities(builtIn: .ready, pin: .ready)
    private static let pinOnly = Abilities(builtIn: .notSetUp, pin: .ready)
    private static let fingerOnly = Abilities(builtIn: .ready, pin: .notSetUp)
    private static let nothingSetUp = Abilities(builtIn: .notSetUp, pin: .notSetUp)
    private static let nothing = Abilities(builtIn: .unsupported, pin: .unsupported)

    private func first(
        _ requirement: UserVerificationRequirement, _ abilities: VerificationPlan.Abilities
    ) -> VerificationPlan.Step {
        var plan = VerificationPlan(requirement: requirement, abilities: abilities)
        return plan.firstStep()
    }

    @Test func `begins with the best that is set up`() {
        #expect(first(.required, Self.both) == .attempt(.builtIn))
        #expect(first(.required, Self.pinOnly) == .attempt(.pin))
        #expect(first(.required, Self.fingerOnly) == .attempt(.builtIn))
        #expect(first(.required, Self.nothingSetUp) == .fail(.verificationNotSetUp))
        #expect(first(.required, Self.nothing) == .fail(.verificationUnsupported))
        #expect(first(.preferred, Self.both) == .attempt(.builtIn))
        #expect(first(.preferred, Self.pinOnly) == .attempt(.pin))
        #expect(first(.preferred, Self.nothingSetUp) == .attempt(.none))
        #expect(first(.discouraged, Self.both) == .attempt(.none))
    }

    @Test func `verifies where the key insists`() {
        for (abilities, step) in [
            (Self.both, VerificationPlan.Step.attempt(.builtIn)),
            (Self.pinOnly, .attempt(.pin)),
            (Self.nothingSetUp, .fail(.verificationNotSetUp)),
        ] {
            var plan = VerificationPlan(requirement: .discouraged, abilities: abilities)
            #expect(plan.firstStep() == .attempt(.none))
            #expect(plan.step(after: .pinRequired, retriesLeft: nil) == step)
        }
    }

    @Test func `goes to the PIN once the sensor is spent`() {
        for (status, left) in [
            (FIDOStatus.userVerificationInvalid, 0), (.userVerificationBlocked, nil),
            (.pinRequired, nil),
        ] as [(FIDOStatus, Int?)] {
            var plan = VerificationPlan(requirement: .required, abilities: Self.both)
            #expect(plan.firstStep() == .attempt(.builtIn))
            #expect(
                plan.step(after: .userVerificationInvalid, retriesLeft: 2) == .attempt(.builtIn))
            #expect(plan.step(after: status, retriesLeft: left) == .attempt(.pin))
            #expect(plan.step(after: .pinInvalid, retriesLeft: 7) == .attempt(.pin))
            #expect(plan.step(after: .pinInvalid, retriesLeft: 0) == .fail(.pinBlocked))
        }
        var plan = VerificationPlan(requirement: .required, abilities: Self.fingerOnly)
        _ = plan.firstStep()
        #expect(
            plan.step(after: .userVerificationBlocked, retriesLeft: nil)
                == .fail(.verificationBlocked))
    }

    @Test func `does not go on for ever with a key that cannot count`() {
        for (abilities, status, failure) in [
            (
                Self.fingerOnly, .userVerificationInvalid,
                .verificationFailed(retriesLeft: 8)
            ),
            (Self.pinOnly, .pinInvalid, .pinInvalid(retriesLeft: 8)),
        ] as [(Abilities, FIDOStatus, AuthenticatorFailure)] {
            var plan = VerificationPlan(requirement: .required, abilities: abilities)
            var step = plan.firstStep()
            var attempts = 0
            while case .attempt = step, attempts < 100 {
                attempts += 1
                step = plan.step(after: status, retriesLeft: 8)
            }
            #expect(attempts == 16)
            #expect(step == .fail(failure))
        }
    }

    @Test(arguments: FIDOStatus.all)
    func `any other status ends it, whatever was tried`(status: FIDOStatus) {
        let goesOn: [FIDOStatus] = [
            .pinRequired, .pinInvalid, .userVerificationInvalid, .userVerificationBlocked,
            .notAllowed,
        ]
        guard status != .success, !goesOn.contains(status) else { return }
        for abilities in [Self.both, Self.pinOnly, Self.nothing] {
            var plan = VerificationPlan(requirement: .preferred, abilities: abilities)
            _ = plan.firstStep()
            #expect(plan.step(after: status, retriesLeft: nil) == .fail(status.failure))
        }
    }
}
