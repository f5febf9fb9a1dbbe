import Accounts

extension PolicySet {
    /// Why each policy applies to a sign-in, or does not, in the order of the files. It says of every policy what
    /// ``evaluate(_:)`` makes of it; conditions are looked at in the order of ``PolicyMismatch``.
    public func explain(_ request: AccessRequest) -> [PolicyExplanation] {
        let standing = Standing(request, strengths: strengthsByID)
        let places = index.places.places(of: request.address, request.country)
        return policies.enumerated().map { place, policy in
            let verdict = verdict(on: policy, at: place, request, places: places)
            var result: PolicyResult?
            if case .applies = verdict { result = standing.result(of: compiled[place]).0 }
            return PolicyExplanation(
                id: policy.id, title: policy.title, state: policy.state, verdict: verdict,
                result: result)
        }
    }

    private func verdict(
        on policy: AccessPolicy, at place: Int, _ request: AccessRequest, places: [Int]
    ) -> PolicyExplanation.Verdict {
        if policy.state == .off { return .doesNotApply(.off) }
        if breakGlass?.users.contains(request.user) == true {
            return .doesNotApply(.breakGlass)
        }
        let findings = [
            policy.users.find(request), policy.applications.find(request.application),
            policy.conditions.findRisks(request), findPlace(of: place, request, places: places),
            policy.conditions.findProgram(request), policy.conditions.findDevice(request),
        ]
        var reasons: [PolicyMatch] = []
        for finding in findings.joined() {
            switch finding {
            case .match(let match): reasons.append(match)
            case .mismatch(let mismatch): return .doesNotApply(mismatch)
            }
        }
        return .applies(reasons)
    }

    private func findPlace(
        of policy: Int, _ request: AccessRequest, places: [Int]
    ) -> [ConditionFinding] {
        guard policies[policy].conditions.locations != nil else { return [] }
        var match = PolicyMatch.anyLocation
        if let included = index.includedPlaces[policy] {
            guard let place = places.first(where: Set(included).contains) else {
                return [.mismatch(.locationNotIncluded(request.address, request.country))]
            }
            match = .location(index.places.name(of: place))
        }
        let excluded = Set(index.excludedPlaces[policy])
        if let place = places.first(where: excluded.contains) {
            return [.mismatch(.locationExcluded(index.places.name(of: place)))]
        }
        return [.match(match)]
    }
}

extension UserAssignment {
    fileprivate func find(_ request: AccessRequest) -> [ConditionFinding] {
        let (user, groups, roles) = (request.user, request.groups, request.roles)
        if let mismatch = mismatch(user: user, groups: groups, roles: roles) {
            return [.mismatch(mismatch)]
        }
        return match(user: user, groups: groups, roles: roles).map { [.match($0)] } ?? []
    }
}

extension ApplicationAssignment {
    fileprivate func find(_ application: String?) -> [ConditionFinding] {
        let name = application.flatMap { DirectoryName($0) }
        var match = PolicyMatch.allApplications
        if let include {
            guard let name, include.contains(name) else {
                return [.mismatch(.applicationNotIncluded(application))]
            }
            match = .application(name.text)
        }
        if let name, exclude.contains(name) {
            return [.mismatch(.applicationExcluded(name.text))]
        }
        return [.match(match)]
    }
}

extension PolicyConditions {
    fileprivate func findRisks(_ request: AccessRequest) -> [ConditionFinding] {
        var findings: [ConditionFinding] = []
        if let userRisk {
            let isNamed = userRisk.contains(request.userRisk)
            findings.append(
                isNamed
                    ? .match(.userRisk(request.userRisk)) : .mismatch(.userRisk(request.userRisk)))
        }
        if let signInRisk {
            let isNamed = signInRisk.contains(request.signInRisk)
            findings.append(
                isNamed
                    ? .match(.signInRisk(request.signInRisk))
                    : .mismatch(.signInRisk(request.signInRisk)))
        }
        return findings
    }

    fileprivate func findProgram(_ request: AccessRequest) -> [ConditionFinding] {
        var findings: [ConditionFinding] = []
        if let clients {
            let isNamed = clients.contains(request.client)
            findings.append(
                isNamed ? .match(.client(request.client)) : .mismatch(.client(request.client)))
        }
        if let userAgents { findings.append(userAgents.find(request.userAgent)) }
        return findings
    }

    fileprivate func findDevice(_ request: AccessRequest) -> [ConditionFinding] {
        devices.map { [$0.find(in: request.presented)] } ?? []
    }
}
