import Accounts
import Addresses
import DeviceModels
import WebAuthn

/// What a condition says to a request.
enum ConditionFinding {
    case match(PolicyMatch)
    case mismatch(PolicyMismatch)
}

extension UserAssignment {
    /// Why an assignment is not for a user; `nil` where it is.
    func mismatch(
        user: UserName, groups: Set<DirectoryName>, roles: Set<AdministratorRole>
    ) -> PolicyMismatch? {
        guard match(user: user, groups: groups, roles: roles) != nil else {
            return .userNotIncluded
        }
        if exclude.users.contains(user) { return .userExcluded }
        if let group = exclude.groups.intersection(groups).min() { return .groupExcluded(group) }
        let role = AdministratorRole.allCases.first {
            exclude.roles.contains($0) && roles.contains($0)
        }
        return role.map { .roleExcluded($0) }
    }

    /// By what an assignment includes a user; `nil` where it does not.
    func match(
        user: UserName, groups: Set<DirectoryName>, roles: Set<AdministratorRole>
    ) -> PolicyMatch? {
        switch include {
        case .all: return .allUsers
        case .none: return nil
        case .selected(let selection):
            if selection.users.contains(user) { return .user }
            if let group = selection.groups.intersection(groups).min() { return .group(group) }
            let role = AdministratorRole.allCases.first {
                selection.roles.contains($0) && roles.contains($0)
            }
            return role.map { .role($0) }
        }
    }
}

extension DeviceFilter {
    /// Whether the filter is for the device of a factor.
    func matches(_ factor: PresentedFactor) -> Bool {
        let device = factor.device ?? DeviceFacts()
        if let models {
            guard let model = device.model, models.contains(model) else { return false }
        }
        if let aaguids {
            guard let aaguid = device.aaguid, aaguids.contains(aaguid) else { return false }
        }
        if let isAttested, isAttested != device.isAttested { return false }
        if let health, !health.contains(device.health) { return false }
        return true
    }
}

extension DeviceCondition {
    /// The devices among what was shown.
    static func devices(in factors: [PresentedFactor]) -> [PresentedFactor] {
        factors.filter { FactorRules.possessions.contains($0.method) }
    }

    /// Whether the condition is for one of the devices among what was shown.
    func matches(_ factors: [PresentedFactor]) -> Bool {
        guard case .match = find(in: factors) else { return false }
        return true
    }

    /// The method of the first device that the condition is for, or why there is none.
    func find(in factors: [PresentedFactor]) -> ConditionFinding {
        let devices = Self.devices(in: factors)
        guard !devices.isEmpty else { return .mismatch(.deviceNotShown) }
        let included = devices.filter { include?.matches($0) ?? true }
        guard !included.isEmpty else { return .mismatch(.deviceNotIncluded) }
        let left = included.first { !(exclude?.matches($0) ?? false) }
        guard let left else { return .mismatch(.deviceExcluded) }
        return .match(.device(left.method))
    }
}

extension UserAgentCondition {
    /// Whether the condition is for what a program calls itself, in UTF-8.
    func matches(_ userAgent: [UInt8]?) -> Bool {
        guard let userAgent else { return include == nil }
        if let include, !include.contains(where: { $0.matches(userAgent) }) { return false }
        return !exclude.contains { $0.matches(userAgent) }
    }

    /// Why the condition is not for what a program calls itself, or by what it is.
    func find(_ userAgent: String?) -> ConditionFinding {
        var match = PolicyMatch.anyUserAgent
        let bytes = userAgent.map { Array($0.utf8) }
        if let include {
            let pattern = bytes.flatMap { bytes in include.first { $0.matches(bytes) } }
            guard let pattern else { return .mismatch(.userAgentNotIncluded(userAgent)) }
            match = .userAgent(pattern)
        }
        let excluded = bytes.flatMap { bytes in exclude.first { $0.matches(bytes) } }
        if let excluded { return .mismatch(.userAgentExcluded(excluded)) }
        return .match(match)
    }
}
