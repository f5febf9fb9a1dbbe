package import Authenticators
package import WebAuthn

/// How the person is verified in one ceremony: built-in means before the PIN, the PIN only where nothing else will do,
/// and neither where it is not wanted. It decides and does nothing.
package struct VerificationPlan: Sendable {
    /// By what the person is verified in one attempt.
    package enum Method: Sendable, Hashable {
        /// Not at all, beyond the touch that shows that somebody is there.
        case none
        /// By the key's own means.
        case builtIn
        /// By a PIN that the person gives to this program.
        case pin
    }

    /// What to do next.
    package enum Step: Sendable, Hashable {
        /// Try this.
        case attempt(Method)
        /// Give up.
        case fail(AuthenticatorFailure)
    }

    /// What the key can verify its person by, as it is set up.
    package struct Abilities: Sendable, Hashable {
        /// What one method is good for.
        package enum Readiness: Sendable, Hashable {
            /// The key has no such thing.
            case unsupported
            /// It could be set up, and is not.
            case notSetUp
            /// It can be used.
            case ready

            /// From an option of authenticatorGetInfo: absent, off or on (CTAP 2.1 §6.4).
            package init(option: Bool?) {
                self =
                    switch option {
                    case nil: .unsupported
                    case false?: .notSetUp
                    case true?: .ready
                    }
            }
        }

        package let builtIn: Readiness
        package let pin: Readiness

        package init(builtIn: Readiness, pin: Readiness) {
            self.builtIn = builtIn
            self.pin = pin
        }
    }

    /// How many attempts a ceremony may take. More than any key allows; a key that allows more has lost count.
    private static let maximumAttempts = 16

    private let requirement: UserVerificationRequirement
    private let abilities: Abilities
    private var method = Method.none
    private var attempts = 0
    private var isBuiltInSpent = false

    package init(requirement: UserVerificationRequirement, abilities: Abilities) {
        self.requirement = requirement
        self.abilities = abilities
    }

    /// What to begin with.
    package mutating func firstStep() -> Step {
        switch requirement {
        case .discouraged: attempt(.none)
        case .preferred: best.map { attempt($0) } ?? attempt(.none)
        case .required: best.map { attempt($0) } ?? .fail(impossible)
        }
    }

    /// What to do after an attempt that ended with `status`, which is not success.
    ///
    /// - Parameter retriesLeft: of the method that was used, where the key tells.
    package mutating func step(after status: FIDOStatus, retriesLeft: Int?) -> Step {
        guard attempts < Self.maximumAttempts else { return .fail(final(status, retriesLeft)) }
        switch (method, status) {
        case (.none, .pinRequired):
            // A key that never makes a credential, or never does anything, without knowing who asks.
            return best.map { attempt($0) } ?? .fail(impossible)
        case (.builtIn, .userVerificationInvalid) where retriesLeft != 0:
            return attempt(.builtIn)
        case (.builtIn, .userVerificationInvalid), (.builtIn, .userVerificationBlocked),
            (.builtIn, .pinRequired), (.builtIn, .notAllowed):
            isBuiltInSpent = true
            return abilities.pin == .ready ? attempt(.pin) : .fail(.verificationBlocked)
        case (.pin, .pinInvalid) where retriesLeft != 0:
            return attempt(.pin)
        case (.pin, .pinInvalid):
            return .fail(.pinBlocked)
        default:
            return .fail(final(status, retriesLeft))
        }
    }

    private mutating func attempt(_ method: Method) -> Step {
        self.method = method
        attempts += 1
        return .attempt(method)
    }

    private var best: Method? {
        if abilities.builtIn == .ready, !isBuiltInSpent { return .builtIn }
        return abilities.pin == .ready ? .pin : nil
    }

    private var impossible: AuthenticatorFailure {
        abilities.builtIn == .unsupported && abilities.pin == .unsupported
            ? .verificationUnsupported : .verificationNotSetUp
    }

    private func final(_ status: FIDOStatus, _ retriesLeft: Int?) -> AuthenticatorFailure {
        switch status {
        case .pinInvalid: .pinInvalid(retriesLeft: retriesLeft)
        case .userVerificationInvalid: .verificationFailed(retriesLeft: retriesLeft)
        default: status.failure
        }
    }
}
