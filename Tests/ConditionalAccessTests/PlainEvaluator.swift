import Accounts
import Addresses
import ConditionalAccess
import DeviceModels

/// Evaluation written as plainly as it can be: every policy, every condition, one after the other. It shares nothing
/// with what it is compared to but the values.
struct PlainEvaluator {
    let draft: PolicyDraft
    let references: PolicyReferences

    struct Verdict: Equatable {
        var outcome = "granted"
        var applied: [String] = []
        var requirement = "single-factor"
        var usedBreakGlass = false
        var frequency: SignInFrequency?
    }

    func evaluate(_ request: AccessRequest) -> Verdict {
        var verdict = Verdict()
        var blocked: [String] = []
        var lacking: [String] = []
        var strengths: Set<String> = []
        var isMultiFactorAsked = request.needsMultiFactor
        let isBreakGlass = draft.breakGlass?.users.contains(request.user) ?? false

        var factors = 0
        if request.hasPassword { factors += 1 }
        for factor in request.presented where factor.method != .code { factors += 1 }
        if factors == 0 { lacking.append("sign-in:factor") }
        let byAppPassword = request.presented.contains { $0.method == .apppass }
        if request.needsMultiFactor, !meets(StrengthID.multiFactor, request), !byAppPassword {
            lacking.append("user:mfa")
        }

        for policy in draft.policies where policy.state != .off {
            if !applies(policy, request) { continue }
            if isBreakGlass {
                if policy.state == .on { verdict.usedBreakGlass = true }
                continue
            }
            let isOn = policy.state == .on
            var result = isOn ? "success" : "report-only-success"
            switch policy.grant {
            case .block:
                result = isOn ? "failure" : "report-only-failure"
                if isOn { blocked.append(policy.id.text) }
            case .nothing:
                break
            case .all(let controls):
                let missing = controls.filter { !meets($0, request) }
                if !missing.isEmpty { result = failure(isOn, request) }
                if isOn, !missing.isEmpty {
                    lacking.append("\(policy.id):all:\(missing.map(\.description))")
                }
                if isOn { note(controls, &strengths, &isMultiFactorAsked) }
            case .any(let controls):
                var isMet = false
                for control in controls where meets(control, request) { isMet = true }
                if !isMet { result = failure(isOn, request) }
                if isOn, !isMet {
                    lacking.append("\(policy.id):any:\(controls.map(\.description))")
                }
                if isOn, controls.count == 1 {
                    note(controls, &strengths, &isMultiFactorAsked)
                } else if isOn, !controls.contains(.passwordChange) {
                    isMultiFactorAsked = true
                }
            }
            verdict.applied.append("\(policy.id)=\(result)")
            if isOn, let hint = policy.signInFrequency {
                if let known = verdict.frequency {
                    if hint < known { verdict.frequency = hint }
                } else {
                    verdict.frequency = hint
                }
            }
        }
        if !lacking.isEmpty { verdict.outcome = "missing \(lacking)" }
        if !blocked.isEmpty { verdict.outcome = "blocked \(blocked)" }
        if isMultiFactorAsked { verdict.requirement = "multi-factor" }
        if !strengths.isEmpty { verdict.requirement = strengths.sorted().joined(separator: ",") }
        return verdict
    }

    private func note(
        _ controls: [GrantControl], _ strengths: inout Set<String>, _ isMultiFactorAsked: inout Bool
    ) {
        for control in controls {
            if control.description == "mfa" || control.description == "strength: mfa" {
                isMultiFactorAsked = true
            } else if case .strength(let id) = control {
                strengths.insert(id.text)
            }
        }
    }

    private func failure(_ isOn: Bool, _ request: AccessRequest) -> String {
        if isOn { return "failure" }
        let cannot =
            request.client == .legacy || request.presented.contains { $0.method == .apppass }
        return cannot ? "report-only-failure" : "report-only-interrupted"
    }

    func applies(_ policy: AccessPolicy, _ request: AccessRequest) -> Bool {
        switch policy.users.include {
        case .none: return false
        case .all: break
        case .selected(let selection):
            if !names(selection, request) { return false }
        }
        if names(policy.users.exclude, request) { return false }
        if let include = policy.applications.include {
            if !include.contains(where: { $0.text == request.application }) { return false }
        }
        if policy.applications.exclude.contains(where: { $0.text == request.application }) {
            return false
        }
        let conditions = policy.conditions
        if let risks = conditions.userRisk, !risks.contains(request.userRisk) { return false }
        if let risks = conditions.signInRisk, !risks.contains(request.signInRisk) { return false }
        if let clients = conditions.clients, !clients.contains(request.client) { return false }
        if let locations = conditions.locations {
            if let include = locations.include, !isIn(include, request) { return false }
            if isIn(locations.exclude, request) { return false }
        }
        if let agents = conditions.userAgents {
            if let include = agents.include {
                guard let agent = request.userAgent else { return false }
                if !include.contains(where: { glob(Array($0.text), Array(agent)) }) { return false }
            }
            if let agent = request.userAgent {
                if agents.exclude.contains(where: { glob(Array($0.text), Array(agent)) }) {
                    return false
                }
            }
        }
        if let devices = conditions.devices {
            var isThere = false
            for factor in request.presented {
                if [.tap, .apppass, .password, .code].contains(factor.method) { continue }
                let isIncluded = devices.include.map { fits($0, factor) } ?? true
                let isExcluded = devices.exclude.map { fits($0, factor) } ?? false
                if isIncluded, !isExcluded { isThere = true }
            }
            if !isThere { return false }
        }
        return true
    }

    private func names(_ selection: UserSelection, _ request: AccessRequest) -> Bool {
        for user in selection.users where user == request.user { return true }
        for group in selection.groups where request.groups.contains(group) { return true }
        for role in selection.roles where request.roles.contains(role) { return true }
        return false
    }

    private func isIn(_ selection: LocationSelection, _ request: AccessRequest) -> Bool {
        for location in references.locations {
            let isMeant =
                selection.names.contains(location.name)
                || selection.includesTrusted && location.isTrusted
            if !isMeant { continue }
            if let address = request.address {
                for network in location.networks where contains(network, address) { return true }
            }
            if let country = request.country {
                if location.countries.contains(country) { return true }
            } else if location.includesUnknownCountry {
                return true
            }
        }
        guard let address = request.address else { return false }
        for network in selection.networks where contains(network, address) { return true }
        return false
    }

    private func contains(_ network: IPNetwork, _ address: IPAddress) -> Bool {
        let (left, right) = (network.address.bytes, address.bytes)
        if left.count != right.count { return false }
        for bit in 0..<network.prefixLength {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            if left[bit / 8] & mask != right[bit / 8] & mask { return false }
        }
        return true
    }

    /// Whether `text` is matched, by trying every length for each asterisk.
    private func glob(_ pattern: [Character], _ text: [Character]) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "*" {
            return (0...text.count).contains { glob(rest, Array(text.dropFirst($0))) }
        }
        return text.first == first && glob(rest, Array(text.dropFirst()))
    }

    private func fits(_ filter: DeviceFilter, _ factor: PresentedFactor) -> Bool {
        if let models = filter.models {
            if !models.contains(where: { $0 == factor.device?.model }) { return false }
        }
        if let aaguids = filter.aaguids {
            if !aaguids.contains(where: { $0 == factor.device?.aaguid }) { return false }
        }
        if let isAttested = filter.isAttested {
            if isAttested != (factor.device?.isAttested ?? false) { return false }
        }
        if let health = filter.health {
            var own = DeviceHealth.unknown
            if let device = factor.device {
                if device.model != nil { own = .healthy }
                if !device.openAdvisories.isEmpty { own = .advisory }
            }
            if !health.contains(own) { return false }
        }
        return true
    }

    private func meets(_ control: GrantControl, _ request: AccessRequest) -> Bool {
        switch control {
        case .multiFactor: meets(StrengthID.multiFactor, request)
        case .strength(let id): meets(id, request)
        case .passwordChange: request.isPasswordChangedSinceRisk
        }
    }

    private func meets(_ id: StrengthID, _ request: AccessRequest) -> Bool {
        if request.client == .legacy { return false }
        if request.presented.contains(where: { $0.method == .apppass }) { return false }
        let hasPassword =
            request.hasPassword || request.presented.contains { $0.method == .password }
        let verified = request.presented.filter { $0.isUserVerified }.map(\.method)
        let shown = request.presented.map(\.method)
        switch id.text {
        case "phishing-resistant": return verified.contains(.webauthn) || verified.contains(.piv)
        case "passwordless":
            return verified.contains(.webauthn) || verified.contains(.piv)
                || verified.contains(.push)
        case "mfa":
            if shown.contains(.tap) { return true }
            for method in verified where [.webauthn, .piv, .push].contains(method) { return true }
            let second: [SignInMethod] = [
                .webauthn, .piv, .push, .totp, .hotp, .ocra, .hmac, .recovery,
            ]
            return hasPassword && shown.contains { second.contains($0) }
        default:
            guard let strength = draft.strengths.first(where: { $0.id == id }) else { return false }
            return strength.combinations.contains { combination in
                meets(combination, strength.key, request, hasPassword)
            }
        }
    }

    private func meets(
        _ combination: Set<SignInMethod>, _ key: KeyConstraints, _ request: AccessRequest,
        _ hasPassword: Bool
    ) -> Bool {
        var isTwoFactors = false
        for method in combination {
            if method == .password {
                if !hasPassword { return false }
                continue
            }
            let good = request.presented.filter { $0.method == method && isGood($0, key) }
            if good.isEmpty { return false }
            if method == .tap { isTwoFactors = true }
            if [.webauthn, .piv, .push].contains(method), good.contains(where: \.isUserVerified) {
                isTwoFactors = true
            }
            if combination.contains(.password) { isTwoFactors = true }
        }
        return isTwoFactors
    }

    private func isGood(_ factor: PresentedFactor, _ key: KeyConstraints) -> Bool {
        if factor.method != .webauthn, factor.method != .piv { return true }
        let device = factor.device
        if key.isHardwareRequired, !factor.isHardwareBound { return false }
        if key.isAttestationRequired, device?.isAttested != true { return false }
        if key.isBiometricRequired {
            if !factor.isUserVerified { return false }
            if device?.verification.contains(.fingerprint) != true { return false }
        }
        if let aaguids = key.aaguids, !aaguids.contains(where: { $0 == device?.aaguid }) {
            return false
        }
        if let models = key.models, !models.contains(where: { $0 == device?.model }) {
            return false
        }
        if let level = key.certification {
            let levels: [CertificationLevel] = [.level1, .level2, .level3]
            guard let own = device?.certification, let mine = levels.firstIndex(of: own),
                let least = levels.firstIndex(of: level), mine >= least
            else { return false }
        }
        switch key.withoutAdvisories {
        case .any:
            if device?.model == nil || device?.openAdvisories.isEmpty != true { return false }
        case .these(let bad):
            guard let device, device.model != nil else { return false }
            for advisory in device.openAdvisories where bad.contains(advisory) { return false }
        case nil: break
        }
        return true
    }
}
