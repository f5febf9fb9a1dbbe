import Accounts

/// The policies that are not off, by what they ask for, so that few are looked at for a sign-in.
struct PolicyIndex: Sendable {
    private let everything: PolicyBits
    private var allUsers: PolicyBits
    private var users: [UserName: [Int]] = [:]
    private var groups: [DirectoryName: [Int]] = [:]
    private var roles: [AdministratorRole: [Int]] = [:]
    private var excludedUsers: [UserName: [Int]] = [:]
    private var excludedGroups: [DirectoryName: [Int]] = [:]
    private var excludedRoles: [AdministratorRole: [Int]] = [:]
    private var allApplications: PolicyBits
    private var applications: [DirectoryName: [Int]] = [:]
    private var excludedApplications: [DirectoryName: [Int]] = [:]
    private var userRisks: [RiskLevel: PolicyBits] = [:]
    private var signInRisks: [RiskLevel: PolicyBits] = [:]
    private var clients: [ClientKind: PolicyBits] = [:]
    private var anyPlace: PolicyBits
    private var included: [[Int]]
    private var excluded: [[Int]]
    private var asksForPlaces = false
    /// The places that policies name.
    let places: PlaceIndex
    /// The places that each policy includes; `nil` for any.
    private(set) var includedPlaces: [[Int]?] = []
    /// The places that each policy excludes.
    private(set) var excludedPlaces: [[Int]] = []

    /// The index of `policies`.
    init(_ policies: [AccessPolicy], locations: [PolicyLocation]) {
        let none = PolicyBits(count: policies.count)
        var everything = none
        places = PlaceIndex(policies, locations: locations)
        allUsers = none
        allApplications = none
        anyPlace = none
        included = [[Int]](repeating: [], count: places.count)
        excluded = included
        for level in RiskLevel.allCases {
            userRisks[level] = none
            signInRisks[level] = none
        }
        for kind in ClientKind.allCases { clients[kind] = none }
        for place in policies.indices where policies[place].state != .off {
            everything.insert(place)
        }
        self.everything = everything
        for (place, policy) in policies.enumerated() {
            let condition = policy.conditions.locations
            includedPlaces.append(condition?.include.map(places.places(of:)))
            excludedPlaces.append(condition.map { places.places(of: $0.exclude) } ?? [])
            if policy.state != .off { add(policy, at: place) }
        }
    }

    private mutating func add(_ policy: AccessPolicy, at place: Int) {
        switch policy.users.include {
        case .all: allUsers.insert(place)
        case .none: break
        case .selected(let selection):
            for user in selection.users { users[user, default: []].append(place) }
            for group in selection.groups { groups[group, default: []].append(place) }
            for role in selection.roles { roles[role, default: []].append(place) }
        }
        let exclude = policy.users.exclude
        for user in exclude.users { excludedUsers[user, default: []].append(place) }
        for group in exclude.groups { excludedGroups[group, default: []].append(place) }
        for role in exclude.roles { excludedRoles[role, default: []].append(place) }

        if let names = policy.applications.include {
            for name in names { applications[name, default: []].append(place) }
        } else {
            allApplications.insert(place)
        }
        for name in policy.applications.exclude {
            excludedApplications[name, default: []].append(place)
        }

        let conditions = policy.conditions
        for level in conditions.userRisk ?? Set(RiskLevel.allCases) {
            userRisks[level]?.insert(place)
        }
        for level in conditions.signInRisk ?? Set(RiskLevel.allCases) {
            signInRisks[level]?.insert(place)
        }
        for kind in conditions.clients ?? Set(ClientKind.allCases) {
            clients[kind]?.insert(place)
        }
        if let named = includedPlaces[place] {
            asksForPlaces = true
            for index in named { included[index].append(place) }
        } else {
            anyPlace.insert(place)
        }
        for index in excludedPlaces[place] {
            asksForPlaces = true
            excluded[index].append(place)
        }
    }

    /// The policies that a request meets in all but what its program calls itself and the devices shown.
    func candidates(for request: AccessRequest) -> PolicyBits {
        var found = allUsers
        found.insert(users[request.user])
        for group in request.groups { found.insert(groups[group]) }
        for role in request.roles { found.insert(roles[role]) }
        found.remove(excludedUsers[request.user])
        for group in request.groups { found.remove(excludedGroups[group]) }
        for role in request.roles { found.remove(excludedRoles[role]) }
        found.keep(applications(of: request.application))
        found.keep(userRisks[request.userRisk] ?? everything)
        found.keep(signInRisks[request.signInRisk] ?? everything)
        found.keep(clients[request.client] ?? everything)
        if asksForPlaces, !found.isEmpty {
            found.keep(policies(at: places.places(of: request.address, request.country)))
        }
        return found
    }

    /// The policies that are for an application.
    func applications(of application: String?) -> PolicyBits {
        var found = allApplications
        if let name = application.flatMap({ DirectoryName($0) }) {
            found.insert(applications[name])
            found.remove(excludedApplications[name])
        }
        return found
    }

    /// The policies that are for these places.
    func policies(at places: [Int]) -> PolicyBits {
        var found = anyPlace
        for place in places { found.insert(included[place]) }
        for place in places { found.remove(excluded[place]) }
        return found
    }
}
