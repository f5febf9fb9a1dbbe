import Accounts
import DeviceModels

/// What counts as what. This is the one place that says so.
///
/// - A **password** is what a person knows. The front end checks it.
/// - A **possession** is what a person has: `webauthn`, `piv`, `push`, `totp`, `hotp`, `ocra`, `hmac`, `recovery`.
/// - A possession that **verified its person** is two factors in one: `webauthn` with user verification, `piv` with its
///   PIN, `push` with a key that the phone's lock guards. No code does that.
/// - A **Temporary Access Pass** (`tap`) counts as two factors, since an administrator vouched for the person; it is
///   neither passwordless nor resistant to phishing.
/// - An **app password** (`apppass`) is one factor. It never makes two, with nothing.
/// - A `code` of which it is not known what it should have been is no factor.
enum FactorRules {
    /// The methods that show possession.
    static let possessions: Set<SignInMethod> = [
        .webauthn, .piv, .push, .totp, .hotp, .ocra, .hmac, .recovery,
    ]

    /// The methods that can verify their person.
    static let verifying: Set<SignInMethod> = [.webauthn, .piv, .push]

    /// The methods whose authenticator is a key or a card, which strengths can hold to constraints.
    static let keys: Set<SignInMethod> = [.webauthn, .piv]

    /// Whether a sign-in by `factors`, and by a password where `hasPassword` says so, is one by any factor at all.
    static func isAnyFactor(_ factors: [PresentedFactor], hasPassword: Bool) -> Bool {
        hasPassword || factors.contains { $0.method != .code }
    }

    /// Whether it is one by two factors. Two possessions are not: what is stolen with one is stolen with both.
    static func isMultiFactor(_ factors: [PresentedFactor], hasPassword: Bool) -> Bool {
        let hasPassword = hasPassword || factors.contains { $0.method == .password }
        return factors.contains { factor in
            if factor.method == .tap { return true }
            guard possessions.contains(factor.method) else { return false }
            return hasPassword || factor.isUserVerified && verifying.contains(factor.method)
        }
    }

    /// Whether a combination of methods can be two factors, if each is at its best.
    static func canBeMultiFactor(_ methods: Set<SignInMethod>) -> Bool {
        isMultiFactor(
            methods.map { PresentedFactor($0, isUserVerified: true) }, hasPassword: false)
    }
}

extension AuthenticationStrength {
    /// `mfa`: any two factors. A verifying key, card or phone, or a pass, alone; or the password with any possession.
    public static let multiFactor = AuthenticationStrength(
        id: .multiFactor, title: "Multi-factor authentication",
        combinations: [
            [.webauthn], [.piv], [.push], [.tap], [.password, .webauthn], [.password, .piv],
            [.password, .push], [.password, .totp], [.password, .hotp], [.password, .ocra],
            [.password, .hmac], [.password, .recovery],
        ], position: nil)

    /// `passwordless`: a verifying key, a card with its PIN, or a push to a phone whose lock guards the key.
    public static let passwordless = AuthenticationStrength(
        id: .passwordless, title: "Passwordless multi-factor authentication",
        combinations: [[.webauthn], [.piv], [.push]], position: nil)

    /// `phishing-resistant`: a key that verified its person (FIDO2), or a card with its PIN. What either answers is
    /// bound to who asks.
    public static let phishingResistant = AuthenticationStrength(
        id: .phishingResistant, title: "Phishing-resistant multi-factor authentication",
        combinations: [[.webauthn], [.piv]], position: nil)

    /// Those that are always there.
    public static let builtIn: [AuthenticationStrength] = [
        multiFactor, passwordless, phishingResistant,
    ]

    /// Whether factors, and a password where `hasPassword` says so, are two factors, as `mfa` has it. See
    /// ``multiFactor``.
    public static func isMultiFactor(_ factors: [PresentedFactor], hasPassword: Bool) -> Bool {
        FactorRules.isMultiFactor(factors, hasPassword: hasPassword)
    }

    /// Whether factors, and a password where `hasPassword` says so, meet this strength. Factors beyond a combination
    /// do no harm.
    public func isMet(by factors: [PresentedFactor], hasPassword: Bool) -> Bool {
        combinations.contains { combination in
            let counting = factors.filter { factor in
                combination.contains(factor.method)
                    && (!FactorRules.keys.contains(factor.method) || key.accept(factor))
            }
            let hasItsPassword =
                combination.contains(.password)
                && (hasPassword || counting.contains { $0.method == .password })
            let methods = Set(counting.map(\.method))
            let isThere = combination.allSatisfy { method in
                method == .password ? hasItsPassword : methods.contains(method)
            }
            return isThere && FactorRules.isMultiFactor(counting, hasPassword: hasItsPassword)
        }
    }
}

extension KeyConstraints {
    /// Whether they ask nothing.
    public var isEmpty: Bool { self == KeyConstraints() }

    /// Whether a key or card meets them. One of which nothing is known meets none.
    func accept(_ factor: PresentedFactor) -> Bool {
        let device = factor.device ?? DeviceFacts()
        if isHardwareRequired, !factor.isHardwareBound { return false }
        if isAttestationRequired, !device.isAttested { return false }
        if isBiometricRequired {
            guard factor.isUserVerified, device.verification.contains(.fingerprint) else {
                return false
            }
        }
        if let aaguids {
            guard let aaguid = device.aaguid, aaguids.contains(aaguid) else { return false }
        }
        if let models {
            guard let model = device.model, models.contains(model) else { return false }
        }
        if let certification {
            guard let level = device.certification, level.rank >= certification.rank else {
                return false
            }
        }
        switch withoutAdvisories {
        case nil: return true
        case .any: return device.health == .healthy
        case .these(let advisories):
            return device.model != nil && device.openAdvisories.isDisjoint(with: advisories)
        }
    }
}
