import Accounts
import Addresses
import DeviceModels

extension Grant {
    /// What it asks for, however joined.
    var controls: [GrantControl] {
        switch self {
        case .block, .nothing: []
        case .all(let controls), .any(let controls): controls
        }
    }
}

extension GrantControl {
    /// Whether it is about factors.
    var isFactors: Bool { self != .passwordChange }
}

extension UserAssignment {
    /// Whether everything included is excluded by its own name.
    var leavesNobody: Bool {
        guard case .selected(let selection) = include else { return false }
        return selection.users.isSubset(of: exclude.users)
            && selection.groups.isSubset(of: exclude.groups)
            && selection.roles.isSubset(of: exclude.roles)
    }
}

extension LocationCondition {
    /// Whether every place included is excluded.
    func leavesNothing(of locations: [PolicyLocation]) -> Bool {
        guard let include else { return false }
        let trusted = Set(locations.filter(\.isTrusted).map(\.name))
        var excluded = exclude.names
        if exclude.includesTrusted { excluded.formUnion(trusted) }
        let networks =
            locations.filter { excluded.contains($0.name) }.flatMap(\.networks) + exclude.networks
        let isTrustLeft =
            include.includesTrusted && !exclude.includesTrusted
            && !(trusted.isSubset(of: excluded) && !trusted.isEmpty)
        return !isTrustLeft && include.names.isSubset(of: excluded)
            && include.networks.allSatisfy { network in
                networks.contains {
                    $0.prefixLength <= network.prefixLength && $0.contains(network.address)
                }
            }
    }
}

extension UserAgentCondition {
    /// Whether every pattern included is excluded.
    var leavesNothing: Bool {
        let excluded = Set(exclude.map(\.text))
        if excluded.contains("*") { return true }
        guard let include else { return false }
        return include.allSatisfy { excluded.contains($0.text) }
    }
}

extension DeviceCondition {
    /// Whether every device included is excluded.
    var leavesNothing: Bool {
        guard let exclude else { return false }
        func covers<Value>(_ wide: Set<Value>?, _ narrow: Set<Value>?) -> Bool {
            guard let wide else { return true }
            return narrow?.isSubset(of: wide) ?? false
        }
        let include = include ?? DeviceFilter()
        return covers(exclude.models, include.models) && covers(exclude.aaguids, include.aaguids)
            && covers(exclude.health, include.health)
            && (exclude.isAttested == nil || exclude.isAttested == include.isAttested)
    }
}

extension AuthenticationStrength {
    /// Why nothing can meet a combination of this strength; `nil` where something can.
    func reasonForNever(_ combination: Set<SignInMethod>) -> String? {
        if !FactorRules.canBeMultiFactor(combination) {
            return "it is not two factors; add password, or use webauthn, piv, push or tap"
        }
        guard combination.contains(.piv) else { return nil }
        if key.aaguids != nil { return "a card has no AAGUID; leave ‘aaguids’ or piv out" }
        if key.isBiometricRequired {
            return "a card asks for a PIN; leave ‘user-verification’ or piv out"
        }
        if key.certification != nil {
            return "FIDO certifies no cards; leave ‘certification’ or piv out"
        }
        return nil
    }
}

extension KeyConstraints {
    /// Whether they hold a key to what only an attestation proves, and ask for none.
    var restsOnClaims: Bool {
        let isAboutModel =
            aaguids != nil || models != nil || certification != nil || withoutAdvisories != nil
        return !isAttestationRequired && (isAboutModel || isBiometricRequired)
    }
}
