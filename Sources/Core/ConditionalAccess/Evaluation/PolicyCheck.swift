import Accounts
import DeviceModels
import StrictYAML
import WebAuthn

/// Looks for what contradicts itself, refers to what is not there, or may surprise.
struct PolicyCheck {
    let draft: PolicyDraft
    let references: PolicyReferences
    private(set) var problems: [PolicyProblem] = []
    private(set) var warnings: [PolicyWarning] = []

    init(draft: PolicyDraft, references: PolicyReferences) {
        self.draft = draft
        self.references = references
    }

    /// Fills ``problems`` and ``warnings``.
    mutating func run() {
        checkCount(
            of: draft.policies.map(\.position), "policies", limit: PolicySet.maximumPolicies)
        checkCount(
            of: draft.strengths.compactMap(\.position), "strengths",
            limit: PolicySet.maximumStrengths)
        guard problems.isEmpty else { return }
        checkNames()
        checkMentions()
        for policy in draft.policies {
            checkWhatIsLeft(of: policy)
            checkControls(of: policy)
            warn(of: policy)
        }
        for strength in draft.strengths { check(strength) }
        if let breakGlass = draft.breakGlass {
            warnings.append(
                .breakGlass(
                    breakGlass.position, accounts: breakGlass.users.count,
                    reason: breakGlass.reason))
        }
    }

    private mutating func checkCount(of places: [FilePosition], _ kind: String, limit: Int) {
        guard places.count > limit else { return }
        problems.append(.tooMany(places[limit], kind: kind, limit: limit))
    }

    private mutating func checkNames() {
        let names =
            draft.policies.map { ("policy", $0.id.text, Optional($0.position)) }
            + draft.strengths.map { ("strength", $0.id.text, $0.position) }
            + draft.methods.map { ("method", $0.method.rawValue, Optional($0.position)) }
        var first: [String: FilePosition] = [:]
        for case (let kind, let name, let position?) in names {
            if let earlier = first["\(kind) \(name)"] {
                problems.append(
                    .repeatedName(position, kind: kind, name: name, first: earlier))
            } else {
                first["\(kind) \(name)"] = position
            }
        }
        let builtIn = Set(AuthenticationStrength.builtIn.map(\.id))
        for strength in draft.strengths where builtIn.contains(strength.id) {
            if let position = strength.position {
                problems.append(.reservedStrength(position, strength.id))
            }
        }
    }

    private mutating func checkMentions() {
        let strengths = Set(
            (AuthenticationStrength.builtIn + draft.strengths).map(\.id.text))
        let locations = Set(references.locations.map(\.name.text))
        let users = Set(references.users.map { Array($0.text.utf8) })
        let known: [PolicyReferenceKind: Set<String>] = [
            .group: Set(references.groups.map(\.text)),
            .application: Set(references.applications.map(\.text)), .location: locations,
            .model: Set(references.models.map(\.description)),
            .advisory: Set(references.advisories.map(\.description)), .strength: strengths,
        ]
        let aaguids = Set(references.aaguids.map(\.description))
        for mention in draft.mentions {
            switch mention.kind {
            case .aaguid:
                if !aaguids.contains(mention.name) {
                    warnings.append(.unknownAAGUID(mention.position, mention.name))
                }
            case .user:
                // Names that Unicode holds for equivalent are different users.
                if !users.contains(Array(mention.name.utf8)) { refuse(mention) }
            case .group, .application, .location, .model, .advisory, .strength:
                if known[mention.kind]?.contains(mention.name) != true { refuse(mention) }
            }
        }
    }

    private mutating func refuse(_ mention: PolicyMention) {
        problems.append(
            .unknownReference(mention.position, kind: mention.kind, name: mention.name))
    }

    private mutating func checkWhatIsLeft(of policy: AccessPolicy) {
        let conditions = policy.conditions
        if policy.users.leavesNobody { problems.append(.nobodyLeft(policy.position, policy.id)) }
        if let include = policy.applications.include,
            include.isSubset(of: policy.applications.exclude)
        {
            problems.append(.noApplicationLeft(policy.position, policy.id))
        }
        if conditions.locations?.leavesNothing(of: references.locations) == true {
            problems.append(.noPlaceLeft(policy.position, policy.id))
        }
        if conditions.userAgents?.leavesNothing == true {
            problems.append(.noProgramLeft(policy.position, policy.id))
        }
        if conditions.devices?.leavesNothing == true {
            problems.append(.noDeviceLeft(policy.position, policy.id))
        }
    }

    private mutating func checkControls(of policy: AccessPolicy) {
        guard policy.grant.controls.contains(.passwordChange) else { return }
        let risks = policy.conditions.userRisk
        if risks == nil || risks?.contains(.none) == true {
            problems.append(.passwordChangeWithoutUserRisk(policy.position, policy.id))
        }
        var isSafe = false
        if case .all(let controls) = policy.grant {
            isSafe = controls.contains { $0 != .passwordChange }
        }
        if !isSafe {
            warnings.append(.passwordChangeWithoutFactors(policy.position, policy.id))
        }
    }

    private mutating func warn(of policy: AccessPolicy) {
        guard policy.state != .off else { return }
        if let reason = reasonForNever(policy) {
            warnings.append(.neverApplies(policy.position, policy.id, reason: reason))
        }
        if policy.conditions.clients == [.legacy],
            policy.grant.controls.contains(where: \.isFactors)
        {
            warnings.append(.blocksLegacyClients(policy.position, policy.id))
        }
        if policy.conditions.devices != nil {
            let isAskedFor = draft.policies.contains { other in
                other.state == .on && other.conditions.devices == nil
                    && other.grant.controls.contains(where: \.isFactors)
            }
            if !isAskedFor { warnings.append(.devicesAreNotAskedFor(policy.position, policy.id)) }
        }
    }

    private func reasonForNever(_ policy: AccessPolicy) -> String? {
        switch policy.users.include {
        case .all: break
        case .none: return "it includes nobody"
        case .selected(let selection):
            let isUsersAlone = selection.groups.isEmpty && selection.roles.isEmpty
            if isUsersAlone, let exempt = draft.breakGlass?.users,
                selection.users.isSubset(of: exempt)
            {
                return "all that it includes are break-glass accounts"
            }
        }
        let include = policy.conditions.locations?.include
        if let include, include.includesTrusted, include.names.isEmpty, include.networks.isEmpty,
            !references.locations.contains(where: \.isTrusted)
        {
            return "no named location is trusted"
        }
        return nil
    }

    private mutating func check(_ strength: AuthenticationStrength) {
        guard let position = strength.position else { return }
        for combination in strength.combinations {
            guard let reason = strength.reasonForNever(combination) else { continue }
            problems.append(
                .unmeetableCombination(
                    position, strength.id,
                    combination: combination.map(\.rawValue).sorted().joined(separator: ", "),
                    reason: reason))
        }
        if strength.key.restsOnClaims {
            warnings.append(.unattestedConstraints(position, strength.id))
        }
    }
}
